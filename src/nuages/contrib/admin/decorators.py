"""Decorators for actions, columns and registration."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from nuages.contrib.admin.offering import ActionLocation

F = TypeVar("F", bound=Callable[..., Any])


def action(
    function: F | None = None,
    *,
    permissions: Iterable[str] | None = None,
    description: Any = None,
    description_plural: Any = None,
    location: Any = None,
) -> Any:
    """Mark a function as an action: what it needs (``permissions``), how the menus call it, on which pages it is offered.

    ``location`` is an ``ActionLocation`` or several; without it the action is offered on the list. ``ValueError`` for
    anything else.
    """

    def mark(target: F) -> F:
        if permissions is not None:
            target.allowed_permissions = permissions  # type: ignore[attr-defined]
        if description is not None:
            target.short_description = description  # type: ignore[attr-defined]
        if description_plural is not None:
            target.plural_description = description_plural  # type: ignore[attr-defined]
        if location is not None:
            places = (location,) if isinstance(location, str) else tuple(location)
            target.locations = tuple(ActionLocation(place) for place in places)  # type: ignore[attr-defined]
        return target

    return mark if function is None else mark(function)


def display(
    function: F | None = None,
    *,
    boolean: bool | None = None,
    ordering: Any = None,
    description: Any = None,
    empty_value: Any = None,
) -> Any:
    """Say how a computed column is shown: as a mark, sorted by a field, with a title, with a text for nothing.

    Raises ``ValueError`` for both ``boolean`` and ``empty_value``: a mark for "unknown" exists already.
    """
    if boolean is not None and empty_value is not None:
        raise ValueError("The boolean and empty_value arguments to the @display decorator are mutually exclusive.")

    def mark(target: F) -> F:
        attributes = {
            "boolean": boolean,
            "admin_order_field": ordering,
            "short_description": description,
            "empty_value_display": empty_value,
        }
        for name, value in attributes.items():
            if value is not None:
                setattr(target, name, value)
        return target

    return mark if function is None else mark(function)
