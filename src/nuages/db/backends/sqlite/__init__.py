"""SQLite 3.37 and later, with the standard library's driver."""
