"""How session data becomes bytes."""

from nuages.signing import JSONSerializer

__all__ = ["JSONSerializer"]
