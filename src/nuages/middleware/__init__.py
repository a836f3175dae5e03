"""Middleware (documentation: ref/middleware)."""
