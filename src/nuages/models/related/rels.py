"""Relations seen from the other side: what ``field.remote_field`` is, and what ``_meta`` lists for the related model."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar, Self

from nuages import exceptions
from nuages.models.fields.caching import FieldCacheMixin
from nuages.models.fields.presenting import default_blank
from nuages.text.hashable import make_hashable
from nuages.text.lazy import cached_property


class ForeignObjectRel(FieldCacheMixin):
    """The reverse of a ForeignObject."""

    auto_created = True
    concrete = False
    editable = False
    is_relation = True
    generated = False
    null = True
    empty_strings_allowed = False
    remote_is_multiple: ClassVar[bool] = True

    def __init__(
        self, field: Any, to: Any, related_name: str | None = None, related_query_name: str | None = None,
        limit_choices_to: Any = None, parent_link: bool = False, on_delete: Any = None,
    ) -> None:
        self.field, self.model = field, to
        self.related_name, self.related_query_name = related_name, related_query_name
        self.limit_choices_to = {} if limit_choices_to is None else limit_choices_to
        self.parent_link, self.on_delete = parent_link, on_delete
        self.symmetrical: Any = False
        self.multiple = True

    @property
    def hidden(self) -> bool:
        """Whether the related model gets no accessor: ``related_name`` ends with ``+``."""
        return bool(self.related_name) and str(self.related_name)[-1] == "+"

    def is_hidden(self) -> bool:
        """As ``hidden``."""
        return self.hidden

    @cached_property
    def name(self) -> str:
        """The name in queries."""
        return self.field.related_query_name()  # type: ignore[no-any-return]

    @property
    def remote_field(self) -> Any:
        """The field at the other end."""
        return self.field

    @property
    def target_field(self) -> Any:
        """The field that the relation points at; raises FieldError if there are several."""
        targets = self.path_infos[-1].target_fields
        if len(targets) > 1:
            raise exceptions.FieldError("Can't use target_field for multicolumn relations.")
        return targets[0]

    @cached_property
    def related_model(self) -> Any:
        """The model that has the field."""
        if not getattr(self.field, "model", None):
            raise AttributeError("This property can't be accessed before self.field.contribute_to_class has been called.")
        return self.field.model

    @cached_property
    def many_to_many(self) -> Any:
        """Mirror of the field's."""
        return self.field.many_to_many

    @cached_property
    def many_to_one(self) -> Any:
        """Mirror of the field's."""
        return self.field.one_to_many

    @cached_property
    def one_to_many(self) -> Any:
        """Mirror of the field's."""
        return self.field.many_to_one

    @cached_property
    def one_to_one(self) -> Any:
        """Mirror of the field's."""
        return self.field.one_to_one

    def get_lookup(self, lookup_name: str) -> Any:
        """The field's lookup."""
        return self.field.get_lookup(lookup_name)

    def get_lookups(self) -> Any:
        """The field's lookups."""
        return self.field.get_lookups()

    def get_transform(self, name: str) -> Any:
        """The field's transform."""
        return self.field.get_transform(name)

    def get_internal_type(self) -> str:
        """The field's internal type."""
        return self.field.get_internal_type()  # type: ignore[no-any-return]

    @property
    def db_type(self) -> Any:
        """The field's column type."""
        return self.field.db_type

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.related_model._meta.app_label}.{self.related_model._meta.model_name}>"

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two relations equal."""
        return (
            self.field, self.model, self.related_name, self.related_query_name, make_hashable(self.limit_choices_to),
            self.parent_link, self.on_delete, self.symmetrical, self.multiple,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, self.__class__):
            return NotImplemented
        return self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)

    def __copy__(self) -> Self:
        twin = self.__class__.__new__(self.__class__)
        twin.__dict__.update(self.__getstate__())
        return twin

    def __reduce_ex__(self, protocol: Any) -> Any:
        # That of a model's field is found through it again: it holds models and what was worked out from them.
        if hasattr(self.field, "model") and self.field.remote_field is self:
            return attrgetter("remote_field"), (self.field,)
        return super().__reduce_ex__(protocol)

    def __getstate__(self) -> dict[str, Any]:
        # The model follows from the field; it may not be importable by its name (in migrations).
        state = self.__dict__.copy()
        state.pop("related_model", None)
        return state

    def get_choices(
        self, include_blank: bool = True, blank_choice: Any = None, limit_choices_to: Any = None, ordering: Any = ()
    ) -> list[tuple[Any, str]]:
        """The objects at the other end as choices."""
        found = self.related_model._default_manager.complex_filter(limit_choices_to or self.limit_choices_to)
        if ordering:
            found = found.order_by(*ordering)
        return (default_blank(blank_choice) if include_blank else []) + [(one.pk, str(one)) for one in found]

    def get_joining_fields(self) -> Any:
        """Pairs of fields that join the two tables."""
        return self.field.get_reverse_joining_fields()

    def get_extra_restriction(self, alias: Any, related_alias: Any) -> Any:
        """A further condition of the join."""
        return self.field.get_extra_restriction(related_alias, alias)

    def set_field_name(self) -> None:
        """Find the name of the field pointed at; needed by relations that may name it."""
        self.field_name: Any = None

    def get_accessor_name(self, model: Any = None) -> str | None:
        """The attribute that the related model gets; None if it gets none."""
        model = model or self.related_model
        if self.multiple and self.symmetrical and model == self.model:
            return None
        if self.related_name:
            return self.related_name
        suffix = "_set" if self.multiple else ""
        return f"{model._meta.model_name}{suffix}"

    @property
    def accessor_name(self) -> str | None:
        """The attribute that the related model gets; None if it gets none."""
        return self.get_accessor_name()

    def get_path_info(self, filtered_relation: Any = None) -> Any:
        """The steps of a query through this relation."""
        if filtered_relation:
            return self.field.get_reverse_path_info(filtered_relation)
        return self.field.reverse_path_infos

    @cached_property
    def path_infos(self) -> Any:
        """The steps of a query through this relation."""
        return self.get_path_info()

    @property
    def cache_name(self) -> Any:  # type: ignore[override]
        """The key of the cached related object."""
        return self.get_accessor_name()


class ManyToOneRel(ForeignObjectRel):
    """The reverse of a ForeignKey."""

    def __init__(self, field: Any, to: Any, field_name: str | None, **options: Any) -> None:
        super().__init__(field, to, **options)
        self.field_name = field_name

    @property
    def identity(self) -> tuple[Any, ...]:
        return (*super().identity, self.field_name)

    def get_related_field(self) -> Any:
        """The field of the other model that is pointed at. Raises FieldDoesNotExist."""
        field = self.model._meta.get_field(self.field_name)
        if not field.concrete:
            raise exceptions.FieldDoesNotExist(f"No related field named '{self.field_name}'")
        return field

    def set_field_name(self) -> None:
        self.field_name = self.field_name or self.model._meta.pk.name


class OneToOneRel(ManyToOneRel):
    """The reverse of a OneToOneField."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.multiple = False


class ManyToManyRel(ForeignObjectRel):
    """The reverse of a ManyToManyField."""

    def __init__(
        self, field: Any, to: Any, related_name: str | None = None, related_query_name: str | None = None,
        limit_choices_to: Any = None, symmetrical: bool = True, through: Any = None, through_fields: Any = None,
        db_constraint: bool = True,
    ) -> None:
        super().__init__(field, to, related_name=related_name, related_query_name=related_query_name, limit_choices_to=limit_choices_to)
        if through and not db_constraint:
            raise ValueError("Can't supply a through model and db_constraint=False")
        if through_fields and not through:
            raise ValueError("Cannot specify through_fields without a through model")
        self.through, self.through_fields = through, through_fields
        self.symmetrical, self.db_constraint = symmetrical, db_constraint

    @property
    def identity(self) -> tuple[Any, ...]:
        return (*super().identity, self.through, make_hashable(self.through_fields), self.db_constraint)

    def get_related_field(self) -> Any:
        """The field of the other model that the linking table points at."""
        options = self.through._meta
        wanted = self.through_fields[0] if self.through_fields else None
        for field in options.fields:
            remote = field.remote_field
            if (field.name == wanted) if wanted else (remote is not None and remote.model == self.model):
                break
        return field.foreign_related_fields[0]
