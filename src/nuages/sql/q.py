"""``Q``: conditions as objects, joined with ``&``, ``|``, ``^`` and ``~``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Self

from nuages.conf.names import public_home
from nuages.loggers import get_logger
from nuages.sql.constants import AND, LOOKUP_SEP, OR, XOR
from nuages.sql.tree import Node
from nuages.text.hashable import make_hashable

logger = get_logger("db.models")

_checker: Callable[[Q, dict[str, Any], str], bool] | None = None


def set_checker(function: Callable[[Q, dict[str, Any], str], bool]) -> None:
    """Register how ``Q.check`` asks a database (the query builder does, when it is imported)."""
    global _checker
    _checker = function


class Q(Node):
    """A condition for ``filter()``, ``exclude()``, ``When()``, constraints and whatever else takes one.

    Positional arguments are conditions (other Q objects, conditional expressions); keyword arguments are lookups. ``_connector``
    is ``Q.AND``, ``Q.OR`` or ``Q.XOR``; ``_negated`` turns the whole into its opposite. See "Complex lookups with Q objects".
    """

    AND: ClassVar[str] = AND
    OR: ClassVar[str] = OR
    XOR: ClassVar[str] = XOR
    default: ClassVar[str] = AND
    conditional: ClassVar[bool] = True
    connectors: ClassVar[tuple[Any, ...]] = (None, AND, OR, XOR)

    def __init__(self, *args: Any, _connector: str | None = None, _negated: bool = False, **kwargs: Any) -> None:
        if _connector not in self.connectors:
            wanted = ", ".join(f"{name!r}" for name in self.connectors[1:])
            raise ValueError(f"_connector must be one of {wanted}, or None.")
        super().__init__([*args, *sorted(kwargs.items())], _connector, _negated)

    def _combine(self, other: Any, connector: str) -> Self:
        if getattr(other, "conditional", False) is False:
            raise TypeError(other)
        if not self and isinstance(other, Q):
            return other.copy()  # type: ignore[return-value]
        if not self and not isinstance(other, Q):
            return other.copy()  # type: ignore[no-any-return]
        if not other and isinstance(other, Q):
            return self.copy()
        joined = self.create(connector=connector)
        joined.add(self, connector)
        joined.add(other, connector)
        return joined

    def __or__(self, other: Any) -> Self:
        return self._combine(other, self.OR)

    def __and__(self, other: Any) -> Self:
        return self._combine(other, self.AND)

    def __xor__(self, other: Any) -> Self:
        return self._combine(other, self.XOR)

    def __invert__(self) -> Self:
        opposite = self.copy()
        opposite.children = list(self.children)
        opposite.negate()
        return opposite

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        """The condition as a tree of lookups over the tables of ``query``; joins that it makes keep rows that have no match."""
        return query.resolve_condition(self, allow_joins=allow_joins, reuse=reuse, summarize=summarize)

    def replace_expressions(self, replacements: dict[Any, Any]) -> Self:
        """A copy in which expressions (and names) that are keys of ``replacements`` are replaced by their values."""
        if not replacements:
            return self
        named = {key.name: value for key, value in replacements.items() if getattr(key, "is_field_reference", False)}
        children: list[Any] = []
        for child in self.children:
            if isinstance(child, tuple):
                name, value = child
                if hasattr(value, "replace_expressions"):
                    value = value.replace_expressions(replacements)
                first, *rest = name.split(LOOKUP_SEP)
                child = _lookup_over(named[first], rest, value) if first in named else None
                child = (name, value) if child is None else child
            elif hasattr(child, "replace_expressions"):
                child = child.replace_expressions(replacements)
            children.append(child)
        return self.create(children, self.connector, self.negated)

    def flatten(self) -> Iterator[Any]:
        """This condition and, depth first, all conditions and expressions in it; lookup names are left out."""
        yield self
        for child in self.children:
            value = child[1] if isinstance(child, tuple) else child
            yield from value.flatten() if hasattr(value, "flatten") else (value,)

    def check(self, against: dict[str, Any], using: str = "default") -> bool:
        """Whether the database ``using`` finds this condition true of the values in ``against`` (field name → value or expression).

        A condition that the database refuses with an error counts as true, with a warning in the log.
        """
        if _checker is None:
            raise RuntimeError("Q.check() needs the query builder: import nuages.sql.query first.")
        return _checker(self, against, using)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Path, positional and keyword arguments that make an equal condition (for migrations)."""
        kwargs: dict[str, Any] = {}
        if self.connector != self.default:
            kwargs["_connector"] = self.connector
        if self.negated:
            kwargs["_negated"] = True
        return public_home(type(self)), tuple(self.children), kwargs

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two conditions equal: class, arguments and connector, in hashable form."""
        path, args, kwargs = self.deconstruct()
        parts: list[Any] = [path, *kwargs.items()]
        for child in args:
            if isinstance(child, tuple):
                name, value = child
                parts.append((name, make_hashable(getattr(value, "identity", value))))
            else:
                parts.append(getattr(child, "identity", child))
        return tuple(parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Q):
            return NotImplemented
        return other.identity == self.identity

    def __hash__(self) -> int:
        return hash(self.identity)

    @property
    def referenced_base_fields(self) -> set[str]:
        """The first names of all lookups in this condition."""
        found: set[str] = set()
        for child in self.children:
            if isinstance(child, tuple):
                found.add(child[0].split(LOOKUP_SEP, 1)[0])
                child = child[1]
            found |= referenced_names(child)
        return found


def _lookup_over(expression: Any, names: list[str], value: Any) -> Any:
    """The lookup that transforms and a lookup's name make of an expression; None where its type has none of that name."""
    if getattr(expression, "_output_field_or_none", None) is None:
        return None
    if not names and value is None:
        names, value = ["isnull"], True
    *transforms, last = names or ["exact"]
    for name in transforms:
        if (transform := expression.get_transform(name)) is None:
            return None
        expression = transform(expression)
    if (lookup := expression.get_lookup(last)) is not None:
        return lookup(expression, value)
    if (transform := expression.get_transform(last)) is None:
        return None
    return _lookup_over(transform(expression), [], value)


def referenced_names(expression: Any) -> set[str]:
    """The first names of the fields that an unresolved expression or condition mentions."""
    if isinstance(expression, Q):
        return expression.referenced_base_fields
    name = getattr(expression, "name", None)
    found: set[str] = set()
    if isinstance(name, str) and getattr(expression, "is_field_reference", False):
        found.add(name.split(LOOKUP_SEP, 1)[0])
    if hasattr(expression, "get_source_expressions"):
        for source in expression.get_source_expressions():
            found |= referenced_names(source)
    return found
