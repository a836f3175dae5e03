"""Functions whose source was generated: executed, and shown by tracebacks and debuggers."""

from __future__ import annotations

import itertools
import linecache
import weakref
from typing import Any

_serial = itertools.count(1)


def define(name: str, source: str, label: str, names: dict[str, Any]) -> Any:
    """Execute ``source``, which may use ``names``, and give the function ``name`` that it defines.

    The source stands in ``linecache`` under a file name of its own, with ``label`` in it, as long as the function lives.
    """
    filename = f"<{label} #{next(_serial)}>"
    exec(compile(source, filename, "exec"), names)
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    weakref.finalize(names[name], linecache.cache.pop, filename, None).atexit = False
    return names[name]
