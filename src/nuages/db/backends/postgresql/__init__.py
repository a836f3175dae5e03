"""PostgreSQL 15 and later, with psycopg 3."""
