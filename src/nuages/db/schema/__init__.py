"""Creating and changing tables (documentation: ref/schema-editor): what all databases share."""
