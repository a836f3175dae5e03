"""A model as data: name, fields, options, bases and managers, bound to nothing."""

from __future__ import annotations

import copy
import types
import typing
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from nuages.conf.names import import_string
from nuages.migrations.exceptions import InvalidBasesError
from nuages.models.manager import Manager
from nuages.models.model import Model
from nuages.models.options import DEFAULT_NAMES, normalize_together
from nuages.models.ordering import OrderWrt


class ModelState:
    """One model of a ``ProjectState``.

    ``fields`` maps names to unbound fields whose relations are strings; ``bases`` holds classes and ``"app.model"`` strings.
    Raises ``ValueError`` for bound fields, relations to classes and indexes without a name.
    """

    def __init__(
        self,
        app_label: str,
        name: str,
        fields: Any,
        options: dict[str, Any] | None = None,
        bases: tuple[Any, ...] | None = None,
        managers: list[tuple[str, Any]] | None = None,
    ) -> None:
        self.app_label, self.name = app_label, name
        self.fields: dict[str, Any] = dict(fields)
        self.options: dict[str, Any] = options or {}
        self.options.setdefault("indexes", [])
        self.options.setdefault("constraints", [])
        self.bases: tuple[Any, ...] = bases or (Model,)
        self.managers: list[tuple[str, Any]] = managers or []
        for field_name, field in self.fields.items():
            _check_unbound(field_name, field)
        for index in self.options["indexes"]:
            if not index.name:
                raise ValueError(
                    f"Indexes passed to ModelState require a name attribute. {index!r} doesn't have one."
                )

    @property
    def name_lower(self) -> str:
        """The name in lower case: the second half of the key."""
        return self.name.lower()

    def get_field(self, field_name: str) -> Any:
        """A field by name; ``_order`` stands for the field that ``order_with_respect_to`` makes."""
        if field_name == "_order":
            field_name = self.options.get("order_with_respect_to", field_name)
        return self.fields[field_name]

    def get_index_by_name(self, name: str) -> Any:
        """An index by name; ``ValueError`` without one."""
        for index in self.options["indexes"]:
            if index.name == name:
                return index
        raise ValueError(f"No index named {name} on model {self.name}")

    def get_constraint_by_name(self, name: str) -> Any:
        """A constraint by name; ``ValueError`` without one."""
        for constraint in self.options["constraints"]:
            if constraint.name == name:
                return constraint
        raise ValueError(f"No constraint named {name} on model {self.name}")

    # --- from a class --------------------------------------------------------------------------------------------------------

    @classmethod
    def from_model(cls, model: Any, exclude_rels: bool = False) -> Self:
        """The state of a model class."""
        meta = model._meta
        fields = []
        for field in _stored_fields(meta, exclude_rels):
            try:
                fields.append((field.name, field.clone()))
            except TypeError as error:
                raise TypeError(f"Couldn't reconstruct field {field.name} on {meta.label}: {error}") from error
        options = _options(model)
        # Private fields have no columns, so that a state does not know them.
        private = {field.name for field in meta.private_fields}
        if exclude_rels or options.get("order_with_respect_to") in private:
            options.pop("order_with_respect_to", None)
        elif "order_with_respect_to" in options and "ordering" in options:
            del options["ordering"]
        return cls(meta.app_label, meta.object_name, fields, options, _bases(model), _managers(model))

    # --- to a class ----------------------------------------------------------------------------------------------------------

    def construct_managers(self) -> Iterable[tuple[str, Any]]:
        """Managers made anew from what they deconstruct to, in the order of their creation."""
        for name, manager in sorted(self.managers, key=lambda pair: pair[1].creation_counter):
            as_manager, manager_path, queryset_path, args, kwargs = manager.deconstruct()
            if as_manager:
                yield name, import_string(queryset_path).as_manager()
            else:
                yield name, import_string(manager_path)(*args, **kwargs)

    def clone(self) -> Self:
        """A copy whose lists can change apart; the fields are shared, since changes replace them."""
        fields, options, managers = dict(self.fields), dict(self.options), list(self.managers)
        return type(self)(self.app_label, self.name, fields, options, self.bases, managers)

    def render(self, apps: Any) -> Any:
        """The model as a class in a registry; ``InvalidBasesError`` where a base is not there yet."""
        options = {"app_label": self.app_label, "apps": apps, **self.options}
        try:
            bases = tuple(apps.get_model(base) if isinstance(base, str) else base for base in self.bases)
        except LookupError as error:
            raise InvalidBasesError(
                f"Cannot resolve one or more bases from {self.bases!r} of the model {self.app_label}.{self.name}"
            ) from error
        body: dict[str, Any] = {name: field.clone() for name, field in self.fields.items()}
        body["Meta"] = type("Meta", (), options)
        body["__module__"] = "__fake__"
        body.update(self.construct_managers())
        # Without its parameters Generic can only be named, not inherited from.
        resolved = types.resolve_bases(tuple(base for base in bases if base is not typing.Generic))
        if resolved is not bases:
            body["__orig_bases__"] = bases
        return type(self._root(resolved))(self.name, resolved, body)

    @staticmethod
    def _root(bases: tuple[Any, ...]) -> Any:
        return next((base for base in bases if issubclass(base, Model)), Model)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: '{self.app_label}.{self.name}'>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ModelState):
            return NotImplemented
        return (
            self.app_label == other.app_label
            and self.name == other.name
            and len(self.fields) == len(other.fields)
            and all(
                mine == theirs and left.deconstruct()[1:] == right.deconstruct()[1:]
                for (mine, left), (theirs, right) in zip(self.fields.items(), other.fields.items(), strict=True)
            )
            and self.options == other.options
            and self.bases == other.bases
            and self.managers == other.managers
        )

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


def _check_unbound(name: str, field: Any) -> None:
    if hasattr(field, "model"):
        raise ValueError(f'ModelState.fields cannot be bound to a model - "{name}" is.')
    remote = field.remote_field if field.is_relation else None
    if remote is None:
        return
    if hasattr(remote.model, "_meta"):
        raise ValueError(
            f'ModelState.fields cannot refer to a model class - "{name}.to" does. Use a string reference instead.'
        )
    if field.many_to_many and hasattr(remote.through, "_meta"):
        raise ValueError(
            f'ModelState.fields cannot refer to a model class - "{name}.through" does. Use a string reference instead.'
        )


def _stored_fields(meta: Any, exclude_rels: bool) -> list[Any]:
    fields = [
        field
        for field in meta.local_fields
        if not (exclude_rels and field.remote_field) and not isinstance(field, OrderWrt)
    ]
    if meta.pk is not None and len(getattr(meta, "pk_fields", ())) > 1 and meta.pk not in fields and not meta.proxy:
        if meta.pk.model is meta.model:
            fields.insert(0, meta.pk)
    return fields if exclude_rels else [*fields, *meta.local_many_to_many]


def _options(model: Any) -> dict[str, Any]:
    meta = model._meta
    options: dict[str, Any] = {}
    for name in DEFAULT_NAMES:
        if name in ("apps", "app_label") or name not in meta.original_attrs:
            continue
        value = meta.original_attrs[name]
        if name in ("unique_together", "index_together"):
            options[name] = set(normalize_together(value))
        elif name == "indexes":
            options[name] = [_named(model, index) for index in meta.indexes]
        elif name == "constraints":
            options[name] = [constraint.clone() for constraint in meta.constraints]
        else:
            options[name] = value
    return options


def _named(model: Any, index: Any) -> Any:
    copied = index.clone()
    if not copied.name:
        copied.set_name_with_model(model)
    return copied


def _bases(model: Any) -> tuple[Any, ...]:
    """The bases without abstract ones, whose own bases take their places; models by label."""

    def flatten(cls: Any) -> list[Any]:
        found: list[Any] = []
        for base in cls.__bases__:
            if hasattr(base, "_meta") and base._meta.abstract:
                found.extend(flatten(base))
            else:
                found.append(base)
        return found

    # An abstract base may lead to the same class twice.
    flat = dict.fromkeys(flatten(model))
    generics = {typing.get_origin(base): base for base in getattr(model, "__orig_bases__", ())}
    bases = tuple(base._meta.label_lower if hasattr(base, "_meta") else generics.get(base, base) for base in flat)
    if not any(isinstance(base, str) or (isinstance(base, type) and issubclass(base, Model)) for base in bases):
        return (Model,)
    return bases


def _managers(model: Any) -> list[tuple[str, Any]]:
    """The managers that migrations shall see, and the default one where its place in the order matters."""
    managers: list[tuple[str, Any]] = []
    seen: set[str] = set()
    default_shim = None
    for manager in model._meta.managers:
        if manager.name in seen:
            continue
        if manager.use_in_migrations:
            kept = copy.copy(manager)
            kept._set_creation_counter()
        elif manager is model._base_manager or manager is model._default_manager:
            kept = Manager()
            kept.model, kept.name = manager.model, manager.name
            if manager is model._default_manager:
                default_shim = kept
        else:
            continue
        seen.add(manager.name)
        managers.append((manager.name, kept))
    # A default manager that was not asked for is the one that a class gets anyway.
    if managers == [("objects", default_shim)]:
        return []
    return managers
