"""``Model._meta``: what is known about a model, and the documented way to ask for its fields."""

from __future__ import annotations

import bisect
import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from nuages import exceptions
from nuages.apps.registry import apps as default_apps
from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.db import connections
from nuages.i18n import translation
from nuages.models.constraints import UniqueConstraint
from nuages.models.lineage import Lineage
from nuages.models.manager import Manager
from nuages.models.ordering import order_with_respect
from nuages.sql.naming import truncate_name
from nuages.sql.outputs import cls as field_class
from nuages.sql.outputs import is_instance
from nuages.text.datastructures import ImmutableList
from nuages.text.formatting import camel_case_to_spaces
from nuages.text.lazy import cached_property, lazy

PROXY_PARENTS = object()
EMPTY_RELATION_TREE: tuple[Any, ...] = ()

IMMUTABLE_WARNING = "The result of %s is shared by all callers; make a list of your own to change it."

#: Everything that ``class Meta`` may hold.
DEFAULT_NAMES = (
    "verbose_name", "verbose_name_plural", "db_table", "db_table_comment", "ordering", "unique_together", "permissions",
    "get_latest_by", "order_with_respect_to", "app_label", "db_tablespace", "abstract", "managed", "proxy", "swappable",
    "auto_created", "apps", "default_permissions", "select_on_save", "default_related_name", "required_db_features",
    "required_db_vendor", "base_manager_name", "default_manager_name", "indexes", "constraints",
)


def normalize_together(option: Any) -> Any:
    """``unique_together`` as a tuple of tuples; what has another form is kept for the checks to report."""
    if not option:
        return ()
    if not isinstance(option, (list, tuple)):
        return option
    if not isinstance(option[0], (list, tuple)):
        option = (option,)
    try:
        return tuple(tuple(group) for group in option)
    except TypeError:
        return option


plural_of = lazy(lambda name: f"{name}s", str)


def make_immutable_fields_list(name: str, data: Iterable[Any]) -> ImmutableList:
    """A list that warns off those who would change it."""
    return ImmutableList(data, warning=IMMUTABLE_WARNING % name)


class Options(Lineage):
    """What ``class Meta`` says, and what follows from the fields. Nothing here runs a query."""

    FORWARD_PROPERTIES: ClassVar[frozenset[str]] = frozenset({
        "fields", "many_to_many", "concrete_fields", "local_concrete_fields", "_non_pk_concrete_field_names",
        "_reverse_one_to_one_field_names", "_forward_fields_map", "managers", "managers_map", "base_manager",
        "default_manager", "db_returning_fields", "_property_names", "pk_fields", "_generated", "_plans",
        "_transforms", "db_table_columns",
    })
    REVERSE_PROPERTIES: ClassVar[frozenset[str]] = frozenset({"related_objects", "fields_map", "_relation_tree"})

    default_apps: ClassVar[Any] = default_apps

    def __init__(self, meta: Any, app_label: str | None = None) -> None:
        self._get_fields_cache: dict[Any, ImmutableList] = {}
        self.local_fields: list[Any] = []
        self.local_many_to_many: list[Any] = []
        self.private_fields: list[Any] = []
        self.local_managers: list[Any] = []
        self.base_manager_name: str | None = None
        self.default_manager_name: str | None = None
        self.model_name: str = ""
        self.verbose_name: Any = None
        self.verbose_name_plural: Any = None
        self.db_table = ""
        self.db_table_comment = ""
        self.ordering: Any = []
        self._ordering_clash = False
        self.indexes: list[Any] = []
        self.constraints: list[Any] = []
        self.unique_together: Any = []
        self.select_on_save = False
        self.default_permissions: Any = ("add", "change", "delete", "view")
        self.permissions: Any = []
        self.object_name: str = ""
        self.app_label: Any = app_label
        self.get_latest_by: Any = None
        self.order_with_respect_to: Any = None
        self.db_tablespace = settings.DEFAULT_TABLESPACE
        self.required_db_features: Any = []
        self.required_db_vendor: str | None = None
        self.meta = meta
        self.pk: Any = None
        self.auto_field: Any = None
        self.abstract = False
        self.managed = True
        self.proxy = False
        self.proxy_for_model: Any = None
        self.concrete_model: Any = None
        self.swappable: str | None = None
        self.parents: dict[Any, Any] = {}
        self.auto_created: Any = False
        self.related_fkey_lookups: list[Any] = []
        self.apps: Any = self.default_apps
        self.default_related_name: str | None = None
        self.model: Any = None
        self.original_attrs: dict[str, Any] = {}

    # -- labels -----------------------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        """``app_label.ModelName``."""
        return f"{self.app_label}.{self.object_name}"

    @property
    def label_lower(self) -> str:
        """``app_label.modelname``."""
        return f"{self.app_label}.{self.model_name}"

    @property
    def app_config(self) -> Any:
        """The configuration of the model's app, or None while there is none."""
        return self.apps.app_configs.get(self.app_label)

    @property
    def verbose_name_raw(self) -> str:
        """The untranslated verbose name."""
        if isinstance(self.verbose_name, str):
            return self.verbose_name
        with translation.override(None):
            return str(self.verbose_name)

    def __repr__(self) -> str:
        return f"<Options for {self.object_name}>"

    def __str__(self) -> str:
        return self.label_lower

    # -- making -----------------------------------------------------------------------------------------------

    def contribute_to_class(self, cls: Any, name: str) -> None:
        """Take over ``class Meta``; raises TypeError for names that mean nothing."""
        cls._meta = self
        self.model = cls
        self.object_name = cls.__name__
        self.model_name = self.object_name.lower()
        self.verbose_name = camel_case_to_spaces(self.object_name)
        if self.meta is not None:
            self._take_meta({key: value for key, value in vars(self.meta).items() if not key.startswith("_")})
        if self.verbose_name_plural is None:
            self.verbose_name_plural = plural_of(self.verbose_name)
        self._ordering_clash = bool(self.ordering and self.order_with_respect_to)
        if not self.db_table:
            self.db_table = truncate_name(f"{self.app_label}_{self.model_name}", self._longest_name())

    def _longest_name(self) -> int | None:
        longest: int | None = connections["default"].ops.max_name_length()
        return longest

    def _take_meta(self, given: dict[str, Any]) -> None:
        for option in DEFAULT_NAMES:
            if option in given:
                value = given.pop(option)
            elif hasattr(self.meta, option):
                value = getattr(self.meta, option)
            else:
                continue
            setattr(self, option, value)
            self.original_attrs[option] = value
        if given:
            raise TypeError(f"'class Meta' got invalid attribute(s): {','.join(given)}")
        self.unique_together = normalize_together(self.unique_together)
        if not getattr(self.meta, "abstract", False):
            for kind in ("constraints", "indexes"):
                setattr(self, kind, self._named(getattr(self, kind)))

    def _named(self, declared: Any) -> list[Any]:
        """Copies of constraints or indexes with ``%(app_label)s`` and ``%(class)s`` filled in."""
        parts = {"app_label": self.app_label.lower(), "class": self.model_name}
        found = []
        for one in declared:
            twin = one.clone()
            twin.name = one.name and one.name % parts if "%(" in (one.name or "") else one.name
            found.append(twin)
        return found

    def _prepare(self, model: Any) -> None:
        """The last step of making: order_with_respect_to, and a primary key if none was declared."""
        if self.order_with_respect_to:
            order_with_respect(self, model)
        else:
            self.order_with_respect_to = None
        if self.pk is None:
            if self.parents:
                self._promote_parent_link()
            else:
                model.add_to_class("id", self._make_default_pk())

    def _promote_parent_link(self) -> None:
        link = next(iter(self.parents.values()))
        declared = [one for one in self.local_fields if one.name == link.name]
        if declared:
            link = declared[0]
        link.primary_key = True
        self.setup_pk(link)

    def _make_default_pk(self) -> Any:
        pk_class = self._get_default_pk_class()
        return pk_class(verbose_name="ID", primary_key=True, auto_created=True)

    def _get_default_pk_class(self) -> Any:
        """The class named by the app or by DEFAULT_AUTO_FIELD. Raises ImproperlyConfigured or ValueError."""
        config = self.app_config
        path = getattr(config, "default_auto_field", settings.DEFAULT_AUTO_FIELD)
        if config is not None and config._is_default_auto_field_overridden:
            source = f"{config.__class__.__module__}.{config.__class__.__qualname__}.default_auto_field"
        else:
            source = "DEFAULT_AUTO_FIELD"
        if not path:
            raise exceptions.ImproperlyConfigured(f"{source} must not be empty.")
        try:
            pk_class = import_string(path)
        except ImportError as error:
            raise exceptions.ImproperlyConfigured(f"{source} refers to the module '{path}' that could not be imported.") from error
        if not issubclass(pk_class, field_class("AutoField")):
            raise ValueError(f"Primary key '{path}' referred by {source} must subclass AutoField.")
        return pk_class

    def add_manager(self, manager: Any) -> None:
        """Record a manager."""
        self.local_managers.append(manager)
        self._expire_cache()

    def add_field(self, field: Any, private: bool = False) -> None:
        """Record a field where it belongs, in the order of declaration."""
        many_to_many = field.is_relation and field.many_to_many
        if private:
            self.private_fields.append(field)
        else:
            bisect.insort(self.local_many_to_many if many_to_many else self.local_fields, field)
            if not many_to_many:
                self.setup_pk(field)
        if field.is_relation and hasattr(field.remote_field, "model") and field.remote_field.model:
            target = field.remote_field.model
            if hasattr(target, "_meta"):
                target._meta._expire_cache(forward=False)
            self._expire_cache()
        else:
            self._expire_cache(reverse=False)

    def setup_pk(self, field: Any) -> None:
        """Make `field` the primary key if it says so and there is none yet."""
        if not self.pk and field.primary_key:
            self.pk = field
            field.serialize = False

    def setup_proxy(self, target: Any) -> None:
        """Share the table of `target`."""
        self.pk = target._meta.pk
        self.proxy_for_model = target
        self.db_table = target._meta.db_table

    def can_migrate(self, connection: Any) -> bool:
        """Whether the model has a table on `connection` (or the alias of one)."""
        if self.proxy or self.swapped or not self.managed:
            return False
        if isinstance(connection, str):
            connection = connections[connection]
        if self.required_db_vendor:
            return bool(self.required_db_vendor == connection.vendor)
        return all(getattr(connection.features, feature, False) for feature in self.required_db_features)

    @property
    def swapped(self) -> str | None:
        """The model that a setting puts in place of this one, or None."""
        if not self.swappable:
            return None
        chosen: str | None = getattr(settings, self.swappable, None)
        if not chosen:
            return None
        try:
            label, name = chosen.split(".")
        except ValueError:
            return chosen
        return chosen if f"{label}.{name.lower()}" != self.label_lower else None

    def setting_changed(self, *, setting: str, **kwargs: Any) -> None:
        """Forget what depended on a swappable setting."""
        if setting == self.swappable:
            self._expire_cache()

    # -- managers ---------------------------------------------------------------------------------------------

    @cached_property
    def managers(self) -> ImmutableList:
        """All managers, own before inherited, each by its name once, in order of creation."""
        seen: set[str] = set()
        ranked: list[tuple[int, int, Any]] = []
        bases = [base for base in self.model.__mro__ if hasattr(base, "_meta")]
        for depth, base in enumerate(bases):
            for manager in base._meta.local_managers:
                if manager.name in seen:
                    continue
                twin = copy.copy(manager)
                twin.model = self.model
                seen.add(manager.name)
                ranked.append((depth, manager.creation_counter, twin))
        ranked.sort(key=lambda entry: entry[:2])
        return make_immutable_fields_list("managers", [entry[2] for entry in ranked])

    @cached_property
    def managers_map(self) -> dict[str, Any]:
        """Managers by name."""
        return {manager.name: manager for manager in self.managers}

    @cached_property
    def base_manager(self) -> Any:
        """The manager by which related objects are loaded and saved."""
        ancestors = (base._meta.base_manager_name for base in self.model.__mro__ if hasattr(base, "_meta"))
        name = next(filter(None, ancestors), None)
        if name:
            return self._manager_called(name)
        manager: Any = Manager()
        manager.name, manager.model, manager.auto_created = "_base_manager", self.model, True
        return manager

    @cached_property
    def default_manager(self) -> Any:
        """The first manager, or the one that ``default_manager_name`` names."""
        name = self.default_manager_name
        if not name and not self.local_managers:
            for parent in self.model.mro()[1:]:
                if hasattr(parent, "_meta"):
                    name = parent._meta.default_manager_name
                    break
        if name:
            return self._manager_called(name)
        return self.managers[0] if self.managers else None

    def _manager_called(self, name: str) -> Any:
        try:
            return self.managers_map[name]
        except KeyError:
            raise ValueError(f"{self.object_name} has no manager named {name!r}") from None

    # -- fields -----------------------------------------------------------------------------------------------

    @cached_property
    def fields(self) -> ImmutableList:
        """Forward fields but many-to-many ones, in order."""
        found = (one for one in self._get_fields(reverse=False) if self._is_plain(one))
        return make_immutable_fields_list("fields", found)

    @staticmethod
    def _is_plain(field: Any) -> bool:
        """No many-to-many field and no generic relation, which have no column and no place among `fields`."""
        if field.is_relation and (field.many_to_many or field.one_to_many):
            return False
        return not (field.is_relation and field.many_to_one and not (hasattr(field.remote_field, "model") and field.remote_field.model))

    @cached_property
    def concrete_fields(self) -> ImmutableList:
        """The fields that have a column."""
        return make_immutable_fields_list("concrete_fields", (one for one in self.fields if one.concrete))

    @cached_property
    def local_concrete_fields(self) -> ImmutableList:
        """The fields that have a column in the model's own table."""
        return make_immutable_fields_list("local_concrete_fields", (one for one in self.local_fields if one.concrete))

    @cached_property
    def many_to_many(self) -> ImmutableList:
        """Many-to-many fields declared here or above."""
        found = (one for one in self._get_fields(reverse=False) if one.is_relation and one.many_to_many)
        return make_immutable_fields_list("many_to_many", found)

    @cached_property
    def related_objects(self) -> ImmutableList:
        """Relations that point here; of the hidden ones only those of many-to-many fields."""
        every = self._get_fields(forward=False, reverse=True, include_hidden=True)
        return make_immutable_fields_list("related_objects", (one for one in every if not one.hidden or one.field.many_to_many))

    @cached_property
    def _forward_fields_map(self) -> dict[str, Any]:
        found = {}
        for one in self._get_fields(reverse=False):
            found[one.name] = one
            # A raw column such as author_id is found too.
            found.setdefault(getattr(one, "attname", one.name), one)
        return found

    @cached_property
    def fields_map(self) -> dict[str, Any]:
        """Reverse relations by query name, hidden ones too."""
        found = {}
        for one in self._get_fields(forward=False, include_hidden=True):
            found[one.name] = one
            found.setdefault(getattr(one, "attname", one.name), one)
        return found

    def get_field(self, field_name: str) -> Any:
        """The field or reverse relation called `field_name`. Raises FieldDoesNotExist."""
        try:
            return self._forward_fields_map[field_name]
        except KeyError:
            if not self.apps.models_ready:
                raise exceptions.FieldDoesNotExist(
                    f"{self.object_name} has no field named '{field_name}' (models are still being loaded: "
                    "names of reverse relations are known only once all models are)."
                ) from None
        try:
            return self.fields_map[field_name]
        except KeyError:
            raise exceptions.FieldDoesNotExist(f"{self.object_name} has no field named '{field_name}'") from None

    def get_fields(self, include_parents: Any = True, include_hidden: bool = False) -> ImmutableList:
        """All fields and relations; see "Model _meta API"."""
        if include_parents is False:
            include_parents = PROXY_PARENTS
        return self._get_fields(include_parents=include_parents, include_hidden=include_hidden)

    def _get_fields(
        self,
        forward: bool = True,
        reverse: bool = True,
        include_parents: Any = True,
        include_hidden: bool = False,
        topmost_call: bool = True,
    ) -> ImmutableList:
        key = (forward, reverse, include_parents, include_hidden, topmost_call)
        found = self._get_fields_cache.get(key)
        if found is None:
            every: list[Any] = []
            if include_parents is not False:
                every += self._inherited_fields(forward, reverse, include_parents, include_hidden)
            if reverse and not self.proxy:
                every += (one.remote_field for one in self._relation_tree if include_hidden or not one.remote_field.hidden)
            if forward:
                every += self.local_fields
                every += self.local_many_to_many
                if topmost_call:
                    every += self.private_fields
            found = self._get_fields_cache[key] = make_immutable_fields_list("get_fields()", every)
        return found

    def _inherited_fields(self, forward: bool, reverse: bool, include_parents: Any, include_hidden: bool) -> Iterator[Any]:
        seen: set[int] = set()
        own = self.concrete_model
        for parent in self.parents:
            if parent._meta.concrete_model != own and include_parents is PROXY_PARENTS:
                continue
            for one in parent._meta._get_fields(
                forward=forward, reverse=reverse, include_parents=include_parents, include_hidden=include_hidden, topmost_call=False
            ):
                # A parent's reverse link down to this model is no relation of this model's.
                if id(one) not in seen and (not getattr(one, "parent_link", False) or one.model == own):
                    seen.add(id(one))
                    yield one

    @cached_property
    def _relation_tree(self) -> Any:
        return relation_graph(self.apps, self)

    def _expire_cache(self, forward: bool = True, reverse: bool = True) -> None:
        """Forget what was derived from the fields."""
        names = (self.FORWARD_PROPERTIES if forward else frozenset()) | (
            self.REVERSE_PROPERTIES if reverse and not self.abstract else frozenset()
        )
        for name in names & self.__dict__.keys():
            del self.__dict__[name]
        self._get_fields_cache = {}

    # -- what follows -----------------------------------------------------------------------------------------

    @cached_property
    def total_unique_constraints(self) -> list[Any]:
        """UniqueConstraints over plain fields and all rows."""
        return [
            one for one in self.constraints
            if isinstance(one, UniqueConstraint) and one.condition is None and not one.contains_expressions
        ]

    @cached_property
    def pk_fields(self) -> list[Any]:
        """The fields of the primary key; several when it is composite."""
        return list(getattr(self.pk, "fields", [self.pk]))

    @property
    def is_composite_pk(self) -> bool:
        """Whether the primary key has several columns."""
        return is_instance(self.pk, "CompositePrimaryKey")

    @cached_property
    def _property_names(self) -> frozenset[str]:
        """Names of properties on the class; these may be given to the constructor."""
        found = set()
        for base in reversed(self.model.__mro__):
            for name, value in vars(base).items():
                found.discard(name)
                if isinstance(value, property):
                    found.add(name)
        return frozenset(found)

    @cached_property
    def _non_pk_concrete_field_names(self) -> frozenset[str]:
        """Names that ``update_fields`` may hold."""
        keys = set(self.pk_fields)
        kept = (one for one in self.concrete_fields if not one.primary_key and one not in keys)
        return frozenset(name for one in kept for name in (one.name, one.attname))

    @cached_property
    def _plans(self) -> dict[Any, Any]:
        """What constructors and statements of the model decided once; forgotten when its fields change."""
        return {}

    @cached_property
    def _reverse_one_to_one_field_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.related_objects if one.one_to_one)

    @cached_property
    def db_returning_fields(self) -> list[Any]:
        """Fields whose value the database makes on INSERT."""
        return [one for one in self._get_fields(forward=True, reverse=False, include_parents=PROXY_PARENTS) if getattr(one, "db_returning", False)]


def relation_graph(apps: Any, options: Options) -> Any:
    """The relations that point at the model of `options`; computes those of all models of `apps` at once."""
    models = apps.get_models(include_auto_created=True)
    incoming: defaultdict[Any, list[Any]] = defaultdict(list)
    for model in models:
        if model._meta.abstract:
            continue
        for one in model._meta._get_fields(reverse=False, include_parents=False):
            remote = one.remote_field
            if one.is_relation and remote is not None and remote.model is not None and not isinstance(remote.model, str):
                incoming[remote.model._meta.concrete_model._meta].append(one)
    for model in models:
        model._meta.__dict__["_relation_tree"] = incoming.get(model._meta.concrete_model._meta, EMPTY_RELATION_TREE)
    return options.__dict__.get("_relation_tree", EMPTY_RELATION_TREE)


