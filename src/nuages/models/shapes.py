"""Shapes: what querysets of one form have in common, worked out once.

A shape is an interned, immutable chain of steps (``filter`` by these lookups with values of these types, ``order_by`` these names, …)
over a model. It keeps transitions to the shapes one step further, a query with ``Slot(i)`` where values go, and for each database
the SQL, the functions that bind values, and the row loader. A QuerySet in this form is a shape and a tuple of values; anything that
cannot be keyed takes the plain road through ``Query``. Names enter a key only after they were resolved, and both the steps of one
shape and the number of all shapes are bounded, so that no input can make the cache grow without limit.
"""

from __future__ import annotations

import datetime
import decimal
import threading
import uuid
from collections.abc import Callable
from typing import Any

from nuages.conf.names import native_home
from nuages.models import signals
from nuages.models.hydrate import is_plain, key_getter, make_loader
from nuages.models.iteration import set_known
from nuages.models.packing import make_packer
from nuages.sql import lookups as builtin
from nuages.sql import related_lookups as related
from nuages.sql.constants import MAX_GET_RESULTS
from nuages.sql.expressions.columns import Col
from nuages.sql.q import Q
from nuages.sql.query import Query
from nuages.sql.registering import on_change
from nuages.sql.slots import Bound, Rebind, Slot

MAX_SHAPES = 4000
MAX_TRANSITIONS = 300
MAX_DEPTH = 16
MAX_LIMIT = 101

_SCALARS = frozenset(
    {int, str, float, decimal.Decimal, datetime.date, datetime.datetime, datetime.time, datetime.timedelta, uuid.UUID}
)
_CONSTANTS = frozenset({bool, type(None)})
PLAIN_VALUES = _SCALARS | _CONSTANTS
"""Types of values that have no say in the SQL, but for None."""
_LOOKUPS = frozenset(
    {
        builtin.Exact,
        builtin.IExact,
        builtin.GreaterThan,
        builtin.GreaterThanOrEqual,
        builtin.LessThan,
        builtin.LessThanOrEqual,
        builtin.IntegerFieldExact,
        builtin.IntegerGreaterThan,
        builtin.IntegerGreaterThanOrEqual,
        builtin.IntegerLessThan,
        builtin.IntegerLessThanOrEqual,
        builtin.Contains,
        builtin.IContains,
        builtin.StartsWith,
        builtin.IStartsWith,
        builtin.EndsWith,
        builtin.IEndsWith,
        related.RelatedExact,
        related.RelatedGreaterThan,
        related.RelatedLessThan,
        related.RelatedGreaterThanOrEqual,
        related.RelatedLessThanOrEqual,
    }
)
_UNPREPARED = (builtin.IExact, builtin.PatternLookup)

Prepare = Callable[[Any], Any]
_lock = threading.Lock()


class Statistics:
    """How often steps were found and how often they had to be worked out; ``len()`` is the number of shapes."""

    def __init__(self) -> None:
        self.hits = 0
        self.misses = 0
        self.uncacheable = 0
        self.shapes = 0

    def __len__(self) -> int:
        return self.shapes

    @property
    def hit_rate(self) -> float:
        """Hits as a share of all steps."""
        total = self.hits + self.misses + self.uncacheable
        return self.hits / total if total else 0.0

    def __repr__(self) -> str:
        return f"<Statistics: {self.shapes} shapes, {self.hit_rate:.0%} hits>"


statistics = Statistics()


def binder(params: Any) -> Callable[[tuple[Any, ...], Any], Any]:
    """The function ``(values, connection) -> parameters`` for a compiled list; it raises Rebind for values that need SQL of their own."""
    if len(params) == 1 and type(params[0]) is Bound:
        index, convert = params[0].index, params[0].convert
        if convert is None:
            return lambda values, connection: (values[index],)
        return lambda values, connection: (convert(values[index], connection),)
    places = [
        (param.index, param.convert, None) if type(param) is Bound else (-1, None, param) for param in params
    ]
    if all(index < 0 for index, _, _ in places):
        constant = tuple(param for _, _, param in places)
        return lambda values, connection: constant

    def bind(values: tuple[Any, ...], connection: Any) -> list[Any]:
        return [
            constant if index < 0 else values[index] if convert is None else convert(values[index], connection)
            for index, convert, constant in places
        ]

    return bind


class Compiled:
    """SQL for one database, and how values go in and rows come out."""

    __slots__ = ("bind", "compiler", "expressions", "loaders", "models", "settings", "sql")

    def __init__(self, compiler: Any) -> None:
        self.sql, params = compiler.as_sql()
        self.bind = binder(params)
        self.compiler = compiler
        self.settings = compiler.connection.settings_dict
        self.expressions = [expression for expression, _, _ in compiler.select]
        self.models = [] if compiler.klass_info is None else [plan.model for plan in compiler.klass_info.walk()]
        self.loaders: dict[Any, Any] = {}

    def loader(self, mode: Any) -> Any:
        """The function that makes instances of rows, for a fetch mode and the receivers that there are now."""
        key = mode
        if signals.pre_init.receivers or signals.post_init.receivers:
            key = (mode, tuple(is_plain(model) for model in self.models))
        found = self.loaders.get(key)
        if found is None:
            compiler = self.compiler
            found = self.loaders[key] = make_loader(
                compiler.klass_info, self.expressions, compiler.get_converters(self.expressions), {}, mode
            )
        return found

    def packer(self, form: str) -> Any:
        """The function that makes something else of rows."""
        found = self.loaders.get(form)
        if found is None:
            found = self.loaders[form] = make_packer(form, self.compiler)
        return found


class Shape:
    """One form of queryset. ``query`` holds Slots; ``replay`` makes the query for given values."""

    __slots__ = ("compiled", "count", "depth", "model", "parent", "query", "sliced", "step", "transitions")

    def __init__(self, model: Any, parent: Shape | None, step: Any, query: Any, count: int) -> None:
        self.model = model
        self.parent = parent
        self.step = step
        self.query = query
        self.count = count
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.sliced: bool = query.is_sliced
        self.transitions: dict[Any, Any] = {}
        self.compiled: dict[Any, Any] = {}

    def __reduce__(self) -> Any:
        raise TypeError("A shape is interned: pickle the queryset, which stores its query.")

    def replay(self, values: tuple[Any, ...]) -> Any:
        """A query of this shape with these values."""
        steps: list[Any] = []
        shape: Shape | None = self
        while shape is not None and shape.step is not None:
            steps.append(shape.step)
            shape = shape.parent
        query = Query(self.model)
        for step in reversed(steps):
            step(query, values)
        return query

    def compile(self, connection: Any) -> Compiled:
        """SQL and loader for a database, kept under its alias."""
        alias = connection.alias
        found: Compiled | None = self.compiled.get(alias)
        if found is None or found.settings is not connection.settings_dict:
            found = self.compiled[alias] = Compiled(self.query.clone().get_compiler(alias))
        return found

    def answer(self, question: str, values: tuple[Any, ...], connection: Any) -> Any:
        """The only value of the row that answers ``"exists"`` or ``"count"``; None without a row.

        Raises Rebind if a value needs SQL of its own, EmptyResultSet if no row can match.
        """
        key = f"{connection.alias}?{question}"
        found: Compiled | None = self.compiled.get(key)
        if found is None or found.settings is not connection.settings_dict:
            query = self.query.exists() if question == "exists" else self.query.count_query()
            found = self.compiled[key] = Compiled(query.get_compiler(connection.alias))
        rows = connection.rows(found.sql, found.bind(values, connection))
        return rows[0][0] if rows else None

    # -- steps -----------------------------------------------------------------------------------------------------

    def _extend(self, key: Any, step: Any, query: Any, count: int, prepares: Any) -> Any:
        """Intern the shape one step further."""
        shape = Shape(self.model, self, step, query, count)
        found = (shape, prepares)
        with _lock:
            if statistics.shapes >= MAX_SHAPES:
                _forget_all()
            self.transitions[key] = found
            statistics.shapes += 1
        return found

    def _may_extend(self) -> bool:
        return len(self.transitions) < MAX_TRANSITIONS and self.depth < MAX_DEPTH

    def change(self, key: Any, apply: Callable[[Any], None]) -> Shape | None:
        """The shape after a step without values; None if there is no room for it. ``apply`` may raise the user's errors."""
        found = self.transitions.get(key)
        if found is not None:
            statistics.hits += 1
            return found[0]  # type: ignore[no-any-return]
        if not self._may_extend():
            statistics.uncacheable += 1
            return None
        statistics.misses += 1
        query = self.query.clone()
        apply(query)
        return self._extend(key, lambda target, values: apply(target), query, self.count, ())[0]  # type: ignore[no-any-return]

    def narrow(self, method: str, kwargs: dict[str, Any]) -> tuple[Shape, tuple[Any, ...]] | None:
        """The shape after ``filter``, ``exclude`` or ``get``, and the values prepared; None where it cannot be keyed.

        Raises what preparing a value raises (ValueError, TypeError).
        """
        if len(kwargs) == 1:
            ((name, value),) = kwargs.items()
            kind = type(value)
            key: Any = (method, name, value if kind in _CONSTANTS else kind, kind)
        else:
            key = (
                method,
                tuple(sorted(kwargs)),
                tuple((type(kwargs[name]), kwargs[name] if type(kwargs[name]) in _CONSTANTS else None) for name in sorted(kwargs)),
                None,
            )
        found = self.transitions.get(key)
        if found is None:
            found = self._learn(method, kwargs, key)
        else:
            statistics.hits += 1
        shape, prepares = found
        if shape is None:
            statistics.uncacheable += 1
            return None
        return shape, tuple([prepare(kwargs[name]) if prepare is not None else kwargs[name] for name, prepare in prepares])

    def _learn(self, method: str, kwargs: dict[str, Any], key: Any) -> Any:
        statistics.misses += 1
        if not self._may_extend():
            return None, ()
        names = sorted(kwargs)
        if not all(_can_be_keyed(kwargs[name]) for name in names):
            return None, ()
        query = self.query.clone()
        # With the real values first: the errors that users expect come from here.
        _apply(query.clone(), method, [(name, kwargs[name]) for name in names])
        pairs: list[tuple[str, Any]] = []
        slots: list[tuple[str, int]] = []
        for name in names:
            if type(kwargs[name]) in _CONSTANTS:
                pairs.append((name, kwargs[name]))
                continue
            index = self.count + len(slots)
            pairs.append((name, Slot(index)))
            slots.append((name, index))
        try:
            _apply(query, method, pairs)
            prepares = self._preparers(query, slots, kwargs)
        except (Rebind, TypeError, ValueError, AttributeError):
            prepares = None
        if prepares is None:
            self.transitions[key] = (None, ())
            return None, ()
        return self._extend(key, _Step(method, pairs), query, self.count + len(slots), prepares)

    def _preparers(self, query: Any, slots: list[tuple[str, int]], kwargs: dict[str, Any]) -> Any:
        """How each value is prepared; None if one of the lookups does not work with slots."""
        by_index = {
            leaf.rhs.index: leaf for leaf in query.where.leaves() if type(getattr(leaf, "rhs", None)) is Slot
        }
        found: list[tuple[str, Prepare | None]] = []
        for name, index in slots:
            lookup = by_index.get(index)
            if lookup is None or type(lookup) not in _LOOKUPS or type(lookup.lhs) is not Col:
                return None
            if not is_ours(lookup.lhs.output_field) or not is_ours(lookup.lhs.target):
                return None
            found.append((name, _preparer(lookup, type(kwargs[name]))))
        return tuple(found)


class _Step:
    """A filter, ready to be applied to a query with other values."""

    __slots__ = ("method", "pairs")

    def __init__(self, method: str, pairs: list[tuple[str, Any]]) -> None:
        self.method = method
        self.pairs = pairs

    def __call__(self, query: Any, values: tuple[Any, ...]) -> None:
        _apply(query, self.method, [(name, values[item.index] if type(item) is Slot else item) for name, item in self.pairs])


def _apply(query: Any, method: str, pairs: list[tuple[str, Any]]) -> None:
    condition = Q(*pairs)
    query.add_q(~condition if method == "exclude" else condition)
    query.used_aliases = set()
    if method == "get":
        if not query.distinct_fields:
            query.clear_ordering(force=True, clear_default=False)
            query.add_ordering()
        query.set_limits(high=MAX_GET_RESULTS)


def _can_be_keyed(value: Any) -> bool:
    kind = type(value)
    return kind in _SCALARS or kind in _CONSTANTS or related.is_model_instance(value)


def is_ours(field: Any) -> bool:
    """Whether a field prepares its values in a way that is known to be repeatable."""
    return native_home(type(field)).startswith("nuages.models.") and not hasattr(field, "get_placeholder") and type(field).__name__ != "JSONField"



def _preparer(lookup: Any, kind: type) -> Prepare | None:
    """What prepares a value for this lookup; None where nothing is to do."""
    if isinstance(lookup, _UNPREPARED):
        return None
    field = lookup.lhs.output_field
    if isinstance(lookup, related.RelatedLookupMixin):
        target = field.path_infos[-1].target_fields[-1]
        lhs = lookup.lhs
        if kind is int and "Auto" in target.get_internal_type():
            return None
        return lambda value: target.get_prep_value(related.get_normalized_value(value, lhs)[0])
    name = field.get_internal_type()
    if kind is int and ("IntegerField" in name or "AutoField" in name):
        return None
    if isinstance(lookup, builtin.IntegerFieldOverflow) and kind is not str:
        raise Rebind
    return field.get_prep_value  # type: ignore[no-any-return]


_roots: dict[Any, Shape] = {}


def root_shape(model: Any) -> Shape:
    """The shape of all objects of a model."""
    found = _roots.get(model)
    if found is None:
        found = _roots[model] = Shape(model, None, None, Query(model), 0)
    return found


def _forget_all() -> None:
    """Begin anew; querysets that hold shapes keep them."""
    _roots.clear()
    statistics.shapes = 0


def clear_shapes() -> None:
    """Forget all shapes: after models changed, or in tests."""
    with _lock:
        _forget_all()


on_change.append(clear_shapes)


def fetch(queryset: Any, shape: Shape, values: tuple[Any, ...], connection: Any, alias: str) -> list[Any]:
    """The instances for a shape and its values. Raises Rebind if a value needs SQL of its own."""
    compiled = shape.compile(connection)
    rows = connection.rows(compiled.sql, compiled.bind(values, connection))
    if not rows:
        return []
    mode = queryset._fetch_mode
    instances = compiled.loader(mode)(rows, alias, connection)
    if queryset._known_related_objects:
        for field, known in queryset._known_related_objects.items():
            set_known(instances, field, known, key_getter(field))
    return instances  # type: ignore[no-any-return]


def fetch_packed(form: str, shape: Shape, values: tuple[Any, ...], connection: Any) -> list[Any]:
    """What ``values()`` or ``values_list()`` give for a shape and its values. Raises Rebind if a value needs SQL of its own."""
    compiled = shape.compile(connection)
    rows = connection.rows(compiled.sql, compiled.bind(values, connection))
    return compiled.packer(form)(rows, connection)  # type: ignore[no-any-return]
