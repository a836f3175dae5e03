"""``select_related``: the joins and columns of related models in the same SELECT."""

from __future__ import annotations

from typing import Any

from nuages.exceptions import FieldError
from nuages.sql.compiler.plans import ModelPlan


def _nothing(first: Any, second: Any) -> None:
    pass


class RelatedSelections:
    """Walks the relations that ``select_related`` names (or all forward ones, to a depth) and adds to the select list."""

    def __init__(self, compiler: Any, select: list[Any]) -> None:
        self.compiler = compiler
        self.query = compiler.query
        self.select = select

    def plan(
        self, opts: Any, alias: str, mask: dict[Any, Any], requested: dict[str, Any] | None, depth: int = 1
    ) -> list[ModelPlan]:
        """The plans of all models below ``opts``; ``requested`` is None for all relations that are not null."""
        limit = self.query.max_depth
        if requested is None and limit and depth > limit:
            return []
        found: set[str] = set()
        plans = self._forward(opts, alias, mask, requested, depth, found)
        if requested is None:
            return plans
        plans += self._reverse(opts, alias, mask, requested, depth, found)
        plans += self._filtered(opts, alias, mask, requested, depth, found)
        self._check(opts, requested, found)
        return plans

    def _check(self, opts: Any, requested: dict[str, Any], found: set[str]) -> None:
        unknown = set(requested) - found
        if not unknown:
            return
        choices = [field.name for field in opts.fields if field.is_relation]
        choices += [rel.field.related_query_name() for rel in opts.related_objects if rel.field.unique]
        choices += list(self.query._filtered_relations)
        listed = ", ".join(f"'{name}'" for name in sorted(unknown))
        raise FieldError(
            f"Invalid field name(s) given in select_related: {listed}. Choices are: {', '.join(sorted(choices)) or '(none)'}"
        )

    def _wanted(self, field: Any, requested: dict[str, Any] | None, mask: dict[Any, Any], name: str) -> bool:
        if not getattr(field, "remote_field", None):
            return False
        if requested is None:
            return not field.null and not field.remote_field.parent_link
        if field.remote_field.parent_link and name not in requested:
            return False
        if name not in requested:
            return False
        if mask and field not in mask:
            raise FieldError(
                f"Field {field.model._meta.object_name}.{field.name} cannot be both deferred and traversed using select_related at the same time."
            )
        return True

    def _forward(self, opts: Any, alias: str, mask: Any, requested: Any, depth: int, found: set[str]) -> list[ModelPlan]:
        plans: list[ModelPlan] = []
        for field in opts.fields:
            if requested is not None:
                if field.name in requested and not field.is_relation:
                    raise FieldError(
                        f"Non-relational field given in select_related: '{field.name}'. Choices are: "
                        f"{', '.join(one.name for one in opts.fields if one.is_relation) or '(none)'}"
                    )
                if field.is_relation and field.name in requested:
                    found.add(field.name)
            if not field.is_relation or not self._wanted(field, requested, mask, field.name):
                continue
            info = self.query.setup_joins([field.name], opts, alias)
            plan = ModelPlan(field.remote_field.model, field=field)
            plan.set_on_parent = field.set_cached_value
            plan.set_on_self = field.remote_field.set_cached_value if field.unique else _nothing
            self._fill(plan, field.related_model._meta, info.joins[-1], mask.get(field) or {}, self._below(requested, field.name), depth)
            plans.append(plan)
        return plans

    def _below(self, requested: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
        return None if requested is None else requested[name]

    def _fill(
        self,
        plan: ModelPlan,
        opts: Any,
        alias: str,
        mask: dict[Any, Any],
        requested: dict[str, Any] | None,
        depth: int,
        from_parent: Any = None,
    ) -> None:
        for column in self.compiler.get_default_columns(mask, start_alias=alias, opts=opts, from_parent=from_parent):
            plan.select_fields.append(len(self.select))
            self.select.append((column, None))
        if requested is None or requested:
            plan.related = self.plan(opts, alias, mask, requested, depth + 1)

    def _reverse(self, opts: Any, alias: str, mask: Any, requested: dict[str, Any], depth: int, found: set[str]) -> list[ModelPlan]:
        plans: list[ModelPlan] = []
        for relation in opts.related_objects:
            if not relation.field.unique or relation.many_to_many:
                continue
            name = relation.field.related_query_name()
            if name not in requested:
                continue
            found.add(name)
            model = relation.related_model
            info = self.query.setup_joins([name], opts, alias)
            from_parent = issubclass(model, opts.model) and model is not opts.model
            plan = ModelPlan(model, field=relation.field, reverse=True, from_parent=from_parent)
            plan.set_on_parent = relation.set_cached_value
            plan.set_on_self = relation.field.set_cached_value
            sub_mask = mask.get(relation) or mask.get(relation.field) or {}
            self._fill(plan, model._meta, info.joins[-1], sub_mask, requested[name], depth, opts.model if from_parent else None)
            plans.append(plan)
        return plans

    def _filtered(self, opts: Any, alias: str, mask: Any, requested: dict[str, Any], depth: int, found: set[str]) -> list[ModelPlan]:
        plans: list[ModelPlan] = []
        for name in list(requested):
            if name in found or depth > 1 or name not in self.query._filtered_relations:
                continue
            found.add(name)
            info = self.query.setup_joins([name], opts, alias)
            field = info.final_field
            model = info.opts.model
            plan = ModelPlan(model, field=field, reverse=True)
            plan.set_on_parent = _attribute_setter(name)
            plan.set_on_self = _remote_setter(field, opts) if len(info.path) == 1 else _nothing
            self._fill(plan, model._meta, info.joins[-1], mask.get(field) or {}, requested[name], depth)
            plans.append(plan)
        return plans


def _attribute_setter(name: str) -> Any:
    def put(parent: Any, instance: Any) -> None:
        setattr(parent, name, instance)

    return put


def _remote_setter(field: Any, opts: Any) -> Any:
    remote = getattr(field, "remote_field", None)
    if remote is None or getattr(remote, "multiple", False) or getattr(field, "many_to_many", False):
        return _nothing

    def put(instance: Any, parent: Any) -> None:
        if parent is not None:
            remote.set_cached_value(instance, parent)

    return put
