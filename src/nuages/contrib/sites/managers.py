"""CurrentSiteManager: the objects of the current site."""

from __future__ import annotations

from typing import Any

from nuages import checks, models
from nuages.conf import settings
from nuages.exceptions import FieldDoesNotExist


class CurrentSiteManager(models.Manager):
    """Restricts a model to what belongs to ``SITE_ID``, by the field `field_name` (``site`` or ``sites`` by default)."""

    use_in_migrations = True

    def __init__(self, field_name: str | None = None) -> None:
        super().__init__()
        self.__field_name = field_name

    def check(self, **kwargs: Any) -> list[Any]:
        """Adds sites.E001 and E002."""
        return [*super().check(**kwargs), *self._check_field_name()]

    def _check_field_name(self) -> list[Any]:
        name = self._get_field_name()
        try:
            field = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return [
                checks.Error(f"CurrentSiteManager could not find a field named '{name}'.", obj=self, id="sites.E001")
            ]
        if not field.many_to_many and not isinstance(field, models.ForeignKey):
            return [
                checks.Error(
                    f"CurrentSiteManager cannot use '{self.model._meta.object_name}.{name}': only a foreign key or a many-to-many field will do.",
                    obj=self,
                    id="sites.E002",
                )
            ]
        return []

    def _get_field_name(self) -> str:
        if self.__field_name is None:
            names = {field.name for field in self.model._meta.get_fields()}
            self.__field_name = "site" if "site" in names else "sites"
        return self.__field_name

    def get_queryset(self) -> Any:
        """The objects of the current site."""
        return super().get_queryset().filter(**{f"{self._get_field_name()}__id": settings.SITE_ID})
