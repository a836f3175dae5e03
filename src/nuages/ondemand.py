"""Imports that wait until they are needed: public names that a package hands on from its modules, and modules as a whole.

So that ``import nuages`` loads nothing, and a site only what it uses::

    if TYPE_CHECKING:
        from nuages.mail.sending import send_mail
    else:
        __getattr__, __dir__ = on_demand(__name__, {"nuages.mail.sending": "send_mail"})
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


class Later:
    """A module that is imported when one of its names is first used.

    For what only part of the processes ever need, in modules that all of them load. Type checkers get the import itself::

        if TYPE_CHECKING:
            import asyncio
        else:
            asyncio = Later("asyncio")
    """

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> Any:
        value = getattr(import_module(self.__name__), name)
        setattr(self, name, value)  # found without this method from now on
        return value


def on_demand(
    package: str, homes: Mapping[str, str], modules: Mapping[str, str] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Give the ``__getattr__`` and ``__dir__`` of ``package`` (PEP 562).

    ``homes`` has the names of each module, separated by blanks; ``modules`` has modules that are handed on whole, by name.
    """
    home_of = {name: home for home, names in homes.items() for name in names.split()}
    module_of = modules or {}

    def getattribute(name: str) -> Any:
        if name in home_of:
            value = getattr(import_module(home_of[name]), name)
        elif name in module_of:
            value = import_module(module_of[name])
        else:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        setattr(sys.modules[package], name, value)  # found without this function from now on
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *home_of, *module_of})

    return getattribute, names
