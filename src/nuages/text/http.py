"""Dates, query strings, entity tags and parameters of HTTP headers (documented as "HTTP helper functions")."""

import base64
import re
import time
import unicodedata
from binascii import Error as BinasciiError
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from urllib.parse import urlencode as _urlencode

from nuages.text.datastructures import MultiValueDict
from nuages.text.encoding import MAX_URL_LENGTH, force_bytes

MAX_HEADER_LENGTH = 10_000
MAX_URL_REDIRECT_LENGTH = 16_384
RFC3986_GENDELIMS = ":/?#[]@"
RFC3986_SUBDELIMS = "!$&'()*+,;="

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name.lower(): number for number, name in enumerate(_MONTH_NAMES, 1)}
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_ETAG_LIST_ITEM = re.compile(r'((?:W/)?"[^"]*")(?:\s*,\s*|\s*$)')
# RFC 2047, section 5 (3): what may stand for itself in any header, and the blank.
_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-!*+/"
_Q_ENCODED = ["_" if byte == 0x20 else chr(byte) if byte in _PLAIN else f"={byte:02X}" for byte in range(256)]
_HMS = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
# The three forms of RFC 9110 section 5.6.7: IMF-fixdate, RFC 850, asctime.
_DATE_FORMS = (
    re.compile(rf"\w{{3}}, (?P<day>[0-9]{{2}}) (?P<month>\w{{3}}) (?P<year>[0-9]{{4}}) {_HMS} GMT\Z"),
    re.compile(rf"\w{{6,9}}, (?P<day>[0-9]{{2}})-(?P<month>\w{{3}})-(?P<year>[0-9]{{2}}) {_HMS} GMT\Z"),
    re.compile(rf"\w{{3}} (?P<month>\w{{3}}) (?P<day>[ 0-9][0-9]) {_HMS} (?P<year>[0-9]{{4}})\Z"),
)


def urlencode(query: Any, doseq: bool = False) -> str:
    """Like ``urllib.parse.urlencode``, for MultiValueDict and values of any type too. Raises TypeError for None."""
    if isinstance(query, MultiValueDict):
        query = query.lists()
    elif hasattr(query, "items"):
        query = query.items()
    pairs: list[tuple[Any, Any]] = []
    for key, value in query:
        if value is None:
            raise _no_none(key)
        if not doseq or isinstance(value, str | bytes):
            pairs.append((key, value if isinstance(value, str | bytes) else str(value)))
            continue
        try:
            items = iter(value)
        except TypeError:
            pairs.append((key, value))
            continue
        pairs += [(key, _one_of_sequence(key, item)) for item in items]
    return _urlencode(pairs)


def _one_of_sequence(key: Any, item: Any) -> Any:
    if item is None:
        raise _no_none(key)
    return item if isinstance(item, bytes) else str(item)


def _no_none(key: Any) -> TypeError:
    return TypeError(f"Cannot encode None for key '{key}' in a query string: leave the key out, or give it an empty text.")


def http_date(epoch_seconds: float | None = None) -> str:
    """Format a time (seconds since the epoch; now by default) as ``Wdy, DD Mon YYYY HH:MM:SS GMT`` (RFC 9110)."""
    moment = time.gmtime(epoch_seconds)
    day, month = _DAYS[moment.tm_wday], _MONTH_NAMES[moment.tm_mon - 1]
    return f"{day}, {moment.tm_mday:02} {month} {moment.tm_year:04} {moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02} GMT"


def parse_http_date(date: str) -> int:
    """Parse a date in one of the three forms of RFC 9110 into seconds since the epoch. Raises ValueError."""
    match = next((found for form in _DATE_FORMS if (found := form.match(date))), None)
    if match is None:
        raise ValueError(f"{date!r} is not in a valid HTTP date format")
    try:
        year = int(match["year"])
        if year < 100:
            year = _full_year(year)
        moment = datetime(
            year, _MONTHS[match["month"].lower()], int(match["day"]), int(match["hour"]), int(match["minute"]), int(match["second"]),
            tzinfo=UTC,
        )  # fmt: skip
    except Exception as error:
        raise ValueError(f"{date!r} is not a valid date") from error
    return int(moment.timestamp())


def _full_year(two_digits: int) -> int:
    # A two-digit year that would be more than 50 years ahead is one of the past (RFC 9110 section 5.6.7).
    this_year = datetime.now(tz=UTC).year
    year = this_year - this_year % 100 + two_digits
    return year - 100 if year > this_year + 50 else year


def parse_http_date_safe(date: str) -> int | None:
    """Like :func:`parse_http_date`, but None for what cannot be parsed."""
    try:
        return parse_http_date(date)
    except Exception:
        return None


def base36_to_int(s: str) -> int:
    """Convert base 36 to an integer. Raises ValueError for more than 13 digits: no 64-bit number has more."""
    if len(s) > 13:
        raise ValueError("Base36 input too large")
    return int(s, 36)


def int_to_base36(i: int) -> str:
    """Convert a non-negative integer to base 36. Raises ValueError for a negative one."""
    if i < 0:
        raise ValueError("Negative base36 conversion input.")
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    if i < 36:
        return digits[i]
    text = ""
    while i:
        i, digit = divmod(i, 36)
        text = digits[digit] + text
    return text


def urlsafe_base64_encode(s: bytes) -> str:
    """Encode bytes as base64 for URLs, without the ``=`` at the end."""
    return base64.urlsafe_b64encode(s).rstrip(b"=").decode("ascii")


def urlsafe_base64_decode(s: Any) -> bytes:
    """Decode base64 for URLs whose ``=`` may be missing. Raises ValueError."""
    data = force_bytes(s)
    try:
        return base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))
    except (LookupError, BinasciiError) as error:
        raise ValueError(error) from error


def parse_etags(etag_str: str) -> list[str]:
    """Return the entity tags of an ``If-Match`` or ``If-None-Match`` header, quotes included, or ``["*"]``."""
    if etag_str.strip() == "*":
        return ["*"]
    found = (part.strip() for part in etag_str.split(","))
    return [tag for tag in found if _ETAG.fullmatch(tag)]


def quote_etag(etag_str: str) -> str:
    """Return ``etag_str`` in quotes, unless it is a quoted (perhaps weak) entity tag already."""
    return etag_str if _ETAG.fullmatch(etag_str) else f'"{etag_str}"'


def is_same_domain(host: str, pattern: str) -> bool:
    """Tell whether ``host`` is ``pattern``, or, where that begins with a dot, the domain or one below it."""
    if not pattern:
        return False
    pattern = pattern.lower()
    return host == pattern or (pattern[0] == "." and (host.endswith(pattern) or host == pattern[1:]))


def url_has_allowed_host_and_scheme(url: Any, allowed_hosts: Any, require_https: bool = False) -> bool:
    """Tell whether a redirect to ``url`` stays on an allowed host, over HTTP(S). False for an empty URL.

    Says nothing of the rest: the URL must still be quoted where it is put into HTML.
    """
    url = (url or "").strip()
    if not url:
        return False
    if allowed_hosts is None:
        hosts: set[str] = set()
    else:
        hosts = {allowed_hosts} if isinstance(allowed_hosts, str) else set(allowed_hosts)
    # Browsers read a backslash as a slash: both readings must be harmless.
    return _leads_to(url, hosts, require_https) and _leads_to(url.replace("\\", "/"), hosts, require_https)


def _leads_to(url: str, hosts: set[str], require_https: bool) -> bool:
    if url.startswith("///") or len(url) > MAX_URL_LENGTH or unicodedata.category(url[0])[0] == "C":
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    scheme = parts.scheme
    if scheme and not parts.netloc:
        return False
    if not scheme and parts.netloc:
        scheme = "http"
    schemes = ("https",) if require_https else ("http", "https")
    return (not parts.netloc or parts.netloc in hosts) and (not scheme or scheme in schemes)


def escape_leading_slashes(url: str) -> str:
    """Encode the second of two leading slashes, which would make a path an absolute URL of another host."""
    return f"/%2F{url.removeprefix('//')}" if url.startswith("//") else url


def _split_outside_quotes(line: str, separator: str) -> Iterator[str]:
    start, quoted, escaped = 0, False, False
    for position, char in enumerate(line):
        if escaped:
            escaped = False
        elif quoted and char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == separator and not quoted:
            yield line[start:position]
            start = position + 1
    yield line[start:]


def parse_header_parameters(line: str | None, max_length: int | None = MAX_HEADER_LENGTH) -> tuple[str, dict[str, str]]:
    """Split a header such as ``Content-Type`` into its value, in lower case, and a dict of its parameters (RFC 2231 decoded).

    Raises ValueError for a header longer than ``max_length`` or in an unknown character set.
    """
    if not line:
        return "", {}
    if max_length is not None and len(line) > max_length:
        raise ValueError(f"Unable to parse header parameters (value too long: {len(line)} characters, {max_length} allowed)")
    first, *rest = [part.strip() for part in _split_outside_quotes(line, ";")]
    parameters: dict[str, str] = {}
    for part in rest:
        name, mark, value = part.partition("=")
        if not mark:
            continue
        name, value = name.strip().lower(), value.strip()
        if name.endswith("*"):
            parameters[name[:-1]] = _decode_extended(value)
        else:
            if len(value) >= 2 and value[0] == value[-1] == '"':
                value = value[1:-1].replace("\\\\", "\\").replace('\\"', '"')
            parameters[name] = value
    return first.lower(), parameters


def _decode_extended(value: str) -> str:
    """Decode ``charset'language'percent-encoded`` (RFC 2231, section 4). Raises ValueError for an unknown charset."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1]
    charset, *rest = unquote(value, encoding="latin-1").split("'", 2)
    if len(rest) < 2:
        return "'".join([charset, *rest])
    if not charset:
        return rest[1]
    try:
        return rest[1].encode("raw-unicode-escape").decode(charset, "replace")
    except LookupError as error:
        raise ValueError(f"Invalid encoding: {charset!r}") from error


def encoded_word(text: str) -> str:
    """Write a text that is not ASCII as an encoded word of RFC 2047 in UTF-8, in the shorter of its two forms."""
    data = text.encode()
    quoted = "".join(_Q_ENCODED[byte] for byte in data)
    packed = base64.b64encode(data).decode("ascii")
    return f"=?utf-8?b?{packed}?=" if len(packed) < len(quoted) else f"=?utf-8?q?{quoted}?="


def split_header_value(value: str, sep: str = ",") -> Iterator[str]:
    """Yield the parts of a header's list, without white space and empty parts."""
    return (part for raw in value.split(sep) if (part := raw.strip()))


def split_directive_names(value: str) -> Iterator[str]:
    """Yield the names of the directives of a header such as ``Cache-Control``, in lower case, without their values."""
    return (part.partition("=")[0].strip().lower() for part in split_header_value(value))


def content_disposition_header(as_attachment: bool, filename: str | None) -> str | None:
    """Return a ``Content-Disposition`` value (RFC 6266), or None if there is nothing to say."""
    disposition = "attachment" if as_attachment else "inline"
    if not filename:
        return disposition if as_attachment else None
    if filename.isascii() and filename.isprintable():
        escaped = filename.replace("\\", "\\\\").replace('"', r"\"")
        return f'{disposition}; filename="{escaped}"'
    return f"{disposition}; filename*=utf-8''{quote(filename)}"
