"""Making a template readable for programs that extract messages from Python source."""

from __future__ import annotations

import re
import warnings

from nuages.i18n.translation import TranslatorCommentWarning
from nuages.text.formatting import smart_split

_TOKEN = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", re.DOTALL)
_STRING = r"""(?:"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')"""
_INLINE = re.compile(rf"(?:trans|translate)\s+({_STRING})(?:\s*\|\s*[^\s]+)*(?:\s+.*?context\s+({_STRING}))?", re.DOTALL)
_CONSTANT = re.compile(rf"_\(({_STRING})\)")
_CONTEXT = re.compile(rf"\bcontext\s+({_STRING})")
_OPENING = ("blocktrans", "blocktranslate")
_CLOSING = ("endblocktrans", "endblocktranslate")
_TRANSLATORS = "Translators"


class _Block:
    """The text of a ``blocktranslate`` while it is read."""

    def __init__(self, arguments: str) -> None:
        context = _CONTEXT.search(arguments)
        self.context = context[1] if context else None
        self.trimmed = "trimmed" in arguments.split()
        self.singular: list[str] = []
        self.plural: list[str] | None = None

    def add(self, text: str) -> None:
        (self.singular if self.plural is None else self.plural).append(text)

    def call(self) -> str:
        texts = [self._text(parts) for parts in (self.singular, self.plural) if parts is not None]
        name = "ngettext" if self.plural is not None else "gettext"
        if self.context:
            name = name.replace("gettext", "pgettext")
            texts.insert(0, self.context)
        if self.plural is not None:
            texts.append("count")
        return f" {name}({', '.join(texts)}) "

    def _text(self, parts: list[str]) -> str:
        text = "".join(parts)
        if self.trimmed:
            text = " ".join(line.strip() for line in text.strip().splitlines() if line.strip())
        return repr(text)


class _Output:
    """The source that is made, line by line: what a line has of comments for translators stands behind its calls.

    Programs that extract messages give such a comment to the message that follows on the next line.
    """

    def __init__(self, origin: str | None) -> None:
        self.origin = origin
        self.line = 1
        self._parts: list[str] = []
        self._comments: list[str] = []
        self._hints: list[str] = []
        self._last_hint: str | None = None

    def __str__(self) -> str:
        return "".join([*self._parts, *self._comments, *self._hints])

    def call(self, source: str) -> None:
        """Add calls; a one-line comment for translators before them, on the same line, would be misplaced."""
        if not source:
            return
        if self._last_hint is not None:
            where = f"file {self.origin}, line {self.line}" if self.origin else f"line {self.line}"
            warnings.warn(
                f"The translator-targeted comment '{self._last_hint}' ({where}) was ignored, because it wasn't the last item on the line.",
                TranslatorCommentWarning,
                stacklevel=4,
            )
        self._hints, self._last_hint = [], None
        self._parts.append(source)

    def hint(self, text: str) -> None:
        """Take a one-line comment; one that is not for translators only parts the one before from what follows."""
        self._last_hint = text if text.startswith(_TRANSLATORS) else None
        if self._last_hint is not None:
            self._hints.append(f" # {' '.join(text.split())}")

    def block(self, text: str) -> None:
        """Take the text of a comment tag: from the line on that begins with "Translators"."""
        lines = [line.strip() for line in text.split("\n")]
        first = next((number for number, line in enumerate(lines) if line.startswith(_TRANSLATORS)), len(lines))
        for number, line in enumerate(lines):
            if number:
                self.newlines(1)
            if number >= first and line:
                self._comments.append(f" # {line}")

    def newlines(self, count: int) -> None:
        """End lines."""
        if count:
            self._parts += [*self._comments, *self._hints, "\n" * count]
            self._comments, self._hints, self._last_hint = [], [], None
            self.line += count


def templatize(src: str, origin: str | None = None) -> str:
    """Return Python-like source with a gettext call for each message of the template ``src``, on the same lines.

    Comments that begin with "Translators" are kept; TranslatorCommentWarning tells of one that is not the last item on its line.
    Raises SyntaxError for tags inside a block of translatable text.
    """
    out = _Output(origin)
    block: _Block | None = None
    comment: list[str] | None = None
    for token in _TOKEN.split(src):
        body = token[2:-2].strip() if token[:2] in {"{%", "{{", "{#"} else None
        name = body.split(None, 1)[0] if body and token.startswith("{%") else ""
        if comment is not None:
            if name != "endcomment":
                comment.append(token)
                continue
            out.block("".join(comment))
            comment = None
        elif block is not None:
            block = _inside(block, token, body, name, out)
        elif name == "comment":
            comment = []
        elif name in _OPENING:
            block = _Block(body or "")
        elif token.startswith("{#"):
            out.hint(body or "")
        else:
            out.call(_outside(body, name))
        out.newlines(token.count("\n"))
    return str(out)


def _inside(block: _Block, token: str, body: str | None, name: str, out: _Output) -> _Block | None:
    if name in _CLOSING:
        out.call(block.call())
        return None
    if name == "plural":
        block.plural = []
    elif token.startswith("{%"):
        where = f"file {out.origin}, line {out.line}" if out.origin else f"line {out.line}"
        raise SyntaxError(f"Translation blocks must not include other block tags: {body} ({where})")
    elif token.startswith("{{"):
        block.add(f"%({body})s")
    elif not token.startswith("{#"):
        block.add(token.replace("%", "%%"))
    return block


def _outside(body: str | None, name: str) -> str:
    if body is None:
        return ""
    calls = []
    if name in ("trans", "translate") and (match := _INLINE.match(body)):
        text = match[1].replace("%", "%%")
        calls.append(f" pgettext({match[2]}, {text}) " if match[2] else f" gettext({text}) ")
    calls += [f" gettext({text}) " for part in smart_split(body) for text in _CONSTANT.findall(part)]
    return "".join(calls)
