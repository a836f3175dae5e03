"""GeneratedField: a column that the database computes."""

from __future__ import annotations

from typing import Any

from nuages import checks
from nuages.db import connections, router
from nuages.models.fields.field import Field
from nuages.models.fields.markers import NOT_PROVIDED
from nuages.sql.expressions import Col
from nuages.sql.query import Query
from nuages.text.lazy import cached_property


class GeneratedField(Field[Any]):
    """The value of `expression` over other fields of the row, kept (`db_persist`) or computed on reading."""

    generated = True
    db_returning = True
    _query: Any = None

    def __init__(self, *, expression: Any, output_field: Any, db_persist: bool, **kwargs: Any) -> None:
        for wrong, message in (
            (kwargs.setdefault("editable", False), "cannot be editable."),
            (not kwargs.setdefault("blank", True), "must be blank."),
            (kwargs.get("default", NOT_PROVIDED) is not NOT_PROVIDED, "cannot have a default."),
            (kwargs.get("db_default", NOT_PROVIDED) is not NOT_PROVIDED, "cannot have a database default."),
        ):
            if wrong:
                raise ValueError(f"GeneratedField {message}")
        if db_persist not in (True, False):
            raise ValueError("GeneratedField.db_persist must be True or False.")
        self.expression, self.output_field, self.db_persist = expression, output_field, db_persist
        super().__init__(**kwargs)

    @cached_property
    def cached_col(self) -> Any:
        return Col(self.model._meta.db_table, self, self.output_field)

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        if alias != self.model._meta.db_table and output_field in (None, self):
            output_field = self.output_field
        return super().get_col(alias, output_field)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        self._query = Query(model=cls, alias_cols=False)
        # Look-ups are those of the type that is computed.
        for lookup_name, lookup in self.output_field.get_lookups().items():
            self.register_lookup(lookup, lookup_name)

    def generated_sql(self, connection: Any) -> tuple[str, Any]:
        """The expression as SQL over the table's columns, with its parameters."""
        # A schema editor also asks fields that were not contributed to a model, or belong to none.
        query = self._query or Query(model=getattr(self, "model", None), alias_cols=False)
        compiler = query.get_compiler(connection=connection)
        resolved = self.expression.resolve_expression(query, allow_joins=False)
        sql, params = compiler.compile(resolved)
        if getattr(resolved, "conditional", False) and not connection.features.supports_boolean_expr_in_select_clause:
            sql = f"CASE WHEN {sql} THEN 1 ELSE 0 END"
        return sql, params

    @cached_property
    def referenced_fields(self) -> frozenset[Any]:
        """The fields that the expression needs."""
        resolved = self.expression.resolve_expression(self._query, allow_joins=False)
        return frozenset(one.target for one in resolved.flatten() if isinstance(one, Col))

    # -- checks -----------------------------------------------------------------------------------------------

    def check(self, **kwargs: Any) -> list[Any]:
        databases = kwargs.get("databases") or []
        found = super().check(**kwargs)
        found += self._check_supported(databases)
        found += self._check_persistence(databases)
        self.output_field.model = self.model
        inner = self.output_field.check(databases=databases)
        if any(message.is_serious() for message in inner):
            text = "\n    ".join(f"{message.msg} ({message.id})" for message in inner if message.is_serious())
            found.append(checks.Error(f"GeneratedField.output_field has errors:\n    {text}", obj=self, id="fields.E223"))
        elif inner:
            text = "\n    ".join(f"{message.msg} ({message.id})" for message in inner)
            found.append(checks.Warning(f"GeneratedField.output_field has warnings:\n    {text}", obj=self, id="fields.W224"))
        return found

    def _check_supported(self, databases: Any) -> list[Any]:
        found = []
        required = self.model._meta.required_db_features
        for alias in databases:
            if not router.allow_migrate_model(alias, self.model):
                continue
            connection = connections[alias]
            features = connection.features
            known = ("supports_virtual_generated_columns", "supports_stored_generated_columns")
            if not any(getattr(features, one) or one in required for one in known):
                found.append(checks.Error(f"{connection.display_name} does not support GeneratedFields.", obj=self, id="fields.E220"))
        return found

    def _check_persistence(self, databases: Any) -> list[Any]:
        found = []
        required = self.model._meta.required_db_features
        for alias in databases:
            if not router.allow_migrate_model(alias, self.model):
                continue
            connection = connections[alias]
            feature, kind, code, other = (
                ("supports_stored_generated_columns", "persisted", "fields.E222", False)
                if self.db_persist
                else ("supports_virtual_generated_columns", "non-persisted", "fields.E221", True)
            )
            if not getattr(connection.features, feature) and feature not in required:
                found.append(checks.Error(
                    f"{connection.display_name} does not support {kind} GeneratedFields.",
                    hint=f"Set db_persist={other} on the field.", obj=self, id=code,
                ))
        return found

    # -- column -----------------------------------------------------------------------------------------------

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["blank"], kwargs["editable"]
        kwargs |= {"db_persist": self.db_persist, "expression": self.expression, "output_field": self.output_field}
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return self.output_field.get_internal_type()  # type: ignore[no-any-return]

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        return self.output_field.db_parameters(connection)  # type: ignore[no-any-return]

    def db_type_parameters(self, connection: Any) -> Any:
        return self.output_field.db_type_parameters(connection)

    def db_type(self, connection: Any) -> str | None:
        return self.output_field.db_type(connection)  # type: ignore[no-any-return]

    def to_python(self, value: Any) -> Any:
        return self.output_field.to_python(value)

    def get_db_converters(self, connection: Any) -> list[Any]:
        return self.output_field.get_db_converters(connection)  # type: ignore[no-any-return]

    def get_prep_value(self, value: Any) -> Any:
        return self.output_field.get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return self.output_field.get_db_prep_value(value, connection, prepared)

    def formfield(self, **kwargs: Any) -> Any:
        """No form shows it."""
        return None

