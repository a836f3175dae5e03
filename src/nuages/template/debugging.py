"""From an exception back to the line of the template: ``template_debug`` and the notes on tracebacks."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nuages.template.lexer import Token

__all__ = ["describe", "locate", "programs"]

CONTEXT_LINES = 10

#: The programs that are alive, by the file name of their code.
programs: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()


def locate(error: Exception, context: Any, node: Any = None) -> None:
    """Tell ``error`` where in which template it came from.

    ``node`` is the node that was being rendered; without it, the innermost frame of generated code tells.
    """
    if hasattr(error, "template_debug") or getattr(error, "template_place", None):
        return
    node = _innermost(error) or node
    token = getattr(node, "token", None)
    if token is None:
        return
    name = _name_of(node)
    try:
        if token.position is not None and token.source is not None:
            error.template_debug = describe(error, token.source, token, name)  # type: ignore[attr-defined]
        elif token.lineno is not None:
            error.template_place = (name, token.lineno)  # type: ignore[attr-defined]
            error.add_note(f"In template {name}, line {token.lineno}.")
    except AttributeError:
        # An exception class with __slots__ cannot be annotated; it still tells what happened.
        return


def _innermost(error: Exception) -> Any:
    found = None
    trace = error.__traceback__
    while trace is not None:
        program = programs.get(trace.tb_frame.f_code.co_filename)
        if program is not None:
            found = program.node_at(trace.tb_lineno) or found
        trace = trace.tb_next
    return found


def _name_of(node: Any) -> str:
    origin = getattr(node, "origin", None)
    return str(getattr(origin, "name", "unknown"))


def describe(error: BaseException, source: str, token: Token, name: str) -> dict[str, Any]:
    """Return what an error page shows about the place of ``token`` in ``source``.

    Keys: ``message``, ``source_lines`` (number and text), ``before``, ``during``, ``after`` (the line cut at the
    token), ``top``, ``bottom``, ``total``, ``line``, ``name``, ``start``, ``end``.
    """
    start, end = token.position or (0, 0)
    starts = [0]
    for offset, character in enumerate(source):
        if character == "\n":
            starts.append(offset + 1)
    limits = [*starts, len(source) + 1]
    line = max((number for number, first in enumerate(starts, 1) if first <= start), default=1)
    lines = [(number, source[limits[number - 1] : limits[number]]) for number in range(1, len(starts) + 1)]
    first, last = starts[line - 1], limits[line]
    total = len(lines)
    top = max(0, line - 1 - CONTEXT_LINES)
    bottom = min(total, line + CONTEXT_LINES)
    try:
        message = str(error.args[0])
    except (IndexError, UnicodeDecodeError):
        message = "(Could not get exception message)"
    return {
        "message": message,
        "source_lines": lines[top:bottom],
        "before": source[first:start],
        "during": source[start:end],
        "after": source[end:last],
        "top": top,
        "bottom": bottom,
        "total": total,
        "line": line,
        "name": name,
        "start": start,
        "end": end,
    }
