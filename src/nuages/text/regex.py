"""Regular expressions that are compiled when they are first used."""

import re
from typing import Any

from nuages.text.lazy import SimpleLazyObject


def _lazy_re_compile(regex: Any, flags: int = 0) -> Any:
    """Return a pattern that is compiled on first use; a compiled ``regex`` takes no flags."""

    def build() -> "re.Pattern[Any]":
        if isinstance(regex, str | bytes):
            return re.compile(regex, flags)
        if flags:
            raise AssertionError("flags must be empty if regex is passed pre-compiled")
        return regex  # type: ignore[no-any-return]

    return SimpleLazyObject(build)


lazy_compile = _lazy_re_compile
