"""The import hook behind the package: ``django.x.y`` is found as a module of Nuages, or composed from several.

Two rules keep one module one object, whichever name is imported first. An alias never executes anything: its loader imports
the native module and puts that very object into ``sys.modules`` under the public name. And because ``from django.db
import models`` asks the *native* parent for a submodule (``nuages.db.models``), the finder answers for such names, too, when
the public name of that parent has such a child.
"""

import importlib
import importlib.util
import pathlib
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from django._table import NameTable

_MISSING = object()
ROOT = pathlib.Path(__file__).parent


class ComposedModule(ModuleType):
    """A module whose names live in several native modules; reads and writes go to the home of the name."""

    __homes__: dict[str, str | list[str]]
    __children__: frozenset[str]

    def __getattr__(self, name: str) -> Any:
        home = self.__homes__.get(name)
        if isinstance(home, str):
            return _resolve(home, f"{self.__name__}.{name}")
        if name.startswith("__") and name != "__all__":
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if name in self.__children__:
            return importlib.import_module(f"{self.__name__}.{name}")
        for module in self._fallbacks():
            try:
                return getattr(module, name)
            except AttributeError:
                continue
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        owner = None if name.startswith("__") else self._owner(name)
        if owner is None:
            super().__setattr__(name, value)
        else:
            setattr(owner[0], owner[1], value)

    def __delattr__(self, name: str) -> None:
        owner = None if name in self.__dict__ else self._owner(name)
        if owner is None:
            super().__delattr__(name)
        else:
            delattr(owner[0], owner[1])

    def __dir__(self) -> Iterable[str]:
        found = {name for name in self.__homes__ if name != "*"} | set(self.__dict__)
        for module in self._fallbacks():
            found |= {name for name in dir(module) if not name.startswith("_")}
        return sorted(found)

    def _fallbacks(self) -> Iterable[ModuleType]:
        homes = self.__homes__.get("*", [])
        return [importlib.import_module(home) for home in ([homes] if isinstance(homes, str) else homes)]

    def _owner(self, name: str) -> tuple[Any, str] | None:
        """The native object and attribute that *name* stands for, or None for a name of this module alone."""
        home = self.__homes__.get(name)
        if isinstance(home, str):
            module, colon, path = home.partition(":")
            if not colon:
                return None
            head, _, last = path.rpartition(".")
            return _resolve(f"{module}:{head}" if head else module, name), last
        for module in self._fallbacks():
            if hasattr(module, name) and not isinstance(getattr(module, name), ModuleType):
                return module, name
        return None


def _resolve(home: str, asked: str) -> Any:
    """The object at ``module:name.name``; AttributeError, as for any missing name, when it isn't there."""
    module, _, path = home.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for name in filter(None, path.split(".")):
            found = getattr(found, name)
    except ModuleNotFoundError as error:
        if error.name is None or not (module + ".").startswith(error.name + "."):
            raise
        raise AttributeError(f"{asked} would be {home}, and there is no module {error.name}") from error
    except AttributeError as error:
        raise AttributeError(f"{asked} would be {home}: {error}") from error
    return found


def _lend(target: ModuleType, public: str, homes: dict[str, str | list[str]], children: frozenset[str]) -> None:
    """Let *target*, a native module, answer for names and submodules that the table adds to it and that it lacks itself."""
    own = target.__dict__.get("__getattr__")
    homes = {name: home for name, home in homes.items() if home != f"{_native_name(target)}:{name}"}

    def __getattr__(name: str) -> Any:
        home = homes.get(name)
        if isinstance(home, str) and name != "*":
            return _resolve(home, f"{target.__name__}.{name}")
        if own is not None:
            try:
                return own(name)
            except AttributeError:
                if ("*" not in homes and name not in children) or name.startswith("__"):
                    raise
        if name in children:
            return importlib.import_module(f"{public}.{name}")
        if not name.startswith("__"):
            more = homes.get("*", [])
            for module in [more] if isinstance(more, str) else more:
                found = getattr(importlib.import_module(module), name, _MISSING)
                if found is not _MISSING:
                    return found
        raise AttributeError(f"module {target.__name__!r} has no attribute {name!r}")

    target.__getattr__ = __getattr__  # type: ignore[method-assign, assignment]


def _native_name(module: ModuleType) -> str:
    return module.__spec__.name if module.__spec__ else module.__name__


class AliasLoader:
    """Puts the native module itself under the public name."""

    def __init__(
        self, native: str, extra: dict[str, str | list[str]], package: bool, children: frozenset[str] = frozenset()
    ) -> None:
        self.native = native
        self.extra = extra
        self.package = package
        self.children = children

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        target = importlib.import_module(self.native)
        if self.package and not hasattr(target, "__path__"):
            target.__path__ = []
        public = module.__spec__.name if module.__spec__ else module.__name__
        sys.modules[public] = target
        if self.extra or self.children:
            _lend(target, public, self.extra, self.children)

    def get_code(self, fullname: str) -> Any:
        """The native module's code, so that ``python -m`` works with a public name."""
        spec = importlib.util.find_spec(self.native)
        return spec.loader.get_code(self.native) if spec and spec.loader else None  # type: ignore[attr-defined]

    def get_resource_reader(self, fullname: str) -> Any:
        spec = importlib.util.find_spec(self.native)
        reader = getattr(spec.loader, "get_resource_reader", None) if spec else None
        return reader(self.native) if reader else None


class ComposedLoader:
    """Makes a :class:`ComposedModule`; after the names of the table, real files beside this package may add modules."""

    def __init__(self, homes: dict[str, str | list[str]], children: frozenset[str]) -> None:
        self.homes = homes
        self.children = children

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = ComposedModule(spec.name)
        module.__dict__.update(__homes__=self.homes, __children__=self.children, __file__=__file__)
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__homes__ and "*" not in module.__homes__:
            module.__dict__["__all__"] = [name for name in module.__homes__ if not name.startswith("_")]


class AbsentLoader:
    """Says that a part of the API is not there when it is imported, as a part whose libraries are missing does."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        raise absent(module.__name__)


def absent(name: str) -> Exception:
    """The error for a part that the table calls absent: an ImportError as well as an ImproperlyConfigured."""
    exceptions = importlib.import_module("nuages.exceptions")
    kind = type("AbsentPart", (exceptions.ImproperlyConfigured, ModuleNotFoundError), {"__module__": __name__})
    error: Exception = kind(f"{name} is not part of Nuages: leave out what needs it, or run that project on Django.")
    return error


class Finder:
    """The ``sys.meta_path`` entry for everything below ``django`` that the table knows."""

    def __init__(self, table: NameTable) -> None:
        self.table = table

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.startswith("django."):
            return self._public(fullname)
        return None

    def _public(self, fullname: str) -> ModuleSpec | None:
        table = self.table
        if any(fullname == part or fullname.startswith(f"{part}.") for part in table.absent):
            return ModuleSpec(fullname, AbsentLoader(), is_package=True)
        if fullname in table.names and fullname not in table.aliases:
            return self._composed(fullname)
        native = table.home(fullname)
        if native is not None:
            if fullname not in table.aliases and _is_object(native):
                # None would let the path finder load the file once more, under the public name
                raise ModuleNotFoundError(f"{fullname} is an object of {native.rpartition('.')[0]}", name=fullname)
            return self._alias(fullname, native)
        return self._composed(fullname) if fullname in table.packages else None

    def _composed(self, fullname: str) -> ModuleSpec:
        children = frozenset(self.table.children(fullname))
        folder = ROOT.joinpath(*fullname.split(".")[1:])
        spec = ModuleSpec(fullname, ComposedLoader(self.table.names.get(fullname, {}), children), origin=__file__)
        if children or folder.is_dir():
            spec.submodule_search_locations = [str(folder)]
        return spec

    def _alias(self, fullname: str, native: str) -> ModuleSpec | None:
        try:
            found = importlib.util.find_spec(native)
        except (ModuleNotFoundError, ValueError) as error:
            loaded = sys.modules.get(native)
            if loaded is None and isinstance(error, ModuleNotFoundError):
                return None
            found = None
        if found is None and native not in sys.modules:
            return None
        package = fullname in self.table.packages
        children = frozenset(self.table.children(fullname)) if package else frozenset()
        spec = ModuleSpec(fullname, AliasLoader(native, self.table.names.get(fullname, {}), package, children))
        if found is not None:
            spec.origin, spec.has_location = found.origin, found.has_location
            spec.submodule_search_locations = found.submodule_search_locations
        if package and spec.submodule_search_locations is None:
            spec.submodule_search_locations = []
        return spec


def _is_object(native: str) -> bool:
    """Whether the parent of *native* has an object of that name, which importing a module would hide."""
    parent, _, name = native.rpartition(".")
    owner = sys.modules.get(parent)
    return owner is not None and not isinstance(owner.__dict__.get(name, owner), ModuleType)


class ChildFinder:
    """The last ``sys.meta_path`` entry: ``nuages.db.models`` exists when ``django.db`` is ``nuages.db`` and has ``models``."""

    def __init__(self, table: NameTable) -> None:
        self.table = table

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith("nuages."):
            return None
        parent, _, child = fullname.rpartition(".")
        for public in self.table.public_modules(parent):
            name = f"{public}.{child}"
            if name in self.table.aliases or name in self.table.names or name in self.table.packages:
                native = self.table.aliases.get(name, name)
                if native != fullname:
                    return ModuleSpec(fullname, AliasLoader(native, {}, name in self.table.packages), is_package=True)
        return None


def install(table: NameTable) -> None:
    """Put both finders into place; a second call does nothing."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder(table))
        sys.meta_path.append(ChildFinder(table))
