"""What differs between databases, as data (``features``) and small emit functions (``operations`` and a file per database)."""
