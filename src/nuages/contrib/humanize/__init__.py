"""Filters that give numbers and moments a human touch."""
