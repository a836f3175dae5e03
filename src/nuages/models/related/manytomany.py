"""ManyToManyField, and the linking model that it makes when none is given."""

from __future__ import annotations

from functools import partial
from typing import Any

from nuages import forms
from nuages.db import connection as default_connection
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.deletion import CASCADE
from nuages.models.model import Model
from nuages.models.references import (
    RECURSIVE_RELATIONSHIP_CONSTANT,
    lazy_related_operation,
    make_model_tuple,
    resolve_relation,
)
from nuages.models.related.checking import ManyToManyChecks
from nuages.models.related.fields import ForeignKey, RelatedField
from nuages.models.related.many import ManyToManyDescriptor
from nuages.models.related.rels import ManyToManyRel
from nuages.sql.naming import truncate_name


def create_many_to_many_intermediary_model(field: Any, klass: Any) -> Any:
    """The hidden model of the linking table of `field`, a field of `klass`."""

    def set_managed(model: Any, related: Any, through: Any) -> None:
        through._meta.managed = model._meta.managed or related._meta.managed

    to_model = resolve_relation(klass, field.remote_field.model)
    name = f"{klass._meta.object_name}_{field.name}"
    lazy_related_operation(set_managed, klass, to_model, name)
    to = make_model_tuple(to_model)[1]
    from_ = klass._meta.model_name
    if to == from_:
        to, from_ = f"to_{to}", f"from_{from_}"
    meta = type("Meta", (), {
        "db_table": field._get_m2m_db_table(klass._meta),
        "auto_created": klass,
        "app_label": klass._meta.app_label,
        "db_tablespace": klass._meta.db_tablespace,
        "unique_together": (from_, to),
        "verbose_name": _("%(from)s-%(to)s relationship") % {"from": from_, "to": to},
        "verbose_name_plural": _("%(from)s-%(to)s relationships") % {"from": from_, "to": to},
        "apps": field.model._meta.apps,
    })

    def link(target: Any) -> ForeignKey:
        return ForeignKey(
            target, related_name=f"{name}+", db_tablespace=field.db_tablespace,
            db_constraint=field.remote_field.db_constraint, on_delete=CASCADE,
        )

    return type(name, (Model,), {"Meta": meta, "__module__": klass.__module__, from_: link(klass), to: link(to_model)})


class ManyToManyField(ManyToManyChecks, RelatedField[Any]):
    """A relation without a column: links stand in a table of their own."""

    one_to_one, one_to_many, many_to_one, many_to_many = False, False, False, True
    rel_class = ManyToManyRel
    description = _("Many-to-many relationship")

    def __init__(
        self, to: Any, related_name: str | None = None, related_query_name: str | None = None, limit_choices_to: Any = None,
        symmetrical: bool | None = None, through: Any = None, through_fields: Any = None, db_constraint: bool = True,
        db_table: str | None = None, swappable: bool = True, **kwargs: Any,
    ) -> None:
        if not hasattr(to, "_meta") and not isinstance(to, str):
            raise TypeError(
                f"{self.__class__.__name__}({to!r}) is invalid. First parameter to ManyToManyField must be either a model, "
                f"a model name, or the string {RECURSIVE_RELATIONSHIP_CONSTANT!r}"
            )
        if symmetrical is None:
            symmetrical = to == RECURSIVE_RELATIONSHIP_CONSTANT
        if through is not None and db_table is not None:
            raise ValueError("db_table names the table of links that are kept by themselves: with through, it belongs into that model.")
        kwargs["rel"] = self.rel_class(
            self, to, related_name=related_name, related_query_name=related_query_name, limit_choices_to=limit_choices_to,
            symmetrical=symmetrical, through=through, through_fields=through_fields, db_constraint=db_constraint,
        )
        self.has_null_arg = "null" in kwargs
        super().__init__(
            related_name=related_name, related_query_name=related_query_name, limit_choices_to=limit_choices_to, **kwargs,
        )
        self.db_table, self.swappable = db_table, swappable

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        remote = self.remote_field
        if self.db_table is not None:
            kwargs["db_table"] = self.db_table
        if remote.db_constraint is not True:
            kwargs["db_constraint"] = remote.db_constraint
        kwargs["to"] = self._target_for_migrations()
        if getattr(remote, "through", None) is not None:
            if isinstance(remote.through, str):
                kwargs["through"] = remote.through
            elif not remote.through._meta.auto_created:
                kwargs["through"] = remote.through._meta.label
        if through_fields := getattr(remote, "through_fields", None):
            kwargs["through_fields"] = through_fields
        return name, path, args, kwargs

    # -- steps of queries -------------------------------------------------------------------------------------

    def _get_path_info(self, direct: bool = False, filtered_relation: Any = None) -> list[Any]:
        """The steps through the linking table: into it, and out at the other side."""
        options = self.remote_field.through._meta
        near = options.get_field(self.m2m_field_name())
        far = options.get_field(self.m2m_reverse_field_name())
        if direct:
            into, out = near.reverse_path_infos, (
                far.get_path_info(filtered_relation) if filtered_relation else far.path_infos
            )
        else:
            into, out = far.reverse_path_infos, (
                near.get_path_info(filtered_relation) if filtered_relation else near.path_infos
            )
        first, last = into[-1].to_opts, out[0].from_opts
        between: list[Any] = []
        if first.concrete_model != last.concrete_model:
            if issubclass(first.model, last.model):
                between = first.get_path_to_parent(last.model)
            elif issubclass(last.model, first.model):
                between = last.get_path_from_parent(first.model)
        return [*into, *between, *out]

    def get_path_info(self, filtered_relation: Any = None) -> list[Any]:
        """The steps of a query from this model to the target."""
        return self._get_path_info(direct=True, filtered_relation=filtered_relation)

    @property
    def path_infos(self) -> list[Any]:
        """The steps of a query from this model to the target."""
        return self._cached_path("_path_infos", self.get_path_info)

    def get_reverse_path_info(self, filtered_relation: Any = None) -> list[Any]:
        """The steps of a query from the target to this model."""
        return self._get_path_info(direct=False, filtered_relation=filtered_relation)

    @property
    def reverse_path_infos(self) -> list[Any]:
        """The steps of a query from the target to this model."""
        return self._cached_path("_reverse_path_infos", self.get_reverse_path_info)

    def _cached_path(self, name: str, make: Any) -> list[Any]:
        if name not in self.__dict__:
            self.__dict__[name] = make()
        found: list[Any] = self.__dict__[name]
        return found

    def __copy__(self) -> Any:
        twin: Any = super().__copy__()
        for name in ("_path_infos", "_reverse_path_infos", "related_model"):
            twin.__dict__.pop(name, None)
        return twin

    # -- the linking table ------------------------------------------------------------------------------------

    def _get_m2m_db_table(self, options: Any) -> str:
        """The name of the linking table."""
        if self.remote_field.through is not None:
            return str(self.remote_field.through._meta.db_table)
        if self.db_table:
            return self.db_table
        from_table = options.db_table.replace('"', "")
        name = f"{from_table}_{self.name}"
        return truncate_name(name, default_connection.ops.max_name_length())

    def _links(self, target: Any) -> list[Any]:
        """Foreign keys of the linking model to `target`."""
        return [
            one for one in self.remote_field.through._meta.fields
            if one.is_relation and one.remote_field is not None and one.remote_field.model == target
        ]

    def _near_link(self, related: Any) -> Any:
        names = self.remote_field.through_fields
        for one in self._links(related.related_model):
            if not names or names[0] == one.name:
                return one
        return None

    def _far_link(self, related: Any) -> Any:
        names = self.remote_field.through_fields
        found = None
        for one in self._links(related.model):
            if names:
                if names[1] == one.name:
                    return one
            elif related.related_model == related.model:
                # A relation to itself has two links of one kind: the second leads on.
                if found is not None:
                    return one
                found = one
            else:
                return one
        return found

    def _get_m2m_attr(self, related: Any, attr: str) -> Any:
        return getattr(self._near_link(related), attr)

    def _get_m2m_reverse_attr(self, related: Any, attr: str) -> Any:
        return getattr(self._far_link(related), attr)

    # -- joining models ---------------------------------------------------------------------------------------

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        remote = self.remote_field
        if remote.symmetrical and remote.model in (RECURSIVE_RELATIONSHIP_CONSTANT, cls._meta.object_name):
            remote.related_name = f"{name}_rel_+"
        elif remote.hidden:
            # Hidden reverse sides still need names that differ.
            remote.related_name = f"_{cls._meta.app_label}_{cls.__name__.lower()}_{name}_+"
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            if remote.through:
                def resolve_through_model(_model: Any, through: Any, field: Any) -> None:
                    field.remote_field.through = through

                lazy_related_operation(resolve_through_model, cls, remote.through, field=self)
            elif not cls._meta.swapped:
                remote.through = create_many_to_many_intermediary_model(self, cls)
        setattr(cls, self.name, ManyToManyDescriptor(remote, reverse=False))
        self.m2m_db_table = partial(self._get_m2m_db_table, cls._meta)

    def contribute_to_related_class(self, cls: Any, related: Any) -> None:
        if not self.remote_field.hidden and not related.related_model._meta.swapped:
            setattr(cls, related.get_accessor_name(), ManyToManyDescriptor(self.remote_field, reverse=True))
        self.m2m_column_name = partial(self._get_m2m_attr, related, "column")
        self.m2m_reverse_name = partial(self._get_m2m_reverse_attr, related, "column")
        self.m2m_field_name = partial(self._get_m2m_attr, related, "name")
        self.m2m_reverse_field_name = partial(self._get_m2m_reverse_attr, related, "name")
        self.m2m_target_field_name = lambda: self._near_link(related).remote_field.field_name
        self.m2m_reverse_target_field_name = lambda: self._far_link(related).remote_field.field_name

    def set_attributes_from_rel(self) -> None:
        """Names never come from the target: they were given with the attribute."""

    def value_from_object(self, obj: Any) -> list[Any]:
        """The linked objects; none for an object without key."""
        return list(getattr(obj, self.attname).all()) if obj._is_pk_set() else []

    def save_form_data(self, instance: Any, data: Any) -> None:
        getattr(instance, self.attname).set(data)

    def formfield(self, *, using: str | None = None, **kwargs: Any) -> Any:
        options = {
            "form_class": forms.ModelMultipleChoiceField,
            "queryset": self.remote_field.model._default_manager.using(using),
            **kwargs,
        }
        if options.get("initial") is not None:
            initial = options["initial"]
            options["initial"] = [one.pk for one in (initial() if callable(initial) else initial)]
        return super().formfield(**options)

    def db_check(self, connection: Any) -> str | None:
        return None

    def db_type(self, connection: Any) -> str | None:
        return None

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        return {"type": None, "check": None}

    def get_attname_column(self) -> tuple[str, Any]:
        attname, _column = super().get_attname_column()
        return attname, None
