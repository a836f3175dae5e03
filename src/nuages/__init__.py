"""Nuages: a complete web framework, async down to the driver, compiled, typed."""

__version__ = "0.1.0"
