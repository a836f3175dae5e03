"""One package per database, with files of the same names."""
