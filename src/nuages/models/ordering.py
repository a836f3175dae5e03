"""``order_with_respect_to``: the hidden ``_order`` column and the methods that read and set the order."""

from __future__ import annotations

from functools import partial, partialmethod
from typing import Any

from nuages.db import router
from nuages.models.fields.numbers import IntegerField
from nuages.sql.aggregates import Max
from nuages.sql.q import Q

GROUPS_AT_ONCE = 50
"""For how many related objects one query asks which places are taken."""


class OrderWrt(IntegerField):
    """The position of an object among those that share its related object."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["name"] = "_order"
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)


def order_with_respect(options: Any, model: Any) -> None:
    """Give `model` its ``_order`` and its default ordering. Raises FieldDoesNotExist."""
    wanted = options.order_with_respect_to
    options.order_with_respect_to = find_field(options, wanted)
    options.ordering = ("_order",)
    if not any(isinstance(one, OrderWrt) for one in model._meta.local_fields):
        model.add_to_class("_order", OrderWrt())


def find_field(options: Any, name: str) -> Any:
    """The field that ``order_with_respect_to`` names, by its name or its raw name."""
    for one in options._get_fields(reverse=False):
        if name in (one.name, getattr(one, "attname", one.name)):
            return one
    return options.get_field(name)


def set_order(self: Any, id_list: Any, ordered_obj: Any, using: str | None = None) -> None:
    """Put the objects of `ordered_obj` that belong to `self` in the order of `id_list`."""
    using = using or router.db_for_write(ordered_obj)
    placed = [ordered_obj(pk=key, _order=position) for position, key in enumerate(id_list)]
    get_related(self, ordered_obj, using).bulk_update(placed, ["_order"])


def get_order(self: Any, ordered_obj: Any) -> Any:
    """Primary keys of the objects that belong to `self`, in order."""
    return get_related(self, ordered_obj, None).values_list("pk", flat=True)


def assign_places(model: Any, objs: Any, using: str) -> None:
    """Give new objects that have no place yet the next ones behind those that are saved already."""
    owner = model._meta.order_with_respect_to
    groups: dict[tuple[Any, ...], list[Any]] = {}
    fields: list[Any] = []
    for obj in objs:
        if obj._order is None:
            fields = fields or [model._meta.get_field(name) for name in owner.get_filter_kwargs_for_object(obj)]
            key = tuple(field.to_python(getattr(obj, field.attname)) for field in fields)
            groups.setdefault(key, []).append(obj)
    names = [field.attname for field in fields]
    keys = list(groups)
    for start in range(0, len(keys), GROUPS_AT_ONCE):
        some = keys[start : start + GROUPS_AT_ONCE]
        wanted = [Q(*zip(names, key, strict=True)) for key in some]
        rows = model._base_manager.using(using).filter(Q(*wanted, _connector=Q.OR)).order_by().values_list(*names)
        highest = {
            tuple(field.to_python(value) for field, value in zip(fields, row[:-1], strict=True)): row[-1]
            for row in rows.annotate(highest_order=Max("_order"))
        }
        for key in some:
            for place, obj in enumerate(groups[key], highest.get(key, -1) + 1):
                obj._order = place


def get_related(self: Any, ordered_obj: Any, using: str | None) -> Any:
    """The objects of `ordered_obj` that belong to `self`."""
    field = ordered_obj._meta.order_with_respect_to
    manager = ordered_obj._default_manager
    if using is not None:
        manager = manager.db_manager(using)
    return manager.filter(**field.get_forward_related_filter(self)).order_by("_order")


def add_accessors(ordered: Any, related: Any) -> None:
    """Give `related` its ``get_MODEL_order`` and ``set_MODEL_order``."""
    name = ordered.__name__.lower()
    setattr(related, f"get_{name}_order", partialmethod(get_order, ordered))
    setattr(related, f"set_{name}_order", partialmethod(order_setter, ordered))


def order_setter(self: Any, ordered_obj: Any, id_list: Any, using: str | None = None) -> None:
    """``set_MODEL_order(id_list, using=None)``."""
    set_order(self, id_list, ordered_obj, using)


def install(model: Any) -> None:
    """Add the methods of `model` and, once it exists, of the model that it is ordered by."""
    wrt = model._meta.order_with_respect_to
    model.get_next_in_order = partialmethod(model._get_next_or_previous_in_order, is_next=True)
    model.get_previous_in_order = partialmethod(model._get_next_or_previous_in_order, is_next=False)
    if wrt.remote_field is not None:
        target = wrt.remote_field.model
        key = target.split(".") if isinstance(target, str) and "." in target else None
        if key is not None:
            model._meta.apps.lazy_model_operation(partial(add_accessors, model), (key[0], key[1].lower()))
        elif isinstance(target, str):
            model._meta.apps.lazy_model_operation(partial(add_accessors, model), (model._meta.app_label, target.lower()))
        else:
            add_accessors(model, target)

