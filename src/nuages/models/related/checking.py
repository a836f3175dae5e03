"""System checks of relations; ids fields.E300 to E348 and W340 to W346."""

from __future__ import annotations

import itertools
import keyword
from typing import Any

from nuages import checks
from nuages.conf import settings
from nuages.exceptions import FieldDoesNotExist
from nuages.models.deletion import DB_SET_DEFAULT, DB_SET_NULL, DO_NOTHING, SET_DEFAULT, SET_NULL, DatabaseOnDelete
from nuages.models.references import RECURSIVE_RELATIONSHIP_CONSTANT
from nuages.sql.outputs import is_instance


def label_of(field: Any) -> str:
    """``app.Model.field`` as messages show it."""
    return f"{field.model._meta.label}.{field.name}"


class RelatedFieldChecks:
    """What every relation is checked for."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Messages of the field and of its relation."""
        of_field: list[Any] = super().check(**kwargs)  # type: ignore[misc]
        of_names = self._check_related_name_is_valid() + self._check_related_query_name_is_valid()
        of_target = self._check_relation_model_exists() + self._check_referencing_to_swapped_model()
        return [*of_field, *of_names, *of_target, *self._check_clashes()]

    model: Any
    name: Any
    remote_field: Any

    def _check_related_name_is_valid(self) -> list[Any]:
        name = self.remote_field.related_name
        if name is None or (name.isidentifier() and not keyword.iskeyword(name)) or name.endswith("+"):
            return []
        return [checks.Error(
            f"The name '{name}' is invalid related_name for field {self.model._meta.object_name}.{self.name}",
            hint="Related name must be a valid Python identifier or end with a '+'",
            obj=self, id="fields.E306",
        )]

    def _check_related_query_name_is_valid(self) -> list[Any]:
        if self.remote_field.hidden:
            return []
        name = self.related_query_name()  # type: ignore[attr-defined]
        hint = "Give the field another related_name or related_query_name."
        found = []
        if name.endswith("_"):
            found.append(checks.Error(f"Reverse query name '{name}' must not end with an underscore.", hint=hint, obj=self, id="fields.E308"))
        if "__" in name:
            found.append(checks.Error(f"Reverse query name '{name}' must not contain '__'.", hint=hint, obj=self, id="fields.E309"))
        return found

    def _check_relation_model_exists(self) -> list[Any]:
        target = self.remote_field.model
        missing = target not in self.model._meta.apps.get_models(include_auto_created=True)
        if missing and (isinstance(target, str) or not target._meta.swapped):
            name = target if isinstance(target, str) else target._meta.object_name
            return [checks.Error(
                f"Field defines a relation with model '{name}', which is either not installed, or is abstract.",
                obj=self, id="fields.E300",
            )]
        return []

    def _check_referencing_to_swapped_model(self) -> list[Any]:
        target = self.remote_field.model
        if isinstance(target, str) or target in self.model._meta.apps.get_models() or not target._meta.swapped:
            return []
        return [checks.Error(
            f"Field defines a relation with the model '{target._meta.label}', which has been swapped out.",
            hint=f"Update the relation to point at 'settings.{target._meta.swappable}'.",
            obj=self, id="fields.E301",
        )]

    def _check_clashes(self) -> list[Any]:
        """E302 to E305: the reverse names against fields and against the reverse names of other relations."""
        target = self.remote_field.model
        if isinstance(target, str):
            return []
        options = target._meta
        hidden = self.remote_field.hidden
        accessor = self.remote_field.get_accessor_name()
        query_name = self.related_query_name()  # type: ignore[attr-defined]
        mine = label_of(self)
        found: list[Any] = []
        for other in itertools.chain(options.fields, options.many_to_many):
            theirs = f"{options.label}.{other.name}"
            fix = f"Rename field '{theirs}', or add/change a related_name argument to the definition for field '{mine}'."
            if not hidden and other.name == accessor:
                found.append(checks.Error(
                    f"Reverse accessor '{options.object_name}.{accessor}' for '{mine}' clashes with field name '{theirs}'.",
                    hint=fix, obj=self, id="fields.E302",
                ))
            if other.name == query_name:
                found.append(checks.Error(
                    f"Reverse query name for '{mine}' clashes with field name '{theirs}'.", hint=fix, obj=self, id="fields.E303",
                ))
        found += self._check_reverse_clashes(options, mine, accessor, query_name, hidden)
        return found + self._check_manager_clash(options, mine, hidden)

    def _check_reverse_clashes(self, options: Any, mine: str, accessor: Any, query_name: str, hidden: bool) -> list[Any]:
        found: list[Any] = []
        others = (one for one in options.related_objects if one.field is not self)
        for other in others:
            theirs = label_of(other.field)
            fix = f"Add or change a related_name argument to the definition for '{mine}' or '{theirs}'."
            if not hidden and other.get_accessor_name() == accessor:
                found.append(checks.Error(
                    f"Reverse accessor '{options.object_name}.{accessor}' for '{mine}' clashes with reverse accessor for '{theirs}'.",
                    hint=fix, obj=self, id="fields.E304",
                ))
            if other.name == query_name:
                found.append(checks.Error(
                    f"Reverse query name for '{mine}' clashes with reverse query name for '{theirs}'.",
                    hint=fix, obj=self, id="fields.E305",
                ))
        return found

    def _check_manager_clash(self, options: Any, mine: str, hidden: bool) -> list[Any]:
        name = self.remote_field.related_name
        if hidden or not name or name not in {manager.name for manager in options.managers}:
            return []
        return [checks.Error(
            f"Related name '{name}' for '{mine}' clashes with the name of a model manager.",
            hint=f"Rename the model manager or change the related_name argument in the definition for field '{mine}'.",
            obj=self, id="fields.E348",
        )]


class ForeignObjectChecks:
    """What relations over columns are checked for."""

    remote_field: Any
    model: Any

    def check(self, **kwargs: Any) -> list[Any]:
        """Adds E310 to E312 and E347."""
        return [
            *super().check(**kwargs),  # type: ignore[misc]
            *self._check_to_fields_exist(),
            *self._check_to_fields_composite_pk(),
            *self._check_unique_target(),
        ]

    def _check_to_fields_exist(self) -> list[Any]:
        target = self.remote_field.model
        if isinstance(target, str):
            return []
        found = []
        for name in self.to_fields:  # type: ignore[attr-defined]
            if name:
                try:
                    target._meta.get_field(name)
                except FieldDoesNotExist:
                    found.append(checks.Error(
                        f"The to_field '{name}' doesn't exist on the related model '{target._meta.label}'.",
                        obj=self, id="fields.E312",
                    ))
        return found

    def _check_to_fields_composite_pk(self) -> list[Any]:
        target = self.remote_field.model
        if isinstance(target, str) or len(self.from_fields) > 1:  # type: ignore[attr-defined]
            return []
        found = []
        for name in self.to_fields:  # type: ignore[attr-defined]
            try:
                field = target._meta.pk if name is None else target._meta.get_field(name)
            except FieldDoesNotExist:
                continue
            if is_instance(field, "CompositePrimaryKey"):
                found.append(composite_error(self, target))
        return found

    def _check_unique_target(self) -> list[Any]:
        if isinstance(self.remote_field.model, str) or not self.requires_unique_target:  # type: ignore[attr-defined]
            return []
        try:
            targets = self.foreign_related_fields  # type: ignore[attr-defined]
        except (FieldDoesNotExist, ValueError):
            return []
        if not targets or is_instance(targets[0], "CompositePrimaryKey"):
            return []
        names = {field.name for field in targets}
        options = self.remote_field.model._meta
        groups = [
            {field.name} for field in options.fields if getattr(field, "unique", False)
        ] + [set(group) for group in options.unique_together] + [set(one.fields) for one in options.total_unique_constraints]
        if options.is_composite_pk:
            groups.append({field.name for field in options.pk_fields})
        if any(group <= names for group in groups):
            return []
        label = options.object_name
        if len(targets) > 1:
            listed = ", ".join(f"'{field.name}'" for field in targets)
            return [checks.Error(
                f"No subset of the fields {listed} on model '{label}' is unique.",
                hint="Mark a single field as unique=True or add a set of fields to a unique constraint (via unique_together or a UniqueConstraint (without condition) in the model Meta.constraints).",
                obj=self, id="fields.E310",
            )]
        return [checks.Error(
            f"'{label}.{targets[0].name}' must be unique because it is referenced by a foreign key.",
            hint="Add unique=True to this field or add a UniqueConstraint (without condition) in the model Meta.constraints.",
            obj=self, id="fields.E311",
        )]


def composite_error(field: Any, target: Any) -> Any:
    """E347."""
    return checks.Error(
        f"Field defines a relation involving model '{target._meta.object_name}' which has a CompositePrimaryKey, and that is not supported.",
        obj=field, id="fields.E347",
    )


class ForeignKeyChecks:
    """What foreign keys are checked for."""

    remote_field: Any
    model: Any

    def check(self, **kwargs: Any) -> list[Any]:
        """Adds E320 to E324 and W342."""
        return [
            *super().check(**kwargs),  # type: ignore[misc]
            *self._check_on_delete(),
            *self._check_on_delete_db_support(**kwargs),
            *self._check_unique(**kwargs),
        ]

    def _check_on_delete(self) -> list[Any]:
        field: Any = self
        on_delete = self.remote_field.on_delete
        no_null = (not field.null, "cannot be null", "null=True argument on the field", 320)
        unfit, lack, cure, number = {
            SET_NULL: no_null,
            DB_SET_NULL: no_null,
            SET_DEFAULT: (not field.has_default(), "has no default value", "a default value", 321),
            DB_SET_DEFAULT: (not field.has_db_default(), "has no db_default value", "a db_default value", 322),
        }.get(on_delete, (False, "", "", 0))
        if not unfit:
            return []
        rule = getattr(on_delete, "__name__", None) or str(on_delete)
        return [checks.Error(
            f"Field specifies on_delete={rule}, but {lack}.",
            hint=f"Set {cure}, or change the on_delete rule.", obj=self, id=f"fields.E{number}",
        )]

    def _check_on_delete_db_support(self, databases: Any = None, **kwargs: Any) -> list[Any]:
        """E324 for what a database lacks, E323 where Python and database rules would mix along a chain."""
        on_delete = self.remote_field.on_delete
        found: list[Any] = []
        target = self.remote_field.model
        if not isinstance(target, str):
            found += self._check_mixed(on_delete, target)
        if not isinstance(on_delete, DatabaseOnDelete):
            return found
        feature = "supports_on_delete_db_default" if on_delete is DB_SET_DEFAULT else "supports_on_delete_db_null" if on_delete is DB_SET_NULL else "supports_on_delete_db_cascade"
        for connection in self._databases(databases):  # type: ignore[attr-defined]
            if not getattr(connection.features, feature, True) and feature not in self.model._meta.required_db_features:
                found.append(checks.Error(
                    f"{connection.display_name} does not support a {on_delete}.",
                    hint="Change the on_delete rule to SET_DEFAULT." if on_delete is DB_SET_DEFAULT else "Change the on_delete rule.",
                    obj=self, id="fields.E324",
                ))
        return found

    def _check_mixed(self, on_delete: Any, target: Any) -> list[Any]:
        if on_delete is DO_NOTHING:
            return []
        by_database = isinstance(on_delete, DatabaseOnDelete)
        for other in target._meta.local_fields:
            rule = getattr(other.remote_field, "on_delete", None) if other.is_relation else None
            if rule is None or rule is DO_NOTHING or other is self:
                continue
            if isinstance(rule, DatabaseOnDelete) is not by_database:
                mine, theirs = ("database", "Python") if by_database else ("Python", "database")
                return [checks.Error(
                    f"Field specifies {mine}-level on_delete variant, but referenced model uses {theirs.lower() if theirs == 'database' else theirs}-level variant.",
                    hint="Let one side, the database or Python, carry out all rules along the chain.",
                    obj=self, id="fields.E323",
                )]
        return []

    def _check_unique(self, **kwargs: Any) -> list[Any]:
        if not self._unique:  # type: ignore[attr-defined]
            return []
        return [checks.Warning(
            "A ForeignKey with unique=True leads to one object in both directions, as a OneToOneField does.",
            hint="ForeignKey(unique=True) is usually better served by a OneToOneField.", obj=self, id="fields.W342",
        )]


class ManyToManyChecks:
    """What many-to-many fields are checked for."""

    remote_field: Any
    model: Any
    name: Any

    def check(self, **kwargs: Any) -> list[Any]:
        """Adds E330 to E340 and W340 to W346."""
        return [
            *super().check(**kwargs),  # type: ignore[misc]
            *self._check_many_options(),
            *self._check_composite(),
            *self._check_relationship_model(**kwargs),
            *self._check_table_uniqueness(**kwargs),
        ]

    def _check_unique(self, **kwargs: Any) -> list[Any]:
        return []

    def _check_many_options(self) -> list[Any]:
        field: Any = self
        found: list[Any] = []
        if field.unique:
            found.append(checks.Error("ManyToManyFields cannot be unique.", obj=self, id="fields.E330"))
        for wrong, message, code in (
            (field.has_null_arg, "null has no effect on ManyToManyField.", "fields.W340"),
            (field._validators, "ManyToManyField does not support validators.", "fields.W341"),
            (
                self.remote_field.symmetrical and field._related_name,
                'related_name has no effect on ManyToManyField with a symmetrical relationship, e.g. to "self".', "fields.W345",
            ),
            (field.db_comment, "db_comment has no effect on ManyToManyField.", "fields.W346"),
        ):
            if wrong:
                found.append(checks.Warning(message, obj=self, id=code))
        return found

    def _check_composite(self) -> list[Any]:
        return [
            composite_error(self, model)
            for model in (self.model, self.remote_field.model)
            if not isinstance(model, str) and model._meta.is_composite_pk
        ]

    def _check_relationship_model(self, from_model: Any = None, **kwargs: Any) -> list[Any]:
        remote = self.remote_field
        through = remote.through
        name = getattr(getattr(through, "_meta", None), "label", through)
        if isinstance(through, str) or through not in self.model._meta.apps.get_models(include_auto_created=True):
            return [checks.Error(
                f"Field specifies a many-to-many relation through model '{name}', which has not been installed.",
                obj=self, id="fields.E331",
            )]
        if isinstance(remote.model, str):
            return []
        source = from_model or self.model
        found = self._check_link_counts(source, remote.model, through)
        if remote.through_fields is not None:
            found += self._check_through_fields(source, remote.model, through)
        return found

    def _check_link_counts(self, source: Any, target: Any, through: Any) -> list[Any]:
        """E333 to E336: which foreign keys of the linking model make the relation must be plain."""
        name, named = through._meta.object_name, self.remote_field.through_fields
        links = [getattr(field.remote_field, "model", None) for field in through._meta.fields if field.is_relation]
        from_name, to_name = source._meta.object_name, target._meta.object_name
        begin = f"The model is used as an intermediate model by '{self}', but it has more than "
        if source is target:
            if links.count(source) > 2 and not named:
                return [checks.Error(
                    f"{begin}two foreign keys to '{from_name}', which is ambiguous: name the two that count with through_fields.",
                    hint="Use through_fields to specify which two foreign keys should be used.",
                    obj=through, id="fields.E333",
                )]
        else:
            if links.count(source) > 1 and not named:
                return [checks.Error(
                    f"{begin}one foreign key from '{from_name}', which is ambiguous: name the one that counts with through_fields.",
                    hint=f'If you want to create a recursive relationship, use ManyToManyField("{RECURSIVE_RELATIONSHIP_CONSTANT}", through="{name}").',
                    obj=self, id="fields.E334",
                )]
            if links.count(target) > 1 and not named:
                return [checks.Error(
                    f"{begin}one foreign key to '{to_name}', which is ambiguous: name the one that counts with through_fields.",
                    hint=f'If you want to create a recursive relationship, use ManyToManyField("{RECURSIVE_RELATIONSHIP_CONSTANT}", through="{name}").',
                    obj=self, id="fields.E335",
                )]
        if source not in links or target not in links or (source is target and links.count(source) < 2):
            return [checks.Error(
                f"The model is used as an intermediate model by '{self}', but lacks a foreign key to '{from_name}' or '{to_name}'.",
                obj=through, id="fields.E336",
            )]
        return []

    def _check_through_fields(self, source: Any, target: Any, through: Any) -> list[Any]:
        """E337 to E339."""
        named = self.remote_field.through_fields
        if not (len(named) >= 2 and named[0] and named[1]):
            return [checks.Error(
                f"Field specifies 'through_fields', which must hold the names of two link fields of model '{through._meta.label}'.",
                hint="Make sure you specify 'through_fields' as through_fields=('field1', 'field2')", obj=self, id="fields.E337",
            )]
        found = []
        for name, model in ((named[0], source), (named[1], target)):
            fitting = [
                field.name for field in through._meta.fields
                if field.is_relation and getattr(field.remote_field, "model", None) == model
            ]
            hint = f"Did you mean one of the following foreign keys to '{model._meta.object_name}': {', '.join(fitting)}?" if fitting else None
            try:
                field = through._meta.get_field(name)
            except FieldDoesNotExist:
                found.append(checks.Error(
                    f"The intermediary model '{through._meta.label}' has no field '{name}'.", hint=hint, obj=self, id="fields.E338",
                ))
                continue
            if not (field.is_relation and getattr(field.remote_field, "model", None) == model):
                found.append(checks.Error(
                    f"'{through._meta.object_name}.{name}' is not a foreign key to '{model._meta.object_name}'.",
                    hint=hint, obj=self, id="fields.E339",
                ))
        return found

    def _check_table_uniqueness(self, **kwargs: Any) -> list[Any]:
        """E340 and W344: two relations, or a relation and a model, with the same table."""
        through = self.remote_field.through
        if isinstance(through, str) or not through._meta.managed:
            return []
        tables: dict[str, Any] = {}
        for model in self.model._meta.apps.get_models(include_auto_created=True):
            if model._meta.concrete_model is model._meta.model and model is not through and not model._meta.proxy and model._meta.managed:
                tables[model._meta.db_table] = model
        table = self.m2m_db_table()  # type: ignore[attr-defined]
        model = tables.get(table)
        if model is None or model._meta.concrete_model == through._meta.concrete_model:
            return []
        if model._meta.auto_created:
            field = next(
                one for one in model._meta.auto_created._meta.many_to_many if one.remote_field.through is model
            )
            clashing = f"{model._meta.auto_created._meta.label}.{field.name}"
        else:
            clashing = model._meta.label
        kind, code, hint = checks.Error, "fields.E340", None
        if settings.DATABASE_ROUTERS:
            kind, code = checks.Warning, "fields.W344"  # type: ignore[assignment]
            hint = "Routers are in use: make sure that the two tables stand in different databases."
        return [kind(
            f"The field's intermediary table '{table}' clashes with the table name of '{clashing}'.", hint=hint, obj=self, id=code,
        )]

