"""Tables and joins of a query, and the steps of a relation that lead to them."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Self

from nuages.exceptions import FullResultSet
from nuages.sql.constants import INNER, LOUTER


class PathInfo(NamedTuple):
    """One step along a relation, as a field's ``path_infos`` and ``reverse_path_infos`` list them."""

    from_opts: Any
    to_opts: Any
    target_fields: tuple[Any, ...]
    join_field: Any
    m2m: bool
    direct: bool
    filtered_relation: Any = None


class FilteredRelation:
    """A relation whose join carries a condition of its own, for ``annotate(name=FilteredRelation("rel", condition=Q(…)))``."""

    def __init__(self, relation_name: str, *, condition: Any = None) -> None:
        if not relation_name:
            raise ValueError("relation_name cannot be empty.")
        if condition is not None and not hasattr(condition, "referenced_base_fields"):
            raise ValueError("condition argument must be a Q() instance.")
        self.relation_name = relation_name
        self.alias: str | None = None
        self.condition = condition
        self.resolved_condition: Any = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FilteredRelation):
            return NotImplemented
        mine = (self.relation_name, self.alias, self.condition)
        return mine == (other.relation_name, other.alias, other.condition)

    def __hash__(self) -> int:
        return hash((self.relation_name, self.alias, self.condition))

    def clone(self) -> FilteredRelation:
        """A copy that may be resolved on its own."""
        twin = FilteredRelation(self.relation_name, condition=self.condition)
        twin.alias = self.alias
        twin.resolved_condition = self.resolved_condition
        return twin

    def relabeled_clone(self, change_map: dict[str, str]) -> FilteredRelation:
        """A copy with table aliases renamed."""
        twin = self.clone()
        if twin.resolved_condition is not None:
            twin.resolved_condition = twin.resolved_condition.relabeled_clone(change_map)
        return twin

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """SQL of the resolved condition."""
        sql, params = compiler.compile(self.resolved_condition)
        return sql, params


class BaseTable:
    """The table that a query starts from."""

    join_type: str | None = None
    parent_alias: str | None = None
    filtered_relation: Any = None
    join_field: ClassVar[Any] = None
    nullable = False

    def __init__(self, table_name: str, alias: str | None) -> None:
        self.table_name = table_name
        self.table_alias = alias

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """``table`` or ``table alias``."""
        quoted = compiler.quote_name_unless_alias(self.table_name)
        if self.table_alias == self.table_name:
            return quoted, []
        return f"{quoted} {compiler.quote_name_unless_alias(self.table_alias)}", []

    def relabeled_clone(self, change_map: dict[str, str]) -> BaseTable:
        """A copy under the alias that ``change_map`` gives."""
        alias = self.table_alias
        return type(self)(self.table_name, change_map.get(alias, alias) if alias is not None else None)

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two uses of a table the same join."""
        return (type(self), self.table_name, self.table_alias)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BaseTable) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)

    def equals(self, other: Any) -> bool:
        """Whether ``other`` joins the same table in the same way, whatever condition a filtered relation adds."""
        return isinstance(other, BaseTable) and self.reuse_key == other.reuse_key

    @property
    def reuse_key(self) -> tuple[Any, ...]:
        """``identity`` without the filtered relation."""
        return self.identity


class Join(BaseTable):
    """One joined table: its type (INNER or LEFT OUTER), the alias it hangs on, and the field that says how."""

    def __init__(
        self,
        table_name: str,
        parent_alias: str,
        table_alias: str | None,
        join_type: str,
        join_field: Any,
        nullable: bool,
        filtered_relation: FilteredRelation | None = None,
    ) -> None:
        super().__init__(table_name, table_alias)
        self.parent_alias = parent_alias
        self.join_type = join_type
        self.join_field = join_field  # type: ignore[misc]
        self.join_fields = join_field.get_joining_fields()
        self.nullable = nullable
        self.filtered_relation = filtered_relation

    def _conditions(self, compiler: Any) -> tuple[list[str], list[Any]]:
        quote = compiler.quote_name_unless_alias
        name = connection_quote(compiler)
        equal = compiler.connection.ops.equal_columns_sql
        conditions = [
            equal(f"{quote(self.parent_alias)}.{name(left.column)}", left, f"{quote(self.table_alias)}.{name(right.column)}", right)
            for left, right in self.join_fields
        ]
        params: list[Any] = []
        extra = self.join_field.get_extra_restriction(self.table_alias, self.parent_alias)
        for condition in (extra, self.filtered_relation):
            if not condition:
                continue
            try:
                sql, extra_params = compiler.compile(condition)
            except FullResultSet:
                continue
            conditions.append(f"({sql})")
            params.extend(extra_params)
        return conditions, params

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """``INNER JOIN table alias ON (…)``. Raises ValueError if the relation names no columns to join on."""
        conditions, params = self._conditions(compiler)
        if not conditions:
            owner = getattr(self.join_field, "field", self.join_field)
            raise ValueError(f"The relation {owner!r} gives no columns to join {self.table_name!r} on.")
        table, _ = BaseTable.as_sql(self, compiler, connection)
        return f"{self.join_type} {table} ON ({' AND '.join(conditions)})", params

    def relabeled_clone(self, change_map: dict[str, str]) -> Join:
        filtered = self.filtered_relation
        return self._replaced(
            parent_alias=change_map.get(self.parent_alias or "", self.parent_alias),
            table_alias=change_map.get(self.table_alias or "", self.table_alias),
            filtered_relation=filtered.relabeled_clone(change_map) if filtered is not None else None,
        )

    def _replaced(self, **changes: Any) -> Join:
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.__dict__.update(changes)
        return twin

    @property
    def identity(self) -> tuple[Any, ...]:
        return (type(self), self.table_name, self.parent_alias, self.join_field, self.filtered_relation)

    @property
    def reuse_key(self) -> tuple[Any, ...]:
        return (type(self), self.table_name, self.parent_alias, self.join_field)

    def demote(self) -> Self | Join:
        """This join as INNER."""
        return self._replaced(join_type=INNER)

    def promote(self) -> Self | Join:
        """This join as LEFT OUTER."""
        return self._replaced(join_type=LOUTER)


def connection_quote(compiler: Any) -> Any:
    """The name-quoting function of the compiler's connection."""
    return compiler.connection.ops.quote_name
