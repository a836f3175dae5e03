"""SELECT: from a query to SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nuages.exceptions import EmptyResultSet, FullResultSet
from nuages.sql.compiler.plans import ModelPlan, share_parent_columns
from nuages.sql.compiler.related import RelatedSelections
from nuages.sql.compiler.sorting import Sorting
from nuages.sql.constants import AND
from nuages.sql.errors import DatabaseError, unsupported
from nuages.sql.expressions.columns import ColPairs, Ref
from nuages.sql.expressions.expression import SQL, Value
from nuages.sql.expressions.functional import RawSQL


class SelectText(Sorting):
    """Puts the parts of a SELECT together."""

    def __init__(self, query: Any, connection: Any, using: str | None, elide_empty: bool = True) -> None:
        self.query = query
        self.connection = connection
        self.using = using
        self.elide_empty = elide_empty
        self.quote_cache: dict[str, str] = {"*": "*"}
        self.select: list[tuple[Any, SQL, str | None]] = []
        self.annotation_col_map: dict[str, int] = {}
        self.klass_info: ModelPlan | None = None
        self.col_count = 0
        self.has_extra_select = False
        self._meta_ordering: Any = None
        self.added_for_order: list[str] = []
        self.where: Any = None
        self.having: Any = None
        self.qualify: Any = None

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__} model={self.query.model.__qualname__} connection={self.connection!r} using={self.using!r}>"

    # -- names and parts -------------------------------------------------------------------------------------------

    def quote_name_unless_alias(self, name: str) -> str:
        """The name quoted, aliases included."""
        found = self.quote_cache.get(name)
        if found is None:
            found = self.quote_cache[name] = self.connection.ops.quote_name(name)
        return found

    def compile(self, node: Any) -> SQL:
        """SQL of an expression: its method for this database (``as_postgresql`` …), or the general one."""
        special = getattr(node, "as_" + self.connection.vendor, None)
        if special is not None:
            return special(self, self.connection)  # type: ignore[no-any-return]
        return node.as_sql(self, self.connection)  # type: ignore[no-any-return]

    def pre_sql_setup(self, with_col_aliases: bool = False) -> tuple[list[Any], list[Any], list[Any]]:
        """Resolve everything: extra columns for the order, ORDER BY and GROUP BY."""
        self.setup_query(with_col_aliases)
        order_by = self.get_order_by()
        self.where, self.having, self.qualify = self.query.where.split_having_qualify(
            must_group_by=self.query.group_by is not None
        )
        extra_select = self.get_extra_select(order_by, self.select)
        self.has_extra_select = bool(extra_select or self.added_for_order)
        group_by = self.get_group_by(self.select + extra_select, order_by)
        return extra_select, order_by, group_by

    def setup_query(self, with_col_aliases: bool = False) -> None:
        """Resolve the SELECT list."""
        if all(uses == 0 for uses in self.query.alias_refcount.values()) and self.query.model is not None:
            self.query.get_initial_alias()
        self.select, self.klass_info, self.annotation_col_map = self.get_select(with_col_aliases)
        self.col_count = len(self.select)

    # -- the SELECT list -------------------------------------------------------------------------------------------

    def _select_list(self) -> tuple[list[tuple[Any, str | None]], ModelPlan | None, dict[str, int]]:
        query = self.query
        columns: list[tuple[Any, str | None]] = []
        annotations: dict[str, int] = {}
        plan: ModelPlan | None = None
        if query.selected is not None and not query.default_cols:
            for name, source in query.selected.items():
                if isinstance(source, int):
                    columns.append((query.select[source], None))
                    continue
                if source in query.annotation_select:
                    annotations[name] = len(columns)
                    columns.append((query.annotation_select[source], source))
                elif source in query.extra_select:
                    columns.append((RawSQL(*query.extra_select[source]), source))
            return columns, None, annotations
        columns.extend((RawSQL(sql, params), alias) for alias, (sql, params) in query.extra_select.items())
        mask = query.get_select_mask()
        chosen = self.get_default_columns(mask) if query.default_cols else query.select
        if query.default_cols:
            plan = ModelPlan(query.model, list(range(len(columns), len(columns) + len(chosen))))
        columns.extend((column, None) for column in chosen)
        for alias, annotation in query.annotation_select.items():
            annotations[alias] = len(columns)
            columns.append((annotation, alias))
        if query.select_related and plan is not None:
            requested = query.select_related if isinstance(query.select_related, dict) else None
            plan.related = RelatedSelections(self, columns).plan(query.get_meta(), query.get_initial_alias(), mask, requested)
            share_parent_columns(plan)
        return columns, plan, annotations

    def get_select(self, with_col_aliases: bool = False) -> tuple[list[Any], ModelPlan | None, dict[str, int]]:
        """``(expression, (sql, params), alias)`` for each column, the plan of instances, and positions of annotations."""
        columns, plan, annotations = self._select_list()
        compiled: list[Any] = []
        number = 1
        for expression, alias in columns:
            sql, params = self._compile_selected(expression)
            if alias is None and with_col_aliases:
                alias = f"col{number}"
                number += 1
            compiled.append((expression, (sql, params), alias))
        return compiled, plan, annotations

    def _compile_selected(self, expression: Any) -> SQL:
        try:
            sql, params = self.compile(expression)
        except EmptyResultSet:
            value = getattr(expression, "empty_result_set_value", NotImplemented)
            sql, params = ("0", ()) if value is NotImplemented else self.compile(Value(value))
        except FullResultSet:
            sql, params = self.compile(Value(True))
        return expression.select_format(self, sql, params)  # type: ignore[no-any-return]

    def get_default_columns(self, select_mask: Any, start_alias: str | None = None, opts: Any = None, from_parent: Any = None) -> list[Any]:
        """The columns of a model's own and inherited fields. ``from_parent``: leave out what that model has already."""
        query = self.query
        if opts is None:
            opts = query.get_meta()
        alias = start_alias or query.get_initial_alias()
        joined: dict[Any, str] = {None: alias}
        found: list[Any] = []
        concrete = opts.concrete_model
        for field in opts.concrete_fields:
            model = field.model._meta.concrete_model
            if model is concrete:
                model = None
            if from_parent and model is not None and issubclass(from_parent._meta.concrete_model, model._meta.concrete_model):
                continue
            if select_mask and field not in select_mask:
                continue
            column_alias = alias if model is None else query.join_parent_model(opts, model, alias, joined)
            found.append(field.get_col(column_alias))
        return found

    # -- FROM and GROUP BY -----------------------------------------------------------------------------------------

    def get_from_clause(self) -> tuple[list[str], list[Any]]:
        """The tables, joins included."""
        query = self.query
        parts: list[str] = []
        params: list[Any] = []
        for alias, join in tuple(query.alias_map.items()):
            if not query.alias_refcount.get(alias):
                continue
            sql, join_params = self.compile(join)
            parts.append(sql)
            params.extend(join_params)
        for table in query.extra_tables:
            if table not in query.table_map or query.alias_refcount.get(table, 0) == 0:
                parts.append(f", {self.quote_name_unless_alias(table)}")
        return parts, params

    def get_group_by(self, select: list[Any], order_by: list[Any]) -> list[SQL]:
        """The expressions of GROUP BY, each once."""
        query = self.query
        if query.group_by is None:
            return []
        expressions: list[Any] = []
        aliases = {alias for _, _, alias in select if alias}
        if query.group_by is not True:
            for item in query.group_by:
                if isinstance(item, Ref) and item.refs not in aliases:
                    item = item.source
                expressions.append(item)
        seen_refs = {item.refs for item in expressions if isinstance(item, Ref)}
        for expression, _, alias in select:
            if alias in seen_refs:
                continue
            expressions.extend(expression.get_group_by_cols())
        if not self._meta_ordering:
            for expression, (_, _, is_ref) in order_by:
                if not is_ref:
                    expressions.extend(expression.get_group_by_cols())
        if self.having is not None:
            expressions.extend(self.having.get_group_by_cols())
        positions: dict[Any, int] = {}
        if self.connection.features.allows_group_by_select_index:
            for number, (expression, _, alias) in enumerate(select, 1):
                if alias is not None and alias in self.query.annotation_select and _is_hashable(expression):
                    positions.setdefault(expression, number)
                    positions.setdefault(Ref(alias, expression), number)
        return self._unique_group(self._collapse(expressions, self._needed_by_having()), positions)

    def _needed_by_having(self) -> list[Any]:
        """The columns that GROUP BY must list because HAVING speaks of them."""
        if self.having is None or self.connection.features.having_sees_dependent_columns:
            return []
        return list(self.having.get_group_by_cols())

    def _unique_group(self, expressions: Iterable[Any], positions: dict[Any, int]) -> list[SQL]:
        result: list[SQL] = []
        seen: set[Any] = set()
        for expression in expressions:
            number = positions.get(expression) if positions and _is_hashable(expression) else None
            if number is not None:
                if number not in seen:
                    seen.add(number)
                    result.append((str(number), ()))
                continue
            try:
                sql, params = self.compile(expression)
            except (EmptyResultSet, FullResultSet):
                continue
            key = (sql, tuple(map(repr, params)))
            if key not in seen:
                seen.add(key)
                result.append((sql, params))
        return result

    def _collapse(self, expressions: list[Any], kept: list[Any]) -> list[Any]:
        """Where the database knows that other columns depend on the primary key, that alone is enough."""
        flat: list[Any] = []
        for expression in expressions:
            flat.extend(expression.get_cols() if isinstance(expression, ColPairs) else [expression])
        features = self.connection.features
        keys = {
            expression.alias
            for expression in flat
            if getattr(getattr(expression, "target", None), "primary_key", False)
            and features.allows_group_by_selected_pks_on_model(expression.target.model)
        }
        if not keys:
            return flat
        return [
            expression
            for expression in flat
            if getattr(getattr(expression, "target", None), "primary_key", False)
            or getattr(expression, "alias", None) not in keys
            or getattr(expression, "target", None) is None
            or expression in kept
        ]

    # -- all of it -------------------------------------------------------------------------------------------------

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> SQL:
        """The SELECT. Raises EmptyResultSet if no row can match (unless ``elide_empty`` is false)."""
        counts = self.query.alias_refcount.copy()
        try:
            combinator = self.query.combinator
            if combinator:
                self.query = self.query.clone()
            extra_select, order_by, group_by = self.pre_sql_setup(with_col_aliases=with_col_aliases or bool(combinator))
            if combinator:
                parts, params = self.get_combinator_sql(combinator, self.query.combinator_all)
            elif self.qualify is not None:
                parts, params = self.get_qualify_sql()
                order_by = []
            else:
                parts, params = self._plain_select(extra_select, group_by, bool(order_by))
            if self.query.explain_info:
                prefix = self.connection.ops.explain_query_prefix(self.query.explain_info.format, **self.query.explain_info.options)
                parts.insert(0, prefix)
            self._add_order(parts, params, order_by)
            if with_limits and self.query.is_sliced:
                parts.append(self.connection.ops.limit_offset_sql(self.query.low_mark, self.query.high_mark))
            if self.query.select_for_update and self.connection.features.has_select_for_update:
                parts.append(self.lock_clause(with_limits))
            sql = " ".join(part for part in parts if part)
            return self._with_aliases_of_outer(sql, params, extra_select)
        finally:
            self.query.reset_refcounts(counts)

    def _with_aliases_of_outer(self, sql: str, params: list[Any], extra_select: list[Any]) -> SQL:
        """A subquery must not show the columns that were added only for its order."""
        if not (self.query.subquery and extra_select):
            return sql, tuple(params)
        quote = self.connection.ops.quote_name
        names: list[str] = []
        number = 1
        for _, _, alias in self.select:
            if alias is None:
                alias = f"col{number}"
                number += 1
            names.append(f"{quote('subquery')}.{quote(alias)}")
        inner, inner_params = self._aliased_sql()
        return f"SELECT {', '.join(names)} FROM ({inner}) {quote('subquery')}", tuple(inner_params)

    def _aliased_sql(self) -> SQL:
        query = self.query.clone()
        query.subquery = False
        return type(self)(query, self.connection, self.using, self.elide_empty).as_sql(with_col_aliases=True)

    def _conditions(self) -> tuple[str, list[Any]]:
        try:
            return self.compile(self.where) if self.where is not None else ("", [])  # type: ignore[return-value]
        except EmptyResultSet:
            if self.elide_empty:
                raise
            return "0 = 1", []
        except FullResultSet:
            return "", []

    def _plain_select(self, extra_select: list[Any], group_by: list[SQL], ordered: bool) -> tuple[list[str], list[Any]]:
        distinct_fields, distinct_params = self.get_distinct()
        where, where_params = self._conditions()
        try:
            having, having_params = self.compile(self.having) if self.having is not None else ("", [])
        except FullResultSet:
            having, having_params = "", []
        columns, column_params = self._columns_text(extra_select)
        tables, table_params = self.get_from_clause()
        parts = ["SELECT"]
        params: list[Any] = []
        if self.query.distinct:
            parts_distinct, extra = self.connection.ops.distinct_sql(distinct_fields, distinct_params)
            parts += parts_distinct
            params += extra
        parts.append(columns)
        params += column_params
        if tables:
            parts += ["FROM", *tables]
        elif self.connection.features.bare_select_suffix:
            parts.append(self.connection.features.bare_select_suffix)
        params += table_params
        if where:
            parts.append(f"WHERE {where}")
            params += where_params
        if group_by:
            parts.append(f"GROUP BY {', '.join(sql for sql, _ in group_by)}")
            params += [value for _, values in group_by for value in values]
        if having:
            parts.append(f"HAVING {having}")
            params += having_params
        if group_by and not ordered:
            parts.append(self.connection.ops.force_no_ordering_sql())
        return parts, params

    def _columns_text(self, extra_select: list[Any]) -> tuple[str, list[Any]]:
        texts: list[str] = []
        params: list[Any] = []
        for _, (sql, column_params), alias in [*self.select, *extra_select]:
            texts.append(f"{sql} AS {self.connection.ops.quote_name(alias)}" if alias else sql)
            params += column_params
        return ", ".join(texts), params

    def _add_order(self, parts: list[str], params: list[Any], order_by: list[Any]) -> None:
        if not order_by:
            return
        texts: list[str] = []
        for _, (sql, order_params, _) in order_by:
            texts.append(sql)
            params += order_params
        parts.append(f"ORDER BY {', '.join(texts)}")

    # -- UNION and friends -----------------------------------------------------------------------------------------

    def get_combinator_sql(self, combinator: str, all: bool) -> tuple[list[str], list[Any]]:
        """The parts of UNION, INTERSECT or EXCEPT. Raises NotSupportedError or DatabaseError for what cannot be combined."""
        features = self.connection.features
        if not getattr(features, f"supports_select_{combinator}"):
            raise unsupported(f"{combinator} is")
        compilers = [
            query.get_compiler(self.using, self.connection, self.elide_empty)
            for query in self.query.combined_queries
        ]
        if not features.supports_slicing_ordering_in_compound:
            for part in compilers:
                refused = "LIMIT/OFFSET" if part.query.is_sliced else "ORDER BY" if part.get_order_by_quietly() else ""
                if refused:
                    raise DatabaseError(f"{refused} not allowed in subqueries of compound statements.")
        elif self.query.is_empty():
            raise EmptyResultSet
        elif self.query.is_sliced and combinator == "union":
            for part in compilers:
                part.elide_empty = False
        texts: list[str] = []
        params: list[Any] = []
        for position, part in enumerate(compilers):
            piece = self._combined_part(part, combinator, position)
            if piece is None:
                break
            if piece:
                texts.append(piece[0])
                params += piece[1]
        if not texts:
            raise EmptyResultSet
        word = self.connection.ops.set_operators[combinator] + (" ALL" if all and combinator == "union" else "")
        template = "({})" if features.supports_parentheses_in_compound else "{}"
        return [f" {word} ".join(template.format(text) for text in texts)], params

    def _combined_part(self, part: Any, combinator: str, position: int) -> Any:
        """SQL of one part; an empty tuple to leave it out, None to stop: the rest changes nothing."""
        query = part.query
        if query.selected is None and not query.select and self.query.has_select_fields:
            query = part.query = query.clone()
            chosen = (*self.query.extra_select, *self.query.values_select, *self.query.annotation_select)
            names = tuple(self.query.selected) if self.query.selected is not None else chosen
            query.set_values((*names, *self.added_for_order))
        try:
            sql, params = part.as_sql(with_col_aliases=True)
        except EmptyResultSet:
            if combinator == "union" or (combinator == "difference" and position > 0):
                return ()
            raise
        if query.combinator and not self.connection.features.supports_parentheses_in_compound:
            sql = f"SELECT * FROM ({sql})"
        return sql, params

    # -- filters over windows --------------------------------------------------------------------------------------

    def get_qualify_sql(self) -> tuple[list[str], list[Any]]:
        """Conditions on window functions hold outside: ``SELECT … FROM (SELECT …) WHERE condition``."""
        inner = self.query.clone()
        inner.subquery = False
        inner.where = type(self.query.where)([part for part in (self.where, self.having) if part is not None], AND)
        inner.clear_ordering(force=True)
        inner.clear_limits()
        inner.select_for_update = False
        quote = self.connection.ops.quote_name
        outer_names: list[str] = []
        replacements: dict[Any, Ref] = {}
        for index, (expression, _, alias) in enumerate(self.select):
            name = alias or f"col{index + 1 - sum(1 for _, _, other in self.select[:index] if other)}"
            outer_names.append(f"{quote('qualify')}.{quote(name)} AS {quote(alias)}" if alias else f"{quote('qualify')}.{quote(name)}")
            replacements.setdefault(expression, Ref(name, expression))
        order_by = self._resolved_order()
        needed: list[Any] = [*self.qualify.leaves(), *order_by]
        extra: dict[Any, str] = {}
        for expression in needed:
            self._collect(expression, replacements, extra)
        for expression, name in extra.items():
            inner.annotations[name] = expression
            if inner.selected is not None:
                inner.selected[name] = name
            if inner.annotation_select_mask is not None:
                inner.append_annotation_mask([name])
            inner._annotation_select_cache = None
            replacements[expression] = Ref(name, expression)
        inner_sql, params = inner.get_compiler(self.using, self.connection, self.elide_empty).as_sql(with_col_aliases=True)
        condition, condition_params = self.compile(self.qualify.replace_expressions(replacements))
        parts = ["SELECT", ", ".join(outer_names), "FROM", f"({inner_sql})", quote("qualify"), "WHERE", condition]
        all_params = [*params, *condition_params]
        if order_by:
            compiled = [self.compile(item.replace_expressions(replacements)) for item in order_by]
            parts += ["ORDER BY", ", ".join(sql for sql, _ in compiled)]
            all_params += [value for _, values in compiled for value in values]
        return parts, all_params

    def _collect(self, expression: Any, replacements: dict[Any, Ref], extra: dict[Any, str]) -> None:
        """Note the columns, windows and aggregates of a condition that the inner SELECT must give."""
        if expression is None or expression in replacements or expression in extra:
            return
        whole = getattr(expression, "contains_over_clause", False) and hasattr(expression, "source_expression")
        if whole or hasattr(expression, "target") or (hasattr(expression, "default_alias") and expression.contains_aggregate):
            extra[expression] = f"qual{len(extra)}"
            return
        if hasattr(expression, "get_source_expressions"):
            for source in expression.get_source_expressions():
                self._collect(source, replacements, extra)


def _is_hashable(expression: Any) -> bool:
    try:
        hash(expression)
    except TypeError:
        return False
    return True
