"""Class attributes through which a model instance reads the values of its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nuages.models.fields.field import Field


class DeferredAttribute:
    """Loads a value that a query left out, on first access.

    It has no ``__set__``: as soon as the instance's ``__dict__`` has the value, Python finds that first and
    this class costs nothing.
    """

    def __init__(self, field: Field) -> None:
        self.field = field

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        data = instance.__dict__
        name = self.field.attname
        if name not in data:
            if not self._take_from_child(instance):
                if getattr(self.field, "generated", False) and instance._state.adding and not instance._is_pk_set():
                    raise AttributeError(
                        f"{self.field.name!r} is computed by the database: save the object first, then read it."
                    )
                if not instance._is_pk_set() and self.field not in instance._meta.pk_fields:
                    raise AttributeError(f"Cannot retrieve deferred field {name!r} from an unsaved model.")
                instance._state.fetch_mode.fetch(self, instance)
                if name not in data:
                    raise instance.DoesNotExist(f"{instance._meta.object_name} was deleted before its {name!r} was loaded.")
        return data[name]

    def _take_from_child(self, instance: Any) -> bool:
        """A parent's key equals the link of the child, which is often loaded already."""
        link = instance._meta.get_ancestor_link(self.field.model)
        if self.field.primary_key and self.field != link and link is not None:
            instance.__dict__[self.field.attname] = getattr(instance, link.attname)
            return True
        return False

    def fetch_one(self, instance: Any) -> None:
        """Load the value of this one instance."""
        instance.refresh_from_db(fields=[self.field.attname])

    def fetch_many(self, instances: Any) -> None:
        """Load the values of all `instances` in one query."""
        waiting = [one for one in instances if self.field.attname not in one.__dict__ and one._is_pk_set()]
        if not waiting:
            return
        name, db = self.field.attname, waiting[0]._state.db
        model = waiting[0].__class__
        found = dict(model._base_manager.db_manager(db).filter(
            pk__in={one.pk for one in waiting},
        ).values_list("pk", name))
        for one in waiting:
            if one.pk in found:
                one.__dict__[name] = found[one.pk]


class ForeignKeyDeferredAttribute(DeferredAttribute):
    """The raw value of a foreign key: setting another one forgets the related object."""

    def __set__(self, instance: Any, value: Any) -> None:
        field: Any = self.field
        name = field.attname
        if instance.__dict__.get(name) != value and field.is_cached(instance):
            field.delete_cached_value(instance)
        instance.__dict__[name] = value
