"""The documented names, from the package that ``BENCH_PACKAGE`` names: ``nuages``, or a peer with the same API."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

PACKAGE = os.environ.get("BENCH_PACKAGE", "nuages")
NATIVE = PACKAGE == "nuages"


def module(native: str, documented: str | None = None) -> Any:
    """Give a module by its native name, or by the documented one where the peer runs; by default both are the same."""
    return import_module(f"{PACKAGE}.{native if NATIVE else documented or native}")
