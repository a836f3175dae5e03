"""Handlers that make the objects behind aliases of a setting (``caches["default"]``), once per thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from nuages.conf.settings import settings
from nuages.text.lazy import cached_property


class ConnectionDoesNotExist(Exception):
    """No such alias in the setting."""


class ConnectionProxy:
    """Stands for the object behind one alias, whichever that is when an attribute is used."""

    def __init__(self, connections: Any, alias: str) -> None:
        self.__dict__["_connections"] = connections
        self.__dict__["_alias"] = alias

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connections[self._alias], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._connections[self._alias], name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._connections[self._alias], name)

    def __contains__(self, key: object) -> bool:
        return key in self._connections[self._alias]

    def __eq__(self, other: object) -> bool:
        return bool(self._connections[self._alias] == other)

    def __hash__(self) -> int:
        return hash(self._connections[self._alias])


class BaseConnectionHandler:
    """Base of handlers: subclasses name the setting and write ``create_connection(alias)``."""

    settings_name: str | None = None
    exception_class: type[Exception] = ConnectionDoesNotExist
    thread_critical = False

    def __init__(self, settings: Any = None) -> None:
        self._settings = settings
        self._connections = threading.local()

    @cached_property
    def settings(self) -> Any:
        """The configuration: of the handler itself or of its setting."""
        self._settings = self.configure_settings(self._settings)
        return self._settings

    def configure_settings(self, settings: Any) -> Any:
        """Return the configuration to use for the one given; None means the project's setting."""
        return _project_setting(self.settings_name) if settings is None else settings

    def create_connection(self, alias: str) -> Any:
        """Make the object behind ``alias``."""
        raise NotImplementedError("Subclasses must implement create_connection().")

    def __getitem__(self, alias: str) -> Any:
        made = self._connections.__dict__
        if alias in made:
            return made[alias]
        if alias not in self.settings:
            raise self.exception_class(f"The connection '{alias}' doesn't exist.")
        made[alias] = self.create_connection(alias)
        return made[alias]

    def __setitem__(self, alias: str, value: Any) -> None:
        self._connections.__dict__[alias] = value

    def __delitem__(self, alias: str) -> None:
        del self._connections.__dict__[alias]

    def __iter__(self) -> Iterator[str]:
        return iter(self.settings)

    def all(self, initialized_only: bool = False) -> list[Any]:
        """Return the objects of all aliases; with ``initialized_only``, of those that this thread has made."""
        made = self._connections.__dict__
        return [self[alias] for alias in self if not initialized_only or alias in made]

    def forget(self) -> None:
        """Read the setting again, and make the objects anew: the setting has changed."""
        self._settings = None
        self.__dict__.pop("settings", None)
        self._connections = threading.local()

    def close_all(self) -> None:
        """Close what this thread has made."""
        for connection in self.all(initialized_only=True):
            connection.close()


def _project_setting(name: str | None) -> Any:
    return getattr(settings, name or "")
