"""The sites that a project serves (documentation: ref/contrib/sites)."""
