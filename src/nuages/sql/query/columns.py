"""What a query selects: columns, annotations, extra; deferred fields and related models."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from typing import Any

from nuages.exceptions import FieldError
from nuages.sql.constants import LOOKUP_SEP
from nuages.sql.expressions.columns import ColPairs, Ref
from nuages.sql.query.filters import Filters
from nuages.sql.query.names import MultiJoin, get_field_names_from_opts
from nuages.sql.where import ExtraWhere
from nuages.text.deprecation import RemovedInNextVersionWarning

FORBIDDEN_IN_ALIAS = re.compile(r"""['`"\]\[;\s\x00-\x1f\x7f-\x9f]|#|--|/\*|\*/""")
"""What could end or change the SQL around an alias."""


class Columns(Filters):
    """The SELECT list."""

    def clear_select_clause(self) -> None:
        """Select nothing."""
        self.select = ()
        self.default_cols = False
        self.select_related = False
        self.set_extra_mask(())
        self.set_annotation_mask(())

    def clear_select_fields(self) -> None:
        """Forget the columns chosen by ``values()``."""
        self.select = ()
        self.values_select = ()
        self.selected = None

    def add_select_col(self, col: Any, name: str) -> None:
        """Select one more column."""
        self.select += (col,)
        self.values_select += (name,)
        if self.selected is not None:
            self.selected[name] = len(self.select) - 1

    def set_select(self, cols: Iterable[Any]) -> None:
        """Select exactly these expressions."""
        self.default_cols = False
        self.select = tuple(cols)

    def add_fields(self, field_names: Iterable[str], allow_m2m: bool = True) -> None:
        """Select the columns of these names; names with joins keep rows without a match. Raises FieldError."""
        alias = self.get_initial_alias()
        opts = self.get_meta()
        columns: list[Any] = []
        for name in field_names:
            try:
                info = self.setup_joins(name.split(LOOKUP_SEP), opts, alias, allow_many=allow_m2m)
            except MultiJoin:
                raise FieldError(f"Invalid field name: '{name}'") from None
            targets, final_alias, _ = self.trim_joins(info.targets, info.joins, info.path)
            if len(targets) > 1 and not info.transforms:
                columns.append(ColPairs(final_alias, targets, info.targets, info.final_field))
                continue
            for target in targets:
                column = target.get_col(self._col_alias(final_alias))
                columns.append(self.apply_transforms(column, info, name.split(LOOKUP_SEP)))
        if columns:
            self.set_select([*self.select, *columns])

    def selected_expressions(self) -> list[Any]:
        """The columns and annotations that are selected."""
        return [*self.select, *self.annotation_select.values()]

    def set_values(self, fields: Iterable[str]) -> None:
        """Select for ``values()``: fields, annotations and extra columns by name, or all of them."""
        self.select_related = False
        self.clear_deferred_loading()
        self.clear_select_fields()
        names = list(fields)
        if names:
            field_names = self._choose(names)
        else:
            self.default_cols = False
            field_names = [field.attname for field in self.model._meta.concrete_fields]
        self._group_selected(field_names)
        self.values_select = tuple(field_names)
        self.add_fields(field_names, True)

    def _choose(self, names: list[str]) -> list[str]:
        self.default_cols = False
        if not self.extra and not self.annotations and len(set(names)) == len(names):
            self.selected = {name: index for index, name in enumerate(names)}
            return names
        fields: list[str] = []
        extras: list[str] = []
        annotations: list[str] = []
        self.selected = {}
        for name in names:
            key = name
            while key in self.selected:
                key += "\0"  # the same name once more: no column is called so
            if name in self.extra:
                extras.append(name)
                self.selected[key] = name
            elif name in self.annotations:
                self._check_selectable(name)
                annotations.append(name)
                self.selected[key] = name
            else:
                self.selected[key] = len(fields)
                fields.append(name)
        self.set_extra_mask(extras)
        self.set_annotation_mask(annotations)
        return fields

    def _check_selectable(self, name: str) -> None:
        """Raises FieldError for annotations that are not to be selected."""
        if self.annotation_select_mask is None or name in self.annotation_select_mask:
            return
        if name in self.aliased:
            raise FieldError(f"Cannot select the '{name}' alias. Use annotate() to promote it.")
        raise FieldError(
            f"Cannot select the '{name}' alias. An earlier values() or values_list() left it out. "
            f"Include '{name}' in that call to select it."
        )

    def _group_selected(self, field_names: list[str]) -> None:
        """GROUP BY was meant for the columns before: keep these, and make references of those that are no longer selected."""
        if self.group_by is True:
            self.add_fields((field.attname for field in self.model._meta.concrete_fields), False)
            self.set_group_by(allow_aliases=False)
            self.clear_select_fields_keep_selected()
        elif self.group_by:
            grouped: list[Any] = []
            for expression in self.group_by:
                if isinstance(expression, Ref) and expression.refs not in (self.selected or {}):
                    expression = self.annotations[expression.refs]
                grouped.append(expression)
            self.group_by = tuple(grouped)

    def clear_select_fields_keep_selected(self) -> None:
        """Forget the columns, but not the order of names."""
        self.select = ()
        self.values_select = ()

    def set_group_by(self, allow_aliases: bool = True) -> None:
        """Group by all that is selected and no aggregate."""
        group: list[Any] = list(self.select)
        for alias, annotation in self.annotation_select.items():
            columns = annotation.get_group_by_cols()
            if not columns:
                continue
            if allow_aliases and not annotation.contains_aggregate:
                group.append(Ref(alias, annotation))
            else:
                group.extend(columns)
        self.group_by = tuple(group)

    # -- annotations -----------------------------------------------------------------------------------------------

    def check_alias(self, alias: str) -> None:
        """Raises ValueError for names that could change the SQL."""
        if "%" in alias:
            warnings.warn("Using percent signs in a column alias is deprecated.", RemovedInNextVersionWarning, stacklevel=2)
        if FORBIDDEN_IN_ALIAS.search(alias):
            raise ValueError(
                "Column aliases cannot contain whitespace characters, hashes, control characters, quotation marks, "
                "semicolons, or SQL comments."
            )

    def add_annotation(self, annotation: Any, alias: str, select: bool = True) -> None:
        """Add an expression under a name; ``select=False`` for ``alias()``."""
        self.check_alias(alias)
        resolved = annotation.resolve_expression(self, allow_joins=True, reuse=None)
        if select:
            self.aliased = self.aliased - {alias}
            self.append_annotation_mask([alias])
        else:
            self.aliased = self.aliased | {alias}
            self.set_annotation_mask([name for name in self.annotation_select if name != alias])
        self.annotations[alias] = resolved
        self._annotation_select_cache = None
        if self.selected is not None:
            if select:
                self.selected[alias] = alias
            else:
                self.selected.pop(alias, None)

    def set_annotation_mask(self, names: Iterable[str] | None) -> None:
        """Select only these annotations (None: all)."""
        self.annotation_select_mask = None if names is None else list(dict.fromkeys(names))
        self._annotation_select_cache = None
        if self.selected is not None and self.annotation_select_mask is not None:
            for name in list(self.selected):
                if name in self.annotations and name not in self.annotation_select_mask:
                    del self.selected[name]

    def append_annotation_mask(self, names: Iterable[str]) -> None:
        """Select these annotations too."""
        if self.annotation_select_mask is not None:
            self.set_annotation_mask([*self.annotation_select_mask, *(name for name in names if name not in self.annotation_select_mask)])

    def set_extra_mask(self, names: Iterable[str] | None) -> None:
        """Select only these extra columns (None: all)."""
        self.extra_select_mask = None if names is None else set(names)

    def add_extra(self, select: Any, select_params: Any, where: Any, params: Any, tables: Any, order_by: Any) -> None:
        """The raw parts of ``extra()``. Raises ValueError for names that could change the SQL."""
        if select:
            remaining = iter(select_params or ())
            for name, entry in select.items():
                self.check_alias(name)
                text = str(entry)
                needed = _count_placeholders(text)
                self.extra[name] = (text, [next(remaining) for _ in range(needed)])
        if where or params:
            self.where.add(ExtraWhere(where or (), params), "AND")
        if tables:
            self.extra_tables += tuple(tables)
        if order_by:
            self.extra_order_by = tuple(order_by)

    # -- deferred fields -------------------------------------------------------------------------------------------

    def clear_deferred_loading(self) -> None:
        """Load all fields."""
        self.deferred_loading = (frozenset(), True)

    def add_deferred_loading(self, field_names: Iterable[str]) -> None:
        """Do not load these either."""
        existing, defer = self.deferred_loading
        if defer:
            self.deferred_loading = existing.union(field_names), True
            return
        names = set(field_names)
        left = existing.difference(names)
        if left:
            self.deferred_loading = left, False
            return
        self.clear_deferred_loading()
        if new := names.difference(existing):
            self.deferred_loading = frozenset(new), True

    def add_immediate_loading(self, field_names: Iterable[str]) -> None:
        """Load only these, as ``only()`` says."""
        existing, defer = self.deferred_loading
        names = set(field_names)
        if "pk" in names:
            names.remove("pk")
            names.add(self.get_meta().pk.name)
        self.deferred_loading = (frozenset(names.difference(existing)) if defer else frozenset(names)), False

    def get_select_mask(self) -> dict[Any, Any]:
        """The fields to load as a tree (field → tree of its relation's fields); empty for all of them. Raises FieldError."""
        names, defer = self.deferred_loading
        if not names:
            return {}
        wanted: dict[str, Any] = {}
        for name in names:
            level = wanted
            for part in name.split(LOOKUP_SEP):
                level = level.setdefault(part, {})
        opts = self.get_meta()
        return self._defer_mask(opts, wanted) if defer else self._only_mask(opts, wanted)

    def _mask_field(self, opts: Any, name: str) -> Any:
        if name == "pk":
            return opts.pk
        if name in self._filtered_relations:
            return opts.get_field(self._filtered_relations[name].relation_name)
        return opts.get_field(name)

    def _related_opts(self, field: Any) -> Any:
        return field.related_model._meta.concrete_model._meta

    def _defer_mask(self, opts: Any, wanted: dict[str, Any], skip: Any = None) -> dict[Any, Any]:
        mask: dict[Any, Any] = {field: {} for field in opts.concrete_fields if field is not skip or field.primary_key}
        for name, below in wanted.items():
            field = self._mask_field(opts, name)
            if not below:
                if field not in opts.pk_fields and field is not opts.pk:
                    mask.pop(field, None)
                continue
            if not field.is_relation:
                raise FieldError(f"Cannot resolve keyword {next(iter(below))!r} into field. Join on {name!r} not permitted.")
            mask[field] = self._defer_mask(self._related_opts(field), below, getattr(field, "remote_field", None))
        return mask

    def _only_mask(self, opts: Any, wanted: dict[str, Any]) -> dict[Any, Any]:
        mask: dict[Any, Any] = {opts.pk: {}}
        for part in getattr(opts, "pk_fields", ()):
            mask[part] = {}
        for name, below in wanted.items():
            field = self._mask_field(opts, name)
            own = mask.setdefault(field, {})
            if below:
                if not field.is_relation:
                    raise FieldError(f"Cannot resolve keyword {next(iter(below))!r} into field. Join on {name!r} not permitted.")
                own.update(self._only_mask(self._related_opts(field), below))
        return mask

    # -- related models --------------------------------------------------------------------------------------------

    def add_select_related(self, fields: Iterable[str]) -> None:
        """Select these related models too."""
        tree: dict[str, Any] = {} if isinstance(self.select_related, bool) else self.select_related
        for path in fields:
            level = tree
            for part in path.split(LOOKUP_SEP):
                level = level.setdefault(part, {})
        self.select_related = tree

    def field_choices(self, opts: Any) -> set[str]:
        """The names that a lookup on these options may begin with."""
        return get_field_names_from_opts(opts)


def _count_placeholders(sql: str) -> int:
    return sql.replace("%%", "").count("%s")

