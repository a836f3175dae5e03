"""Inclusion tags whose template an application or a model may replace."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getfullargspec
from typing import Any, TypeVar

from nuages.template import Library, Node
from nuages.template.library import parse_bits

F = TypeVar("F", bound=Callable[..., Any])


def flat(context: Any) -> dict[str, Any]:
    """All names of a context as one dictionary; a plain dictionary is copied."""
    return context.flatten() if hasattr(context, "flatten") else dict(context)


class InclusionAdminNode(Node):
    """Renders ``admin/APP/MODEL/NAME``, ``admin/APP/NAME`` or ``admin/NAME`` with what a function returns."""

    def __init__(
        self, name: str, parser: Any, token: Any, func: Any, template_name: str, takes_context: bool = True
    ) -> None:
        self.function, self.template_name, self.takes_context = func, template_name, takes_context
        spec = getfullargspec(func)
        self.args, self.kwargs = parse_bits(
            parser,
            token.split_contents()[1:],
            spec.args,
            spec.varargs,
            spec.varkw,
            spec.defaults,
            spec.kwonlyargs,
            spec.kwonlydefaults,
            takes_context,
            name,
        )

    def render(self, context: Any) -> str:
        """The first of the templates that exists."""
        opts = context["opts"]
        label, model = opts.app_label.lower(), opts.object_name.lower()
        template = context.template.engine.select_template(
            [
                f"admin/{label}/{model}/{self.template_name}",
                f"admin/{label}/{self.template_name}",
                f"admin/{self.template_name}",
            ]
        )
        args = [arg.resolve(context) for arg in self.args]
        if self.takes_context:
            args.insert(0, context)
        kwargs = {name: value.resolve(context) for name, value in self.kwargs.items()}
        inner = context.new(self.function(*args, **kwargs))
        # The page's token counts in what is included too.
        if (token := context.get("csrf_token")) is not None:
            inner["csrf_token"] = token
        return str(template.render(inner))


def replaceable(register: Library, name: str, template_name: str, takes_context: bool = True) -> Callable[[F], F]:
    """Decorator: register the function, which makes the template's context, as such a tag."""

    def connect(function: F) -> F:
        def compile_tag(parser: Any, token: Any) -> InclusionAdminNode:
            return InclusionAdminNode(name, parser, token, function, template_name, takes_context)

        register.tag(name, compile_tag)
        return function

    return connect
