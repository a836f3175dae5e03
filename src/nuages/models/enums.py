"""Enumerations as choices: ``Choices``, ``IntegerChoices``, ``TextChoices``; see "Enumeration types"."""

from __future__ import annotations

import enum
from enum import EnumType, IntEnum, StrEnum
from typing import Any

from nuages.text.lazy import Promise

__all__ = ["Choices", "ChoicesMeta", "ChoicesType", "IntegerChoices", "TextChoices"]


def label_of(name: str, value: Any) -> tuple[Any, Any]:
    """Split ``(value…, label)``; without a label one is made from the member's name."""
    if isinstance(value, (list, tuple)) and len(value) > 1 and isinstance(value[-1], (Promise, str)):
        *rest, label = value
        return (tuple(rest) if len(rest) > 1 else rest[0]), label
    return value, name.replace("_", " ").title()


class ChoicesType(EnumType):
    """Metaclass of Choices: takes the labels off the values and offers `names`, `values`, `labels` and `choices`."""

    def __new__(metacls, classname: str, bases: tuple[type, ...], classdict: Any, **kwargs: Any) -> Any:
        labels = []
        for key in classdict._member_names:
            value, label = label_of(key, classdict[key])
            labels.append(label)
            dict.__setitem__(classdict, key, value)
        cls: Any = super().__new__(metacls, classname, bases, classdict, **kwargs)
        for member, label in zip(cls.__members__.values(), labels, strict=True):
            member._label_ = label
        return enum.unique(cls)

    def __contains__(cls, member: object) -> bool:
        if isinstance(member, enum.Enum):
            return super().__contains__(member)
        return any(one.value == member for one in cls)  # type: ignore[var-annotated, attr-defined]

    @property
    def names(cls) -> list[str]:
        """Names of the members, with ``__empty__`` in front if there is one."""
        empty = ["__empty__"] if hasattr(cls, "__empty__") else []
        return empty + [member.name for member in cls]  # type: ignore[var-annotated, attr-defined]

    @property
    def choices(cls) -> list[tuple[Any, Any]]:
        """Pairs ``(value, label)``, with the empty choice in front if there is one."""
        empty = [(None, cls.__empty__)] if hasattr(cls, "__empty__") else []
        return empty + [(member.value, member.label) for member in cls]  # type: ignore[var-annotated, attr-defined]

    @property
    def labels(cls) -> list[Any]:
        """The labels."""
        return [label for _value, label in cls.choices]

    @property
    def values(cls) -> list[Any]:
        """The values."""
        return [value for value, _label in cls.choices]


ChoicesMeta = ChoicesType


class Choices(enum.Enum, metaclass=ChoicesType):
    """Base of enumerations whose members carry a label."""

    _label_: Any

    do_not_call_in_templates = enum.nonmember(True)

    @enum.property
    def label(self) -> Any:
        """What people read."""
        return self._label_

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return f"{self.__class__.__qualname__}.{self._name_}"


class IntegerChoices(Choices, IntEnum):
    """Choices whose values are integers."""


class TextChoices(Choices, StrEnum):
    """Choices whose values are text."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:
        return name

