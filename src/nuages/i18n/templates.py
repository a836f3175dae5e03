"""Making a template readable for programs that extract messages from Python source."""

from __future__ import annotations

import re

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


def _comment(text: str) -> str:
    return " # " + " ".join(text.split())


def templatize(src: str, origin: str | None = None) -> str:
    """Return Python-like source with a gettext call for each message of the template ``src``, on the same lines.

    Comments that begin with "Translators" are kept. Raises SyntaxError for tags inside a block of translatable text.
    """
    out: list[str] = []
    block: _Block | None = None
    comment: list[str] | None = None
    line = 1
    for token in _TOKEN.split(src):
        newlines = "\n" * token.count("\n")
        body = token[2:-2].strip() if token[:2] in {"{%", "{{", "{#"} else None
        name = body.split(None, 1)[0] if body and token.startswith("{%") else ""
        if comment is not None:
            if name == "endcomment":
                out.append(_comments("".join(comment)))
                comment = None
            else:
                comment.append(token)
        elif block is not None:
            block = _inside(block, token, body, name, out, origin, line)
        elif name == "comment":
            comment = []
        elif name in _OPENING:
            block = _Block(body or "")
        else:
            out.append(_outside(token, body, name))
        out.append(newlines)
        line += len(newlines)
    return "".join(out)


def _comments(text: str) -> str:
    text = text.strip()
    return _comment(text) + "\n" if text.startswith(_TRANSLATORS) else ""


def _inside(block: _Block, token: str, body: str | None, name: str, out: list[str], origin: str | None, line: int) -> _Block | None:
    if name in _CLOSING:
        out.append(block.call())
        return None
    if name == "plural":
        block.plural = []
    elif token.startswith("{%"):
        where = f" in {origin}" if origin else ""
        raise SyntaxError(f"Translation blocks must not include other block tags: {body} (line {line}{where})")
    elif token.startswith("{{"):
        block.add(f"%({body})s")
    elif not token.startswith("{#"):
        block.add(token.replace("%", "%%"))
    return block


def _outside(token: str, body: str | None, name: str) -> str:
    if body is None:
        return ""
    if token.startswith("{#"):
        if body.startswith(_TRANSLATORS):
            return _comment(body)
        return ""
    calls = []
    if name in ("trans", "translate") and (match := _INLINE.match(body)):
        text = match[1].replace("%", "%%")
        calls.append(f" pgettext({match[2]}, {text}) " if match[2] else f" gettext({text}) ")
    calls += [f" gettext({text}) " for part in smart_split(body) for text in _CONSTANT.findall(part)]
    return "".join(calls)
