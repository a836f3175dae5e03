"""From names to columns: paths through relations, transforms, annotations."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from nuages.exceptions import FieldDoesNotExist, FieldError
from nuages.sql.constants import LOOKUP_SEP
from nuages.sql.expressions.columns import Col, ColPairs, Ref
from nuages.sql.joins import Join
from nuages.sql.query.tables import JoinInfo, MultiJoin, Tables


class Walk(NamedTuple):
    """How far a list of names leads through relations."""

    path: list[Any]
    final_field: Any
    targets: tuple[Any, ...]
    rest: list[str]
    opts: Any
    names_with_path: list[tuple[str, list[Any]]]


def get_field_names_from_opts(opts: Any) -> set[str]:
    """All names that a lookup may begin with."""
    if opts is None:
        return set()
    found: set[str] = set()
    for field in opts.get_fields():
        found.add(field.name)
        if getattr(field, "concrete", False):
            found.add(field.attname)
    return found


class Names(Tables):
    """Name resolution."""

    def _field_called(self, name: str, opts: Any, first: bool) -> tuple[Any, Any, bool]:
        """The field, the filtered relation it belongs to, and whether the name means anything at all."""
        if opts is None:
            return None, None, False
        if name == "pk":
            name = opts.pk.name
        try:
            return opts.get_field(name), None, True
        except FieldDoesNotExist:
            pass
        if first and name in self._filtered_relations:
            filtered = self._filtered_relations[name]
            return None, filtered, True
        return None, None, False

    def walk(self, names: Sequence[str], opts: Any, allow_many: bool = True, fail_on_missing: bool = False) -> Walk:
        """Follow the names as far as they are fields. Raises FieldError if not even the first is; MultiJoin if not ``allow_many``."""
        path: list[Any] = []
        named: list[tuple[str, list[Any]]] = []
        final_field: Any = None
        targets: tuple[Any, ...] = ()
        for position, name in enumerate(names):
            field, filtered, known = self._field_called(name, opts, position == 0)
            if not known:
                if position == 0 or fail_on_missing:
                    self._unknown(name, opts)
                return Walk(path, final_field, targets, list(names[position:]), opts, named)
            steps, final_field = self._steps(field, filtered, opts)
            if steps is None:
                if fail_on_missing and position + 1 != len(names):
                    raise FieldError(f"Cannot resolve keyword {names[position + 1]!r} into field. Join on {name!r} not permitted.")
                parent = self._to_parent(field, opts)
                path.extend(parent)
                return Walk(path, field, (field,), list(names[position + 1 :]), opts, [*named, (name, parent)])
            many = next((index for index, step in enumerate(steps) if step.m2m), None)
            if not allow_many and many is not None:
                raise MultiJoin(position + 1, [*named, (name, steps[: many + 1])])
            path.extend(steps)
            named.append((name, steps))
            opts, targets = steps[-1].to_opts, steps[-1].target_fields
        return Walk(path, final_field, targets, [], opts, named)

    def names_to_path(
        self, names: Sequence[str], opts: Any, allow_many: bool = True, fail_on_missing: bool = False
    ) -> tuple[list[Any], Any, tuple[Any, ...], list[str]]:
        """As ``walk``, for extensions that follow the path of a lookup: joins, last field, its targets, and names that are no fields."""
        walk = self.walk(names, opts, allow_many, fail_on_missing)
        return walk.path, walk.final_field, walk.targets, walk.rest

    def _steps(self, field: Any, filtered: Any, opts: Any) -> tuple[list[Any] | None, Any]:
        """The joins that a relation stands for, and the field at its end; None for a field that is no relation."""
        if filtered is not None:
            return self._filtered_steps(filtered, opts)
        if field.is_relation and not field.related_model:
            raise FieldError(
                f"Field {field.name!r} does not generate an automatic reverse relation and cannot be used in lookups: "
                "a generic relation from the other model would allow it."
            )
        if not hasattr(field, "path_infos"):
            return None, field
        infos = list(field.path_infos)
        return [*self._to_parent(field, opts), *infos], infos[-1].join_field

    def _filtered_steps(self, filtered: Any, opts: Any) -> tuple[list[Any], Any]:
        steps: list[Any] = []
        current = opts
        for position, name in enumerate(filtered.relation_name.split(LOOKUP_SEP)):
            chained = self._filtered_relations.get(name) if position == 0 and name != filtered.alias else None
            if chained is not None:
                steps.extend(self._filtered_steps(chained, current)[0])
            else:
                field = current.get_field(name)
                if not hasattr(field, "path_infos"):
                    raise FieldError(f"Cannot filter the relation {filtered.relation_name!r}: {name!r} is not one that can be joined.")
                steps.extend([*self._to_parent(field, current), *field.path_infos])
            current = steps[-1].to_opts
        steps[-1] = steps[-1]._replace(filtered_relation=filtered)
        return steps, steps[-1].join_field

    def _to_parent(self, field: Any, opts: Any) -> list[Any]:
        """The joins to the parent model that holds an inherited field."""
        if getattr(field, "auto_created", False) and not getattr(field, "concrete", False):
            owner = field.model
        else:
            owner = getattr(field, "model", None)
        if owner is None or owner._meta.concrete_model is opts.concrete_model:
            return []
        return list(opts.get_path_to_parent(owner._meta.concrete_model))

    def _unknown(self, name: str, opts: Any) -> None:
        choices = sorted({*get_field_names_from_opts(opts), *self.annotations, *self._filtered_relations})
        raise FieldError(f"Cannot resolve keyword {name!r} into field. Choices are: {', '.join(choices)}")

    # -- joins along a path ----------------------------------------------------------------------------------------

    def setup_joins(
        self,
        names: Sequence[str],
        opts: Any,
        alias: str,
        can_reuse: set[str] | None = None,
        allow_many: bool = True,
        fail_on_missing: bool = False,
    ) -> JoinInfo:
        """Make the joins for a path of names. ``can_reuse``: joins of many that may be used again (None: all)."""
        found = self.walk(names, opts, allow_many, fail_on_missing)
        joins = [alias]
        for step in found.path:
            alias = self._join_step(step, alias, can_reuse)
            joins.append(alias)
        return JoinInfo(found.final_field, found.targets, found.opts, joins, found.path, found.rest)

    def _join_step(self, step: Any, alias: str, can_reuse: set[str] | None) -> str:
        filtered = step.filtered_relation
        table_alias = None
        if filtered is not None:
            filtered = filtered.clone()
            table_alias = filtered.alias
        nullable = self.is_nullable(step.join_field) if step.direct else True
        join = Join(step.to_opts.db_table, alias, table_alias, "", step.join_field, nullable, filtered_relation=filtered)
        reuse = can_reuse if step.m2m else None
        return self.join(join, reuse=reuse)

    def join_parent_model(self, opts: Any, model: Any, alias: str, seen: dict[Any, str]) -> str:
        """The alias of a parent model's table, joined where needed; ``seen`` keeps those of one call's series."""
        if model in seen:
            return seen[model]
        for step in opts.get_path_to_parent(model):
            parent = step.to_opts.model
            if parent not in seen:
                seen[parent] = self._join_step(step, alias, None)
            alias = seen[parent]
        return seen.get(model, alias)

    def trim_joins(self, targets: tuple[Any, ...], joins: list[str], path: list[Any]) -> tuple[tuple[Any, ...], str, list[str]]:
        """Drop joins at the end whose columns the table before already has. Returns targets, last alias and joins."""
        joins = joins[:]
        for step in reversed(path):
            if len(joins) == 1 or not step.direct or step.filtered_relation is not None:
                break
            on_join = {column.column for column in step.join_field.foreign_related_fields}
            wanted = {column.column for column in targets}
            if not wanted <= on_join:
                break
            local = {right.column: left for left, right in step.join_field.related_fields if right.column in wanted}
            targets = tuple(local[column.column] for column in targets)
            self.unref_alias(joins.pop())
        return targets, joins[-1], joins

    def is_nullable(self, field: Any) -> bool:
        """Whether a column may hold NULL in practice."""
        return bool(field.null)

    # -- references ------------------------------------------------------------------------------------------------

    def resolve_ref(self, name: str, allow_joins: bool = True, reuse: Any = None, summarize: bool = False) -> Any:
        """The expression that a name stands for: an annotation, or a column with the joins to it. Raises FieldError."""
        first, *rest = name.split(LOOKUP_SEP)
        if summarize and name in self.earlier_aggregates:
            return Ref(name, self.earlier_aggregates[name])
        annotation = self.annotations.get(name)
        if annotation is not None:
            return self._annotation_ref(name, annotation, allow_joins, summarize)
        if first in self.annotations:
            found = self._annotation_ref(first, self.annotations[first], allow_joins, summarize)
            return self._transformed(found, rest)
        info = self.setup_joins([first, *rest], self.get_meta(), self.get_initial_alias(), can_reuse=reuse)
        targets, alias, joins = self.trim_joins(info.targets, info.joins, info.path)
        if not allow_joins and len(joins) > 1:
            raise FieldError("Joined field references are not permitted in this query")
        if reuse is not None:
            reuse.update(joins)
        column = self._column(targets, alias, info)
        return self.apply_transforms(column, info, [first, *rest])

    def apply_transforms(self, column: Any, info: JoinInfo, names: Sequence[str]) -> Any:
        """The column under the transforms at the end of a path. Raises FieldError that speaks of the path."""
        try:
            return self._transformed(column, info.transforms)
        except FieldError:
            unknown = info.transforms[0]
            if info.final_field.is_relation:
                self._unknown(unknown, info.opts)
            before = names[len(names) - len(info.transforms) - 1]
            raise FieldError(f"Cannot resolve keyword {unknown!r} into field. Join on {before!r} not permitted.") from None

    def _column(self, targets: tuple[Any, ...], alias: str, info: JoinInfo) -> Any:
        if len(targets) > 1:
            return ColPairs(alias, targets, info.targets, info.final_field)
        return targets[0].get_col(self._col_alias(alias))

    def _col_alias(self, alias: str) -> str | None:
        return alias if self.alias_cols else None

    def _annotation_ref(self, name: str, annotation: Any, allow_joins: bool, summarize: bool) -> Any:
        if not allow_joins:
            for part in _flat(annotation):
                if isinstance(part, Col) and isinstance(self.alias_map.get(part.alias or ""), Join):
                    raise FieldError("Joined field references are not permitted in this query")
        if summarize:
            if name not in self.annotation_select:
                raise FieldError(f"Cannot aggregate over the {name!r} alias. Use annotate() to promote it.")
            return Ref(name, self.annotation_select[name])
        return annotation

    def _transformed(self, expression: Any, names: Iterable[str]) -> Any:
        for name in names:
            expression = self.try_transform(expression, name)
        return expression

    def try_transform(self, lhs: Any, name: str, rest: Sequence[str] = ()) -> Any:
        """``lhs`` under the transform called ``name``. Raises FieldError if its field has none of that name."""
        transform = lhs.get_transform(name)
        if transform is not None:
            return transform(lhs)
        field = lhs.output_field
        known = sorted(getattr(field, "get_lookups", dict)())
        close = difflib.get_close_matches(name, known)
        hint = f", perhaps you meant {' or '.join(close)}?" if close else "."
        shown = LOOKUP_SEP.join(rest) or name
        raise FieldError(f"Unsupported lookup '{shown}' for {type(field).__name__} or join on the field not permitted{hint}")

    # -- lookups ---------------------------------------------------------------------------------------------------

    def solve_lookup_type(self, lookup: str, summarize: bool = False) -> tuple[list[str], list[str], Any]:
        """Lookups and transforms, names of fields, and the annotation if the path begins with one."""
        parts = lookup.split(LOOKUP_SEP)
        if self.annotations:
            for length in range(len(parts), 0, -1):
                name = LOOKUP_SEP.join(parts[:length])
                if name in self.annotations:
                    found = self.annotations[name]
                    return parts[length:], [], Ref(name, found) if summarize else found
        found_path = self.walk(parts, self.get_meta())
        used = len(parts) - len(found_path.rest)
        if len(found_path.rest) > 1 and not used:
            raise FieldError(f"Invalid lookup {lookup!r} for model {self.model.__name__}.")
        return found_path.rest, parts[:used], None

    def build_lookup(self, lookups: Sequence[str], lhs: Any, rhs: Any) -> Any:
        """The condition for ``lhs`` under the named transforms and lookup. Raises FieldError for unknown ones, ValueError for None."""
        *transforms, name = lookups or ["exact"]
        for position, transform in enumerate(transforms):
            lhs = self.try_transform(lhs, transform, [*transforms[position:], name])
        lookup_class = lhs.get_lookup(name)
        if not lookup_class:
            lhs = self.try_transform(lhs, name)
            name = "exact"
            lookup_class = lhs.get_lookup(name)
            if not lookup_class:
                raise FieldError(f"{type(lhs.output_field).__name__} has no 'exact' lookup to compare {lhs!r} with.")
        lookup = lookup_class(lhs, rhs)
        if lookup.rhs is None and not lookup.can_use_none_as_rhs:
            if name not in ("exact", "iexact"):
                raise ValueError("Cannot use None as a query value")
            return lhs.get_lookup("isnull")(lhs, True)
        return lookup

    def resolve_lookup_value(self, value: Any, can_reuse: Any, allow_joins: bool, summarize: bool = False) -> Any:
        """A value with the expressions in it resolved."""
        if hasattr(value, "resolve_expression"):
            return value.resolve_expression(self, allow_joins=allow_joins, reuse=can_reuse, summarize=summarize)
        if isinstance(value, (list, tuple)):
            # Tuples may stand in a list: the keys that a composite primary key is looked for by.
            if not any(hasattr(item, "resolve_expression") or isinstance(item, (list, tuple)) for item in value):
                return value
            items = [self.resolve_lookup_value(item, can_reuse, allow_joins, summarize) for item in value]
            return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
        return value


def _flat(expression: Any) -> Iterable[Any]:
    return expression.flatten() if hasattr(expression, "flatten") else (expression,)


__all__ = ["MultiJoin", "Names", "get_field_names_from_opts"]
