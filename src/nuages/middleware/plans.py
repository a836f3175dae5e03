"""What the hooks of a middleware come to, said beforehand, so that a request pays only for what concerns it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Header = tuple[str, tuple[str, str]]


@dataclass(frozen=True)
class Plan:
    """A middleware's own statement about its ``process_request`` and ``process_response``, made by its method ``plan()``.

    The chain skips a call that the plan makes superfluous. Called by hand, the methods do the same without a plan.

    :param asks: ``process_request`` has something to do at all.
    :param asks_cookies: it has something to do only for requests that bring cookies.
    :param offers: all that ``process_request`` does is to offer these attributes (`HttpRequest.offer`)…
    :param behind: … if another middleware has offered this one.
    :param headers: all that ``process_response`` does is to add these headers where they are missing (`headers.prepared`)…
    :param exempt: … unless the response has a true attribute of this name.
    :param answers_if: ``process_response`` has something to do only if one of these attributes of the request was made.
    :param answers_cookies: … or if the request brought cookies.
    """

    asks: bool = True
    asks_cookies: bool = False
    offers: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    behind: str | None = None
    headers: tuple[Header, ...] = ()
    exempt: str | None = None
    answers_if: tuple[str, ...] = ()
    answers_cookies: bool = False


NOTHING_KNOWN = Plan()


def plan_of(middleware: Any) -> Plan:
    """Give the plan of a middleware; one whose class has overridden a hook since is called for every request."""
    kind = type(middleware)
    owner = next((each for each in kind.__mro__ if "plan" in vars(each)), None)
    if owner is None or any(
        getattr(kind, hook, None) is not getattr(owner, hook, None) for hook in ("process_request", "process_response")
    ):
        return NOTHING_KNOWN
    plan: Plan = middleware.plan()
    return plan
