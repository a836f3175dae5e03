"""Values as Python source, for the files of migrations (documentation: topics/migrations, "Serializing values")."""

from __future__ import annotations

import builtins
import collections.abc
import datetime
import decimal
import enum
import functools
import math
import os
import pathlib
import re
import types
import uuid
import zoneinfo
from collections.abc import Iterable
from typing import Any

from nuages.conf.names import public
from nuages.migrations import operations
from nuages.migrations.operations.operation import Operation
from nuages.migrations.references import COMPILED_REGEX_TYPE, RegexObject
from nuages.models.enums import Choices
from nuages.models.fields.field import Field
from nuages.models.manager import BaseManager
from nuages.models.model import Model
from nuages.models.related.fields import SettingsReference
from nuages.text.inspect import get_func_args
from nuages.text.lazy import LazyObject, Promise

Source = tuple[str, set[str]]


def module_and_name(path: str) -> tuple[str, str]:
    """A path as an import statement and the name to use after it; the models' own names are short."""
    models = public("nuages.models")
    module, _, name = path.rpartition(".")
    if module == models:
        package, _, last = models.rpartition(".")
        return f"from {package} import {last}", f"{last}.{name}"
    return f"import {module}", path


class BaseSerializer:
    """Writes one value: ``serialize()`` returns the source and the import statements that it needs."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def serialize(self) -> Source:
        """The source and its imports."""
        raise NotImplementedError("A serializer says in serialize() how its value is written.")


class BaseSimpleSerializer(BaseSerializer):
    """Values whose ``repr`` is source."""

    def serialize(self) -> Source:
        return repr(self.value), set()


class BaseSequenceSerializer(BaseSerializer):
    """Several values in brackets."""

    brackets = "[%s]"

    def _items(self) -> tuple[list[str], set[str]]:
        imports: set[str] = set()
        items = []
        for item in self.value:
            source, needed = serializer_factory(item).serialize()
            imports |= needed
            items.append(source)
        return items, imports

    def serialize(self) -> Source:
        items, imports = self._items()
        return self.brackets % ", ".join(items), imports


class ListSerializer(BaseSequenceSerializer):
    """Lists."""


class TupleSerializer(BaseSequenceSerializer):
    """Tuples; one item keeps its comma."""

    def serialize(self) -> Source:
        items, imports = self._items()
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})", imports


class IterableSerializer(TupleSerializer):
    """Other iterables, as tuples."""


class SetSerializer(BaseSequenceSerializer):
    """Sets, in the order of their items' source: the same each time."""

    def serialize(self) -> Source:
        items, imports = self._items()
        return f"{{{', '.join(sorted(items))}}}" if items else "set()", imports


class FrozensetSerializer(BaseSequenceSerializer):
    """Frozen sets."""

    def serialize(self) -> Source:
        items, imports = self._items()
        return f"frozenset([{', '.join(sorted(items))}])", imports


class DictionarySerializer(BaseSerializer):
    """Dictionaries, in the order of their keys' source."""

    def serialize(self) -> Source:
        imports: set[str] = set()
        items = []
        for key, value in self.value.items():
            key_source, key_imports = serializer_factory(key).serialize()
            value_source, value_imports = serializer_factory(value).serialize()
            imports |= key_imports | value_imports
            items.append((key_source, value_source))
        return f"{{{', '.join(f'{key}: {value}' for key, value in sorted(items))}}}", imports


class ChoicesSerializer(BaseSerializer):
    """Members of ``Choices``, as their values."""

    def serialize(self) -> Source:
        return serializer_factory(self.value.value).serialize()


class EnumSerializer(BaseSerializer):
    """Members of enumerations, flags joined by ``|``."""

    def serialize(self) -> Source:
        kind = type(self.value)
        module = public(kind.__module__)
        members = list(self.value) if isinstance(self.value, enum.Flag) else [self.value]
        source = " | ".join(f"{module}.{kind.__qualname__}[{member.name!r}]" for member in members)
        return source, {f"import {module}"}


class DateTimeSerializer(BaseSerializer):
    """Dates, times and differences."""

    def serialize(self) -> Source:
        return repr(self.value), {"import datetime"}


class DatetimeDatetimeSerializer(BaseSerializer):
    """Moments, in UTC where they have a zone."""

    def serialize(self) -> Source:
        value = self.value
        if value.tzinfo is not None:
            value = value.astimezone(datetime.UTC)
        return repr(value), {"import datetime"}


class DecimalSerializer(BaseSerializer):
    """Decimal numbers."""

    def serialize(self) -> Source:
        return repr(self.value), {"from decimal import Decimal"}


class FloatSerializer(BaseSimpleSerializer):
    """Floats, and what is none."""

    def serialize(self) -> Source:
        if math.isnan(self.value) or math.isinf(self.value):
            return f'float("{self.value}")', set()
        return super().serialize()


class DeconstructibleSerializer(BaseSerializer):
    """Objects with ``deconstruct() -> (path, args, kwargs)``."""

    @staticmethod
    def serialize_deconstructed(path: str, args: Iterable[Any], kwargs: dict[str, Any]) -> Source:
        """A call of what ``path`` names."""
        statement, name = module_and_name(path)
        imports = {statement}
        sources = []
        for value in args:
            source, needed = serializer_factory(value).serialize()
            sources.append(source)
            imports |= needed
        others = {}
        for keyword, value in sorted(kwargs.items()):
            source, needed = serializer_factory(value).serialize()
            imports |= needed
            if keyword.isidentifier():
                sources.append(f"{keyword}={source}")
            else:
                others[keyword] = source
        if others:
            sources.append(f"**{{{', '.join(f'{keyword!r}: {source}' for keyword, source in others.items())}}}")
        return f"{name}({', '.join(sources)})", imports

    def serialize(self) -> Source:
        return self.serialize_deconstructed(*self.value.deconstruct())


class ModelFieldSerializer(DeconstructibleSerializer):
    """Fields, whose first item is their name."""

    def serialize(self) -> Source:
        _, path, args, kwargs = self.value.deconstruct()
        return self.serialize_deconstructed(path, args, kwargs)


class ModelManagerSerializer(DeconstructibleSerializer):
    """Managers, or the query sets that they are made from."""

    def serialize(self) -> Source:
        as_manager, manager_path, queryset_path, args, kwargs = self.value.deconstruct()
        if as_manager:
            statement, name = module_and_name(queryset_path)
            return f"{name}.as_manager()", {statement}
        return self.serialize_deconstructed(manager_path, args, kwargs)


class FunctionTypeSerializer(BaseSerializer):
    """Functions, by their path; class methods by that of their class."""

    def serialize(self) -> Source:
        value = self.value
        owner = getattr(value, "__self__", None)
        if isinstance(owner, type):
            module = public(owner.__module__)
            return f"{module}.{owner.__qualname__}.{value.__name__}", {f"import {module}"}
        if value.__name__ == "<lambda>":
            raise ValueError("Cannot serialize function: lambda")
        if value.__module__ is None:
            raise ValueError(f"Cannot serialize function {value!r}: No module")
        module = public(value.__module__)
        if "<" in value.__qualname__:
            raise ValueError(
                f"Could not find function {value.__name__} in {module}.\nA function that is defined inside another cannot be "
                "imported by a migration: move it to the top level of its module."
            )
        return f"{module}.{value.__qualname__}", {f"import {module}"}


class FunctoolsPartialSerializer(DeconstructibleSerializer):
    """Partial functions and methods."""

    def serialize(self) -> Source:
        path = f"functools.{type(self.value).__name__}"
        return self.serialize_deconstructed(path, (self.value.func, *self.value.args), dict(self.value.keywords))


class OperationSerializer(BaseSerializer):
    """Operations inside others, such as those of ``SeparateDatabaseAndState``."""

    def serialize(self) -> Source:
        source, imports = OperationSource(self.value, indentation=0).serialize()
        # The comma that ends it belongs to the list around it.
        return source.rstrip(","), imports


class OperationSource:
    """Writes one operation over several lines, with ``indentation`` levels before each."""

    def __init__(self, operation: Any, indentation: int = 2) -> None:
        self.operation, self.indentation = operation, indentation
        self.lines: list[str] = []
        self.imports: set[str] = set()

    def _line(self, text: str) -> None:
        self.lines.append("    " * self.indentation + text)

    def serialize(self) -> Source:
        """The source and its imports."""
        name, args, kwargs = self.operation.deconstruct()
        self._line(f"{self._called(name)}(")
        self.indentation += 1
        expected = get_func_args(type(self.operation).__init__)[1:]
        for position, value in enumerate(args):
            self._argument(expected[position], value)
        for keyword in expected[len(args) :]:
            if keyword in kwargs:
                self._argument(keyword, kwargs[keyword])
        self.indentation -= 1
        self._line("),")
        return "\n".join(self.lines), self.imports

    def _called(self, name: str) -> str:
        kind = type(self.operation)
        if getattr(operations, name, None) is kind:
            package, _, last = public("nuages.migrations").rpartition(".")
            self.imports.add(f"from {package} import {last}")
            return f"{last}.{name}"
        module = public(kind.__module__)
        self.imports.add(f"import {module}")
        return f"{module}.{name}"

    def _argument(self, keyword: str, value: Any) -> None:
        expand = keyword in self.operation.serialization_expand_args
        if expand and isinstance(value, (list, tuple, dict)):
            self._expanded(keyword, value)
        else:
            self._line(f"{keyword}={self._source(value)},")

    def _source(self, value: Any) -> str:
        source, needed = serializer_factory(value).serialize()
        self.imports |= set(needed)
        return source

    def _expanded(self, keyword: str, value: Any) -> None:
        """One item a line."""
        if isinstance(value, dict):
            opening, closing = "{", "}"
            items = [f"{self._source(key)}: {self._source(item)}" for key, item in value.items()]
        else:
            opening, closing = "[", "]"
            items = [self._source(item) for item in value]
        self._line(f"{keyword}={opening}")
        self.indentation += 1
        for item in items:
            for number, line in enumerate(lines := item.split("\n")):
                self._line(line + ("," if number == len(lines) - 1 else ""))
        self.indentation -= 1
        self._line(f"{closing},")


class PathLikeSerializer(BaseSerializer):
    """What has a path in a file system."""

    def serialize(self) -> Source:
        return repr(os.fspath(self.value)), {}  # type: ignore[return-value]  # as it has always been: an empty mapping


class PathSerializer(BaseSerializer):
    """Paths, pure ones: they can be made on every system."""

    def serialize(self) -> Source:
        prefix = "Pure" if isinstance(self.value, pathlib.Path) else ""
        return f"pathlib.{prefix}{self.value!r}", {"import pathlib"}


class RegexSerializer(BaseSerializer):
    """Compiled regular expressions."""

    def serialize(self) -> Source:
        pattern, imports = serializer_factory(self.value.pattern).serialize()
        # The implied flags of a text need not be said.
        flags = self.value.flags ^ re.compile(self.value.pattern).flags
        flags_source, flags_imports = serializer_factory(re.RegexFlag(flags)).serialize()
        needed = {"import re", *imports, *flags_imports}
        return f"re.compile({pattern}{f', {flags_source}' if flags else ''})", needed


class SettingsSerializer(BaseSerializer):
    """Settings that hold the name of a model, by their name."""

    def serialize(self) -> Source:
        return f"settings.{self.value.setting_name}", {f"from {public('nuages.conf')} import settings"}


class TypeSerializer(BaseSerializer):
    """Classes."""

    def serialize(self) -> Source:
        value = self.value
        if value is Model:
            statement, name = module_and_name(f"{public('nuages.models')}.Model")
            return name, {statement}
        if value is types.NoneType:
            return "types.NoneType", {"import types"}
        module = value.__module__
        if module == builtins.__name__:
            return value.__name__, set()
        path = public(f"{module}.{value.__qualname__}")
        if path == f"{module}.{value.__qualname__}":
            return path, {f"import {module}"}
        statement, name = module_and_name(path)
        return name, {statement}


class UUIDSerializer(BaseSerializer):
    """UUIDs."""

    def serialize(self) -> Source:
        return f"uuid.{self.value!r}", {"import uuid"}


class ZoneInfoSerializer(BaseSerializer):
    """Time zones by name."""

    def serialize(self) -> Source:
        return repr(self.value), {"import zoneinfo"}


class Serializer:
    """Which serializer writes which types; the first that fits is used."""

    _registry: dict[Any, type[BaseSerializer]] = {
        frozenset: FrozensetSerializer,
        list: ListSerializer,
        set: SetSerializer,
        tuple: TupleSerializer,
        dict: DictionarySerializer,
        Choices: ChoicesSerializer,
        enum.Enum: EnumSerializer,
        datetime.datetime: DatetimeDatetimeSerializer,
        (datetime.date, datetime.timedelta, datetime.time): DateTimeSerializer,
        SettingsReference: SettingsSerializer,
        float: FloatSerializer,
        (bool, int, types.NoneType, bytes, str, range): BaseSimpleSerializer,
        decimal.Decimal: DecimalSerializer,
        (functools.partial, functools.partialmethod): FunctoolsPartialSerializer,
        (
            types.FunctionType,
            types.BuiltinFunctionType,
            types.MethodType,
            functools._lru_cache_wrapper,
        ): FunctionTypeSerializer,
        zoneinfo.ZoneInfo: ZoneInfoSerializer,
        (COMPILED_REGEX_TYPE, RegexObject): RegexSerializer,
        uuid.UUID: UUIDSerializer,
        pathlib.PurePath: PathSerializer,
        os.PathLike: PathLikeSerializer,
        collections.abc.Iterable: IterableSerializer,
    }

    @classmethod
    def register(cls, type_: Any, serializer: type[BaseSerializer]) -> None:
        """Write values of a type with a serializer of one's own; ``ValueError`` for one that is none."""
        if not issubclass(serializer, BaseSerializer):
            raise ValueError(f"'{serializer.__name__}' must inherit from 'BaseSerializer'.")
        cls._registry = {type_: serializer, **cls._registry}

    @classmethod
    def unregister(cls, type_: Any) -> None:
        """Take a type's serializer away; ``KeyError`` without one."""
        cls._registry.pop(type_)


# What is never asked how it was made: these say it in ways of their own.
_OWN: dict[Any, type[BaseSerializer]] = {
    Field: ModelFieldSerializer,
    BaseManager: ModelManagerSerializer,
    Operation: OperationSerializer,
    type: TypeSerializer,
}


def serializer_factory(value: Any) -> BaseSerializer:
    """The serializer for a value; ``ValueError`` where no source can make it."""
    if isinstance(value, Promise):
        value = str(value)
    elif isinstance(value, LazyObject):
        # What stands behind it, whatever that is.
        value = value.__reduce__()[1][0]
    for kind, serializer in _OWN.items():
        if isinstance(value, kind):
            return serializer(value)
    if hasattr(value, "deconstruct"):
        return DeconstructibleSerializer(value)
    for kind, serializer in Serializer._registry.items():
        if isinstance(value, kind):
            return serializer(value)
    raise ValueError(
        f"Cannot serialize: {value!r}\nA migration can only hold what Python source can make again: give the object a "
        "deconstruct() method, or use a function at the top level of a module (see the topic on migrations)."
    )
