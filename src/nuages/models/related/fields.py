"""Fields that point at other models: RelatedField, ForeignObject, ForeignKey, OneToOneField."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, overload

from nuages import exceptions, forms
from nuages.apps.registry import apps as default_apps
from nuages.db import router
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.attributes import ForeignKeyDeferredAttribute
from nuages.models.fields.caching import FieldCacheMixin
from nuages.models.fields.deconstructing import with_options
from nuages.models.fields.field import Field
from nuages.models.references import RECURSIVE_RELATIONSHIP_CONSTANT, lazy_related_operation
from nuages.models.related.checking import ForeignKeyChecks, ForeignObjectChecks, RelatedFieldChecks
from nuages.models.related.forward import ForwardManyToOneDescriptor, ForwardOneToOneDescriptor
from nuages.models.related.rels import ForeignObjectRel, ManyToOneRel, OneToOneRel
from nuages.models.related.reverse import ReverseManyToOneDescriptor, ReverseOneToOneDescriptor
from nuages.sql.joins import PathInfo
from nuages.sql.keeping import asks_target
from nuages.sql.q import Q
from nuages.text.lazy import cached_property

T = TypeVar("T")


class RelatedField(RelatedFieldChecks, FieldCacheMixin, Field[T]):
    """What all relations have in common."""

    one_to_many = False
    one_to_one = False
    many_to_many = False
    many_to_one = False

    def __init__(
        self, related_name: str | None = None, related_query_name: str | None = None, limit_choices_to: Any = None, **kwargs: Any
    ) -> None:
        self._related_name, self._related_query_name = related_name, related_query_name
        self._limit_choices_to = limit_choices_to
        super().__init__(**kwargs)

    @cached_property
    def related_model(self) -> Any:  # type: ignore[override]
        """The model pointed at."""
        default_apps.check_models_ready()
        return self.remote_field.model

    @cached_property
    def cache_name(self) -> str:  # type: ignore[override]
        """The key of the cached related object."""
        return str(self.name)

    def db_type(self, connection: Any) -> str | None:
        return None

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        self.__dict__.pop("cache_name", None)  # the field that it was copied from may have had another name
        super().contribute_to_class(cls, name, private_only=private_only)
        self.opts = cls._meta
        if cls._meta.abstract:
            return
        self._fill_names(cls)
        lazy_related_operation(self._resolve_related_class, cls, self.remote_field.model, field=self)

    def _fill_names(self, cls: Any) -> None:
        """Put the model's name into ``related_name`` and ``related_query_name``."""
        options = cls._meta
        parts = {"class": cls.__name__.lower(), "model_name": options.model_name.lower(), "app_label": options.app_label.lower()}
        related_name = self.remote_field.related_name or options.default_related_name
        if related_name:
            self.remote_field.related_name = related_name % parts
        if self.remote_field.related_query_name:
            self.remote_field.related_query_name = self.remote_field.related_query_name % {
                "class": parts["class"], "app_label": parts["app_label"],
            }

    @staticmethod
    def _resolve_related_class(model: Any, related: Any, field: Any) -> None:
        field.remote_field.model = related
        field.do_related_class(related, model)

    def do_related_class(self, other: Any, cls: Any) -> None:
        """The other model exists now: complete both sides."""
        self.set_attributes_from_rel()
        self.contribute_to_related_class(other, self.remote_field)

    def contribute_to_related_class(self, cls: Any, related: Any) -> None:
        """Add to the model at the other end."""

    def set_attributes_from_rel(self) -> None:
        """Take a name and label from the related model where the field has none."""
        options = self.remote_field.model._meta
        self.name = self.name or f"{options.model_name}_{options.pk.name}"
        if self.verbose_name is None:
            self.verbose_name = options.verbose_name
        self.remote_field.set_field_name()

    def deconstruct(self) -> Any:
        return with_options(
            super().deconstruct(),
            limit_choices_to=self._limit_choices_to or None,
            related_name=self._related_name,
            related_query_name=self._related_query_name,
        )

    def _target_for_migrations(self) -> Any:
        """``app_label.model`` of the target, marked with the setting if that can swap it."""
        target = self.remote_field.model
        if isinstance(target, str):
            label = target.lower() if "." in target else target
        else:
            label = target._meta.label_lower
        setting = self.swappable_setting
        if setting is None:
            return label
        if hasattr(label, "setting_name") and label.setting_name != setting:
            raise ValueError(f"Cannot deconstruct a ForeignKey pointing to a model that is swapped in place of more than one model ({label.setting_name} and {setting})")
        return SettingsReference(label, setting)

    swappable = True

    @property
    def swappable_setting(self) -> str | None:
        """The setting that may replace the target, if that is followed."""
        if not self.swappable:
            return None
        target = self.remote_field.model
        label = target if isinstance(target, str) else target._meta.label
        return default_apps.get_swappable_settings_name(label)

    def get_forward_related_filter(self, obj: Any) -> dict[str, Any]:
        """The filter on this model for objects that point at `obj`."""
        return {f"{self.name}__{far.name}": getattr(obj, far.attname) for _near, far in self.related_fields}  # type: ignore[attr-defined]

    def get_reverse_related_filter(self, obj: Any) -> Any:
        """The filter on the related model for what `obj` points at."""
        found = Q.create([(far.attname, getattr(obj, near.attname)) for near, far in self.related_fields])  # type: ignore[attr-defined]
        extra = self.get_extra_descriptor_filter(obj)  # type: ignore[attr-defined]
        if isinstance(extra, dict):
            return found & Q(**extra) if extra else found
        return found & extra if extra else found

    def set_attributes_from_name(self, name: str) -> None:
        super().set_attributes_from_name(name)
        # The label may still come from the related model.
        if self._verbose_name is None:
            self.verbose_name = self.name.replace("_", " ")

    def get_limit_choices_to(self) -> Any:
        """The restriction on choices, called if it is callable."""
        limit = self.remote_field.limit_choices_to
        return limit() if callable(limit) else limit

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {}
        if hasattr(self.remote_field, "get_related_field"):
            options["limit_choices_to"] = self.remote_field.limit_choices_to
        return super().formfield(**{**options, **kwargs})

    def related_query_name(self) -> str:
        """The name of the reverse relation in queries."""
        name = self.remote_field.related_query_name or self.remote_field.related_name or self.opts.model_name
        return str(name)

    @property
    def target_field(self) -> Any:
        """The field pointed at; raises FieldError if there are several."""
        targets = self.path_infos[-1].target_fields  # type: ignore[attr-defined]
        if len(targets) > 1:
            raise exceptions.FieldError("The relation has multiple target fields, but only single target field was asked for")
        return targets[0]


class SettingsReference(str):
    """A model's label that migrations write as the setting that names the model."""

    setting_name: str

    def __new__(cls, value: str, setting_name: str) -> SettingsReference:
        return str.__new__(cls, value)

    def __init__(self, value: str, setting_name: str) -> None:
        self.setting_name = setting_name


class ForeignObject(ForeignObjectChecks, RelatedField[T]):
    """A relation over any number of columns that exist already."""

    lookups_of_parents = False
    many_to_many = False
    many_to_one = True
    one_to_many = False
    one_to_one = False
    requires_unique_target = True
    related_accessor_class: Any = ReverseManyToOneDescriptor
    forward_related_accessor_class: Any = ForwardManyToOneDescriptor
    rel_class: Any = ForeignObjectRel

    def __init__(
        self, to: type[T] | str, on_delete: Any, from_fields: Any, to_fields: Any, rel: Any = None, related_name: str | None = None,
        related_query_name: str | None = None, limit_choices_to: Any = None, parent_link: bool = False, swappable: bool = True,
        **kwargs: Any,
    ) -> None:
        if rel is None:
            rel = self.rel_class(
                self, to, related_name=related_name, related_query_name=related_query_name, limit_choices_to=limit_choices_to,
                parent_link=parent_link, on_delete=on_delete,
            )
        super().__init__(
            rel=rel, related_name=related_name, related_query_name=related_query_name, limit_choices_to=limit_choices_to, **kwargs,
        )
        self.from_fields, self.to_fields, self.swappable = from_fields, to_fields, swappable

    if not TYPE_CHECKING:

        def __class_getitem__(cls, *args, **kwargs):
            # Annotations may say what the relation leads to.
            return cls

    def __copy__(self) -> Any:
        twin: Any = super().__copy__()
        # Steps of queries name the model: a copy in another model has its own.
        for name in ("path_infos", "reverse_path_infos", "related_fields", "reverse_related_fields", "local_related_fields", "foreign_related_fields", "related_model"):
            twin.__dict__.pop(name, None)
        return twin

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        ends = {"from_fields": self.from_fields, "to_fields": self.to_fields}
        link = {"parent_link": True} if self.remote_field.parent_link else {}
        return name, path, args, {**kwargs, "on_delete": self.remote_field.on_delete, **ends, **link, "to": self._target_for_migrations()}

    def resolve_related_fields(self) -> list[tuple[Any, Any]]:
        """Pairs (own field, field pointed at). Raises ValueError while the target is not known."""
        if not self.from_fields or len(self.from_fields) != len(self.to_fields):
            raise ValueError("Foreign Object from and to fields must be the same non-zero length")
        target = self.remote_field.model
        if isinstance(target, str):
            raise ValueError(f"Related model {target!r} cannot be resolved")
        found = []
        for near_name, far_name in zip(self.from_fields, self.to_fields, strict=True):
            near = self if near_name == RECURSIVE_RELATIONSHIP_CONSTANT else self.opts.get_field(near_name)
            far = target._meta.pk if far_name is None else target._meta.get_field(far_name)
            found.append((near, far))
        return found

    @cached_property
    def related_fields(self) -> list[tuple[Any, Any]]:
        """Pairs (own field, field pointed at)."""
        return self.resolve_related_fields()

    @cached_property
    def reverse_related_fields(self) -> list[tuple[Any, Any]]:
        """The same pairs the other way round."""
        return [(far, near) for near, far in self.related_fields]

    @cached_property
    def local_related_fields(self) -> tuple[Any, ...]:
        """Own fields of the relation."""
        return tuple(near for near, _far in self.related_fields)

    @cached_property
    def foreign_related_fields(self) -> tuple[Any, ...]:
        """Fields pointed at."""
        return tuple(far for _near, far in self.related_fields if far)

    def get_local_related_value(self, instance: Any) -> tuple[Any, ...]:
        """Values of the own fields."""
        return self.get_instance_value_for_fields(instance, self.local_related_fields)

    def get_foreign_related_value(self, instance: Any) -> tuple[Any, ...]:
        """Values of the fields pointed at, on an instance of the target."""
        return self.get_instance_value_for_fields(instance, self.foreign_related_fields)

    @staticmethod
    def get_instance_value_for_fields(instance: Any, fields: Any) -> tuple[Any, ...]:
        """Values of `fields` on `instance`; a child's key is found through its link if the parent's is not set."""
        found = []
        options = instance._meta
        for field in fields:
            if field.primary_key:
                link = options.get_ancestor_link(field.model)
                if not link or link.primary_key or field.model._meta.pk in getattr(link, "local_related_fields", ()):
                    found.append(instance.pk)
                    continue
            found.append(getattr(instance, field.attname))
        return tuple(found)

    def get_attname_column(self) -> tuple[str, Any]:
        attname, _column = super().get_attname_column()
        return attname, None

    def get_joining_fields(self, reverse_join: bool = False) -> tuple[tuple[Any, Any], ...]:
        """Pairs of fields that join the two tables."""
        return tuple(self.reverse_related_fields if reverse_join else self.related_fields)

    def get_reverse_joining_fields(self) -> tuple[tuple[Any, Any], ...]:
        """The pairs for a join from the other side."""
        return self.get_joining_fields(reverse_join=True)

    def get_extra_descriptor_filter(self, instance: Any) -> Any:
        """A further filter (a dictionary or Q) for the related object of `instance`; a hook for subclasses."""
        return {}

    def get_extra_restriction(self, alias: Any, related_alias: Any) -> Any:
        """A further condition of the join; a hook for subclasses."""
        return None

    def get_path_info(self, filtered_relation: Any = None) -> list[PathInfo]:
        """The step of a query from this model to the target."""
        return [PathInfo(
            from_opts=self.model._meta, to_opts=self.remote_field.model._meta, target_fields=self.foreign_related_fields,
            join_field=self, m2m=False, direct=True, filtered_relation=filtered_relation,
        )]

    @cached_property
    def path_infos(self) -> list[PathInfo]:
        """The step of a query from this model to the target."""
        return self.get_path_info()

    def get_reverse_path_info(self, filtered_relation: Any = None) -> list[PathInfo]:
        """The step of a query from the target to this model."""
        options = self.model._meta
        return [PathInfo(
            from_opts=self.remote_field.model._meta, to_opts=options, target_fields=(options.pk,), join_field=self.remote_field,
            m2m=not self.unique, direct=False, filtered_relation=filtered_relation,
        )]

    @cached_property
    def reverse_path_infos(self) -> list[PathInfo]:
        """The step of a query from the target to this model."""
        return self.get_reverse_path_info()

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        setattr(cls, self.name, self.forward_related_accessor_class(self))

    def contribute_to_related_class(self, cls: Any, related: Any) -> None:
        if not self.remote_field.hidden and not related.related_model._meta.swapped:
            setattr(cls._meta.concrete_model, related.get_accessor_name(), self.related_accessor_class(related))
            if self.remote_field.limit_choices_to:
                cls._meta.related_fkey_lookups.append(self.remote_field.limit_choices_to)


class ForeignKey(ForeignKeyChecks, ForeignObject[T]):
    """A many-to-one relation, kept in one column that holds the target's key (or the field ``to_field``)."""

    if TYPE_CHECKING:

        @overload
        def __new__(  # type: ignore[misc]
            cls, to: type[T] | str, on_delete: Any, *args: Any, null: Literal[True], **kwargs: Any
        ) -> Field[T | None]: ...
        @overload
        def __new__(cls, to: type[T] | str, on_delete: Any, *args: Any, **kwargs: Any) -> Self: ...
        def __new__(cls, *args: Any, **kwargs: Any) -> Any: ...

    descriptor_class = ForeignKeyDeferredAttribute
    one_to_one, one_to_many, many_to_one, many_to_many = False, False, True, False
    rel_class = ManyToOneRel
    empty_strings_allowed = False
    default_error_messages = {"invalid": _("%(model)s instance with %(field)s %(value)r is not a valid choice.")}
    description: Any = _("Foreign Key (type determined by related field)")

    def __init__(
        self, to: type[T] | str, on_delete: Any, related_name: str | None = None, related_query_name: str | None = None,
        limit_choices_to: Any = None, parent_link: bool = False, to_field: str | None = None, db_constraint: bool = True, **kwargs: Any,
    ) -> None:
        if hasattr(to, "_meta"):
            # Most relations point at the key: resolve the name now where it is known.
            target: Any = to
            to_field = to_field or (target._meta.pk and target._meta.pk.name)
        elif not isinstance(to, str):
            raise TypeError(
                f"{self.__class__.__name__}({to!r}) is invalid. First parameter to {self.__class__.__name__} must be either "
                f"a model, a model name, or the string {RECURSIVE_RELATIONSHIP_CONSTANT!r}"
            )
        if not callable(on_delete):
            raise TypeError("on_delete must be callable.")
        kwargs["rel"] = self.rel_class(
            self, to, to_field, related_name=related_name, related_query_name=related_query_name,
            limit_choices_to=limit_choices_to, parent_link=parent_link, on_delete=on_delete,
        )
        kwargs.setdefault("db_index", True)
        super().__init__(
            to, on_delete, related_name=related_name, related_query_name=related_query_name, limit_choices_to=limit_choices_to,
            from_fields=[RECURSIVE_RELATIONSHIP_CONSTANT], to_fields=[to_field], **kwargs,
        )
        self.db_constraint = db_constraint

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["to_fields"], kwargs["from_fields"]
        if self.db_index:
            del kwargs["db_index"]
        else:
            kwargs["db_index"] = False
        if self.db_constraint is not True:
            kwargs["db_constraint"] = self.db_constraint
        # The key is what is meant when nothing is said; saying it would tie migrations to its name.
        target = getattr(self.remote_field.model, "_meta", None)
        if self.remote_field.field_name and (
            not target or (target.pk and self.remote_field.field_name != target.pk.name)
        ):
            kwargs["to_field"] = self.remote_field.field_name
        return name, path, args, kwargs

    def to_python(self, value: Any) -> Any:
        return self.target_field.to_python(value)

    @property
    def target_field(self) -> Any:
        return self.foreign_related_fields[0]

    def validate(self, value: Any, model_instance: Any) -> None:
        if self.remote_field.parent_link:
            return
        super().validate(value, model_instance)
        if value is None:
            return
        using = router.db_for_read(self.remote_field.model, instance=model_instance)
        found = self.remote_field.model._base_manager.using(using).filter(**{self.remote_field.field_name: value})
        if not found.complex_filter(self.get_limit_choices_to()).exists():
            raise exceptions.ValidationError(self.error_messages["invalid"], code="invalid", params={
                "model": self.remote_field.model._meta.verbose_name, "pk": value, "field": self.remote_field.field_name, "value": value,
            })

    def resolve_related_fields(self) -> list[tuple[Any, Any]]:
        found = super().resolve_related_fields()
        for near, far in found:
            if far and far.model != self.remote_field.model._meta.concrete_model:
                raise exceptions.FieldError(
                    f"'{self.model._meta.label}.{near.name}' refers to field '{far.name}' which is not local to model "
                    f"'{self.remote_field.model._meta.concrete_model._meta.label}'."
                )
        return found

    def get_attname(self) -> str:
        return f"{self.name}_id"

    def get_attname_column(self) -> tuple[str, Any]:
        attname = self.get_attname()
        return attname, self.db_column or attname

    def get_default(self) -> Any:
        """The default; a model instance gives the value pointed at."""
        default = super().get_default()
        if isinstance(default, self.remote_field.model):
            return getattr(default, self.target_field.attname)
        return default

    @asks_target
    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value is None or (
            value == "" and self.target_field.empty_strings_allowed and connection.features.interprets_empty_strings_as_nulls
        ):
            return None
        return self.target_field.get_db_prep_save(value, connection=connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return self.target_field.get_db_prep_value(value, connection, prepared)

    def get_prep_value(self, value: Any) -> Any:
        return self.target_field.get_prep_value(value)

    def contribute_to_related_class(self, cls: Any, related: Any) -> None:
        super().contribute_to_related_class(cls, related)
        if self.remote_field.field_name is None:
            self.remote_field.field_name = cls._meta.pk.name

    def formfield(self, *, using: str | None = None, **kwargs: Any) -> Any:
        if isinstance(self.remote_field.model, str):
            raise ValueError(
                f"Cannot create form field for {self.name!r} yet, because its related model {self.remote_field.model!r} has not been loaded yet"
            )
        return super().formfield(**{
            "form_class": forms.ModelChoiceField,
            "queryset": self.remote_field.model._default_manager.using(using),
            "to_field_name": self.remote_field.field_name,
            **kwargs,
            "blank": self.blank,
        })

    def db_check(self, connection: Any) -> str | None:
        return None

    def db_type(self, connection: Any) -> str | None:
        return self.target_field.rel_db_type(connection=connection)  # type: ignore[no-any-return]

    def cast_db_type(self, connection: Any) -> str | None:
        return self.target_field.cast_db_type(connection=connection)  # type: ignore[no-any-return]

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        target = self.target_field.db_parameters(connection)
        return {"type": self.db_type(connection), "check": self.db_check(connection), "collation": target.get("collation")}

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        return super().get_col(alias, self._end_of_chain() if output_field is None else output_field)

    def _end_of_chain(self) -> Any:
        """The field that is no relation, to which a chain of keys leads. Raises ValueError for a circle."""
        target = self.target_field
        while isinstance(target, ForeignKey):
            target = target.target_field
            if target is self:
                raise ValueError("Cannot resolve output_field.")
        return target


class OneToOneField(ForeignKey[T]):
    """A ForeignKey that no two rows share; the reverse side is one object."""

    one_to_one, one_to_many, many_to_one, many_to_many = True, False, False, False
    related_accessor_class = ReverseOneToOneDescriptor
    forward_related_accessor_class = ForwardOneToOneDescriptor
    rel_class = OneToOneRel
    description = _("One-to-one relationship")

    def __init__(self, to: type[T] | str, on_delete: Any, to_field: str | None = None, **kwargs: Any) -> None:
        kwargs["unique"] = True
        super().__init__(to, on_delete, to_field=to_field, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("unique", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return None if self.remote_field.parent_link else super().formfield(**kwargs)

    def save_form_data(self, instance: Any, data: Any) -> None:
        if isinstance(data, self.remote_field.model):
            setattr(instance, self.name, data)
        else:
            setattr(instance, self.attname, data)
            if data is None:
                setattr(instance, self.name, data)

    def _check_unique(self, **kwargs: Any) -> list[Any]:
        return []

