"""HMACs with derived keys, random strings, comparison in constant time and key derivation."""

import functools
import hashlib
import hmac
import secrets
import warnings
from collections.abc import Callable
from typing import Any

from nuages.text.ambient import setting
from nuages.text.deprecation import RemovedInNextVersionWarning
from nuages.text.encoding import force_bytes

RANDOM_STRING_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_SHA1 = "sha1"


class InvalidAlgorithm(ValueError):
    """The algorithm is not one that hashlib has."""


def salted_hmac(key_salt: Any, value: Any, secret: Any = None, *, algorithm: str | None = None) -> Any:
    """Return the HMAC of ``value`` under a key derived from ``key_salt`` and ``secret`` (default: SECRET_KEY).

    Each use has its own ``key_salt``, so that a signature made for one is worthless for another. Raises InvalidAlgorithm.
    """
    if algorithm is None:
        warnings.warn(
            "salted_hmac() without an algorithm uses 'sha1' now and 'sha256' in the next version; pass algorithm=… to silence this.",
            RemovedInNextVersionWarning,
            stacklevel=2,
        )
        algorithm = _SHA1
    key = _salted_key(key_salt, secret, algorithm)
    return hmac.new(key, msg=force_bytes(value), digestmod=getattr(hashlib, algorithm))


def salted_digest(key_salt: Any, value: Any, secret: Any, algorithm: str) -> bytes:
    """Return the digest of :func:`salted_hmac`, without an object in between. Raises InvalidAlgorithm."""
    return hmac.digest(_salted_key(key_salt, secret, algorithm), force_bytes(value), algorithm)


def _salted_key(key_salt: Any, secret: Any, algorithm: str) -> bytes:
    return _derived_key(force_bytes(key_salt), force_bytes(setting("SECRET_KEY") if secret is None else secret), algorithm)


@functools.lru_cache(maxsize=64)
def _derived_key(key_salt: bytes, secret: bytes, algorithm: str) -> bytes:
    hasher = getattr(hashlib, algorithm, None)
    if hasher is None:
        raise InvalidAlgorithm(f"{algorithm!r} is not an algorithm accepted by the hashlib module.")
    return bytes(hasher(key_salt + secret).digest())


def get_random_string(length: int, allowed_chars: str = RANDOM_STRING_CHARS) -> str:
    """Return ``length`` characters drawn by a secure generator; 22 of the default ones make 131 bits."""
    return "".join([secrets.choice(allowed_chars) for _ in range(length)])


def constant_time_compare(val1: Any, val2: Any) -> bool:
    """Tell whether two strings are equal, in a time that does not depend on where they differ."""
    return secrets.compare_digest(force_bytes(val1), force_bytes(val2))


def pbkdf2(password: Any, salt: Any, iterations: int, dklen: int = 0, digest: Callable[..., Any] | None = None) -> bytes:
    """Return the PBKDF2 key of ``password`` (RFC 8018), with SHA-256 by default."""
    name = (digest or hashlib.sha256)().name
    return hashlib.pbkdf2_hmac(name, force_bytes(password), force_bytes(salt), iterations, dklen or None)
