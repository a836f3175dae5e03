"""The table of names: reads ``names/*.toml`` and answers which module of Nuages stands behind a public name, and back."""

import json
import os
import pathlib
import tempfile
import tomllib
from collections.abc import Iterator
from typing import Any

from nuages.conf.names import short

FOLDER = pathlib.Path(__file__).parent / "names"

Homes = dict[str, str | list[str]]


class NameTable:
    """Both directions of the mapping between public (``django.…``) and native (``nuages.…``) dotted paths."""

    def __init__(self, fragments: list[dict[str, Any]]) -> None:
        self.aliases: dict[str, str] = {}
        self.names: dict[str, Homes] = {}
        self.overrides: dict[str, str] = {}
        self.absent: list[str] = []
        for fragment in fragments:
            self.aliases.update(fragment.get("alias", {}))
            self.overrides.update(fragment.get("public", {}))
            self.absent += fragment.get("absent", {}).get("modules", [])
            for module, homes in fragment.get("names", {}).items():
                self.names.setdefault(module, {}).update(homes)
        self.packages = self._parents()
        self._modules_back: dict[str, list[str]] = {}
        for public, native in self.aliases.items():
            self._modules_back.setdefault(native, []).append(public)
        self._objects_back = self._reverse_objects()
        self._lenders = self._reverse_lenders()

    def _parents(self) -> set[str]:
        """Names that have children in the table: these are packages."""
        found = set()
        for name in (*self.aliases, *self.names):
            while "." in name:
                name = name.rpartition(".")[0]
                found.add(name)
        return found

    def _reverse_objects(self) -> dict[str, str]:
        back: dict[str, str] = {}
        for module, homes in self.names.items():
            for name, home in homes.items():
                if name == "*" or not isinstance(home, str):
                    continue
                native, public = home.replace(":", "."), f"{module}.{name}"
                if native not in back or len(public) < len(back[native]):
                    back[native] = public
        return back

    def _reverse_lenders(self) -> dict[str, str]:
        """The public module that hands on every public name of a native one."""
        back: dict[str, str] = {}
        for module, homes in self.names.items():
            lenders = homes.get("*", [])
            for native in [lenders] if isinstance(lenders, str) else lenders:
                back.setdefault(native, module)
        return back

    def home(self, public: str) -> str | None:
        """The native module of which *public* is an alias, by its own entry or by that of its nearest parent."""
        if public in self.aliases:
            return self.aliases[public]
        head, _, tail = public.rpartition(".")
        while head:
            if head in self.aliases:
                return f"{self.aliases[head]}.{tail}"
            if head in self.names:
                return None
            head, _, more = head.rpartition(".")
            tail = f"{more}.{tail}"
        return None

    def public_modules(self, native: str) -> list[str]:
        """Every public module that is an alias of the native module *native*."""
        found = list(self._modules_back.get(native, ()))
        head, _, tail = native.rpartition(".")
        if head:
            found += [f"{parent}.{tail}" for parent in self.public_modules(head)]
        return found

    def public(self, native: str) -> str:
        """The public dotted path for a native one; the path itself when the table knows none."""
        return self.place(short(native))

    def place(self, native: str) -> str:
        """The public dotted path of the very place that *native* names, which need not be the documented one."""
        exact = self._objects_back.get(native)
        if exact is not None:
            return exact
        module, _, name = native.rpartition(".")
        if module in self._lenders and not name.startswith("_") and not self._modules_back.get(module):
            return f"{self._lenders[module]}.{name}"
        head, tail = native, ""
        while head:
            if head in self.overrides:
                return self.overrides[head] + tail
            if head in self._modules_back:
                return min(self._modules_back[head], key=lambda name: (len(name), name)) + tail
            head, _, last = head.rpartition(".")
            tail = f".{last}{tail}"
        return native

    def native(self, public: str) -> str:
        """The native dotted path (of a module, or of a name in one) for a public one."""
        module, _, name = public.rpartition(".")
        if public not in self.aliases and module in self.names:
            home = self.names[module].get(name)
            if isinstance(home, str):
                return home.replace(":", ".")
        return self.home(public) or public

    def lists(self, public: str) -> bool:
        """Whether *public* is itself a module of the table."""
        return public in self.aliases or public in self.names

    def imports(self, public: str, native: str) -> bool:
        """Whether the public dotted path leads to the very object at *native*."""
        module, _, name = public.rpartition(".")
        lender = self._lenders.get(native.rpartition(".")[0])
        return self.native(public) == native or (lender == module and name not in self.names[module])

    def children(self, package: str) -> Iterator[str]:
        """Names of the modules directly below *package*."""
        prefix = package + "."
        seen = set()
        for name in (*self.aliases, *self.names):
            if name.startswith(prefix):
                child = name[len(prefix) :].partition(".")[0]
                if child not in seen:
                    seen.add(child)
                    yield child


def load(folder: pathlib.Path = FOLDER) -> NameTable:
    """The table of all files in *folder*; parsed once, then kept as JSON in the cache folder until a file changes."""
    files = sorted(folder.glob("*.toml"))
    stamp = [[file.name, file.stat().st_mtime_ns, file.stat().st_size] for file in files]
    cache = folder / "__pycache__" / "table.json"
    try:
        kept = json.loads(cache.read_bytes())
        if kept["stamp"] == stamp:
            return NameTable(kept["fragments"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    fragments = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    _keep(cache, {"stamp": stamp, "fragments": fragments})
    return NameTable(fragments)


def _keep(cache: pathlib.Path, content: dict[str, Any]) -> None:
    """Write the cache in one step; a folder that cannot be written only costs the next start some time."""
    try:
        cache.parent.mkdir(exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=cache.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(content, stream)
        os.replace(temporary, cache)
    except OSError:
        pass
