"""The built-in management commands, one module each."""
