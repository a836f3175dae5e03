"""What an action is: a function offered on the list or on the page of an object."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nuages.forms.attributes import pretty_name
from nuages.text.deprecation import RemovedInNextVersionWarning


class ActionLocation(StrEnum):
    """The pages on which an action can be offered."""

    CHANGE_FORM = "CHANGE_FORM"
    CHANGE_LIST = "CHANGE_LIST"


@dataclass(frozen=True)
class Action:
    """An action (documentation: ref/contrib/admin/actions). ``plural_description`` is shown on the list."""

    func: Callable[..., Any]
    name: str
    description: Any
    plural_description: Any
    locations: tuple[ActionLocation, ...] = (ActionLocation.CHANGE_LIST,)

    @classmethod
    def of(cls, function: Callable[..., Any], name: str) -> Action:
        """The action that a function's attributes describe."""
        described = getattr(function, "short_description", None)
        text = pretty_name(name) if described is None else described
        plural = getattr(function, "plural_description", None)
        return cls(function, name, text, text if plural is None else plural, _locations(function))

    def text(self, location: ActionLocation, names: dict[str, Any]) -> str:
        """What the menu of that page says; ``names`` fill the place-holders."""
        described = self.description if location is ActionLocation.CHANGE_FORM else self.plural_description
        return str(described % names)

    def _parts(self) -> tuple[Any, ...]:
        warnings.warn(
            "An action is no tuple any longer: read its attributes func, name and description.",
            RemovedInNextVersionWarning,
            stacklevel=3,
        )
        return self.func, self.name, self.plural_description

    def __iter__(self) -> Iterator[Any]:
        return iter(self._parts())

    def __getitem__(self, index: int) -> Any:
        return self._parts()[index]


def _locations(function: Callable[..., Any]) -> tuple[ActionLocation, ...]:
    declared = getattr(function, "locations", None)
    if declared is None:
        return (ActionLocation.CHANGE_LIST,)
    return (declared,) if isinstance(declared, ActionLocation) else tuple(declared)
