"""Neighbouring middleware that only has hooks, written out as one function around a handler.

For the middleware of a new project the function reads like this::

    def chain(request):
        attributes = request.__dict__
        cookies = request._has_cookies()
        reached = -1
        try:
            while True:
                # 1 SessionMiddleware
                reached = 1
                request._offers = offers_1 if request._offers is no_offers else {**request._offers, **offers_1}
                attributes.pop('session', None)
                # 2 CommonMiddleware
                reached = 2
                if (response := before_2(request)) is not None:
                    break
                …
                reached = 6
                try:
                    response = inner(request)
                except Exception as error:
                    response = response_for_exception(request, error)
                break
        except Exception as error:
            response = response_for_exception(request, error)
            reached -= 1
        if reached < 6:
            return back(request, response, reached)
        …

A hook that raises is answered like a view that does, and those further out see that answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nuages.http.request import HttpRequest, announce
from nuages.middleware.plans import Plan, plan_of
from nuages.pipeline.errors import response_for_exception
from nuages.text.generated import define

INDENT = "    "


def flat(middlewares: list[Any], inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give one function for ``middlewares``, the outermost first, around ``inner``; it never raises an `Exception`."""
    layer = Layer(middlewares, inner)
    source = "\n".join(layer.lines()) + "\n"
    # In it are names of ours and numbers, and the names of attributes and headers from plans.
    return define("chain", source, "middleware", layer.names)  # type: ignore[no-any-return]


class Layer:
    """Writes the function. ``names`` holds what its text refers to."""

    def __init__(self, middlewares: list[Any], inner: Callable[[Any], Any]) -> None:
        self.middlewares = middlewares
        self.plans = [plan_of(middleware) for middleware in middlewares]
        self.last = len(middlewares) - 1
        after = [getattr(middleware, "process_response", None) for middleware in middlewares]
        self.names: dict[str, Any] = {
            "inner": inner,
            "no_offers": HttpRequest._offers,
            "response_for_exception": response_for_exception,
            "back": Back(after),
        }
        self.offered: dict[str, Any] = {}

    def lines(self) -> Iterator[str]:
        """Give the lines of the function."""
        yield "def chain(request):"
        yield "    attributes = request.__dict__"
        if any(plan.asks_cookies or plan.answers_cookies for plan in self.plans):
            yield "    cookies = request._has_cookies()"
        yield "    reached = -1"
        yield "    try:"
        yield "        while True:"
        for index, middleware in enumerate(self.middlewares):
            yield from indented(3, self.down(index, middleware, self.plans[index]))
        yield from indented(3, self.answer())
        yield "    except Exception as error:"
        yield "        response = response_for_exception(request, error)"
        yield "        reached -= 1"
        yield f"    if reached < {self.last}:"
        yield "        return back(request, response, reached)"
        for index in reversed(range(len(self.middlewares))):
            yield from indented(1, self.up(index, self.middlewares[index], self.plans[index]))
        yield "    return response"

    def answer(self) -> Iterator[str]:
        """The handler within."""
        yield f"reached = {self.last}"
        yield "try:"
        yield "    response = inner(request)"
        yield "except Exception as error:"
        yield "    response = response_for_exception(request, error)"
        yield "break"

    def down(self, index: int, middleware: Any, plan: Plan) -> Iterator[str]:
        """What a middleware does with the request."""
        hook = getattr(middleware, "process_request", None)
        if hook is None or not plan.asks:
            return
        yield f"# {index} {type(middleware).__name__}"
        yield f"reached = {index}"
        if plan.offers and (plan.behind is None or plan.behind in self.offered):
            yield from self.offer(index, plan)
            return
        self.names[f"before_{index}"] = hook
        condition = "cookies and " if plan.asks_cookies else ""
        yield f"if {condition}(response := before_{index}(request)) is not None:"
        yield "    break"

    def offer(self, index: int, plan: Plan) -> Iterator[str]:
        """All that was offered up to here is put in place at once, unless somebody else has offered something."""
        known = next((name for name in reversed(self.names) if name.startswith("offers_")), "no_offers")
        self.offered |= plan.offers
        for name in plan.offers:
            announce(name)
        self.names[f"offers_{index}"] = dict(self.offered)
        yield f"request._offers = offers_{index} if request._offers is {known} else {{**request._offers, **offers_{index}}}"
        for name in plan.offers:
            yield f"if {name!r} in attributes:"
            yield f"    del attributes[{name!r}]"

    def up(self, index: int, middleware: Any, plan: Plan) -> Iterator[str]:
        """What a middleware does with the response."""
        hook = getattr(middleware, "process_response", None)
        if hook is None:
            return
        yield f"# {index} {type(middleware).__name__}"
        if plan.headers:
            yield from self.headers(index, plan)
            return
        self.names[f"after_{index}"] = hook
        conditions = [f"{name!r} in attributes" for name in plan.answers_if]
        if plan.answers_cookies:
            conditions.append("cookies")
        depth = 0
        if conditions:
            yield f"if {' or '.join(conditions)}:"
            depth = 1
        yield from indented(depth, [
            "try:",
            f"    response = after_{index}(request, response)",
            "except Exception as error:",
            "    response = response_for_exception(request, error)",
        ])

    def headers(self, index: int, plan: Plan) -> Iterator[str]:
        """Constant headers."""
        depth = 0
        if plan.exempt:
            yield f"if not getattr(response, {plan.exempt!r}, False):"
            depth = 1
        yield from indented(depth, ["fields = response.headers._store"])
        for number, (key, pair) in enumerate(plan.headers):
            self.names[f"header_{index}_{number}"] = pair
            yield from indented(depth, [f"fields.setdefault({key!r}, header_{index}_{number})"])


class Back:
    """The way out for an answer from half-way: by a hook, or by its exception."""

    def __init__(self, after: list[Any]) -> None:
        self.after = after

    def __call__(self, request: Any, response: Any, reached: int) -> Any:
        for hook in reversed(self.after[: reached + 1]):
            if hook is not None:
                try:
                    response = hook(request, response)
                except Exception as error:
                    response = response_for_exception(request, error)
        return response


def indented(depth: int, lines: Any) -> Iterator[str]:
    """Move lines to the right."""
    return (INDENT * depth + line for line in lines)
