"""JSONField."""

from __future__ import annotations

import json
from typing import Any

from nuages import checks, exceptions, forms
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.deconstructing import with_options
from nuages.models.fields.field import Field
from nuages.models.fields.json_keys import KeyTransformFactory
from nuages.sql.expressions import Value


class JSONField(Field[Any]):
    """Any JSON document, as Python values; `encoder` and `decoder` are classes of the json module."""

    empty_strings_allowed = False
    description = _("A JSON object")
    default_error_messages = {"invalid": _("Value must be valid JSON.")}
    _default_hint = ("dict", "{}")

    def __init__(
        self, verbose_name: Any = None, name: str | None = None, encoder: Any = None, decoder: Any = None, **kwargs: Any
    ) -> None:
        if encoder and not callable(encoder):
            raise ValueError("The encoder parameter must be a callable object.")
        if decoder and not callable(decoder):
            raise ValueError("The decoder parameter must be a callable object.")
        self.encoder, self.decoder = encoder, decoder
        super().__init__(verbose_name, name, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return [*super().check(**kwargs), *self._check_default_is_shared(), *self._check_supported(kwargs.get("databases") or [])]

    def _check_supported(self, databases: Any) -> list[Any]:
        return [
            checks.Error(f"{connection.display_name} does not support JSONFields.", obj=self.model, id="fields.E180")
            for connection in self._databases(databases)
            if not (
                self.model._meta.required_db_vendor and self.model._meta.required_db_vendor != connection.vendor
            ) and not self._requires("supports_json_field", connection)
        ]

    def deconstruct(self) -> Any:
        return with_options(super().deconstruct(), encoder=self.encoder, decoder=self.decoder)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The document; a value taken out by a key comes as text that may not be JSON itself."""
        if value is None:
            return None
        if getattr(expression, "gives_json", None) is False:
            return value
        if getattr(expression, "lookup_key", False) and not isinstance(value, str):
            return value
        try:
            return json.loads(value, cls=self.decoder)
        except (json.JSONDecodeError, TypeError):
            return value

    def get_internal_type(self) -> str:
        return "JSONField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not prepared:
            value = self.get_prep_value(value)
        if isinstance(value, Value) and isinstance(value.output_field, JSONField):
            value = value.value
        elif hasattr(value, "as_sql"):
            return value
        return connection.ops.adapt_json_value(value, self.encoder)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        # None is the SQL NULL; JSONNull is the JSON null.
        return value if value is None else self.get_db_prep_value(value, connection)

    def get_transform(self, name: str) -> Any:
        """A registered transform, else the one that takes the key `name` out of the document."""
        found = super().get_transform(name)
        return found if found else KeyTransformFactory(name)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        try:
            json.dumps(value, cls=self.encoder)
        except TypeError:
            raise exceptions.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value}) from None

    def value_to_string(self, obj: Any) -> Any:
        """The document itself: serializers have ways of their own to write it."""
        return self.value_from_object(obj)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.JSONField, "encoder": self.encoder, "decoder": self.decoder, **kwargs})
