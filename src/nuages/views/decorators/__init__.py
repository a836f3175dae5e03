"""Decorators for views; all work on synchronous and asynchronous views."""
