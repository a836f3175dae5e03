"""CompositePrimaryKey: a primary key over several fields, as one tuple."""

from __future__ import annotations

import json
from typing import Any

from nuages import checks
from nuages.models.fields.field import Field
from nuages.models.fields.markers import NOT_PROVIDED
from nuages.sql.expressions import ColPairs
from nuages.text.lazy import cached_property


class CompositeAttribute:
    """Reads and writes the values of the fields as one tuple."""

    def __init__(self, field: Any) -> None:
        self.field = field

    @property
    def attnames(self) -> list[str]:
        """Raw names of the fields."""
        return [one.attname for one in self.field.fields]

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        return tuple(getattr(instance, name) for name in self.attnames)

    def __set__(self, instance: Any, values: Any) -> None:
        names = self.attnames
        if values is None:
            values = (None,) * len(names)
        if not isinstance(values, (list, tuple)):
            raise ValueError(f"{self.field.name!r} must be a list or a tuple.")
        if len(values) != len(names):
            raise ValueError(f"{self.field.name!r} must have {len(names)} elements.")
        for name, value in zip(names, values, strict=True):
            setattr(instance, name, value)


class CompositePrimaryKey(Field[tuple[Any, ...]]):
    """``pk = CompositePrimaryKey("tenant_id", "id")``; a virtual field without a column."""

    descriptor_class = CompositeAttribute

    def __init__(self, *args: str, **kwargs: Any) -> None:
        if not args or not all(isinstance(name, str) for name in args) or len(set(args)) != len(args):
            raise ValueError("CompositePrimaryKey args must be unique strings.")
        if len(args) == 1:
            raise ValueError("CompositePrimaryKey must include at least two fields.")
        for option, wrong, message in (
            ("default", NOT_PROVIDED, "cannot have a default."),
            ("db_default", NOT_PROVIDED, "cannot have a database default."),
            ("db_column", None, "cannot have a db_column."),
        ):
            if kwargs.get(option, wrong) is not wrong:
                raise ValueError(f"CompositePrimaryKey {message}")
        for option, value, message in (
            ("editable", False, "cannot be editable."), ("primary_key", True, "must be a primary key."), ("blank", True, "must be blank."),
        ):
            if kwargs.setdefault(option, value) is not value:
                raise ValueError(f"CompositePrimaryKey {message}")
        self.field_names = args
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        return name, path, list(self.field_names), kwargs

    @cached_property
    def fields(self) -> tuple[Any, ...]:
        """The fields of the key."""
        get_field = self.model._meta.get_field
        return tuple(get_field(name) for name in self.field_names)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Their columns."""
        return tuple(field.column for field in self.fields)

    @cached_property
    def attnames(self) -> list[str]:
        """Their raw names."""
        return [field.attname for field in self.fields]

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        cls._meta.pk = self
        setattr(cls, self.attname, self.descriptor_class(self))

    def get_attname_column(self) -> tuple[str, Any]:
        return self.get_attname(), None

    def __iter__(self) -> Any:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.field_names)

    def __bool__(self) -> bool:
        return True

    @cached_property
    def cached_col(self) -> Any:
        return ColPairs(self.model._meta.db_table, self.fields, self.fields, self)

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        if alias == self.model._meta.db_table and (output_field is None or output_field == self):
            return self.cached_col
        return ColPairs(alias, self.fields, self.fields, output_field or self)

    def get_pk_value_on_save(self, instance: Any) -> tuple[Any, ...]:
        """The values of the fields, with defaults where they have none."""
        found = []
        for field in self.fields:
            value = field.value_from_object(instance)
            found.append(field.get_pk_value_on_save(instance) if value is None else value)
        return tuple(found)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        pairs = zip(self.fields, value, strict=True)
        return [field.get_db_prep_value(part, connection, prepared) for field, part in pairs]

    def value_to_string(self, obj: Any) -> str:
        """The values as a JSON list."""
        return json.dumps([field.value_to_string(obj) for field in self.fields])

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            # The form that serializers write.
            value = json.loads(value)
        if isinstance(value, (list, tuple)):
            return tuple(field.to_python(part) for field, part in zip(self.fields, value, strict=True))
        return value

    def validate(self, value: Any, model_instance: Any) -> None:
        """Nothing to add to what the fields validate."""

    def check(self, **kwargs: Any) -> list[Any]:
        found = super().check(**kwargs)
        if self.name != "pk":
            found.append(checks.Error("'CompositePrimaryKey' must be named 'pk'.", obj=self, id="fields.E013"))
        return found

    def _check_field_name(self) -> list[Any]:
        # "pk" is the only name that it may have.
        return []
