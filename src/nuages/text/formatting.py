"""Changing and cutting plain text (documented as "Text manipulation"); what needs translation stands in ``nuages.i18n.prose``."""

import gzip
import re
import secrets
import unicodedata
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from gzip import GzipFile
from io import BytesIO
from typing import Any

from nuages.exceptions import SuspiciousFileOperation
from nuages.text.lazy import keep_lazy_text, lazy
from nuages.text.regex import _lazy_re_compile

MAX_RANDOM_BYTES = 100

_NEWLINES = _lazy_re_compile(r"\r\n|\r")
_CAMEL_BORDER = _lazy_re_compile(r"(?<=[a-z])(?=[A-Z])|(?=[A-Z](?![A-Z]|$))")
_FILENAME_FORBIDDEN = _lazy_re_compile(r"[^-\w.]")
_NOT_SLUG = _lazy_re_compile(r"[^\w\s-]")
_SLUG_GAPS = _lazy_re_compile(r"[-\s]+")
# A word may hold quoted parts, and these may hold spaces and escaped quotes; a quote that is not closed is an ordinary character.
smart_split_re = _lazy_re_compile(
    r"""((?:[^\s'"]*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^\s'"]*)+)|\S+)""",
    re.DOTALL,
)
_WORD = _lazy_re_compile(r"\S+")
_SHORT = 500
_PHONE_KEYS = dict(zip(map(ord, "abcdefghijklmnopqrstuvwxyz"), "22233344455566677778889999", strict=True))


@keep_lazy_text
def capfirst(x: Any) -> Any:
    """Return ``x`` with its first letter in upper case; an empty value as it is."""
    if not x:
        return x
    text = x if isinstance(x, str) else str(x)
    return text[0].upper() + text[1:]


@keep_lazy_text
def wrap(text: Any, width: int) -> str:
    """Break lines at spaces so that none is longer than ``width``, where words allow it; existing line breaks stay."""
    lines: list[str] = []
    for line in str(text).split("\n"):
        words: list[str] = []
        length, blank = -1, True
        for word in line.split(" "):
            if words and not blank and length + 1 + len(word) > width:
                lines.append(" ".join(words))
                words, length, blank = [], -1, True
            words.append(word)
            length += 1 + len(word)
            blank = blank and not word.strip()
        lines.append(" ".join(words))
    return "\n".join(lines)


@keep_lazy_text
def get_valid_filename(name: Any) -> str:
    """Return ``name`` with spaces as underscores and without characters that are unsafe in file names.

    Raises SuspiciousFileOperation if nothing usable is left.
    """
    cleaned: str = _FILENAME_FORBIDDEN.sub("", str(name).strip().replace(" ", "_"))
    if cleaned in {"", ".", ".."}:
        raise SuspiciousFileOperation(f"Could not derive file name from '{name}'")
    return cleaned


@keep_lazy_text
def normalize_newlines(text: Any) -> str:
    """Return ``text`` with every line break as ``\\n``."""
    return str(_NEWLINES.sub("\n", str(text)))


@keep_lazy_text
def phone2numeric(phone: Any) -> str:
    """Replace letters by the digits of a telephone keypad."""
    return str(phone).lower().translate(_PHONE_KEYS)


def _random_filename(max_random_bytes: int) -> bytes:
    # A file name of random length in the gzip header makes the compressed length useless to a BREACH attacker.
    return b"a" * secrets.randbelow(max_random_bytes)


def compress_string(s: bytes, *, max_random_bytes: int | None = None) -> bytes:
    """Return ``s`` gzipped, with up to ``max_random_bytes`` bytes of random length added."""
    if not max_random_bytes:
        return gzip.compress(s, compresslevel=6, mtime=0)
    packed = gzip.compress(s, compresslevel=6, mtime=0)
    return _with_filename(packed, _random_filename(max_random_bytes))


def _with_filename(packed: bytes, name: bytes) -> bytes:
    return packed[:3] + b"\x08" + packed[4:10] + name + b"\x00" + packed[10:]


class StreamingBuffer(BytesIO):
    """A write buffer that is emptied by each ``read()``."""

    def read(self, size: int | None = -1) -> bytes:
        """Return and drop what was written since the last call."""
        data = self.getvalue()
        self.seek(0)
        self.truncate()
        return data


class _Packer:
    """One gzip stream that is written part by part."""

    def __init__(self, max_random_bytes: int | None) -> None:
        self.buffer = StreamingBuffer()
        name = _random_filename(max_random_bytes).decode() if max_random_bytes else ""
        self.file = GzipFile(filename=name, mode="wb", compresslevel=6, fileobj=self.buffer, mtime=0)

    def add(self, part: bytes) -> bytes:
        """What can be sent once *part* is in the stream."""
        self.file.write(part)
        self.file.flush()
        return self.buffer.read()

    def finish(self) -> bytes:
        """The end of the stream."""
        self.file.close()
        return self.buffer.read()


def compress_sequence(sequence: Iterable[bytes], *, max_random_bytes: int | None = None) -> Iterator[bytes]:
    """Yield the gzip stream of the parts of ``sequence``, flushed after each part."""
    packer = _Packer(max_random_bytes)
    yield packer.buffer.read()
    for part in sequence:
        if data := packer.add(part):
            yield data
    yield packer.finish()


async def acompress_sequence(sequence: AsyncIterable[bytes], *, max_random_bytes: int | None = None) -> AsyncIterator[bytes]:
    """As :func:`compress_sequence`, of parts that come asynchronously: one stream, not one for each part."""
    packer = _Packer(max_random_bytes)
    yield packer.buffer.read()
    async for part in sequence:
        if data := packer.add(part):
            yield data
    yield packer.finish()


def smart_split(text: Any) -> Iterator[str]:
    """Split at white space outside quotes; quotes and backslashes stay in the parts."""
    plain = str(text)
    if "\\" in plain and len(plain) > _SHORT:
        # Behind escaped quotes the expression would look for the end of each string anew, up to the end of the text.
        yield from _split_by_table(plain)
        return
    for match in smart_split_re.finditer(plain):
        yield match[0]


def _split_by_table(text: str) -> Iterator[str]:
    """The same parts in linear time: where a string ends is computed for all places at once, from the end."""
    ends = {mark: _string_ends(text, mark) for mark in "\"'"}
    word = _WORD.search(text)
    while word:
        start, position, quoted = word.start(), word.start(), False
        while position < len(text) and not text[position].isspace():
            if text[position] in ends:
                closing = ends[text[position]][position + 1]
                if closing < 0:
                    break
                position, quoted = closing, True
            position += 1
        end = position if quoted else word.end()
        yield text[start:end]
        word = _WORD.search(text, end)


def _string_ends(text: str, mark: str) -> list[int]:
    """For each place inside a string, where the quotation mark is that ends it; -1 where there is none."""
    ends = [-1] * (len(text) + 2)
    for position in range(len(text) - 1, -1, -1):
        char = text[position]
        ends[position] = position if char == mark else ends[position + (2 if char == "\\" else 1)]
    return ends


@keep_lazy_text
def unescape_string_literal(s: Any) -> str:
    """Return the content of a quoted string literal. Raises ValueError if ``s`` is not one."""
    text = str(s)
    if not text or text[0] not in "\"'" or text[-1] != text[0]:
        raise ValueError(f"Not a string literal: {text!r}")
    quote = text[0]
    return text[1:-1].replace(f"\\{quote}", quote).replace("\\\\", "\\")


@keep_lazy_text
def slugify(value: Any, allow_unicode: bool = False) -> str:
    """Turn ``value`` into a slug: letters, digits, underscores and single hyphens, lower case, ASCII unless told otherwise."""
    text = unicodedata.normalize("NFKC" if allow_unicode else "NFKD", str(value))
    if not allow_unicode:
        text = text.encode("ascii", "ignore").decode()
    return str(_SLUG_GAPS.sub("-", _NOT_SLUG.sub("", text.lower()))).strip("-_")


def camel_case_to_spaces(value: str) -> str:
    """Split CamelCase into lower-case words."""
    return str(_CAMEL_BORDER.sub(" ", value)).strip().lower()


def _format_lazy(format_string: Any, *args: Any, **kwargs: Any) -> str:
    return str(format_string).format(*args, **kwargs)


format_lazy = lazy(_format_lazy, str)
