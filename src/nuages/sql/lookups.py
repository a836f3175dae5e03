"""Lookups and transforms, and their registration."""

from __future__ import annotations

from nuages.sql.registering import RegisterLookupMixin

__all__ = ["RegisterLookupMixin"]
