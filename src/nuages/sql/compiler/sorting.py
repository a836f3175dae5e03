"""ORDER BY, DISTINCT ON and row locks of a SELECT."""

from __future__ import annotations

import re
from typing import Any

from nuages.exceptions import EmptyResultSet, FieldError
from nuages.sql.constants import LOOKUP_SEP, ORDER_DIR
from nuages.sql.errors import DatabaseError, unsupported
from nuages.sql.expressions.columns import ColPairs, Ref
from nuages.sql.expressions.expression import SQL, F, OrderBy
from nuages.sql.expressions.functional import Func, RawSQL

ORDERING_SUFFIX = re.compile(r"^(.*)\s(?:ASC|DESC).*", re.MULTILINE | re.DOTALL)


class _Random(Func):
    function = "RANDOM"
    arity = 0

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        return super().as_sql(compiler, connection, function="RAND", **extra_context)

    def get_group_by_cols(self) -> list[Any]:
        return []


def get_order_dir(name: str, default: str = "ASC") -> tuple[str, str]:
    """The name without its sign, and the direction: the default, or its opposite for ``-name``."""
    forward, backward = ORDER_DIR[default]
    return (name[1:], backward) if name.startswith("-") else (name, forward)


class Sorting:
    """The part of the compiler that sorts."""

    query: Any
    connection: Any
    using: str | None
    elide_empty: bool
    select: list[tuple[Any, SQL, str | None]]
    klass_info: Any
    _meta_ordering: Any
    added_for_order: list[str]

    def compile(self, node: Any) -> SQL:
        """SQL of an expression."""
        raise NotImplementedError

    def setup_query(self, with_col_aliases: bool = False) -> None:
        """Resolve the SELECT list."""
        raise NotImplementedError

    def quote_name_unless_alias(self, name: str) -> str:
        """A quoted name."""
        raise NotImplementedError

    # -- what to order by ------------------------------------------------------------------------------------------

    def _ordering(self) -> Any:
        query = self.query
        self._meta_ordering = None
        if query.extra_order_by:
            return query.extra_order_by
        if not query.default_ordering or query.order_by:
            return query.order_by
        meta = query.get_meta()
        if meta is not None and meta.ordering and query.group_by is None:
            self._meta_ordering = meta.ordering
            return meta.ordering
        return ()

    def _order_pairs(self) -> list[tuple[Any, bool]]:
        """Each expression to order by, with whether it refers to a selected column by name."""
        query = self.query
        selected = {alias: (index, expression) for index, (expression, _, alias) in enumerate(self.select, 1) if alias}
        forward = "ASC" if query.standard_ordering else "DESC"
        pairs: list[tuple[Any, bool]] = []
        for item in self._ordering():
            if hasattr(item, "resolve_expression"):
                pairs.append((self._directed(item), False))
                continue
            if item == "?":
                pairs.append((OrderBy(_Random()), False))
                continue
            name, direction = get_order_dir(item, forward)
            pairs.extend(self._named(name, item, direction == "DESC", selected, forward))
        return pairs

    def _directed(self, item: Any) -> Any:
        if not isinstance(item, OrderBy):
            item = item.asc()
        if not self.query.standard_ordering:
            item = item.copy()
            item.reverse_ordering()
        return item

    def _column_of_table(self, table: str, column: str) -> str:
        """``table.column`` in quotes. Raises ValueError for a name that would end its quotes."""
        quote = self.connection.ops.quote_name
        mark = quote("x")[0]
        for part in (table, column):
            if mark in (part[1:-1] if len(part) > 1 and quote(part) == part else part):
                raise ValueError(f"A name in extra(order_by=…) cannot contain {mark} (got {part!r}).")
        return f"{self.quote_name_unless_alias(table)}.{quote(column)}"

    def _named(self, name: str, item: str, descending: bool, selected: dict[str, Any], forward: str) -> list[tuple[Any, bool]]:
        query = self.query
        if name in query.annotation_select and name in selected and not self._is_column_of_another(name):
            return [(OrderBy(Ref(name, query.annotation_select[name]), descending), True)]
        if name in query.annotations:
            expression = query.annotations[name]
            if query.combinator:
                expression = F(name)
            return [(OrderBy(expression, descending), False)]
        if "." in item and query.extra_order_by:
            return [(OrderBy(RawSQL(self._column_of_table(*name.split(".", 1)), []), descending), False)]
        if name in query.extra:
            if name in query.extra_select and name in selected:
                return [(OrderBy(Ref(name, RawSQL(*query.extra[name])), descending), True)]
            return [(OrderBy(RawSQL(*query.extra[name]), descending), False)]
        first, *rest = name.split(LOOKUP_SEP)
        if query.combinator and self.select:
            if rest and first in query.annotations:
                message = "Ordering combined queries by transforms is not implemented."
                raise NotImplementedError(message)
            return [(OrderBy(F(name), descending), False)]
        if rest and first in query.annotations:
            return [(OrderBy(F(name), descending), False)]
        return [(expression, False) for expression in self.find_ordering_name(item, query.get_meta(), default_order=forward)]

    def _is_column_of_another(self, name: str) -> bool:
        """Whether a column of that name is selected too, so that the bare name would not say which of the two is meant."""
        return any(
            alias is None and getattr(getattr(expression, "target", None), "column", None) == name
            for expression, _, alias in self.select
        )

    def find_ordering_name(
        self,
        name: str,
        opts: Any,
        alias: str | None = None,
        default_order: str = "ASC",
        already_seen: Any = None,
        prefix: tuple[str, ...] = (),
    ) -> list[Any]:
        """The expressions for a name; a relation's name means that model's own ordering. Raises FieldError for endless loops."""
        query = self.query
        name, direction = get_order_dir(name, default_order)
        pieces = name.split(LOOKUP_SEP)
        info = query.setup_joins(pieces, opts, alias or query.get_initial_alias())
        field = info.final_field
        by_relation = (
            field.is_relation
            and info.opts.ordering
            and getattr(field, "attname", None) != pieces[-1]
            and name != "pk"
            and not info.transforms
            and pieces[-1] != "pk"
        )
        if by_relation:
            seen = already_seen or set()
            key = tuple(getattr(query.alias_map[join], "join_fields", ()) for join in info.joins)
            key = (key, tuple(query.alias_map[join].table_name for join in info.joins))
            if repr(key) in seen:
                raise FieldError("Infinite loop caused by ordering.")
            seen.add(repr(key))
            return self._ordering_of_related(info, direction, seen, (*prefix, *pieces))
        targets, final, _ = query.trim_joins(info.targets, info.joins, info.path)
        found = [query.apply_transforms(target.get_col(final), info, pieces) for target in targets]
        return [OrderBy(expression, descending=direction == "DESC") for expression in found]

    def _ordering_of_related(self, info: Any, direction: str, seen: set[str], prefix: tuple[str, ...]) -> list[Any]:
        results: list[Any] = []
        alias = info.joins[-1]
        for item in info.opts.ordering:
            if hasattr(item, "resolve_expression"):
                expression = item if isinstance(item, OrderBy) else item.asc()
                expression = _prefixed(expression, LOOKUP_SEP.join(prefix))
                if direction == "DESC":
                    expression = expression.copy()
                    expression.reverse_ordering()
                results.append(expression)
            elif item == "?":
                results.append(OrderBy(_Random()))
            else:
                results.extend(self.find_ordering_name(item, info.opts, alias, direction, seen, prefix))
        return results

    def _resolved_order(self) -> list[Any]:
        return [expression.resolve_expression(self.query, allow_joins=True, reuse=None) for expression, _ in self._order_pairs()]

    def get_order_by_quietly(self) -> bool:
        """Whether this query has an order of its own."""
        return bool(self._ordering())

    def get_order_by(self) -> list[Any]:
        """``(expression, (sql, params, is_reference))`` for each, without repetitions."""
        result: list[Any] = []
        seen: set[Any] = set()
        for expression, is_ref in self._order_pairs():
            if self.query.combinator and self.select:
                resolved = self._in_combined(expression)
            else:
                resolved = expression.resolve_expression(self.query, allow_joins=True, reuse=None)
            try:
                sql, params = self.compile(resolved)
            except EmptyResultSet:
                continue
            match = ORDERING_SUFFIX.search(sql)
            key = (match[1] if match else sql, tuple(map(repr, params)))
            # A constant sorts nothing, and some databases would take a number for the position of a column.
            if key in seen or key[0] == "%s":
                continue
            seen.add(key)
            result.append((resolved, (sql, params, is_ref)))
        return result

    def _in_combined(self, expression: OrderBy) -> Any:
        """An order of a UNION can only name columns of its result. Raises DatabaseError else."""
        source = expression.expression
        if isinstance(source, Ref):
            return expression.resolve_expression(self.query)
        wanted = source.name if isinstance(source, F) else None
        number = 0
        names = self._combined_names()
        for position, (selected, _, alias) in enumerate(self.select):
            label = alias
            if alias is None:
                number += 1
                label = f"col{number}"
            own_name = names[position] if position < len(names) else None
            if self._is_wanted(wanted, source, selected, alias, own_name):
                return self._by_name(expression, label, selected)
        return self._by_name(expression, self._add_for_order(source), source)

    def _is_wanted(self, wanted: str | None, source: Any, selected: Any, alias: str | None, name: str | None) -> bool:
        if wanted is None:
            return bool(source == selected)
        if alias is not None and alias in self.query.annotation_select:
            return wanted == alias
        target = getattr(selected, "target", None)
        if wanted in (alias, name, getattr(target, "name", None), getattr(target, "attname", None)):
            return True
        return wanted == "pk" and bool(getattr(target, "primary_key", False))

    def _by_name(self, expression: OrderBy, label: str | None, source: Any) -> Any:
        copied = expression.copy()
        copied.set_source_expressions([Ref(label or "", source)])
        return copied

    def _add_for_order(self, source: Any) -> str:
        """Let every part select what the order needs too. Raises DatabaseError for parts that chose their columns."""
        name = f"__orderbycol{len(self.added_for_order) + 1}"
        for query in self.query.combined_queries:
            if query.has_select_fields:
                raise DatabaseError("A combined query is ordered by what one of its parts does not select: name it in that part's values() too.")
        for query in self.query.combined_queries:
            query.add_annotation(source, name)
        self.added_for_order.append(name)
        return name

    def _combined_names(self) -> list[str | None]:
        query = self.query
        if query.selected is not None:
            return list(query.selected)
        return [*query.extra_select, *query.values_select]

    def get_extra_select(self, order_by: list[Any], select: list[Any]) -> list[Any]:
        """Under DISTINCT, what the order needs must be selected."""
        extra: list[Any] = []
        if not self.query.distinct or self.query.distinct_fields:
            return extra
        known = [sql for _, sql, _ in select]
        for expression, (sql, params, is_ref) in order_by:
            match = ORDERING_SUFFIX.search(sql)
            bare = (match[1] if match else sql, params)
            if not is_ref and not any(text == bare[0] and list(values) == list(params) for text, values in known):
                extra.append((expression, bare, None))
        return extra

    def get_distinct(self) -> tuple[list[str], list[Any]]:
        """The expressions of DISTINCT ON."""
        query = self.query
        texts: list[str] = []
        params: list[Any] = []
        opts = query.get_meta()
        for name in query.distinct_fields:
            first = name.split(LOOKUP_SEP)[0]
            if name in query.annotation_select:
                texts.append(self.connection.ops.quote_name(name))
                continue
            if first in query.annotations:
                expressions = [query.resolve_ref(name)]
            else:
                info = query.setup_joins(name.split(LOOKUP_SEP), opts, query.get_initial_alias())
                targets, alias, _ = query.trim_joins(info.targets, info.joins, info.path)
                expressions = [query._transformed(target.get_col(alias), info.transforms) for target in targets]
            for expression in expressions:
                sql, values = self.compile(expression)
                texts.append(sql)
                params.extend(values)
        return texts, params

    # -- locks -----------------------------------------------------------------------------------------------------

    def lock_clause(self, with_limits: bool) -> str:
        """``FOR UPDATE …``. Raises NotSupportedError for options that the database has not."""
        query, features = self.query, self.connection.features
        self.connection.ops.check_lock_allowed(self.connection)
        if with_limits and query.is_sliced and not features.supports_select_for_update_with_limit:
            raise unsupported("LIMIT/OFFSET together with select_for_update is")
        wanted = (
            (query.select_for_update_nowait, features.has_select_for_update_nowait, "NOWAIT"),
            (query.select_for_update_skip_locked, features.has_select_for_update_skip_locked, "SKIP LOCKED"),
            (query.select_for_update_of, features.has_select_for_update_of, "FOR UPDATE OF"),
            (query.select_for_no_key_update, features.has_select_for_no_key_update, "FOR NO KEY UPDATE"),
        )
        for asked, known, name in wanted:
            if asked and not known:
                raise unsupported(f"{name} is")
        return self.connection.ops.for_update_sql(  # type: ignore[no-any-return]
            nowait=query.select_for_update_nowait,
            skip_locked=query.select_for_update_skip_locked,
            of=self.lock_tables(),
            no_key=query.select_for_no_key_update,
        )

    def lock_tables(self) -> tuple[str, ...]:
        """The tables of ``select_for_update(of=…)``. Raises FieldError for relations that are not selected."""
        result: list[str] = []
        unknown: list[str] = []
        for name in self.query.select_for_update_of:
            plan = self.klass_info
            for part in [] if name == "self" else name.split(LOOKUP_SEP):
                plan = next((below for below in plan.related if _relation_name(below) == part), None) if plan else None
            if plan is None or not plan.select_fields:
                unknown.append(name)
                continue
            column = self._own_column(plan)
            if isinstance(column, ColPairs):
                column = column.get_cols()[0]
            if self.connection.features.select_for_update_of_column:
                result.append(self.compile(column)[0])
            else:
                result.append(self.quote_name_unless_alias(column.alias))
        if unknown:
            listed = ", ".join(unknown)
            choices = ", ".join(self._lock_choices())
            raise FieldError(
                f"Invalid field name(s) given in select_for_update(of=(...)): {listed}. Name relations that select_related() follows, or 'self'. "
                f"Choices are: {choices}."
            )
        return tuple(result)

    def _own_column(self, plan: Any) -> Any:
        concrete = plan.model._meta.concrete_model
        for index in plan.select_fields:
            column = self.select[index][0]
            if column.target.model._meta.concrete_model is concrete:
                return column
        return self.select[plan.select_fields[0]][0]

    def _lock_choices(self) -> list[str]:
        found: list[str] = []
        queue: list[tuple[str, Any]] = [("", self.klass_info)]
        while queue:
            path, plan = queue.pop(0)
            if plan is None:
                continue
            found.append(path or "self")
            prefix = f"{path}{LOOKUP_SEP}" if path else ""
            queue.extend((prefix + _relation_name(below), below) for below in plan.related)
        return found


def _relation_name(plan: Any) -> str:
    if plan.reverse:
        return str(plan.field.related_query_name())
    return str(plan.field.name)


def _prefixed(expression: Any, path: str) -> Any:
    if not path:
        return expression
    return expression.prefix_references(f"{path}{LOOKUP_SEP}")
