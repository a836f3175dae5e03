"""``HStoreField``: a mapping of text to text in one column, and its look-ups."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from nuages.contrib.postgres.fields.array import ArrayField
from nuages.contrib.postgres.fields.registering import lookup_of
from nuages.contrib.postgres.forms.hstore import HStoreField as HStoreFormField
from nuages.contrib.postgres.installation import installation_errors
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.field import Field
from nuages.models.fields.text import TextField
from nuages.sql.lookups import PostgresOperatorLookup, Transform


class HStoreField(Field[dict[str, str | None]]):
    """A mapping whose keys are text and whose values are text or None."""

    empty_strings_allowed = False
    description = _("Map of strings to strings/nulls")
    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_a_string": _("The value of “%(key)s” is not a string or null."),
        "invalid_json": _("A mapping as text must be a JSON object."),
    }
    _default_hint = ("dict", "{}")

    def check(self, **kwargs: Any) -> list[Any]:
        """postgres.E005 and fields.E010."""
        return [*super().check(**kwargs), *self._check_default_is_shared(), *installation_errors(self)]

    def db_type(self, connection: Any) -> str:
        return "hstore"

    def get_transform(self, name: str) -> Any:
        """A registered transform, else the one that takes the value of the key *name*."""
        return super().get_transform(name) or KeyTransformFactory(name)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if isinstance(value, dict):
            return {str(key): None if item is None else str(item) for key, item in value.items()}
        if isinstance(value, list):
            return [str(item) for item in value]
        return value

    def to_python(self, value: Any) -> Any:
        """A mapping; JSON is read. ``ValidationError`` for other text."""
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise self._failure("invalid_json") from None
            if not isinstance(value, dict):
                raise self._failure("invalid_json")
        return value

    def value_to_string(self, obj: Any) -> str:
        """JSON."""
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        for key, item in (value or {}).items():
            if not isinstance(item, (str, type(None))):
                raise self._failure("not_a_string", key=key)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": HStoreFormField, **kwargs})


class KeyTransform(Transform):
    """The value of a key, NULL where there is none."""

    output_field = TextField()

    def __init__(self, key_name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key_name = key_name

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """``mapping -> key``."""
        sql, params = compiler.compile(self.lhs)
        return f"({sql} -> %s)", (*params, self.key_name)


class KeyTransformFactory:
    """Makes the transform of one key."""

    def __init__(self, key_name: str) -> None:
        self.key_name = key_name

    def __call__(self, *args: Any, **kwargs: Any) -> KeyTransform:
        return KeyTransform(self.key_name, *args, **kwargs)


@lookup_of(HStoreField)
class HStoreContains(PostgresOperatorLookup):
    """All the given pairs are there."""

    lookup_name = "contains"
    postgres_operator = "@>"


@lookup_of(HStoreField)
class HStoreContainedBy(PostgresOperatorLookup):
    """No other than the given pairs are there."""

    lookup_name = "contained_by"
    postgres_operator = "<@"


@lookup_of(HStoreField)
class HasKey(PostgresOperatorLookup):
    """The key is there."""

    lookup_name = "has_key"
    postgres_operator = "?"
    prepare_rhs = False

    def get_prep_lookup(self) -> Any:
        """Keys are text."""
        return self.rhs if hasattr(self.rhs, "resolve_expression") else str(self.rhs)


class _KeysLookup(PostgresOperatorLookup):
    def get_prep_lookup(self) -> Any:
        """Keys are text."""
        return self.rhs if hasattr(self.rhs, "resolve_expression") else [str(item) for item in self.rhs]


@lookup_of(HStoreField)
class HasKeys(_KeysLookup):
    """All these keys are there."""

    lookup_name = "has_keys"
    postgres_operator = "?&"


@lookup_of(HStoreField)
class HasAnyKeys(_KeysLookup):
    """One of these keys is there."""

    lookup_name = "has_any_keys"
    postgres_operator = "?|"


@lookup_of(HStoreField)
class KeysTransform(Transform):
    """The keys as an array."""

    lookup_name = "keys"
    function = "akeys"
    output_field = ArrayField(TextField())


@lookup_of(HStoreField)
class ValuesTransform(Transform):
    """The values as an array."""

    lookup_name = "values"
    function = "avals"
    output_field = ArrayField(TextField())
