"""System checks that every field runs; ids fields.E001 to E013 and W161 to W163."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nuages import checks
from nuages.db import connections, router
from nuages.models.fields.markers import NOT_PROVIDED
from nuages.sql.expressions import Value
from nuages.text.choices import CallableChoiceIterator
from nuages.text.lazy import Promise


def is_value(candidate: Any) -> bool:
    """Whether `candidate` can stand as one value or label of a choice."""
    return isinstance(candidate, (str, Promise)) or not isinstance(candidate, Iterable)


def removed_details(what: str, instead: str, code: str) -> dict[str, str]:
    """What ``system_check_removed_details`` says of a field that is there only for old migrations."""
    return {
        "msg": f"{what} removed except for support in historical migrations.",
        "hint": f"Use {instead} instead.",
        "id": f"fields.{code}",
    }


class FieldChecks:
    """The checks of a field, each in a method of its own so that classes can add and replace."""

    def check(self, **kwargs: Any) -> list[Any]:
        """All messages about this field."""
        own = [*self._check_field_name(), *self._check_choices(), *self._check_db_default(**kwargs), *self._check_db_index()]
        column = [*self._check_db_comment(**kwargs), *self._check_null_allowed_for_primary_keys()]
        outside = [*self._check_backend_specific_checks(**kwargs), *self._check_validators(), *self._check_deprecation_details()]
        return own + column + outside

    # The names that the checks read; Field sets them.
    name: Any
    model: Any
    max_length: Any

    def _check_field_name(self) -> list[Any]:
        """E001 to E003: names that would break the syntax of look-ups."""
        name = self.name or ""
        for wrong, problem, number in (
            (name.endswith("_"), "Field names must not end with an underscore.", 1),
            ("__" in name, 'Field names must not contain "__".', 2),
            (name == "pk", "'pk' names the primary key of every model; no field may bear it.", 3),
        ):
            if wrong:
                return [checks.Error(problem, obj=self, id=f"fields.E{number:03}")]
        return []

    def _check_choices(self) -> list[Any]:
        """E004, E005, E009: the form of the choices and their fit into max_length."""
        choices: Any = self.choices  # type: ignore[attr-defined]
        if not choices or isinstance(choices, CallableChoiceIterator):
            return []
        if not isinstance(choices, Iterable) or isinstance(choices, str):
            return [checks.Error("'choices' must be a mapping or an ordered iterable, not a single value.", obj=self, id="fields.E004")]
        if isinstance(choices, (set, frozenset)):
            return [checks.Error("'choices' needs an order: give a list, tuple or mapping, not a set.", obj=self, id="fields.E004")]
        longest = 0
        for group in choices:
            pairs = self._pairs_of(group)
            if pairs is None:
                return [checks.Error(
                    "Each item of 'choices' must be a pair (value, label) or a group of such pairs.",
                    obj=self, id="fields.E005",
                )]
            longest = max([longest, *(len(value) for value, _ in pairs if isinstance(value, str))])
        if self.max_length is not None and isinstance(self.max_length, int) and longest > self.max_length:
            return [checks.Error(
                f"'max_length' has no room for the longest of the 'choices': that needs {longest} characters.",
                obj=self, id="fields.E009",
            )]
        return []

    @classmethod
    def _choices_is_value(cls, candidate: Any) -> bool:
        """Whether the field takes `candidate` for a value of a choice; fields of lists and pairs take more."""
        return is_value(candidate)

    @classmethod
    def _pairs_of(cls, group: Any) -> list[tuple[Any, Any]] | None:
        """The pairs in one item of choices, or None when it has neither form."""
        try:
            head, tail = group
        except (TypeError, ValueError):
            return None
        if isinstance(group, str):
            return None
        if cls._choices_is_value(head) and is_value(tail):
            return [(head, tail)]
        if not isinstance(head, (str, Promise)) and not cls._choices_is_value(head):
            return None
        try:
            pairs = [(value, label) for value, label in tail]
        except (TypeError, ValueError):
            return None
        if any(isinstance(pair, str) for pair in tail):
            return None
        return pairs if all(cls._choices_is_value(value) and is_value(label) for value, label in pairs) else None

    def _databases(self, databases: Any) -> Iterator[Any]:
        """The connections, among those asked for, to which the model may migrate."""
        for alias in databases or ():
            if router.allow_migrate_model(alias, self.model):
                yield connections[alias]

    def _requires(self, feature: str, connection: Any) -> bool:
        """Whether `connection` has `feature`, or the model demands it and is therefore left out there."""
        return bool(getattr(connection.features, feature)) or feature in self.model._meta.required_db_features

    def _check_db_default(self, databases: Any = None, **kwargs: Any) -> list[Any]:
        """E011 and E012."""
        field: Any = self
        expression = field.db_default
        if expression is NOT_PROVIDED or isinstance(expression, Value) or not hasattr(expression, "resolve_expression") or databases is None:
            return []
        found: list[Any] = []
        for connection in self._databases(databases):
            if not getattr(expression, "allowed_default", False) and self._requires("supports_expression_defaults", connection):
                found.append(checks.Error(f"{expression} cannot be used in db_default.", obj=self, id="fields.E012"))
            if not self._requires("supports_expression_defaults", connection):
                found.append(checks.Error(
                    f"{connection.display_name} takes only constants as db_default, and this is an expression.",
                    obj=self, id="fields.E011",
                ))
        return found

    def _check_db_index(self) -> list[Any]:
        if self.db_index not in (None, True, False):  # type: ignore[attr-defined]
            problem = "'db_index' must be None, True or False."
            return [checks.Error(problem, obj=self, id="fields.E006")]
        return []

    def _check_db_comment(self, databases: Any = None, **kwargs: Any) -> list[Any]:
        if not self.db_comment or not databases:  # type: ignore[attr-defined]
            return []
        return [
            checks.Warning(
                f"{connection.display_name} keeps no comments on columns: 'db_comment' has no effect there.",
                obj=self, id="fields.W163",
            )
            for connection in self._databases(databases)
            if not self._requires("supports_comments", connection)
        ]

    def _check_null_allowed_for_primary_keys(self) -> list[Any]:
        field: Any = self
        if not (field.primary_key and field.null):
            return []
        return [checks.Error(
            "Primary keys must not have null=True.",
            hint="Set null=False on the field, or remove primary_key=True.",
            obj=self, id="fields.E007",
        )]

    def _check_backend_specific_checks(self, databases: Any = None, **kwargs: Any) -> list[Any]:
        if databases is None:
            return []
        return [error for connection in self._databases(databases) for error in connection.validation.check_field(self, **kwargs)]

    def _check_validators(self) -> list[Any]:
        field: Any = self
        return [
            checks.Error(
                "All 'validators' must be callable.",
                hint=f"validators[{position}] ({validator!r}) cannot be called: give a function or an instance with __call__().",
                obj=self, id="fields.E008",
            )
            for position, validator in enumerate(field.validators)
            if not callable(validator)
        ]

    def _check_deprecation_details(self) -> list[Any]:
        """Fields that were removed or are about to be."""
        field: Any = self
        removed, deprecated = field.system_check_removed_details, field.system_check_deprecated_details
        name = type(self).__name__
        if removed is not None:
            text = removed.get("msg", f"{name} has been removed except for support in historical migrations.")
            return [checks.Error(text, hint=removed.get("hint"), obj=self, id=removed.get("id", "fields.EXXX"))]
        if deprecated is not None:
            text = deprecated.get("msg", f"{name} has been deprecated.")
            return [checks.Warning(text, hint=deprecated.get("hint"), obj=self, id=deprecated.get("id", "fields.WXXX"))]
        return []

    def _check_max_length_warning(self) -> list[Any]:
        """W122, for the types that take no max_length."""
        if self.max_length is None:
            return []
        return [checks.Warning(
            f"'max_length' is ignored when used with {self.__class__.__name__}.",
            hint="Remove 'max_length' from field", obj=self, id="fields.W122",
        )]

    def _check_default_is_shared(self) -> list[Any]:
        """E010: a mutable default would be one object for all instances."""
        field: Any = self
        if not field.has_default() or field.default is None or callable(field.default):
            return []
        safe, plain = field._default_hint
        return [checks.Warning(
            f"{self.__class__.__name__} default should be a callable instead of an instance so that it's not shared.",
            hint=f"Give a callable, for example `{safe}` and not `{plain}`.",
            obj=self, id="fields.E010",
        )]

    def _check_db_collation(self, databases: Any, feature: str, kind: str) -> list[Any]:
        """E190, for the text types."""
        if not self.db_collation or not databases:  # type: ignore[attr-defined]
            return []
        return [
            checks.Error(
                f"{connection.display_name} does not support a database collation on {kind}.",
                obj=self, id="fields.E190",
            )
            for connection in self._databases(databases)
            if not self._requires(feature, connection)
        ]
