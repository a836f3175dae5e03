"""Simple pages kept in the database (documentation: ref/contrib/flatpages)."""
