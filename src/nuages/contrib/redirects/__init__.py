"""Redirects kept in the database (documentation: ref/contrib/redirects)."""
