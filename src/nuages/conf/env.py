"""Settings from the environment: ``.env`` files, typed variables, database URLs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, overload
from urllib.parse import parse_qsl, unquote, urlsplit

from nuages.exceptions import ImproperlyConfigured

T = TypeVar("T")

_LINE = re.compile(
    r"""^\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*
        (?:'(?P<raw>[^']*)'|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^#\n]*?))\s*(?:\#.*)?$""",
    re.X,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
_ENGINES = {
    "sqlite": "nuages.db.backends.sqlite",
    "sqlite3": "nuages.db.backends.sqlite",
    "postgres": "nuages.db.backends.postgresql",
    "postgresql": "nuages.db.backends.postgresql",
    "pgsql": "nuages.db.backends.postgresql",
    "mysql": "nuages.db.backends.mysql",
    "mariadb": "nuages.db.backends.mysql",
}


_FROM_FILE = "NUAGES_FROM_DOTENV"
"""The environment's variables that came from a file: names, for the processes that this one starts."""
_inherited = frozenset(os.environ.get(_FROM_FILE, "").split())
_set_here: set[str] = set()


def load_dotenv(path: str | os.PathLike[str] = ".env", override: bool = False) -> dict[str, str]:
    """Put the variables of a ``.env`` file into the environment, and return them; a missing file has none.

    Variables that are set already win, unless ``override``; those that another process had from a file are read anew, so that a
    server's new workers see a changed file. Raises ``ImproperlyConfigured`` for a line that is no assignment.
    """
    found: dict[str, str] = {}
    file = Path(path)
    if not file.is_file():
        return found
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise ImproperlyConfigured(f"{file}:{number} is not of the form NAME=value: {line!r}")
        found[match["name"]] = _value(match)
    for name, value in found.items():
        if override or name not in os.environ or name in _inherited - _set_here:
            os.environ[name] = value
            _set_here.add(name)
    os.environ[_FROM_FILE] = " ".join(sorted(_set_here))
    return found


def _value(match: re.Match[str]) -> str:
    if match["raw"] is not None:
        return match["raw"]
    if match["quoted"] is not None:
        return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), match["quoted"])
    return match["plain"] or ""


@overload
def env(name: str, default: str) -> str: ...
@overload
def env(name: str, default: bool) -> bool: ...
@overload
def env(name: str, default: int) -> int: ...
@overload
def env(name: str, default: list[str]) -> list[str]: ...
@overload
def env(name: str, default: T, cast: Callable[[str], T]) -> T: ...
@overload
def env(name: str) -> str: ...
def env(name: str, default: Any = None, cast: Callable[[str], Any] | None = None) -> Any:
    """An environment variable, in the type of ``default`` (text, bool, int, comma-separated list) or as ``cast`` makes it.

    Raises ``ImproperlyConfigured`` when it is not set and has no default, or cannot be read as that type.
    """
    raw = os.environ.get(name)
    if raw is None:
        if default is None:
            raise ImproperlyConfigured(
                f"The environment variable {name} is not set. Set it, or add it to the .env file."
            )
        return default
    try:
        return cast(raw) if cast else _cast_like(raw, default)
    except ValueError as error:
        raise ImproperlyConfigured(f"The environment variable {name} cannot be read: {error}") from error


def _cast_like(raw: str, default: Any) -> Any:
    if isinstance(default, bool):
        if raw.lower() not in _TRUE | _FALSE:
            raise ValueError(f"{raw!r} is neither true nor false")
        return raw.lower() in _TRUE
    if isinstance(default, int):
        return int(raw)
    if isinstance(default, list):
        return [item.strip() for item in raw.split(",") if item.strip()]
    return raw


def database_url(url: str) -> dict[str, Any]:
    """An entry of ``DATABASES`` from a URL such as ``postgres://user:password@host:5432/name?option=value``.

    ``sqlite:///path`` is relative to the working directory, ``sqlite:////path`` absolute, ``sqlite://:memory:`` in memory.
    Raises ``ImproperlyConfigured`` for a scheme without a backend.
    """
    if url in ("sqlite://:memory:", "sqlite://"):
        return {"ENGINE": _ENGINES["sqlite"], "NAME": ":memory:"}
    parts = urlsplit(url)
    engine = _ENGINES.get(parts.scheme)
    if engine is None:
        raise ImproperlyConfigured(
            f"The database URL has the scheme {parts.scheme!r}; known are {', '.join(sorted(_ENGINES))}."
        )
    config: dict[str, Any] = {"ENGINE": engine, "NAME": unquote(parts.path.removeprefix("/"))}
    if parts.username:
        config["USER"] = unquote(parts.username)
    if parts.password:
        config["PASSWORD"] = unquote(parts.password)
    if parts.hostname:
        config["HOST"] = unquote(parts.hostname)
    if parts.port:
        config["PORT"] = parts.port
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if "conn_max_age" in options:
        config["CONN_MAX_AGE"] = int(options.pop("conn_max_age"))
    if options:
        config["OPTIONS"] = options
    return config
