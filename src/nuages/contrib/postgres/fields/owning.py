"""What fields share whose values are made of those of another field, their ``base_field``."""

from __future__ import annotations

from typing import Any

from nuages.contrib.postgres.installation import installation_errors
from nuages.models.fields.field import Field, T


class Carrier:
    """An object with one attribute, from which a field takes the value to write."""

    def __init__(self, name: str, value: Any) -> None:
        setattr(self, name, value)


class OwningField(Field[T]):
    """A field that lends its name and model to its base field, whose errors and conversions speak of them."""

    base_field: Any

    @property
    def model(self) -> Any:  # type: ignore[override]
        """The model that the field belongs to; there is none before it joins one."""
        try:
            return self.__dict__["model"]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} belongs to no model yet") from None

    @model.setter
    def model(self, model: Any) -> None:
        self.__dict__["model"] = model
        self.base_field.model = model

    def set_attributes_from_name(self, name: str) -> None:
        """Name the base field, too."""
        super().set_attributes_from_name(name)
        self.base_field.set_attributes_from_name(name)

    def check(self, **kwargs: Any) -> list[Any]:
        """postgres.E005."""
        return [*super().check(**kwargs), *installation_errors(self)]

    def _written(self, value: Any) -> Any:
        """A value of the base field as that one writes it."""
        return None if value is None else self.base_field.value_to_string(Carrier(self.base_field.attname, value))
