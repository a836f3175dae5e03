"""The frames of a traceback with their source, for reports."""

from __future__ import annotations

import inspect
import itertools
import linecache
import re
import types
import warnings
from pathlib import Path
from typing import Any

CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
NO_SOURCE = "<source code not available>"


class ExceptionCycleWarning(UserWarning):
    """An exception is, by a detour, its own cause."""


def source_lines(filename: str, loader: Any, module_name: str | None) -> list[Any] | None:
    """Give the lines of a source file, from its loader or the disk; ``None`` if there are none."""
    lines: list[Any] | None = None
    if hasattr(loader, "get_source"):
        try:
            text = loader.get_source(module_name)
        except ImportError:
            text = None
        if text is not None:
            lines = text.splitlines()
    if lines is None:
        try:
            lines = Path(filename).read_bytes().splitlines()
        except OSError:
            lines = [line.rstrip("\n") for line in linecache.getlines(filename)] or None  # generated code
    return lines


def decoded(lines: list[Any]) -> list[str]:
    """Decode lines as the file says in its first two."""
    if not lines or not isinstance(lines[0], bytes):
        return lines
    encoding = "utf-8"
    for line in lines[:2]:
        match = CODING.search(line)
        if match:
            encoding = match[1].decode("ascii")
            break
    return [str(line, encoding, "replace") for line in lines]


def columns(frame_line: str, traceback: types.TracebackType) -> str:
    """Give a line of carets below the expression that failed; empty where it is the whole line, or unknown."""
    code = traceback.tb_frame.f_code
    if not hasattr(code, "co_positions") or traceback.tb_lasti < 0:
        return ""
    position = next(itertools.islice(code.co_positions(), traceback.tb_lasti // 2, None), None)
    if position is None:
        return ""
    first_line, last_line, start, end = position
    if None in (first_line, last_line, start, end) or first_line != traceback.tb_lineno:
        return ""
    encoded = frame_line.encode()
    begin = len(encoded[:start].decode(errors="replace"))
    finish = len(encoded[:end].decode(errors="replace")) if first_line == last_line else len(frame_line.rstrip())
    if finish <= begin:
        return ""
    return " " * begin + "^" * (finish - begin)


def causes(exception: BaseException | None) -> list[BaseException]:
    """Give an exception behind its causes, the first of them first; a circle is cut."""
    chain: list[BaseException] = []
    while exception is not None:
        if any(exception is known for known in chain):
            warnings.warn(
                f"Cycle in the exception chain detected: exception '{exception}' encountered again.", ExceptionCycleWarning
            )
            break
        chain.append(exception)
        exception = cause_of(exception)
    return chain[::-1]


def cause_of(exception: BaseException) -> BaseException | None:
    """Give the exception that was the cause of another, or that it came up under."""
    if not isinstance(exception, BaseException):
        return None  # reports can be made about a mere message
    if exception.__cause__ is not None:
        return exception.__cause__
    return None if exception.__suppress_context__ else exception.__context__


def describe_source(getter: Any, traceback: Any, context_lines: int) -> dict[str, Any]:
    """Give the line of a frame with those around it."""
    frame = traceback.tb_frame
    filename = frame.f_code.co_filename
    loader = frame.f_globals.get("__loader__")
    module_name = frame.f_globals.get("__name__") or ""
    lineno = traceback.tb_lineno - 1
    lines = getter(filename, loader, module_name)
    if lines is not None and lineno >= len(lines):
        lines = None
    if lines is None:
        first: int | None = lineno
        pre, line, post = [], NO_SOURCE, []
    else:
        lines = decoded(lines)
        first = max(0, lineno - context_lines)
        pre, line, post = lines[first:lineno], lines[lineno], lines[lineno + 1 : lineno + context_lines]
    return {
        "filename": filename,
        "lineno": lineno + 1,
        "pre_context_lineno": (first or 0) + 1,
        "pre_context": pre,
        "context_line": line,
        "post_context": post,
        "colno": columns(line, traceback) if lines is not None else "",
        "type": "builtin" if inspect.getmodulename(filename) is None and filename.startswith("<") else "user",
        "module": module_name,
    }
