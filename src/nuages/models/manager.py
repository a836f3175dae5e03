"""Managers: where a model's queries start. See the managers topic guide."""

from __future__ import annotations

import copy
import inspect
from collections.abc import AsyncIterator
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self

from nuages.conf.names import import_string, public_home
from nuages.db import router
from nuages.models.queryset import QuerySet, set_manager_class
from nuages.models.resultset import M


class BaseManager(Generic[M]):
    """What all managers share; ``from_queryset`` gives it the methods of a QuerySet class."""

    creation_counter: ClassVar[int] = 0
    auto_created = False
    use_in_migrations = False
    _queryset_class: Any
    _constructor_args: tuple[tuple[Any, ...], dict[str, Any]]
    _built_with_as_manager: bool

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        made = super().__new__(cls)
        made._constructor_args = (args, kwargs)
        return made

    def __init__(self) -> None:
        super().__init__()
        self.creation_counter = BaseManager.creation_counter  # type: ignore[misc]
        BaseManager.creation_counter += 1
        self.model: Any = None
        self.name: str | None = None
        self._db: str | None = None
        self._hints: dict[str, Any] = {}

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def __repr__(self) -> str:
        if self.model is None:
            return super().__repr__()
        return f"<{type(self).__module__}.{type(self).__qualname__} object: {self}>"

    if not TYPE_CHECKING:

        def __class_getitem__(cls, *args, **kwargs):
            # Parameters are for type checkers: the class stays itself.
            return cls

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self._constructor_args == other._constructor_args

    def __hash__(self) -> int:
        return id(self)

    def deconstruct(self) -> tuple[bool, str | None, str | None, Any, Any]:
        """``(as_manager, manager path, queryset path, args, kwargs)`` for migrations. Raises ValueError for nameless classes."""
        queryset_class = self._queryset_class
        if getattr(self, "_built_with_as_manager", False):
            return True, None, public_home(queryset_class), None, None
        module, name = type(self).__module__, type(self).__name__
        path = f"{module}.{name}"
        try:
            import_string(path)
        except ImportError:
            raise ValueError(
                f"Could not find manager {name} in {module}.\n"
                "What 'from_queryset()' gives has no name in a module: write a class that inherits from it."
            ) from None
        return False, public_home(type(self)), None, self._constructor_args[0], self._constructor_args[1]

    def check(self, **kwargs: Any) -> list[Any]:
        """System checks of the manager: none."""
        return []

    @classmethod
    def _get_queryset_methods(cls, queryset_class: type) -> dict[str, Any]:
        """The public methods of a QuerySet class as methods that call them on ``get_queryset()``."""

        def forwarded(name: str, method: Any) -> Any:
            @wraps(method)
            def call(self: Any, *args: Any, **kwargs: Any) -> Any:
                return getattr(self.get_queryset(), name)(*args, **kwargs)

            return call

        found: dict[str, Any] = {}
        for name, method in inspect.getmembers(queryset_class, predicate=inspect.isfunction):
            if hasattr(cls, name):
                continue
            only = getattr(method, "queryset_only", None)
            if only or (only is None and name.startswith("_")):
                continue
            found[name] = forwarded(name, method)
        return found

    @classmethod
    def from_queryset(cls, queryset_class: type, class_name: str | None = None) -> Any:
        """A manager class with the methods of this QuerySet class."""
        name = class_name or f"{cls.__name__}From{queryset_class.__name__}"
        return type(name, (cls,), {"_queryset_class": queryset_class, **cls._get_queryset_methods(queryset_class)})

    def contribute_to_class(self, cls: Any, name: str) -> None:
        """Become the attribute ``name`` of a model."""
        self.name = self.name or name
        self.model = cls
        setattr(cls, name, ManagerDescriptor(self))
        cls._meta.add_manager(self)

    def _set_creation_counter(self) -> None:
        self.creation_counter = BaseManager.creation_counter  # type: ignore[misc]
        BaseManager.creation_counter += 1

    def db_manager(self, using: str | None = None, hints: dict[str, Any] | None = None) -> Self:
        """A copy for this database."""
        twin = copy.copy(self)
        twin._db = using or self._db
        twin._hints = hints or self._hints
        return twin

    @property
    def db(self) -> str:
        """The database that reads would use."""
        return self._db or router.db_for_read(self.model, **self._hints)

    def get_queryset(self) -> QuerySet[M]:
        """The QuerySet that everything starts from; override it to narrow what the manager finds."""
        return self._queryset_class(model=self.model, using=self._db, hints=self._hints)  # type: ignore[no-any-return]

    def all(self) -> QuerySet[M]:
        """All objects."""
        return self.get_queryset()

    def aiterator(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        """The objects as they come, on an event loop."""
        return self.get_queryset().aiterator(*args, **kwargs)  # type: ignore[no-any-return]


if TYPE_CHECKING:

    class Manager(BaseManager[M], QuerySet[M]):  # type: ignore[misc]
        """The default manager: the methods of ``QuerySet``, on all objects of the model."""

else:

    class Manager(BaseManager.from_queryset(QuerySet)):
        """The default manager: the methods of ``QuerySet``, on all objects of the model."""


Manager.__module__ = "nuages.models.manager"


class ManagerDescriptor:
    """A manager as a class attribute: instances of the model cannot reach it."""

    def __init__(self, manager: Any) -> None:
        self.manager = manager

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is not None:
            raise AttributeError(f"Manager isn't accessible via {cls.__name__} instances")
        meta = cls._meta
        if meta.abstract:
            raise AttributeError(f"Manager isn't available; {meta.object_name} is abstract")
        if meta.swappable and meta.swapped:
            raise AttributeError(f"Manager isn't available; '{meta.label}' has been swapped for '{meta.swapped}'")
        return meta.managers_map[self.manager.name]


class EmptyManager(Manager):
    """A manager that finds nothing."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def get_queryset(self) -> Any:
        """No objects."""
        return super().get_queryset().none()


set_manager_class(Manager)
