"""Validation of an instance: fields, uniqueness, constraints; see "Validating objects"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nuages.db import connections, router
from nuages.exceptions import NON_FIELD_ERRORS, ValidationError
from nuages.i18n.prose import get_text_list
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.constraints import field_expressions
from nuages.sql.expressions import DatabaseDefault
from nuages.text.formatting import capfirst


class Validating:
    """The methods of Model that validate."""

    _meta: Any
    _state: Any
    pk: Any

    def clean(self) -> None:
        """A hook for validation over several fields; raises ValidationError."""

    def full_clean(
        self, exclude: Iterable[str] | None = None, validate_unique: bool = True, validate_constraints: bool = True
    ) -> None:
        """Run all validation; raises one ValidationError with the failures by field."""
        failures: dict[str, Any] = {}
        excluded = set(exclude) if exclude else set()
        steps: list[tuple[Any, bool]] = [
            (lambda: self.clean_fields(exclude=excluded), True),
            (self.clean, True),
            (lambda: self.validate_unique(exclude=excluded), validate_unique),
            (lambda: self.validate_constraints(exclude=excluded), validate_constraints),
        ]
        for step, wanted in steps:
            if not wanted:
                continue
            try:
                step()
            except ValidationError as error:
                failures = error.update_error_dict(failures)
            # What failed once is left out of the steps that follow.
            excluded.update(name for name in failures if name != NON_FIELD_ERRORS)
        if failures:
            raise ValidationError(failures)

    def clean_fields(self, exclude: Iterable[str] | None = None) -> None:
        """Clean each field; raises ValidationError with the failures by field."""
        excluded = set(exclude or ())
        failures: dict[str, Any] = {}
        for field in self._meta.fields:
            if field.name in excluded or field.generated:
                continue
            value = getattr(self, field.attname)
            if field.blank and value in field.empty_values:
                continue
            if isinstance(value, DatabaseDefault):
                continue
            try:
                setattr(self, field.attname, field.clean(value, self))
            except ValidationError as error:
                failures[field.name] = error.error_list
        if failures:
            raise ValidationError(failures)

    # -- uniqueness -------------------------------------------------------------------------------------------

    def validate_unique(self, exclude: Iterable[str] | None = None) -> None:
        """Look for rows with the same unique values; raises ValidationError."""
        unique, by_date = self._get_unique_checks(exclude=exclude)
        failures = self._perform_unique_checks(unique)
        for name, found in self._perform_date_checks(by_date).items():
            failures.setdefault(name, []).extend(found)
        if failures:
            raise ValidationError(failures)

    def _get_unique_checks(
        self, exclude: Iterable[str] | None = None, include_meta_constraints: bool = False
    ) -> tuple[list[Any], list[Any]]:
        """Which groups of fields must be unique, and which by date, leaving out those with an excluded field."""
        excluded = {exclude} if isinstance(exclude, str) else set(exclude or ())
        models = [self.__class__, *self._meta.all_parents]
        unique: list[Any] = []
        for model in models:
            for group in model._meta.unique_together:
                if not excluded.intersection(group):
                    unique.append((model, tuple(group)))
            if include_meta_constraints:
                for constraint in model._meta.total_unique_constraints:
                    if not excluded.intersection(constraint.fields):
                        unique.append((model, constraint.fields))
        by_date: list[Any] = []
        for model in models:
            for field in model._meta.local_fields:
                if field.name in excluded:
                    continue
                if field.unique:
                    unique.append((model, (field.name,)))
                for lookup, other in field.unique_for:
                    if other not in excluded:
                        by_date.append((model, lookup, field.name, other))
        return unique, by_date

    def _rows_but_this(self, model: Any, condition: dict[str, Any]) -> Any:
        """Rows of `model` that meet `condition`, this one left out."""
        rows = model._default_manager.filter(**condition)
        key = self._get_pk_val(model._meta)  # type: ignore[attr-defined]
        if not self._state.adding and self._is_pk_set(model._meta):  # type: ignore[attr-defined]
            rows = rows.exclude(pk=key)
        return rows

    def _perform_unique_checks(self, unique_checks: list[Any]) -> dict[str, list[Any]]:
        failures: dict[str, list[Any]] = {}
        for model, names in unique_checks:
            condition = self._values_for(names)
            # A null or the key of a child's parent row leaves nothing to compare.
            if condition is None or len(condition) != len(names):
                continue
            if self._rows_but_this(model, condition).exists():
                place = names[0] if len(names) == 1 else NON_FIELD_ERRORS
                failures.setdefault(place, []).append(self.unique_error_message(model, names))
        return failures

    def _values_for(self, names: Iterable[str]) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        for name in names:
            field = self._meta.get_field(name)
            value = getattr(self, field.attname)
            if isinstance(value, DatabaseDefault):
                value = value.expression
            if value is None or (isinstance(value, str) and value == "" and empty_is_null(self)):
                continue
            if field.primary_key and not self._state.adding:
                continue
            found[name] = value
        return found

    def _perform_date_checks(self, date_checks: list[Any]) -> dict[str, list[Any]]:
        failures: dict[str, list[Any]] = {}
        for model, lookup, name, date_field in date_checks:
            moment = getattr(self, date_field)
            if moment is None:
                continue
            condition: dict[str, Any] = {name: getattr(self, name)}
            parts = ("day", "month", "year") if lookup == "date" else (lookup,)
            for part in parts:
                condition[f"{date_field}__{part}"] = getattr(moment, part)
            if self._rows_but_this(model, condition).exists():
                failures.setdefault(name, []).append(self.date_error_message(lookup, name, date_field))
        return failures

    def date_error_message(self, lookup_type: str, field_name: str, unique_for: str) -> ValidationError:
        """The failure of a ``unique_for_…`` option."""
        options = self._meta
        field = options.get_field(field_name)
        return ValidationError(message=field.error_messages["unique_for_date"], code="unique_for_date", params={
            "model": self,
            "model_name": capfirst(options.verbose_name),
            "lookup_type": lookup_type,
            "field": field_name,
            "field_label": capfirst(field.verbose_name),
            "date_field": unique_for,
            "date_field_label": capfirst(options.get_field(unique_for).verbose_name),
        })

    def unique_error_message(self, model_class: Any, unique_check: tuple[str, ...]) -> ValidationError:
        """The failure of a unique field, or of fields that are unique together; override to word it otherwise."""
        options = model_class._meta
        params: dict[str, Any] = {
            "model": self, "model_class": model_class, "model_name": capfirst(options.verbose_name), "unique_check": unique_check,
        }
        if len(unique_check) == 1:
            field = options.get_field(unique_check[0])
            params["field_label"] = capfirst(field.verbose_name)
            return ValidationError(message=field.error_messages["unique"], code="unique", params=params)
        labels = [capfirst(options.get_field(name).verbose_name) for name in unique_check]
        params["field_labels"] = get_text_list(labels, _("and"))
        message = _("%(model_name)s with this %(field_labels)s already exists.")
        return ValidationError(message=message, code="unique_together", params=params)

    # -- constraints ------------------------------------------------------------------------------------------

    def get_constraints(self) -> list[tuple[Any, list[Any]]]:
        """Pairs (model, its constraints), the model's own first."""
        models = [self.__class__, *self._meta.all_parents]
        return [(model, model._meta.constraints) for model in models if model._meta.constraints]

    def validate_constraints(self, exclude: Iterable[str] | None = None) -> None:
        """Check the constraints of Meta; raises ValidationError with all failures."""
        using = router.db_for_write(self.__class__, instance=self)
        failures: dict[str, Any] = {}
        for model, constraints in self.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self, exclude=exclude, using=using)
                except ValidationError as error:
                    fields: Any = getattr(constraint, "fields", ())
                    if getattr(error, "code", None) == "unique" and len(fields) == 1:
                        failures.setdefault(fields[0], []).append(error)
                    else:
                        failures = error.update_error_dict(failures)
        if failures:
            raise ValidationError(failures)

    def _get_field_expression_map(self, meta: Any, exclude: Iterable[str] | None = None) -> dict[str, Any]:
        """Fields of the instance as expressions, for constraints to look at before the row is there."""
        return field_expressions(self, meta, set(exclude or ()))


def empty_is_null(instance: Any) -> bool:
    """Whether the database takes an empty text for a null."""
    return bool(connections[router.db_for_write(instance.__class__, instance=instance)].features.interprets_empty_strings_as_nulls)

