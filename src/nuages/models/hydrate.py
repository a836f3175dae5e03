"""From rows to instances: a function generated for each shape of result.

``make_loader`` writes a Python function for the columns, converters and related models of a query; values go straight into
``__dict__``. Classes that override ``__init__`` or ``from_db``, or have receivers of ``pre_init`` or ``post_init``, are made through
``from_db`` instead. The source of generated functions stands in ``linecache``; it holds no text of users but quoted field names.
"""

from __future__ import annotations

import inspect
import warnings
import weakref
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from nuages.models import signals
from nuages.models.fetch_modes import FETCH_ONE
from nuages.models.fields.attributes import ForeignKeyDeferredAttribute
from nuages.models.fields.caching import FieldCacheMixin
from nuages.models.state import ModelState
from nuages.sql.compiler.plans import ModelPlan
from nuages.sql.expressions.columns import ColPairs
from nuages.text.deprecation import RemovedInNextVersionWarning
from nuages.text.generated import define

Loader = Callable[[Iterable[Any], str | None, Any], list[Any]]

_factories: dict[str, Any] = {}
_MAX_FACTORIES = 2000


def is_plain(model: Any) -> bool:
    """Whether instances may be made without calling anything of the class's own."""
    if signals.pre_init.receivers or signals.post_init.receivers:
        if signals.pre_init.has_listeners(model) or signals.post_init.has_listeners(model):
            return False
    found = model.__dict__.get("_plain_construction")
    if found is None:
        found = _constructs_plainly(model)
        type.__setattr__(model, "_plain_construction", found)
    return bool(found)


def _constructs_plainly(model: Any) -> bool:
    root = next((cls for cls in reversed(model.__mro__) if "from_db" in cls.__dict__), None)
    if root is None:
        return False
    if model.__init__ is not root.__init__ or model.from_db.__func__ is not root.__dict__["from_db"].__func__:
        return False
    if model.__new__ is not object.__new__ or model.__setattr__ is not object.__setattr__:
        return False
    return not any(_intercepts(model, field.attname) for field in model._meta.concrete_fields)


def _intercepts(model: Any, name: str) -> bool:
    """Whether setting this attribute of a new instance would call code that matters.

    The attribute of a foreign key only forgets the related object, and a new instance has none.
    """
    for cls in model.__mro__:
        if name in cls.__dict__:
            kind = type(cls.__dict__[name])
            return kind is not ForeignKeyDeferredAttribute and hasattr(kind, "__set__")
    return False


def _attname(expression: Any) -> str:
    return expression.target.attname  # type: ignore[no-any-return]


class Writer:
    """Collects the lines of a loader and the objects that they name."""

    def __init__(self, fetch_mode: Any) -> None:
        self.lines: list[str] = []
        self.env: dict[str, Any] = {"State": ModelState, "new": object.__new__, "mode": fetch_mode}
        self.count = 0
        self.tracks = fetch_mode is not None

    def name(self, value: Any, stem: str) -> str:
        """A name for an object in the generated function."""
        self.count += 1
        name = f"{stem}{self.count}"
        self.env[name] = value
        return name

    def line(self, depth: int, text: str) -> None:
        """One line of the generated function."""
        self.lines.append("    " * depth + text)


class Layout:
    """Which columns have which converters, as expressions of the generated code."""

    def __init__(self, expressions: Sequence[Any], converters: dict[int, Any], writer: Writer) -> None:
        self.values: dict[int, str] = {}
        position = 0
        self.widths: list[int] = []
        for index, expression in enumerate(expressions):
            if isinstance(expression, ColPairs):
                parts = [self._value(position + offset, converters, writer) for offset in range(len(expression))]
                self.values[index] = f"({', '.join(parts)},)"
                position += len(expression)
            else:
                self.values[index] = self._value(position, converters, writer)
                position += 1

    def _value(self, position: int, converters: dict[int, Any], writer: Writer) -> str:
        text = f"row[{position}]"
        if position in converters:
            functions, expression = converters[position]
            target = writer.name(expression, "column")
            for function in functions:
                text = f"{writer.name(function, 'convert')}({text}, {target}, connection)"
        return text


def make_loader(
    plan: ModelPlan,
    expressions: Sequence[Any],
    converters: dict[int, Any],
    annotations: dict[str, int],
    fetch_mode: Any = None,
) -> Loader:
    """The function ``(rows, database alias, connection) -> instances`` for a result. ``fetch_mode``: None for the default one."""
    writer = Writer(fetch_mode)
    layout = Layout(expressions, converters, writer)
    writer.line(1, "def load(rows, db, connection):")
    writer.line(2, "found = []")
    writer.line(2, "keep = found.append")
    writer.line(2, "for row in rows:")
    _write_instance(writer, layout, plan, expressions, "item", 3, annotations)
    writer.line(3, "keep(item)")
    writer.line(2, "return found")
    return compiled(writer)  # type: ignore[no-any-return]


def compiled(writer: Writer) -> Any:
    """The function ``load`` that was written."""
    names = sorted(writer.env)
    source = f"def make({', '.join(names)}):\n" + "\n".join(writer.lines) + "\n    return load\n"
    factory = _factories.get(source)
    if factory is None:
        if len(_factories) >= _MAX_FACTORIES:
            _factories.clear()
        factory = _factories[source] = define("make", source, "row loader", {})
    return factory(**writer.env)


def _write_instance(
    writer: Writer, layout: Layout, plan: ModelPlan, expressions: Sequence[Any], name: str, depth: int, annotations: dict[str, int]
) -> None:
    """Code that makes the instance ``name`` of a plan from ``row``, and those that hang on it."""
    columns = {_attname(expressions[index]): layout.values[index] for index in plan.select_fields}
    model = plan.model
    concrete = model._meta.concrete_fields
    ordered = [field.attname for field in concrete if field.attname in columns]
    if is_plain(model):
        _write_plain(writer, model, ordered, columns, name, depth, annotations, layout)
    else:
        make = writer.name(from_db_caller(model, writer.env["mode"]), "make")
        attnames = writer.name(ordered, "names")
        writer.line(depth, f"{name} = {make}(db, {attnames}, [{', '.join(columns[attname] for attname in ordered)}])")
        for attribute, index in annotations.items():
            writer.line(depth, f"setattr({name}, {attribute!r}, {layout.values[index]})")
    if any(_sets_cache(below.set_on_parent) for below in plan.related):
        # A plain instance has a new state: its cache need not be asked for.
        cache = f"{name}_state.fields_cache = {{}}" if is_plain(model) else f"{name}._state.fields_cache"
        writer.line(depth, f"{name}_cache = {cache}")
    for below in plan.related:
        _write_related(writer, layout, below, expressions, name, depth)


def from_db_caller(model: Any, mode: Any) -> Callable[[str | None, list[str], list[Any]], Any]:
    """``from_db`` of the model with the fetch mode; overrides that do not take one yet get it afterwards, with a warning."""
    parameters = inspect.signature(model.from_db).parameters
    if "fetch_mode" in parameters or any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return lambda db, names, values: model.from_db(db, names, values, fetch_mode=mode or FETCH_ONE)

    def call(db: str | None, names: list[str], values: list[Any]) -> Any:
        warnings.warn(
            f"{model.__qualname__}.from_db() should accept a keyword argument fetch_mode.", RemovedInNextVersionWarning, stacklevel=3
        )
        instance = model.from_db(db, names, values)
        if mode is not None:
            instance._state.fetch_mode = mode
        return instance

    return call


def _sets_cache(setter: Any) -> bool:
    """Whether a setter does nothing but remember a related object."""
    return getattr(setter, "__func__", None) is FieldCacheMixin.set_cached_value


def _write_plain(
    writer: Writer,
    model: Any,
    ordered: list[str],
    columns: dict[str, str],
    name: str,
    depth: int,
    annotations: dict[str, int],
    layout: Layout,
) -> None:
    cls = writer.name(model, "Model")
    writer.line(depth, f"{name}_state = State()")
    writer.line(depth, f"{name}_state.adding = False")
    writer.line(depth, f"{name}_state.db = db")
    if writer.tracks:
        writer.line(depth, f"{name}_state.fetch_mode = mode")
    direct = {attribute: index for attribute, index in annotations.items() if not _intercepts(model, attribute)}
    items = [f"'_state': {name}_state", *(f"{attname!r}: {columns[attname]}" for attname in ordered)]
    items += [f"{attribute!r}: {layout.values[index]}" for attribute, index in direct.items()]
    writer.line(depth, f"{name} = new({cls})")
    writer.line(depth, f"{name}.__dict__ = {{{', '.join(items)}}}")
    for attribute, index in annotations.items():
        if attribute not in direct:
            writer.line(depth, f"setattr({name}, {attribute!r}, {layout.values[index]})")


def _write_related(writer: Writer, layout: Layout, plan: ModelPlan, expressions: Sequence[Any], parent: str, depth: int) -> None:
    name = f"{parent}_{len(writer.lines)}"
    meta = plan.model._meta
    positions = {_attname(expressions[index]): layout.values[index] for index in plan.select_fields}
    keys = [field.attname for field in getattr(meta, "pk_fields", ()) or (meta.pk,)]
    tests = " or ".join(f"{positions[key]} is None" for key in keys if key in positions) or "False"
    setter: Any = plan.set_on_parent
    if _sets_cache(setter):
        link = f"{parent}_cache[{setter.__self__.cache_name!r}] = {{}}"
    else:
        link = f"{writer.name(setter, 'link')}({parent}, {{}})"
    to_self = writer.name(plan.set_on_self, "back")
    writer.line(depth, f"if {tests}:")
    writer.line(depth + 1, link.format("None"))
    writer.line(depth, "else:")
    _write_instance(writer, layout, plan, expressions, name, depth + 1, {})
    if getattr(plan.set_on_self, "__name__", "") != "_nothing":
        writer.line(depth + 1, f"{to_self}({name}, {parent})")
    writer.line(depth + 1, link.format(name))


def track_peers(instances: Sequence[Any]) -> None:
    """Let instances of one query know one another, for the fetch mode that loads for all of them."""
    by_model: dict[type, list[Any]] = {}
    for instance in instances:
        by_model.setdefault(type(instance), []).append(instance)
    for group in by_model.values():
        peers = tuple(weakref.ref(instance) for instance in group)
        for instance in group:
            instance._state.peers = peers


def related_instances(plan: ModelPlan, instances: Sequence[Any]) -> list[Any]:
    """The instances below those of ``plan``, in all relations that were loaded with them."""
    found: list[Any] = []
    for below in plan.related:
        cache_name = below.field.remote_field.cache_name if below.reverse else below.field.cache_name
        level = [
            related for instance in instances if (related := instance._state.fields_cache.get(cache_name)) is not None
        ]
        found.extend(level)
        found.extend(related_instances(below, level))
    return found


def key_getter(field: Any) -> Callable[[Any], Any]:
    """A function that reads the columns of a relation from an instance: one value or a tuple."""
    return attrgetter(*(column.attname for column in field.local_related_fields)) if hasattr(field, "local_related_fields") else attrgetter(field.attname)
