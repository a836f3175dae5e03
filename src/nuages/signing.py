"""Signed text: proof that a value comes from this site, though it was out of its hands (documented as "Cryptographic signing").

A signed value is ``value:signature``; with a time ``value:timestamp:signature``, the time in base 62; ``dumps`` makes compact
URL-safe JSON of it, with a leading ``.`` when it is compressed.
"""

from __future__ import annotations

import base64
import datetime
import json
import re
import time
import warnings
import zlib
from collections.abc import Sequence
from typing import Any

from nuages.conf import names, settings
from nuages.text.crypto import constant_time_compare, salted_digest
from nuages.text.deprecation import RemovedInNextVersionWarning
from nuages.text.encoding import force_bytes

BASE62_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Part of the format: keys of cookies that were signed before are derived with this text.
_COOKIE_KEY_PREFIX = b"django.http.cookies"
_SEPARATOR_UNSAFE = re.compile(r"[A-Za-z0-9_=-]*\Z")


class BadSignature(Exception):
    """The signature is not that of the value."""


class SignatureExpired(BadSignature):
    """The signature is right, but older than allowed."""


def b62_encode(s: int) -> str:
    """Return a number in base 62."""
    if s == 0:
        return "0"
    sign, s = ("-", -s) if s < 0 else ("", s)
    digits = []
    while s:
        s, digit = divmod(s, 62)
        digits.append(BASE62_ALPHABET[digit])
    return sign + "".join(reversed(digits))


def b62_decode(s: str) -> int:
    """Return the number that ``s`` is in base 62."""
    if s.startswith("-"):
        return -b62_decode(s[1:])
    number = 0
    for digit in s:
        number = number * 62 + BASE62_ALPHABET.index(digit)
    return number


def b64_encode(s: bytes) -> bytes:
    """Return URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(s).rstrip(b"=")


def b64_decode(s: bytes) -> bytes:
    """Decode URL-safe base64 without padding."""
    return base64.urlsafe_b64decode(s + b"=" * (-len(s) % 4))


def base64_hmac(salt: Any, value: Any, key: Any, algorithm: str | None = None) -> str:
    """Return the HMAC of ``value`` in base64, under a key derived from ``salt`` and ``key``."""
    if algorithm is None:
        warnings.warn(
            "base64_hmac() without an algorithm uses 'sha1' now and 'sha256' in the next version; pass algorithm=… to silence this.",
            RemovedInNextVersionWarning,
            stacklevel=2,
        )
        algorithm = "sha1"
    return b64_encode(salted_digest(salt, value, key, algorithm)).decode()


def _cookie_signer_key(key: Any) -> bytes:
    return bytes(_COOKIE_KEY_PREFIX + force_bytes(key))


def get_cookie_signer(salt: str = "django.core.signing.get_cookie_signer") -> TimestampSigner:
    """Return the signer of cookies, of the class in SIGNING_BACKEND."""
    backend: Any = names.import_string(settings.SIGNING_BACKEND)
    fallbacks = [_cookie_signer_key(key) for key in settings.SECRET_KEY_FALLBACKS]
    signer: TimestampSigner = backend(key=_cookie_signer_key(settings.SECRET_KEY), fallback_keys=fallbacks, salt=salt)
    return signer


class JSONSerializer:
    """Compact JSON as bytes."""

    def dumps(self, obj: Any) -> bytes:
        """Return ``obj`` as JSON without spaces."""
        return json.dumps(obj, separators=(",", ":")).encode("latin-1")

    def loads(self, data: bytes) -> Any:
        """Return the object."""
        return json.loads(data.decode("latin-1"))


def dumps(obj: Any, key: Any = None, salt: str = "django.core.signing", serializer: Any = JSONSerializer, compress: bool = False) -> str:
    """Return ``obj`` as URL-safe, signed and dated text; compressed if asked for and worth it."""
    return TimestampSigner(key=key, salt=salt).sign_object(obj, serializer=serializer, compress=compress)


def loads(
    s: str,
    key: Any = None,
    salt: str = "django.core.signing",
    serializer: Any = JSONSerializer,
    max_age: Any = None,
    fallback_keys: Sequence[Any] | None = None,
) -> Any:
    """Return the object that :func:`dumps` made text of. Raises BadSignature, or SignatureExpired after ``max_age`` seconds."""
    signer = TimestampSigner(key=key, salt=salt, fallback_keys=fallback_keys)
    return signer.unsign_object(s, serializer=serializer, max_age=max_age)


class Signer:
    """Signs text with a key (SECRET_KEY), separated by ``sep``; ``salt`` keeps the uses of one key apart.

    ``fallback_keys`` (SECRET_KEY_FALLBACKS) are accepted in signatures too, so that keys can be changed.
    """

    def __init__(
        self,
        *,
        key: Any = None,
        sep: str = ":",
        salt: str | None = None,
        algorithm: str | None = None,
        fallback_keys: Sequence[Any] | None = None,
    ) -> None:
        self.key = key or settings.SECRET_KEY
        self.fallback_keys: list[str] | Sequence[Any] = settings.SECRET_KEY_FALLBACKS if fallback_keys is None else fallback_keys
        self.sep = sep
        self.salt: str = salt or names.public_home(type(self))
        self.algorithm: str = algorithm or "sha256"
        if _SEPARATOR_UNSAFE.match(self.sep):
            raise ValueError(f"Unsafe Signer separator: {sep!r} (cannot be empty or consist of only A-z0-9-_=)")

    def signature(self, value: Any, key: Any = None) -> str:
        """Return the signature of ``value``."""
        return base64_hmac(self.salt + "signer", value, key or self.key, algorithm=self.algorithm)

    def sign(self, value: Any) -> str:
        """Return ``value`` with its signature."""
        return f"{value}{self.sep}{self.signature(value)}"

    def unsign(self, signed_value: Any) -> str:
        """Return the value. Raises BadSignature."""
        value, found, signature = str(signed_value).rpartition(self.sep)
        if not found:
            raise BadSignature(f'No "{self.sep}" found in value')
        for key in (self.key, *self.fallback_keys):
            if constant_time_compare(signature, self.signature(value, key)):
                return value
        raise BadSignature(f'Signature "{signature}" does not match')

    def sign_object(self, obj: Any, serializer: Any = JSONSerializer, compress: bool = False) -> str:
        """Return ``obj`` serialized, in URL-safe base64, signed; a leading ``.`` marks compressed data."""
        data = serializer().dumps(obj)
        prefix = ""
        if compress and len(packed := zlib.compress(data)) < len(data) - 1:
            data, prefix = packed, "."
        return self.sign(prefix + b64_encode(data).decode())

    def unsign_object(self, signed_obj: str, serializer: Any = JSONSerializer, **kwargs: Any) -> Any:
        """Return the object. Raises BadSignature; ``kwargs`` go to :meth:`unsign`."""
        text = self.unsign(signed_obj, **kwargs).encode()
        compressed = text.startswith(b".")
        data = b64_decode(text[1:] if compressed else text)
        return serializer().loads(zlib.decompress(data) if compressed else data)


class TimestampSigner(Signer):
    """A signer that also signs the time of signing."""

    def timestamp(self) -> str:
        """Return the time, in seconds, in base 62."""
        return b62_encode(int(time.time()))

    def sign(self, value: Any) -> str:
        """Return ``value`` with time and signature."""
        return super().sign(f"{value}{self.sep}{self.timestamp()}")

    def unsign(self, value: Any, max_age: float | datetime.timedelta | None = None) -> str:
        """Return the value. Raises SignatureExpired if it was signed more than ``max_age`` (seconds or timedelta) ago."""
        text, _, stamp = super().unsign(value).rpartition(self.sep)
        if max_age is not None:
            limit = max_age.total_seconds() if isinstance(max_age, datetime.timedelta) else max_age
            age = time.time() - b62_decode(stamp)
            if age > limit:
                raise SignatureExpired(f"Signature age {age} > {limit} seconds")
        return text
