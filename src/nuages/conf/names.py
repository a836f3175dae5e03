"""Dotted names: importing what they name, and how a project sees them.

Nuages knows its parts by native names (``nuages.models.CharField``). A distribution that offers them under other names installs
its table here; from then on every path that is stored or shown passes through ``public``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

ENVIRONMENT_VARIABLE = "NUAGES_SETTINGS_MODULE"
"""The environment variable that names the settings module."""

_SHORT: Final = (
    ("nuages.models.fields.", "nuages.models"),
    ("nuages.models.related.", "nuages.models"),
    ("nuages.models.constraints.", "nuages.models"),
    ("nuages.models.indexes.", "nuages.models"),
    ("nuages.models.manager.", "nuages.models"),
    ("nuages.sql.functions.", "nuages.models.functions"),
    ("nuages.sql.q.", "nuages.models"),
    ("nuages.sql.aggregates.", "nuages.models"),
    ("nuages.migrations.operations.", "nuages.migrations"),
)

# Expressions that ``nuages.models`` hands on; the others are documented, or at least importable, only in their own package.
_EXPRESSIONS: Final = frozenset(
    ["Case", "Exists", "Expression", "ExpressionList", "ExpressionWrapper", "F", "Func", "OrderBy", "OuterRef", "RowRange", "Subquery", "Value", "ValueRange", "When", "Window", "WindowFrame", "WindowFrameExclusion"]
)

default_settings: dict[str, Any] = {}
"""Defaults that the installed table changes (texts that name the framework)."""

_to_public: Callable[[str], str] | None = None
_to_native: Callable[[str], str] | None = None


_version: str | None = None
_framework = "Nuages"


def install(
    to_public: Callable[[str], str],
    to_native: Callable[[str], str],
    environment_variable: str,
    version: str | None = None,
    framework: str = "Nuages",
) -> None:
    """Show names through ``to_public``, take them through ``to_native``, find settings by another variable.

    ``version`` and ``framework`` are what commands and pages then show as the framework's version and name.
    """
    global _to_public, _to_native, _version, _framework, ENVIRONMENT_VARIABLE
    _to_public, _to_native, ENVIRONMENT_VARIABLE = to_public, to_native, environment_variable
    _version, _framework = version, framework


def framework() -> str:
    """The framework's name, as pages show it."""
    return _framework


def version() -> str | None:
    """The version that the installed table's distribution shows, or None without one."""
    return _version


def environment(name: str) -> str:
    """The environment variable ``name`` of the framework (``COLORS``), with the prefix of the settings variable."""
    return f"{ENVIRONMENT_VARIABLE.partition('_')[0]}_{name}"


def installed() -> bool:
    """Whether another distribution's table is in force."""
    return _to_public is not None


def short(path: str) -> str:
    """The documented place of a class that is defined in an inner module (``nuages.models.CharField``)."""
    name = path.rpartition(".")[2]
    if not name[:1].isupper():
        return path  # a module, or a function of a class such as RunPython.noop
    if path.startswith("nuages.sql.expressions."):
        return f"nuages.models.{name}" if name in _EXPRESSIONS else f"nuages.sql.expressions.{name}"
    for prefix, home in _SHORT:
        if path.startswith(prefix):
            return f"{home}.{name}"
    return path


def public(path: str) -> str:
    """The name by which a project should see ``path``."""
    if not path.startswith("nuages"):
        return path
    return short(path) if _to_public is None else _to_public(path)


def native(path: str) -> str:
    """The reverse of ``public``."""
    return path if _to_native is None else _to_native(path)


def native_home(kind: Any) -> str:
    """The native dotted path of a class or function, whichever name its module shows."""
    return native(f"{kind.__module__}.{kind.__qualname__}")


def public_home(kind: Any) -> str:
    """The dotted path by which a project imports a class or function."""
    return public(native_home(kind))


def public_value(value: Any) -> Any:
    """``value`` with every native path in it (in lists, tuples and dictionaries) made public."""
    if isinstance(value, str):
        return public(value) if value.startswith("nuages.") else value
    if isinstance(value, (list, tuple)):
        return type(value)(public_value(item) for item in value)
    if isinstance(value, dict):
        return {key: public_value(item) for key, item in value.items()}
    return value


def import_string(path: str) -> Any:
    """Import a module's attribute by its dotted path (documentation: ref/utils, ``module_loading``).

    Raises ``ImportError`` when the path has no dot, its module does not exist or lacks the attribute.
    """
    module_path, dot, name = path.rpartition(".")
    if not dot:
        raise ImportError(f"{path} doesn't look like a module path")
    module = sys.modules.get(module_path)
    if module is None or getattr(getattr(module, "__spec__", None), "_initializing", False):
        module = import_module(module_path)
    try:
        return getattr(module, name)
    except AttributeError as error:
        raise ImportError(f'Module "{module_path}" does not define a "{name}" attribute/class') from error
