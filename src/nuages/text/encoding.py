"""Conversions between text, bytes, IRIs and URIs (documented as "utils.encoding"; RFC 3987 for the latter)."""

import codecs
import datetime
import locale
import re
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from nuages.text.lazy import Promise

MAX_URL_LENGTH = 2048
"""Longer ones are refused, or left alone: what reads URLs should not be kept busy by a visitor."""

_PROTECTED = (type(None), int, float, Decimal, datetime.datetime, datetime.date, datetime.time)
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PERCENT_RUN = re.compile(rb"(?:%[0-9a-fA-F]{2})+")


class UnicodeDecodingError(UnicodeDecodeError):
    """A decoding error that also shows the object that could not be decoded."""

    def __str__(self) -> str:
        return f"{super().__str__()}. You passed in {self.object!r} ({type(self.object)})"


def is_protected_type(obj: Any) -> bool:
    """Tell whether ``strings_only=True`` leaves ``obj`` as it is: None, numbers, dates and times."""
    return isinstance(obj, _PROTECTED)


def smart_str(s: Any, encoding: str = "utf-8", strings_only: bool = False, errors: str = "strict") -> Any:
    """Return ``s`` as text; bytes are decoded with ``encoding``, lazy strings stay lazy."""
    return s if isinstance(s, Promise) else force_str(s, encoding, strings_only, errors)


def force_str(s: Any, encoding: str = "utf-8", strings_only: bool = False, errors: str = "strict") -> Any:
    """Return ``s`` as text, lazy strings resolved. Raises UnicodeDecodingError for bytes that are not in ``encoding``."""
    if issubclass(type(s), str):
        return s
    if strings_only and is_protected_type(s):
        return s
    if not isinstance(s, bytes):
        return str(s)
    try:
        return str(s, encoding, errors)
    except UnicodeDecodeError as error:
        raise UnicodeDecodingError(*error.args) from None


def smart_bytes(s: Any, encoding: str = "utf-8", strings_only: bool = False, errors: str = "strict") -> Any:
    """Return ``s`` as bytes in ``encoding``; lazy strings stay lazy."""
    return s if isinstance(s, Promise) else force_bytes(s, encoding, strings_only, errors)


def force_bytes(s: Any, encoding: str = "utf-8", strings_only: bool = False, errors: str = "strict") -> Any:
    """Return ``s`` as bytes in ``encoding``, lazy strings resolved; bytes are taken as UTF-8."""
    if isinstance(s, bytes):
        return s if encoding == "utf-8" else s.decode("utf-8", errors).encode(encoding, errors)
    if strings_only and is_protected_type(s):
        return s
    if isinstance(s, memoryview):
        return bytes(s)
    return str(s).encode(encoding, errors)


def iri_to_uri(iri: Any) -> Any:
    """Percent-encode what a URI cannot hold of an IRI (RFC 3987 section 3.1); reserved characters and ``%`` stay."""
    if iri is None:
        return None
    return quote(str(iri) if isinstance(iri, Promise) else iri, safe="/#%[]=:;$&()+,!?*@'~")


def _unquote_run(match: "re.Match[bytes]") -> bytes:
    # Only octets that may stand unescaped in an IRI are decoded: unreserved ASCII and whatever is not ASCII.
    parts = []
    text = match.group()
    for start in range(0, len(text), 3):
        octet = int(text[start + 1 : start + 3], 16)
        parts.append(bytes((octet,)) if octet > 127 or octet in _UNRESERVED else text[start : start + 3])
    return b"".join(parts)


def uri_to_iri(uri: Any) -> Any:
    """Decode the percent-encoded UTF-8 of a URI (RFC 3987 section 3.2); what is not valid UTF-8 stays encoded."""
    if uri is None:
        return None
    return repercent_broken_unicode(_PERCENT_RUN.sub(_unquote_run, force_bytes(uri))).decode()


def escape_uri_path(path: str) -> str:
    """Percent-encode the characters of a path that would be read as other parts of a URI."""
    return quote(path, safe="/:@&+$,-_.!~*'()")


def punycode(domain: str) -> str:
    """Return the IDNA form of ``domain``; an ASCII domain is returned as it is."""
    return domain.encode("idna").decode("ascii")


def repercent_broken_unicode(path: bytes) -> bytes:
    """Percent-encode the octets of ``path`` that are not valid UTF-8 (RFC 3987 section 3.2, step three)."""
    good: list[bytes] = []
    while True:
        try:
            path.decode()
        except UnicodeDecodeError as error:
            broken = quote(path[error.start : error.end], safe=b"/#%[]=:;$&()+,!?*@'~")
            good += (path[: error.start], broken.encode())
            path = path[error.end :]
        else:
            return b"".join(good) + path


def filepath_to_uri(path: Any) -> str | None:
    """Turn a path of the file system into the path of a URL: forward slashes, unsafe characters percent-encoded."""
    if path is None:
        return None
    text = str(path) if isinstance(path, PurePath) else force_str(path)
    return quote(text.replace("\\", "/"), safe="/~!*()'")


def get_system_encoding() -> str:
    """Return the codec of the locale's character encoding, or ``ascii`` where that is unknown."""
    try:
        name = locale.getlocale()[1] or "ascii"
        codecs.lookup(name)
    except Exception:
        return "ascii"
    return name


DEFAULT_LOCALE_ENCODING = get_system_encoding()
