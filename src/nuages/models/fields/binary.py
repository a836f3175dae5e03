"""BinaryField."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from nuages import checks, validators
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.field import Field


class BinaryField(Field[bytes]):
    """Bytes of any length; not editable unless told otherwise."""

    description = _("Raw binary data")
    empty_values = [None, b""]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(validators.MaxLengthValidator(self.max_length))

    def check(self, **kwargs: Any) -> list[Any]:
        return [*super().check(**kwargs), *self._check_str_default_value()]

    def _check_str_default_value(self) -> list[Any]:
        if self.has_default() and isinstance(self.default, str):
            return [checks.Error(
                "BinaryField's default cannot be a string. Use bytes content instead.", obj=self, id="fields.E170",
            )]
        return []

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.editable:
            kwargs["editable"] = True
        else:
            del kwargs["editable"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_default(self) -> Any:
        if self.has_default() and not callable(self.default):
            return self.default
        default = super().get_default()
        return b"" if default == "" else default

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return value if value is None else connection.Database.Binary(value)

    def value_to_string(self, obj: Any) -> str:
        return b64encode(self.value_from_object(obj)).decode("ascii")

    def to_python(self, value: Any) -> Any:
        # Serializers write the bytes as base64.
        return memoryview(b64decode(value.encode("ascii"))) if isinstance(value, str) else value
