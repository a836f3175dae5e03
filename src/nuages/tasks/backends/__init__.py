"""Where tasks wait and run."""
