"""The WHERE (or HAVING) tree and its SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, reduce
from operator import add, mod
from typing import Any, ClassVar, Self

from nuages.exceptions import EmptyResultSet, FullResultSet
from nuages.sql import outputs
from nuages.sql.constants import AND, OR, XOR
from nuages.sql.expressions.conditional import Case, When
from nuages.sql.expressions.expression import SQL
from nuages.sql.traits import Traits
from nuages.sql.tree import Node


class WhereNode(Traits, Node):
    """Resolved conditions under AND, OR or XOR.

    Compiling raises EmptyResultSet if no row can match, FullResultSet if the tree constrains nothing.
    """

    default: ClassVar[str] = AND
    resolved = False
    conditional = True

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The conditions joined, negated where needed."""
        if self.connector == XOR and not connection.features.supports_logical_xor:
            return self._without_xor().as_sql(compiler, connection)
        texts: list[str] = []
        params: list[Any] = []
        full_needed = len(self.children) if self.connector == AND else 1
        empty_needed = 1 if self.connector == AND else len(self.children)
        for child in self.children:
            try:
                sql, child_params = compiler.compile(child)
            except EmptyResultSet:
                empty_needed -= 1
            except FullResultSet:
                full_needed -= 1
            else:
                if sql:
                    texts.append(sql)
                    params.extend(child_params)
                else:
                    full_needed -= 1
            if self.connector != XOR:
                self._decide(empty_needed, full_needed)
        return self._joined(texts, params, empty_needed, full_needed)

    def _decide(self, empty_needed: int, full_needed: int) -> None:
        """Raise what the tree comes to, once its children leave no doubt."""
        if empty_needed == 0:
            raise FullResultSet if self.negated else EmptyResultSet
        if full_needed == 0:
            raise EmptyResultSet if self.negated else FullResultSet

    def _joined(self, texts: list[str], params: list[Any], empty_needed: int, full_needed: int) -> SQL:
        if self.connector == XOR and full_needed < 1:
            texts.extend(["(1 = 1)"] * (1 - full_needed))
        if not texts:
            if self.connector == XOR and self.children:
                raise FullResultSet if self.negated else EmptyResultSet
            raise EmptyResultSet if self.negated else FullResultSet
        sql = f" {self.connector} ".join(texts)
        if self.negated:
            return f"NOT ({sql})", params
        return (f"({sql})" if len(texts) > 1 or self.resolved else sql), params

    def _without_xor(self) -> WhereNode:
        """The same for databases without XOR: at least one child holds, and the number of those that hold is odd."""
        any_of = type(self)(self.children, OR)
        count = reduce(add, (Case(When(child, then=1), default=0) for child in self.children))
        if len(self.children) > 2:
            count = mod(count, 2)
        exact = outputs.field("IntegerField").get_lookup("exact")
        odd = exact(count, 1)
        return type(self)([any_of, odd], AND, self.negated)

    def split_having_qualify(self, negated: bool = False, must_group_by: bool = False) -> tuple[Any, Any, Any]:
        """Three trees: what belongs to WHERE, to HAVING (aggregates), and to a filter over window functions. Each may be None."""
        if not self.contains_aggregate and not self.contains_over_clause:
            return self, None, None
        flipped = negated ^ self.negated
        inseparable = (
            (flipped and self.connector == AND) or (not flipped and self.connector == OR) or self.connector == XOR
        )
        if inseparable and len(self.children) > 1:
            if self.contains_over_clause:
                if self.contains_aggregate and not must_group_by:
                    raise NotImplementedError(
                        "Conditions that join aggregates and window functions by OR cannot be separated when aggregating."
                    )
                return None, None, self
            if must_group_by or self.contains_aggregate:
                return None, self, None
        parts: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
        for child in self.children:
            if hasattr(child, "split_having_qualify"):
                for bucket, piece in zip(parts, child.split_having_qualify(flipped, must_group_by), strict=True):
                    if piece is not None:
                        bucket.append(piece)
            elif child.contains_over_clause:
                parts[2].append(child)
            elif child.contains_aggregate:
                parts[1].append(child)
            else:
                parts[0].append(child)
        made = [self.create(bucket, self.connector, self.negated) if bucket else None for bucket in parts]
        return made[0], made[1], made[2]

    def get_group_by_cols(self) -> list[Any]:
        """What GROUP BY must list for these conditions."""
        return [column for child in self.children for column in child.get_group_by_cols()]

    def get_source_expressions(self) -> list[Any]:
        """The conditions."""
        return self.children[:]

    def set_source_expressions(self, children: Iterable[Any]) -> None:
        """Replace the conditions."""
        self.children = list(children)
        for name in ("contains_aggregate", "contains_over_clause", "contains_column_references"):
            self.__dict__.pop(name, None)

    def _mapped(self, change: Callable[[Any], Any]) -> Self:
        return self.create([change(child) for child in self.children], self.connector, self.negated)

    def clone(self) -> Self:
        """A copy, as deep as the tree's own levels."""
        twin = self.create(connector=self.connector, negated=self.negated)
        twin.resolved = self.resolved
        twin.children = [child.clone() if isinstance(child, WhereNode) else child for child in self.children]
        return twin

    def copy(self) -> Self:
        return self.clone()

    def relabel_aliases(self, change_map: dict[str, str]) -> None:
        """Rename table aliases, in place."""
        self.children = [child.relabeled_clone(change_map) if hasattr(child, "relabeled_clone") else child for child in self.children]

    def relabeled_clone(self, change_map: dict[str, str]) -> Self:
        """A copy with table aliases renamed."""
        twin = self.clone()
        twin.relabel_aliases(change_map)
        return twin

    def replace_expressions(self, replacements: dict[Any, Any]) -> Self:
        """A copy with expressions replaced."""
        if not replacements:
            return self
        twin = self._mapped(lambda child: child.replace_expressions(replacements))
        twin.resolved = self.resolved
        return twin

    def get_refs(self) -> set[str]:
        """The names of the annotations that the conditions refer to."""
        found: set[str] = set()
        for child in self.children:
            found |= child.get_refs()
        return found

    @property
    def is_summary(self) -> bool:
        """Whether any condition belongs to a terminal aggregate."""
        return self._any("is_summary")

    @property
    def allowed_default(self) -> bool:
        """Whether all conditions may stand in a column default."""
        return all(getattr(child, "allowed_default", False) for child in self.children)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Self:
        """A copy whose conditions are resolved."""
        twin = self.clone()
        _resolve_children(twin, args, kwargs)
        twin.resolved = True
        return twin

    @cached_property
    def output_field(self) -> Any:
        """A boolean."""
        return outputs.field("BooleanField")

    @property
    def _output_field_or_none(self) -> Any:
        return self.output_field

    def select_format(self, compiler: Any, sql: str, params: Any) -> SQL:
        """As a value: wrapped where the database has no booleans in SELECT."""
        if not compiler.connection.features.supports_boolean_expr_in_select_clause:
            sql = f"CASE WHEN {sql} THEN 1 ELSE 0 END"
        return sql, params

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Those of a boolean."""
        return self.output_field.get_db_converters(connection)  # type: ignore[no-any-return]

    def get_lookup(self, lookup: str) -> Any:
        """Lookups of a boolean."""
        return self.output_field.get_lookup(lookup)

    def leaves(self) -> Iterable[Any]:
        """The conditions themselves, whatever the levels."""
        for child in self.children:
            if isinstance(child, WhereNode):
                yield from child.leaves()
            else:
                yield child

    def flatten(self) -> Iterable[Any]:
        """The tree and all expressions in it."""
        yield self
        for child in self.children:
            if hasattr(child, "flatten"):
                yield from child.flatten()
            else:
                yield child


def _resolve_children(node: WhereNode, args: Any, kwargs: Any) -> None:
    resolved: list[Any] = []
    for child in node.children:
        if isinstance(child, WhereNode):
            _resolve_children(child, args, kwargs)
            resolved.append(child)
        else:
            resolved.append(child.resolve_expression(*args, **kwargs))
    node.children = resolved


class NothingNode:
    """A condition that no row meets (``none()``)."""

    contains_aggregate = False
    contains_over_clause = False
    contains_column_references = False
    allowed_default = False
    is_summary = False

    def as_sql(self, compiler: Any = None, connection: Any = None) -> SQL:
        """Raises EmptyResultSet."""
        raise EmptyResultSet

    def get_group_by_cols(self) -> list[Any]:
        """Nothing."""
        return []

    def get_refs(self) -> set[str]:
        """Nothing."""
        return set()

    def relabeled_clone(self, change_map: dict[str, str]) -> NothingNode:
        """Itself."""
        return self

    def replace_expressions(self, replacements: dict[Any, Any]) -> NothingNode:
        """Itself."""
        return self

    def resolve_expression(self, *args: Any, **kwargs: Any) -> NothingNode:
        """Itself."""
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NothingNode)

    def __hash__(self) -> int:
        return hash(NothingNode)


class ExtraWhere:
    """Raw conditions of ``extra(where=…)``."""

    contains_aggregate = False
    contains_over_clause = False
    contains_column_references = True
    allowed_default = False
    is_summary = False

    def __init__(self, sqls: Iterable[str], params: Any) -> None:
        self.sqls = tuple(sqls)
        self.params = params

    def as_sql(self, compiler: Any = None, connection: Any = None) -> SQL:
        """The conditions, each in parentheses."""
        return " AND ".join(f"({sql})" for sql in self.sqls), list(self.params or ())

    def get_group_by_cols(self) -> list[Any]:
        """Nothing that is known."""
        return []

    def get_refs(self) -> set[str]:
        """Nothing that is known."""
        return set()

    def relabeled_clone(self, change_map: dict[str, str]) -> ExtraWhere:
        """Itself: raw text names tables as it does."""
        return self

    def replace_expressions(self, replacements: dict[Any, Any]) -> ExtraWhere:
        """Itself."""
        return self

    def resolve_expression(self, *args: Any, **kwargs: Any) -> ExtraWhere:
        """Itself."""
        return self
