"""Inclusion tags whose template an application or a model may replace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nuages.template import Library, Node
from nuages.template.library import parse_bits


class ReplaceableTag(Node):
    """Renders ``admin/APP/MODEL/NAME``, ``admin/APP/NAME`` or ``admin/NAME`` with what a function makes of the context."""

    def __init__(self, function: Callable[..., dict[str, Any]], template_name: str, args: Any, kwargs: Any) -> None:
        self.function, self.template_name = function, template_name
        self.args, self.kwargs = args, kwargs

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
        kwargs = {name: value.resolve(context) for name, value in self.kwargs.items()}
        inner = context.new(self.function(context, *args, **kwargs))
        # The page's token counts in what is included too.
        if (token := context.get("csrf_token")) is not None:
            inner["csrf_token"] = token
        return str(template.render(inner))


def replaceable(register: Library, name: str, template_name: str, parameters: list[str]) -> Callable[[Any], Any]:
    """Decorator: register the function as such a tag. It takes the context and the ``parameters``."""

    def connect(function: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        def compile_tag(parser: Any, token: Any) -> ReplaceableTag:
            bits = token.split_contents()[1:]
            args, kwargs = parse_bits(parser, bits, parameters, None, None, None, [], None, False, name)
            return ReplaceableTag(function, template_name, args, kwargs)

        register.tag(name, compile_tag)
        return function

    return connect
