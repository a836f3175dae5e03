"""System check messages about single patterns."""

from __future__ import annotations

from typing import Any

from nuages.checks.messages import CheckMessage, Error, Warning
from nuages.conf import settings

IN_FRONT = ("/", "^/", r"^\/")


def describe(pattern: Any) -> str:
    """Name a pattern in a message."""
    return f"'{pattern}' [name='{pattern.name}']" if getattr(pattern, "name", None) else f"'{pattern}'"


def slash_in_front(pattern: Any) -> list[CheckMessage]:
    """urls.W002: a slash in front is doubled in the address."""
    if not settings.APPEND_SLASH:  # without that setting, a site may want slashes in front instead of behind
        return []
    regex = pattern.regex.pattern
    if not regex.startswith(IN_FRONT) or regex.endswith("/"):
        return []
    return [
        Warning(
            f"Your URL pattern {describe(pattern)} has a route beginning with a '/', which "
            "doubles the one of the site. Leave it out; a route that leads to an include() carries it at its end.",
            id="urls.W002",
        )
    ]


def dollar_before_include(pattern: Any) -> list[CheckMessage]:
    """urls.W001: nothing can follow the end."""
    regex = pattern.regex.pattern
    if not regex.endswith("$") or regex.endswith(r"\$"):
        return []
    return [
        Warning(
            f"Your URL pattern {describe(pattern)} uses include with a route ending with a '$': nothing can "
            "follow it. Take the dollar off.",
            id="urls.W001",
        )
    ]


def regex_in_route(pattern: Any, route: str) -> list[CheckMessage]:
    """2_0.W001: a regular expression where a route is expected."""
    if "(?P<" not in route and not route.startswith("^") and not route.endswith("$"):
        return []
    return [
        Warning(
            f"Your URL pattern {describe(pattern)} has a route that looks like a regular expression ('(?P<', '^' or "
            "'$'). Use re_path(), or the syntax of path().",
            id="2_0.W001",
        )
    ]


def unmatched_brackets(pattern: Any, route: str) -> list[CheckMessage]:
    """urls.W010: angle brackets without their counterpart."""
    lonely, opened = [], 0
    for character in route:
        if character == "<":
            opened += 1
        elif character == ">":
            if opened:
                opened -= 1
            else:
                lonely.append(">")
    lonely += ["<"] * opened
    return [
        Warning(f"Your URL pattern {describe(pattern)} has an unmatched '{bracket}' bracket.", id="urls.W010")
        for bracket in lonely
    ]


def colon_in_name(pattern: Any) -> list[CheckMessage]:
    """urls.W003: colons separate namespaces."""
    if pattern.name is None or ":" not in pattern.name:
        return []
    return [
        Warning(
            f"Your URL pattern {describe(pattern)} has a name including a ':', which stands between namespaces. Choose "
            "another name.",
            id="urls.W003",
        )
    ]


def not_a_pattern(pattern: Any) -> list[CheckMessage]:
    """urls.E004: something else than a pattern among the patterns."""
    if isinstance(pattern, str):
        hint = (
            f"Try removing the string '{pattern}': only patterns stand in urlpatterns."
        )
    else:
        hint = "Try using path() instead of a tuple." if isinstance(pattern, tuple) else None  # type: ignore[assignment]
    return [
        Error(
            f"Your URL pattern {pattern!r} is invalid: urlpatterns takes what path() and re_path() give.",
            hint=hint,
            id="urls.E004",
        )
    ]


def class_as_view(pattern: Any, view: type) -> list[CheckMessage]:
    """urls.E009: a view class instead of what its ``as_view()`` gives."""
    return [
        Error(
            f"Your URL pattern {describe(pattern)} has an invalid view, pass {view.__name__}.as_view() instead of "
            f"{view.__name__}.",
            id="urls.E009",
        )
    ]
