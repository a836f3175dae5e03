"""Public names for what native modules define: a class says ``django.core.validators``, not where Nuages keeps it.

So representations, tracebacks and pickles show the names that projects know, and what is pickled under this package can be
read with Django itself. A finder hands out a loader that runs a native module and then renames what it defined; modules that
were imported earlier are renamed when the finder is installed.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import FunctionType, ModuleType

from django._table import NameTable

NATIVE = "nuages."


def rename(module: ModuleType, table: NameTable) -> None:
    """Give every class and function that *module* defined the module (classes also the name) of its public path.

    What a package hands on from a module below it that has no public name of its own counts as the package's.
    """
    native = module.__name__
    package = table.place(native) if hasattr(module, "__path__") else None
    for key, value in list(vars(module).items()):
        kind = type(value)  # isinstance() would ask a lazy object for its class, and so build it
        if not (issubclass(kind, type) or kind is FunctionType) or value.__qualname__ != key:
            continue
        if value.__module__ == native:
            home = f"{native}.{key}"
            public = table.place(home)
            if table.imports(public, home):
                _rename_object(value, *public.rsplit(".", 1))
        elif package not in (None, native) and value.__module__.startswith(f"{package}.") and not table.lists(value.__module__):
            _rename_object(value, package, key)


def rename_module(module: ModuleType, table: NameTable) -> None:
    """Give *module* itself its public name, which stack frames and warnings show; its spec keeps the native one."""
    native = module.__name__
    public = table.place(native)
    if table.native(public) == native:
        module.__name__ = public


def _rename_object(value: type | FunctionType, module: str, name: str) -> None:
    if isinstance(value, type):
        _rename_class(value, module, name)
    elif name == value.__qualname__:
        value.__module__ = module


def _rename_class(kind: type, module: str, name: str) -> None:
    native = kind.__module__
    inner = f"{kind.__qualname__}."
    for value in list(vars(kind).values()):
        if isinstance(value, type) and value.__module__ == native and value.__qualname__ == inner + value.__name__:
            _rename_class(value, module, value.__name__)
            value.__qualname__ = f"{kind.__qualname__.rpartition('.')[0]}{name}.{value.__name__}"
    kind.__module__ = module
    if kind.__name__ != name:
        kind.__name__ = kind.__qualname__ = name


class RenamingLoader(SourceFileLoader):
    """Runs a native module, and renames what it defined."""

    table: NameTable

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        rename(module, self.table)
        rename_module(module, self.table)


class RenamingFinder:
    """Finds native modules as ever, for the loader that renames."""

    def __init__(self, table: NameTable) -> None:
        self.table = table

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith(NATIVE):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = RenamingLoader(spec.loader.name, spec.loader.path)
            spec.loader.table = self.table
        return spec


def install(table: NameTable) -> None:
    """Rename what is loaded, and what will be; a second call does nothing."""
    if any(isinstance(finder, RenamingFinder) for finder in sys.meta_path):
        return
    sys.meta_path.insert(0, RenamingFinder(table))
    for name, module in list(sys.modules.items()):
        if name.startswith(NATIVE) and isinstance(module, ModuleType) and module.__name__ == name:
            rename(module, table)
            rename_module(module, table)
