"""System checks of models: ``Model.check()`` and the checks over all models; ids models.E001 to E050 and W027 to W047."""

from __future__ import annotations

import inspect
import types
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any

from nuages import checks
from nuages.apps.registry import apps
from nuages.conf import settings
from nuages.db import connections, router
from nuages.exceptions import FieldDoesNotExist
from nuages.models.deletion import DO_NOTHING, DatabaseOnDelete
from nuages.models.refchecks import check_field_names


def error(message: str, obj: Any, number: str, hint: str | None = None) -> Any:
    """An Error with the id ``models.E…``."""
    return checks.Error(message, hint=hint, obj=obj, id=f"models.E{number}")


class ModelChecks:
    """The class methods by which a model checks itself."""

    _meta: Any

    @classmethod
    def check(cls, **kwargs: Any) -> list[Any]:
        """All messages about the model, its fields and managers."""
        found = [
            *cls._check_swappable(), *cls._check_model(), *cls._check_managers(**kwargs),
        ]
        if cls._meta.swapped:
            return found
        databases = kwargs.get("databases") or []
        found += [*cls._check_fields(**kwargs), *cls._check_m2m_through_same_relationship(), *cls._check_long_column_names(databases)]
        clashes = [*cls._check_id_field(), *cls._check_field_name_clashes(), *cls._check_model_name_db_lookup_clashes(),
                   *cls._check_property_name_related_field_accessor_clashes(), *cls._check_single_primary_key()]
        found += clashes
        # Column names mean nothing while the names of the fields clash.
        if not clashes:
            found += cls._check_column_name_clashes()
        found += [
            *cls._check_unique_together(), *cls._check_indexes(databases), *cls._check_ordering(), *cls._check_constraints(databases),
            *cls._check_db_table_comment(databases), *cls._check_composite_pk(), *cls._check_mixed_on_delete(),
        ]
        return found

    @classmethod
    def _check_swappable(cls) -> list[Any]:
        if not cls._meta.swapped:
            return []
        try:
            apps.get_model(cls._meta.swapped)
        except ValueError:
            return [error(f"'{cls._meta.swappable}' is not of the form 'app_label.app_name'.", None, "001")]
        except LookupError:
            return [error(
                f"'{cls._meta.swappable}' references '{cls._meta.swapped}', which has not been installed, or is abstract.", None, "002",
            )]
        return []

    @classmethod
    def _check_model(cls) -> list[Any]:
        if cls._meta.proxy and (cls._meta.local_fields or cls._meta.local_many_to_many):
            return [error(f"Proxy model '{cls.__name__}' contains model fields.", None, "017")]
        return []

    @classmethod
    def _check_managers(cls, **kwargs: Any) -> list[Any]:
        return [message for manager in cls._meta.managers for message in manager.check(**kwargs)]

    @classmethod
    def _check_fields(cls, **kwargs: Any) -> list[Any]:
        # Private fields have checks of their own, registered by the applications that bring such fields.
        found = [message for field in cls._meta.local_fields for message in field.check(**kwargs)]
        for field in cls._meta.local_many_to_many:
            found += field.check(from_model=cls, **kwargs)
        return found

    @classmethod
    def _check_m2m_through_same_relationship(cls) -> list[Any]:
        """E003."""
        seen = set()
        found = []
        for field in cls._meta.local_many_to_many:
            through = field.remote_field.through
            if isinstance(through, str) or through._meta.auto_created:
                continue
            signature = (field.remote_field.model, cls, through, tuple(field.remote_field.through_fields or ()))
            if signature in seen:
                found.append(error(
                    f"The model has two identical many-to-many relations through the intermediate model '{through._meta.label}'.", cls, "003",
                ))
            seen.add(signature)
        return found

    @classmethod
    def _check_id_field(cls) -> list[Any]:
        """E004."""
        if any(field.name == "id" and field != cls._meta.pk and not field.primary_key for field in cls._meta.local_fields) and not (
            cls._meta.is_composite_pk
        ):
            return [error("'id' can only be used as a field name if the field also sets 'primary_key=True'.", cls, "004")]
        return []

    @classmethod
    def _check_field_name_clashes(cls) -> list[Any]:
        """E005 and E006."""
        found: list[Any] = []
        used: dict[str, Any] = {}
        for parent in cls._meta.all_parents:
            for field in parent._meta.local_fields:
                clash = used.get(field.name) or used.get(field.attname)
                if clash:
                    found.append(error(
                        f"The field '{clash.name}' from parent model '{clash.model._meta}' clashes with the field '{field.name}' "
                        f"from parent model '{field.model._meta}'.", cls, "005",
                    ))
                used[field.name] = used[field.attname] = field
        # What parents of parents relate to stands on them, under names of its own.
        for parent in cls._meta.all_parents:
            for field in parent._meta.get_fields():
                used.setdefault(field.name, field)
        for field in cls._meta.local_fields:
            clash = used.get(field.name) or used.get(field.attname)
            linked = clash is not None and clash.model is cls and getattr(clash, "name", None) == "id"
            own_link = clash is not None and getattr(clash, "field", None) is field
            if clash and not linked and not own_link and clash is not field:
                found.append(error(
                    f"The field '{field.name}' clashes with the field '{clash.name}' from model '{clash.model._meta}'.", field, "006",
                ))
            used[field.name] = used[field.attname] = field
        return found

    @classmethod
    def _check_column_name_clashes(cls) -> list[Any]:
        """E007."""
        used: set[str] = set()
        found = []
        for field in cls._meta.local_fields:
            column = field.get_attname_column()[1]
            if column and column in used:
                found.append(error(
                    f"Field '{field.name}' has column name '{column}' that is used by another field.", cls, "007",
                    hint="Specify a 'db_column' for the field.",
                ))
            used.add(column)
        return found

    @classmethod
    def _check_model_name_db_lookup_clashes(cls) -> list[Any]:
        """E023 and E024."""
        name = cls.__name__
        if name.startswith("_") or name.endswith("_"):
            return [error(f"The model name '{name}' would collide with look-up syntax: it cannot start or end with an underscore.", cls, "023")]
        if "__" in name:
            return [error(f"The model name '{name}' would collide with look-up syntax: it cannot contain double underscores.", cls, "024")]
        return []

    @classmethod
    def _check_property_name_related_field_accessor_clashes(cls) -> list[Any]:
        """E025."""
        accessors = {
            field.get_attname() for field in cls._meta._get_fields(reverse=False) if field.is_relation and field.related_model is not None
        }
        return [
            error(f"The property '{name}' clashes with a related field accessor.", cls, "025")
            for name in cls._meta._property_names if name in accessors
        ]

    @classmethod
    def _check_single_primary_key(cls) -> list[Any]:
        """E026."""
        if sum(1 for field in cls._meta.local_fields if field.primary_key) > 1:
            return [error("The model cannot have more than one field with 'primary_key=True'.", cls, "026")]
        return []

    @classmethod
    def _check_unique_together(cls) -> list[Any]:
        """E010 and E011."""
        groups = cls._meta.unique_together
        if not isinstance(groups, (tuple, list)):
            return [error("'unique_together' must be a list or tuple.", cls, "010")]
        if any(not isinstance(group, (tuple, list)) for group in groups):
            return [error("All 'unique_together' elements must be lists or tuples.", cls, "011")]
        return [message for group in groups for message in check_field_names(cls, group, "unique_together")]

    @classmethod
    def _connections(cls, databases: Iterable[str]) -> list[Any]:
        return [connections[alias] for alias in databases if router.allow_migrate_model(alias, cls)]

    @classmethod
    def _check_indexes(cls, databases: Any) -> list[Any]:
        return [
            message for connection in cls._connections(databases) for index in cls._meta.indexes for message in index.check(cls, connection)
        ]

    @classmethod
    def _check_constraints(cls, databases: Any) -> list[Any]:
        found: list[Any] = []
        for connection in cls._connections(databases):
            for constraint in cls._meta.constraints:
                found += constraint.check(cls, connection)
        return found

    @classmethod
    def _check_db_table_comment(cls, databases: Any) -> list[Any]:
        if not cls._meta.db_table_comment:
            return []
        return [
            checks.Warning(
                f"{connection.display_name} does not support comments on tables (db_table_comment).", obj=cls, id="models.W046",
            )
            for connection in cls._connections(databases)
            if not (connection.features.supports_comments or "supports_comments" in cls._meta.required_db_features)
        ]

    @classmethod
    def _check_composite_pk(cls) -> list[Any]:
        """E042."""
        found: list[Any] = []
        if not cls._meta.is_composite_pk:
            return found
        seen: set[str] = set()
        for name in cls._meta.pk.field_names:
            hint = None
            try:
                field = cls._meta.get_field(name)
            except FieldDoesNotExist:
                field, hint = None, f"'{name}' is not a valid field."
            if field is not None:
                hint = _unfit_for_key(cls, field, name, seen)
                seen.add(getattr(field, "column", name))
            if hint:
                found.append(error(f"'{name}' cannot be included in the composite primary key.", cls, "042", hint=hint))
        return found

    @classmethod
    def _check_mixed_on_delete(cls) -> list[Any]:
        """E050."""
        rules = [
            field.remote_field.on_delete for field in cls._meta.local_fields
            if field.is_relation and getattr(field.remote_field, "on_delete", None) not in (None, DO_NOTHING)
        ]
        by_database = [isinstance(rule, DatabaseOnDelete) for rule in rules]
        if any(by_database) and not all(by_database):
            return [error(
                "The model cannot have related fields with both database-level and Python-level on_delete variants.", cls, "050",
            )]
        return []

    @classmethod
    def _check_ordering(cls) -> list[Any]:
        """E014, E015 and E021."""
        options = cls._meta
        if options._ordering_clash:
            return [error("'ordering' and 'order_with_respect_to' cannot be used together.", cls, "021")]
        if options.order_with_respect_to or not options.ordering:
            return []
        if not isinstance(options.ordering, (list, tuple)):
            return [error("'ordering' must be a tuple or list (even if you want to order by only one field).", cls, "014")]
        names = [name.removeprefix("-") for name in options.ordering if isinstance(name, str) and name != "?"]
        for expression in options.ordering:
            if not isinstance(expression, str):
                inner = getattr(expression, "expression", expression)
                name = getattr(inner, "name", None)
                if isinstance(name, str):
                    names.append(name)
        return [
            error(f"'ordering' refers to the nonexistent field, related field, or lookup '{name}'.", cls, "015")
            for name in names if name != "pk" and not leads_somewhere(cls, name)
        ]

    @classmethod
    def _check_long_column_names(cls, databases: Any) -> list[Any]:
        """E018 and E019: names made by us that a database would cut."""
        limit, alias = None, None
        for connection in cls._connections(databases or []):
            length = connection.ops.max_name_length()
            if length is None or connection.features.truncates_names:
                continue
            if limit is None or length < limit:
                limit, alias = length, connection.alias
        if limit is None:
            return []
        found = []
        for field in cls._meta.local_fields:
            _attname, column = field.get_attname_column()
            if field.db_column is None and column is not None and len(column) > limit:
                found.append(error(
                    f'Autogenerated column name too long for field "{column}". Maximum length is "{limit}" for database "{alias}".', cls, "018",
                    hint="Set the column name manually using 'db_column'.",
                ))
        for field in cls._meta.local_many_to_many:
            through = field.remote_field.through
            if isinstance(through, str):
                continue
            for one in through._meta.local_fields:
                _attname, column = one.get_attname_column()
                if one.db_column is None and column is not None and len(column) > limit:
                    found.append(error(
                        f'Autogenerated column name too long for M2M field "{column}". Maximum length is "{limit}" for database "{alias}".', cls, "019",
                        hint="Write the model of the links yourself ('through'), and name its columns there ('db_column').",
                    ))
        return found


def _unfit_for_key(cls: Any, field: Any, name: str, seen: set[str]) -> str | None:
    """Why `field` cannot be a part of a composite key; None if it can."""
    if not getattr(field, "column", None):
        return f"'{name}' field has no column."
    if field.null:
        return f"'{name}' field may not set 'null=True'."
    if field.generated:
        return f"'{name}' field is a generated field."
    if field not in cls._meta.local_fields:
        return f"'{name}' field is not a local field."
    if field.column in seen:
        return f"'{name}' and another name of the key lead to the same field."
    return None


def leads_somewhere(model: Any, path: str) -> bool:
    """Whether a name of ``ordering`` is a field, or a way over relations and transforms."""
    current: Any = model
    field: Any = None
    for part in path.split("__"):
        try:
            if current is None:
                raise FieldDoesNotExist(part)
            field = current._meta.pk if part == "pk" else by_name(current, part)
            current = field.path_infos[-1].to_opts.model if field.is_relation else None
        except (FieldDoesNotExist, AttributeError):
            if field is None or (field.get_transform(part) is None and field.get_lookup(part) is None):
                return False
    return True


def by_name(model: Any, name: str) -> Any:
    """The field called `name`, raw names included. Raises FieldDoesNotExist."""
    return model._meta.get_field(name)


@checks.register(checks.Tags.models)
def check_all_models(app_configs: Any = None, **kwargs: Any) -> list[Any]:
    """Checks of each model, and names of tables, indexes and constraints that two models share."""
    tables: defaultdict[Any, list[str]] = defaultdict(list)
    indexes: defaultdict[str, list[str]] = defaultdict(list)
    constraints: defaultdict[str, list[str]] = defaultdict(list)
    found: list[Any] = []
    models = apps.get_models() if app_configs is None else chain.from_iterable(config.get_models() for config in app_configs)
    for model in models:
        options = model._meta
        if options.managed and not options.proxy:
            tables[options.db_table].append(options.label)
        if not inspect.ismethod(model.check):
            found.append(error(
                f"The '{model.__name__}.check()' class method is currently overridden by {model.check!r}.", model, "020",
            ))
        else:
            found += model.check(**kwargs)
        for index in options.indexes:
            indexes[index.name].append(options.label)
        for constraint in options.constraints:
            constraints[constraint.name].append(options.label)
    for table, labels in tables.items():
        if len(labels) > 1:
            found.append(_shared_table(table, labels))
    return found + _shared_names(indexes, "index", "029", "030") + _shared_names(constraints, "constraint", "031", "032")


def _shared_table(table: str, labels: list[str]) -> Any:
    """E028, or W035 where routers may keep the tables apart."""
    message = f"db_table '{table}' is used by multiple models: {', '.join(labels)}."
    if settings.DATABASE_ROUTERS:
        return checks.Warning(
            message, hint="Routers are in use: make sure that these models stand in different databases.", obj=table, id="models.W035",
        )
    return checks.Error(message, obj=table, id="models.E028")


def _shared_names(names: dict[str, list[str]], kind: str, within: str, among: str) -> list[Any]:
    found = []
    for name, labels in names.items():
        if len(labels) > 1:
            distinct = set(labels)
            if len(distinct) == 1:
                found.append(error(f"{kind} name '{name}' is not unique for model {labels[0]}.", None, within))
            else:
                found.append(error(f"{kind} name '{name}' is not unique among models: {', '.join(sorted(distinct))}.", None, among))
    return found


@checks.register(checks.Tags.models)
def check_lazy_references(app_configs: Any = None, **kwargs: Any) -> list[Any]:
    """References to models that never came: fields.E307 and models.E022."""
    return _check_lazy_references(apps)


def _check_lazy_references(registry: Any, ignore: Iterable[Any] = ()) -> list[Any]:
    """A message for everything that still waits for a model in `registry`."""
    settings_models = {
        tuple(str(getattr(settings, name)).lower().split("."))
        for name in ("AUTH_USER_MODEL",) if getattr(settings, name, None)
    }
    ignored = {tuple(one) for one in ignore} | settings_models
    found = []
    for key, waiting in registry._pending_operations.items():
        if tuple(part.lower() for part in key) in ignored:
            continue
        for operation in waiting:
            function, keywords = unwrapped(operation)
            found.append(_lazy_message(registry, key, function, keywords))
    return sorted(found, key=lambda message: message.msg)


def unwrapped(operation: Any) -> tuple[Any, dict[str, Any]]:
    """The function that waits, and the keywords bound to it."""
    keywords: dict[str, Any] = {}
    while hasattr(operation, "func"):
        keywords.update(getattr(operation, "keywords", None) or {})
        operation = operation.func
    return operation, keywords


def _lazy_message(registry: Any, key: Any, function: Any, keywords: dict[str, Any]) -> Any:
    label, name = key
    try:
        registry.get_app_config(label)
    except LookupError:
        why = f"app '{label}' isn't installed"
    else:
        why = f"app '{label}' doesn't provide model '{name}'"
    field = keywords.get("field")
    if field is not None:
        return checks.Error(
            f"The field {field} was declared with a lazy reference to '{label}.{name}', but {why}.", obj=field, id="fields.E307",
        )
    shown, obj = getattr(function, "__qualname__", repr(function)), function
    if isinstance(function, types.MethodType):
        obj, shown = function.__self__, f"{type(function.__self__).__name__}.{function.__name__}"
    return error(f"{shown} contains a lazy reference to {label}.{name}, but {why}.", obj, "022")
