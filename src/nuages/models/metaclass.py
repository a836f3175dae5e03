"""ModelBase: turns a class body into a model. It only records; relations resolve when their models exist."""

from __future__ import annotations

import copy
import copyreg
import inspect
from typing import Any

from nuages import exceptions
from nuages.apps.registry import apps
from nuages.conf import settings
from nuages.models import ordering, signals
from nuages.models.deletion import CASCADE
from nuages.models.manager import Manager
from nuages.models.options import Options
from nuages.models.references import make_model_tuple, resolve_relation
from nuages.sql.errors import DatabaseError
from nuages.sql.outputs import cls as field_class
from nuages.sql.outputs import is_instance


def contributes(value: Any) -> bool:
    """Whether a member of a class body adds itself to the model (fields and managers do)."""
    return not inspect.isclass(value) and hasattr(value, "contribute_to_class")


def make_exception(name: str, bases: tuple[type, ...], owner: Any) -> type:
    """The model's own exception class, findable by pickle as ``Model.Name``."""
    return type(name, bases, {"__module__": owner.__module__, "__qualname__": f"{owner.__qualname__}.{name}"})


OWN_EXCEPTIONS: tuple[tuple[str, tuple[type[Exception], ...]], ...] = (
    ("DoesNotExist", (exceptions.ObjectDoesNotExist,)),
    ("MultipleObjectsReturned", (exceptions.MultipleObjectsReturned,)),
    ("NotUpdated", (exceptions.ObjectNotUpdated, DatabaseError)),
)


class ModelBase(type):
    """Metaclass of all models."""

    _meta: Options

    def __new__(metacls, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        parents = [base for base in bases if isinstance(base, ModelBase)]
        if not parents:
            return super().__new__(metacls, name, bases, attrs, **kwargs)
        declared_meta = attrs.pop("Meta", None)
        recorded = {key: value for key, value in attrs.items() if contributes(value)}
        plain = {key: value for key, value in attrs.items() if key not in recorded}
        cls = super().__new__(metacls, name, bases, plain, **kwargs)
        return _Building(cls, parents, declared_meta, recorded).result()

    def add_to_class(cls, name: str, value: Any) -> None:
        """Put `value` on the class; fields and managers record themselves."""
        if contributes(value):
            value.contribute_to_class(cls, name)
        else:
            setattr(cls, name, value)

    @property
    def _base_manager(cls) -> Any:
        return cls._meta.base_manager

    @property
    def _default_manager(cls) -> Any:
        return cls._meta.default_manager

    def _prepare(cls) -> None:
        """The last steps: primary key, methods that follow from Meta, default manager; then ``class_prepared``."""
        model: Any = cls
        options = cls._meta
        options._prepare(model)
        if options.order_with_respect_to:
            ordering.install(model)
        if cls.__doc__ is None:
            names = ", ".join(field.name for field in options.fields)
            cls.__doc__ = f"{cls.__name__}({names})"
        if not options.managers:
            if any(field.name == "objects" for field in options.fields):
                raise ValueError(f"Model {cls.__name__} must specify a custom Manager, because it has a field named 'objects'.")
            manager: Any = Manager()
            manager.auto_created = True
            cls.add_to_class("objects", manager)
        for index in options.indexes:
            if not index.name:
                index.set_name_with_model(model)
        override = settings.ABSOLUTE_URL_OVERRIDES.get(options.label_lower)
        if override:
            model.get_absolute_url = override
        signals.class_prepared.send(sender=cls)


class _Building:
    """The steps from a class body to a model."""

    def __init__(self, cls: Any, parents: list[Any], declared_meta: Any, recorded: dict[str, Any]) -> None:
        self.cls, self.parents, self.recorded = cls, parents, recorded
        self.declared_meta = declared_meta
        self.abstract = bool(getattr(declared_meta, "abstract", False))
        self.base_options = getattr(cls, "_meta", None)

    def result(self) -> Any:
        """Do all steps and give the model."""
        cls = self.cls
        self._set_options()
        options = cls._meta
        is_proxy = options.proxy
        if is_proxy and self.base_options and self.base_options.swapped:
            raise TypeError(f"{cls.__name__} cannot proxy the swapped model '{self.base_options.swapped}'.")
        for name, value in self.recorded.items():
            cls.add_to_class(name, value)
        if is_proxy:
            self._become_proxy()
        else:
            options.concrete_model = cls
        self._inherit_fields()
        options.indexes = [copy.deepcopy(index) for index in options.indexes]
        if self.abstract:
            self._finish_abstract()
            return cls
        cls._prepare()
        options.apps.register_model(options.app_label, cls)
        return cls

    # -- Meta -------------------------------------------------------------------------------------------------

    def _set_options(self) -> None:
        cls = self.cls
        meta = self.declared_meta or getattr(cls, "Meta", None)
        cls.add_to_class("_meta", Options(meta, self._app_label(meta)))
        if self.abstract:
            return
        for name, roots in OWN_EXCEPTIONS:
            above = tuple(getattr(parent, name) for parent in self._concrete_parents() if hasattr(parent, name))
            cls.add_to_class(name, make_exception(name, above or roots, cls))
        base = self.base_options
        if base is not None and not base.abstract:
            # Children of a model with a table share what orders its rows unless they say otherwise.
            if not hasattr(meta, "ordering"):
                cls._meta.ordering = base.ordering
            if not hasattr(meta, "get_latest_by"):
                cls._meta.get_latest_by = base.get_latest_by

    def _concrete_parents(self) -> list[Any]:
        return [parent for parent in self.parents if hasattr(parent, "_meta") and not parent._meta.abstract]

    def _app_label(self, meta: Any) -> str | None:
        cls = self.cls
        config = apps.get_containing_app_config(cls.__module__)
        declared: str | None = getattr(meta, "app_label", None)
        if declared is not None:
            return declared
        if config is not None:
            return config.label
        if not self.abstract:
            raise RuntimeError(
                f"Model class {cls.__module__}.{cls.__name__} doesn't declare an explicit app_label and isn't in an "
                "application in INSTALLED_APPS."
            )
        return None

    # -- proxies ----------------------------------------------------------------------------------------------

    def _become_proxy(self) -> None:
        cls = self.cls
        base = None
        for parent in (one for one in self.parents if hasattr(one, "_meta")):
            if parent._meta.abstract:
                if parent._meta.fields:
                    raise TypeError(f"Abstract base class containing model fields not permitted for proxy model '{cls.__name__}'.")
                continue
            if base is None:
                base = parent
            elif parent._meta.concrete_model is not base._meta.concrete_model:
                raise TypeError(f"Proxy model '{cls.__name__}' has more than one non-abstract model base class.")
        if base is None:
            raise TypeError(f"Proxy model '{cls.__name__}' has no non-abstract model base class.")
        cls._meta.setup_proxy(base)
        cls._meta.concrete_model = base._meta.concrete_model

    # -- fields from above ------------------------------------------------------------------------------------

    def _inherit_fields(self) -> None:
        options = self.cls._meta
        own = [*options.local_fields, *options.local_many_to_many, *options.private_fields]
        self.own_names = {field.name for field in own}
        self.shadowed: set[str] = set()
        self.links = self._declared_links()
        for base in self.cls.mro():
            if base not in self.parents or not hasattr(base, "_meta"):
                # Names on plain classes, and on this class, hide fields further up.
                self.shadowed.update(base.__dict__)
                continue
            fields = [*base._meta.local_fields, *base._meta.local_many_to_many]
            if base._meta.abstract:
                self._copy_fields(base, fields)
            else:
                self._link_to(base, fields)
            self._copy_private_fields(base)

    def _declared_links(self) -> dict[Any, Any]:
        """OneToOneFields declared as parent links, by the model they lead to."""
        found: dict[Any, Any] = {}
        for base in reversed([self.cls, *self.parents]):
            if not hasattr(base, "_meta") or (base is not self.cls and not base._meta.abstract):
                continue
            for field in base._meta.local_fields:
                if is_instance(field, "OneToOneField") and field.remote_field.parent_link:
                    found[make_model_tuple(resolve_relation(self.cls, field.remote_field.model))] = field
        return found

    def _link_to(self, base: Any, fields: list[Any]) -> None:
        """Multi-table inheritance: a link to the parent's row."""
        cls = self.cls
        for field in fields:
            if field.name in self.own_names:
                raise exceptions.FieldError(
                    f"Local field {field.name!r} in class {cls.__name__!r} clashes with field of the same name from base "
                    f"class {base.__name__!r}."
                )
            self.shadowed.add(field.name)
        base = base._meta.concrete_model
        link = self.links.get(make_model_tuple(base))
        if link is None and not cls._meta.proxy:
            link = self._make_link(base)
        cls._meta.parents[base] = link

    def _make_link(self, base: Any) -> Any:
        cls = self.cls
        name = f"{base._meta.model_name}_ptr"
        if name in self.own_names:
            raise exceptions.FieldError(
                f"Auto-generated field '{name}' in class {cls.__name__!r} for parent_link to base class {base.__name__!r} "
                "clashes with declared field of the same name."
            )
        link = field_class("OneToOneField")(base, on_delete=CASCADE, name=name, auto_created=True, parent_link=True)
        if not hasattr(cls, name):
            cls.add_to_class(name, link)
        return link

    def _copy_fields(self, base: Any, fields: list[Any]) -> None:
        """Abstract inheritance: fields of our own, made like the parent's."""
        cls = self.cls
        links = dict(base._meta.parents)
        for field in fields:
            if field.name in self.own_names or field.name in cls.__dict__ or field.name in self.shadowed:
                continue
            twin = copy.deepcopy(field)
            cls.add_to_class(field.name, twin)
            for parent, link in links.items():
                if field == link:
                    links[parent] = twin
        cls._meta.parents.update(links)

    def _copy_private_fields(self, base: Any) -> None:
        cls = self.cls
        for field in base._meta.private_fields:
            if field.name in self.own_names:
                if not base._meta.abstract:
                    raise exceptions.FieldError(
                        f"Local field {field.name!r} in class {cls.__name__!r} clashes with field of the same name from "
                        f"base class {base.__name__!r}."
                    )
            elif (field.name not in cls.__dict__ and field.name not in self.shadowed) or not base._meta.abstract:
                twin = copy.deepcopy(field)
                if not base._meta.abstract:
                    twin.mti_inherited = True
                cls.add_to_class(field.name, twin)

    def _finish_abstract(self) -> None:
        """Children of an abstract model are not abstract unless they say so."""
        meta = self.declared_meta
        meta.abstract = False
        self.cls.Meta = meta


def find_model(label: str) -> Any:
    """The model that pickle stored by its label."""
    return apps.get_model(label)


def _reduce_model(cls: Any) -> Any:
    """How pickle stores a model: by its name in its module; those that relations made stand in none, but have a label."""
    options = getattr(cls, "_meta", None)
    return (find_model, (options.label,)) if options is not None and options.auto_created else cls.__qualname__


copyreg.pickle(ModelBase, _reduce_model)
