"""Caches in memory, files, a database table, Redis and memcached."""
