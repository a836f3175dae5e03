"""The library of the built-in tags."""

from nuages.template.library import Library

__all__ = ["register"]

register = Library()
