"""Fields, queries and migrations for what only PostgreSQL has (documentation: ref/contrib/postgres)."""
