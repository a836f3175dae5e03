"""Conditions: from lookups and Q objects to a tree over the query's tables.

Each part of a condition is built into a pair: its tree, and the aliases whose row must exist for it to be true. AND needs what
any of its parts needs, OR only what all of them need (negated the other way round); what is needed at the top becomes an INNER
join, all else that can fail to match stays LEFT OUTER.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from nuages.exceptions import FieldError
from nuages.sql.constants import AND, LOOKUP_SEP, LOUTER, OR
from nuages.sql.errors import NotSupportedError
from nuages.sql.expressions.columns import Col, ColPairs, OuterRef, ResolvedOuterRef
from nuages.sql.expressions.expression import F
from nuages.sql.expressions.subqueries import Exists
from nuages.sql.lookups import Lookup
from nuages.sql.q import Q
from nuages.sql.query.names import Names
from nuages.sql.query.tables import JoinInfo, MultiJoin
from nuages.sql.where import NothingNode, WhereNode

Needed = frozenset[str]
NOTHING_NEEDED: Needed = frozenset()
NO_CONDITION = "Cannot filter against a non-conditional expression."


class Context(NamedTuple):
    """Where in a condition the builder stands."""

    can_reuse: set[str] | None
    branch_negated: bool = False
    negated: bool = False
    allow_joins: bool = True
    split_subqueries: bool = True
    check_filterable: bool = True
    summarize: bool = False


class Filters(Names):
    """Building WHERE."""

    def add_filter(self, filter_lhs: str, filter_rhs: Any) -> None:
        """AND one lookup."""
        self.add_q(Q((filter_lhs, filter_rhs)))

    def add_q(self, q_object: Any, reuse_all: bool = False) -> None:
        """AND a condition: one call of ``filter()``."""
        reuse = set(self.alias_map) if reuse_all else self.used_aliases
        clause, needed = self._build_q(q_object, Context(reuse))
        if clause:
            self.where.add(clause, AND)
        self.demote_joins(alias for alias in needed if alias in self.alias_map)

    def build_where(self, filter_expr: Any) -> WhereNode:
        """The tree of one condition, without subqueries or joins: for constraints and CHECKs."""
        clause, _ = self._build(filter_expr, Context(None, allow_joins=False))
        return clause

    def build_filter(self, filter_expr: Any, **options: Any) -> tuple[WhereNode, Iterable[str]]:
        """The tree of one condition and the aliases that it needs."""
        known = {name: value for name, value in options.items() if name in Context._fields}
        return self._build(filter_expr, Context(**{"can_reuse": None, **known}))

    def resolve_condition(self, q_object: Any, allow_joins: bool, reuse: Any, summarize: bool) -> WhereNode:
        """A Q inside an expression: its tree; rows without a match are kept."""
        context = Context(reuse, allow_joins=allow_joins, split_subqueries=False, check_filterable=False, summarize=summarize)
        clause, _ = self._build_q(q_object, context)
        return clause

    def _add_q(self, q_object: Any, used_aliases: set[str] | None, **options: Any) -> tuple[WhereNode, Needed]:
        """The tree of a Q and the aliases that it needs."""
        known = {name: value for name, value in options.items() if name in Context._fields}
        return self._build_q(q_object, Context(used_aliases, **known))

    def _build_q(self, q_object: Any, context: Context) -> tuple[WhereNode, Needed]:
        negated = context.negated ^ q_object.negated
        inner = context._replace(negated=negated, branch_negated=context.branch_negated or q_object.negated)
        node = WhereNode(connector=q_object.connector, negated=q_object.negated)
        needs: list[Needed] = []
        for child in q_object.children:
            clause, needed = self._build(child, inner)
            needs.append(needed)
            if clause:
                node.add(clause, q_object.connector)
        if not needs:
            return node, NOTHING_NEEDED
        every_part_holds = (q_object.connector == AND and not negated) or (q_object.connector == OR and negated)
        if every_part_holds or len(needs) == 1:
            return node, frozenset().union(*needs)
        return node, frozenset(needs[0]).intersection(*needs[1:])

    def _build(self, item: Any, context: Context) -> tuple[WhereNode, Needed]:
        if isinstance(item, dict):
            raise FieldError("Cannot parse keyword query as dict")
        if isinstance(item, Q):
            return self._build_q(item, context)
        if hasattr(item, "resolve_expression"):
            return self._build_expression(item, context), NOTHING_NEEDED
        if isinstance(item, (WhereNode, NothingNode)):
            return WhereNode([item]), NOTHING_NEEDED
        arg, value = item
        if not arg:
            raise FieldError(f"Cannot parse keyword query {arg!r}")
        return self._build_lookup(arg, value, context)

    def _build_expression(self, item: Any, context: Context) -> WhereNode:
        if not getattr(item, "conditional", False) and not isinstance(item, F):
            raise TypeError(NO_CONDITION)
        condition = item.resolve_expression(self, allow_joins=context.allow_joins, reuse=context.can_reuse, summarize=context.summarize)
        if not getattr(condition, "conditional", False):
            raise TypeError(NO_CONDITION)
        if context.check_filterable:
            self.check_filterable(condition)
        if not isinstance(condition, (Lookup, WhereNode)):
            condition = self.build_lookup(["exact"], condition, True)
        return WhereNode([condition])

    def _build_lookup(self, arg: str, value: Any, context: Context) -> tuple[WhereNode, Needed]:
        lookups, parts, annotation = self.solve_lookup_type(arg, context.summarize)
        if context.check_filterable and annotation is not None:
            self.check_filterable(annotation)
        if not context.allow_joins and len(parts) > 1:
            raise FieldError("Joined field references are not permitted in this query")
        before = self.alias_refcount.copy()
        original = value
        value = self.resolve_lookup_value(value, context.can_reuse, context.allow_joins, context.summarize)
        value_aliases = {alias for alias, uses in self.alias_refcount.items() if uses > before.get(alias, 0)}
        if context.check_filterable:
            self.check_filterable(value)
        if annotation is not None:
            return self._annotation_filter(annotation, lookups, value, context), NOTHING_NEEDED
        opts = self.get_meta()
        alias = self.get_initial_alias()
        try:
            info = self.setup_joins(
                parts, opts, alias, can_reuse=context.can_reuse, allow_many=not context.branch_negated or not context.split_subqueries
            )
        except MultiJoin as found:
            self.reset_refcounts(before)
            self._reuse_counts(before, value_aliases)
            return self._split(arg, original, context, found)
        if isinstance(value, Iterator):
            value = list(value)
        self.check_related_objects(info.final_field, value, info.opts)
        return self._finish_lookup(info, lookups, value, value_aliases, context)

    def _reuse_counts(self, before: dict[str, int], aliases: Iterable[str]) -> None:
        """Joins made only for a value that moved into a subquery stay unused."""
        for alias in aliases:
            self.alias_refcount[alias] = before.get(alias, 0)

    def _annotation_filter(self, annotation: Any, lookups: list[str], value: Any, context: Context) -> WhereNode:
        condition = self.build_lookup(lookups, annotation, value)
        clause = WhereNode([condition])
        if context.negated and not _is_null_test(condition) and isinstance(annotation, Col) and self.is_nullable(annotation.target):
            clause.add(self.build_lookup(["isnull"], annotation, False), AND)
        return clause

    def _finish_lookup(
        self, info: JoinInfo, lookups: list[str], value: Any, value_aliases: set[str], context: Context
    ) -> tuple[WhereNode, Needed]:
        targets, alias, joins = self.trim_joins(info.targets, info.joins, info.path)
        if context.can_reuse is not None:
            context.can_reuse.update(joins)
        column = self._filter_column(targets, alias, info)
        condition = self.build_lookup(lookups, column, value)
        clause = WhereNode([condition])
        needed = frozenset({*info.joins, *value_aliases})
        null_test = _is_null_test(condition)
        if not context.negated:
            return clause, (NOTHING_NEEDED if null_test and condition.rhs is True else needed)
        if null_test and condition.rhs is True:
            return clause, needed
        if null_test or condition.rhs is None:
            return clause, NOTHING_NEEDED
        if _lists_none(condition) and self._may_be_null(targets, joins):
            # Whoever excludes None from a list means the rows without a value.
            column = targets[0].get_col(self._col_alias(alias), info.targets[0])
            return WhereNode([condition, targets[0].get_lookup("isnull")(column, True)], OR), NOTHING_NEEDED
        self._add_null_guards(clause, targets, alias, joins, info, value)
        return clause, NOTHING_NEEDED

    def _filter_column(self, targets: tuple[Any, ...], alias: str, info: JoinInfo) -> Any:
        if info.final_field.is_relation and len(targets) > 1:
            return ColPairs(alias, targets, info.targets, info.final_field)
        return targets[0].get_col(self._col_alias(alias), info.final_field)

    def _add_null_guards(
        self, clause: WhereNode, targets: tuple[Any, ...], alias: str, joins: list[str], info: JoinInfo, value: Any
    ) -> None:
        """Under NOT, unknown must count as false, so that rows without a value are kept: ``NOT (a = 1 AND a IS NOT NULL)``."""
        if self._may_be_null(targets, joins):
            column = targets[0].get_col(self._col_alias(alias), info.targets[0])
            clause.add(targets[0].get_lookup("isnull")(column, False), AND)
        if isinstance(value, Col) and self.is_nullable(value.target):
            clause.add(value.target.get_lookup("isnull")(value, False), AND)

    def _may_be_null(self, targets: tuple[Any, ...], joins: list[str]) -> bool:
        return bool(self.is_nullable(targets[0]) or self.alias_map[joins[-1]].join_type == LOUTER)

    # -- relations of many under NOT -------------------------------------------------------------------------------

    def _split(self, arg: str, value: Any, context: Context, found: MultiJoin) -> tuple[WhereNode, Needed]:
        """``NOT EXISTS`` of a subquery with the condition: a row is left out if any of its related rows matches."""
        joined = self._already_joined(found, context.can_reuse)
        if joined:
            return self._build_lookup(arg, value, context._replace(branch_negated=False, can_reuse=joined))
        if isinstance(value, OuterRef):
            value = OuterRef(value)  # type: ignore[arg-type]
        elif isinstance(value, F):
            value = OuterRef(value.name)
        inner = type(self).plain(self.model)
        inner._filtered_relations = self._filtered_relations.copy()
        inner.add_filter(arg, value)
        inner.clear_ordering(force=True)
        base = inner.get_initial_alias()
        key = self.model._meta.pk
        inner.where.add(inner.outer_match(key, base), AND)
        return self._build(Exists(inner), context._replace(branch_negated=True, negated=True))

    def _already_joined(self, found: MultiJoin, can_reuse: set[str] | None) -> set[str] | None:
        """The aliases for the same relation that this very condition has joined without negation, if it has."""
        if not can_reuse:
            return None
        steps = [step for _, path in found.names_with_path for step in path]
        alias = self.base_table
        for step in steps:
            matches = [
                name
                for name, join in self.alias_map.items()
                if name in can_reuse and join.parent_alias == alias and join.join_field is step.join_field and self.alias_refcount[name]
            ]
            if not matches:
                return None
            alias = matches[-1]
        return can_reuse

    @classmethod
    def plain(cls, model: Any) -> Any:
        """A new query for the model."""
        return cls(model)

    def outer_match(self, key: Any, base: str) -> Any:
        """The condition that ties a subquery's first table to the same row of the query around it."""
        if hasattr(key, "fields") and getattr(self.model._meta, "is_composite_pk", False):
            parts = [self._outer_equal(field, base) for field in key.fields]
            return WhereNode(parts)
        return self._outer_equal(key, base)

    def _outer_equal(self, field: Any, base: str) -> Any:
        name = "pk" if field is self.model._meta.pk else field.name
        column = field.get_col(base)
        lookup = getattr(field, "target_field", None) or field
        return lookup.get_lookup("exact")(column, ResolvedOuterRef(name))

    def check_alias(self, alias: str) -> None:
        """Refuse dangerous names; the columns do it."""
        raise NotImplementedError

    def clear_ordering(self, force: bool = False, clear_default: bool = True) -> None:
        """Drop ORDER BY; the ordering does it."""
        raise NotImplementedError

    # -- filtered relations ----------------------------------------------------------------------------------------

    def add_filtered_relation(self, filtered_relation: Any, alias: str) -> None:
        """Make a filtered relation available as ``alias``. Raises ValueError for paths that reach too far."""
        self.check_alias(alias)
        if "." in alias:
            raise ValueError(f"FilteredRelation doesn't support aliases with periods (got {alias!r}).")
        filtered_relation.alias = alias
        relation_lookups, relation_parts, _ = self.solve_lookup_type(filtered_relation.relation_name)
        if relation_lookups:
            raise ValueError(
                f"FilteredRelation's relation_name cannot contain lookups (got {filtered_relation.relation_name!r})."
            )
        for lookup, value in _lookups_of(filtered_relation.condition):
            if hasattr(value, "query") or getattr(value, "is_query", False):
                raise ValueError("Passing a QuerySet within a FilteredRelation is not supported.")
            self._check_filtered_path(filtered_relation.relation_name, relation_parts, lookup)
        self._filtered_relations[alias] = filtered_relation

    def _check_filtered_path(self, relation: str, relation_parts: list[str], lookup: str) -> None:
        lookups, parts, _ = self.solve_lookup_type(lookup)
        if len(parts) > len(relation_parts) + 1 or (len(parts) == len(relation_parts) + 1 and self._is_relation(parts) and lookups):
            raise ValueError(
                f"FilteredRelation's condition doesn't support nested relations deeper than the relation_name (got {lookup!r} for {relation!r})."
            )
        if lookups and len(parts) > 1 and parts[: len(relation_parts)] != relation_parts and parts[:-1] != relation_parts[: len(parts) - 1]:
            raise ValueError(
                f"FilteredRelation's condition doesn't support relations outside the {relation!r} (got {lookup!r})."
            )

    def _is_relation(self, parts: list[str]) -> bool:
        return bool(self.walk(parts, self.get_meta()).final_field.is_relation)

    def _resolve_filtered(self, join: Any) -> None:
        filtered = join.filtered_relation
        if filtered.resolved_condition is not None:
            return
        reuse = {join.table_alias, *self._ancestors(join.table_alias)}
        condition = filtered.condition if filtered.condition is not None else Q()
        renamed = _renamed(condition, filtered.relation_name, filtered.alias)
        known = len(self.alias_map)
        context = Context(reuse, split_subqueries=True, allow_joins=True)
        filtered.resolved_condition, _ = self._build_q(renamed, context)
        if len(self.alias_map) > known:
            # What the condition joined must stand before the join whose ON clause reads it.
            self.alias_map[join.table_alias] = self.alias_map.pop(join.table_alias)

    def _ancestors(self, alias: str) -> list[str]:
        found: list[str] = []
        parent = self.alias_map[alias].parent_alias
        while parent is not None:
            found.append(parent)
            parent = self.alias_map[parent].parent_alias
        return found

    # -- checks ----------------------------------------------------------------------------------------------------

    def check_filterable(self, expression: Any) -> None:
        """Raises NotSupportedError for expressions that cannot stand in WHERE."""
        if hasattr(expression, "resolve_expression") and not getattr(expression, "filterable", True):
            raise NotSupportedError(f"{type(expression).__name__} is disallowed in the filter clause.")
        if hasattr(expression, "get_source_expressions") and not getattr(expression, "is_query", False):
            for source in expression.get_source_expressions():
                self.check_filterable(source)

    def check_related_objects(self, field: Any, value: Any, opts: Any) -> None:
        """Raises ValueError for an object or queryset of another model than the relation's."""
        if not field.is_relation:
            return
        if getattr(value, "is_query", False):
            self._check_related_query(field, value, opts)
        elif hasattr(value, "_meta"):
            self.check_query_object_type(value, opts, field)
        elif isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
            for item in value:
                self.check_query_object_type(item, opts, field)

    def _check_related_query(self, field: Any, value: Any, opts: Any) -> None:
        if value.has_select_fields or check_rel_lookup_compatibility(value.model, opts, field):
            return
        raise ValueError(
            f'Cannot use QuerySet for "{value.model._meta.object_name}": Use a QuerySet for "{opts.object_name}".'
        )

    def check_query_object_type(self, value: Any, opts: Any, field: Any) -> None:
        """Raises ValueError for an object of another model."""
        if hasattr(value, "_meta") and not check_rel_lookup_compatibility(value._meta.model, opts, field):
            raise ValueError(f'Cannot query "{value}": Must be "{opts.object_name}" instance.')


def check_rel_lookup_compatibility(model: Any, target_opts: Any, field: Any) -> bool:
    """Whether objects of ``model`` can be what ``field`` points to."""

    def related(opts: Any) -> bool:
        concrete = model._meta.concrete_model
        return bool(
            concrete == opts.concrete_model
            or opts.concrete_model in model._meta.all_parents
            or model in opts.all_parents
        )

    return related(target_opts) or (getattr(field, "primary_key", False) and related(field.model._meta))


def _is_null_test(condition: Any) -> bool:
    return getattr(condition, "lookup_name", None) == "isnull"


def _lists_none(condition: Any) -> bool:
    """Whether it is membership in a list that holds None."""
    if condition.lookup_name != "in" or not condition.rhs_is_direct_value():
        return False
    return any(value is None for value in condition.rhs)


def _lookups_of(condition: Any) -> Iterator[tuple[str, Any]]:
    if condition is None:
        return
    for child in condition.children:
        if isinstance(child, Q):
            yield from _lookups_of(child)
        elif isinstance(child, tuple):
            yield child


def _renamed(condition: Any, relation: str, alias: str) -> Any:
    """The condition with names that begin with the relation's own begin with its alias instead."""
    children: list[Any] = []
    for child in condition.children:
        if isinstance(child, Q):
            child = _renamed(child, relation, alias)
        elif isinstance(child, tuple):
            name, value = child
            if isinstance(value, F) and not isinstance(value, OuterRef):
                value = F(_swap(value.name, relation, alias))
            child = (_swap(name, relation, alias), value)
        elif hasattr(child, "replace_expressions"):
            names = {part for part in child.flatten() if isinstance(part, F)}
            child = child.replace_expressions({part: F(_swap(part.name, relation, alias)) for part in names})
        children.append(child)
    return Q.create(children, condition.connector, condition.negated)


def _swap(name: str, relation: str, alias: str) -> str:
    if name == relation:
        return alias
    prefix = relation + LOOKUP_SEP
    return alias + name[len(relation) :] if name.startswith(prefix) else name
