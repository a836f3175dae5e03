"""Jinja2 as an engine (topics/templates, "Jinja2")."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2

from nuages.conf import settings
from nuages.conf.names import import_string, native
from nuages.template.backends.backend import BaseEngine
from nuages.template.backends.forms import csrf_values
from nuages.template.errors import TemplateDoesNotExist, TemplateSyntaxError
from nuages.text.lazy import cached_property

__all__ = ["Jinja2", "Origin", "Template", "get_exception_info"]

_AROUND = 10


class Jinja2(BaseEngine):
    """The engine. ``OPTIONS`` go to the environment; ``environment`` names what makes it, ``context_processors`` run per request."""

    app_dirname = "jinja2"

    def __init__(self, params: dict[str, Any]) -> None:
        params = dict(params)
        options = dict(params.pop("OPTIONS"))
        super().__init__(params)
        self.context_processors = options.pop("context_processors", [])
        environment = import_string(native(options.pop("environment", "jinja2.Environment")))
        if "loader" not in options:
            options["loader"] = jinja2.FileSystemLoader([str(folder) for folder in self.template_dirs])
        options.setdefault("autoescape", True)
        options.setdefault("auto_reload", settings.DEBUG)
        options.setdefault("undefined", jinja2.DebugUndefined if settings.DEBUG else jinja2.Undefined)
        self.env = environment(**options)

    def from_string(self, template_code: str) -> Template:
        """Make a template from its text."""
        return Template(self.env.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        """Return the template of that name. Raises TemplateDoesNotExist or TemplateSyntaxError."""
        try:
            return Template(self.env.get_template(template_name), self)
        except jinja2.TemplateNotFound as error:
            raise TemplateDoesNotExist(error.name, backend=self) from error
        except jinja2.TemplateSyntaxError as error:
            raise _as_ours(error) from error

    @cached_property
    def template_context_processors(self) -> list[Any]:
        """The context processors that were configured."""
        return [import_string(native(path)) for path in self.context_processors]


class Template:
    """A Jinja2 template with the protocol of engines."""

    def __init__(self, template: Any, backend: Jinja2) -> None:
        self.template = template
        self.backend = backend
        self.origin: Origin = Origin(name=template.filename, template_name=template.name)

    def render(self, context: dict[str, Any] | None = None, request: Any = None) -> str:
        """Render; with a request also ``request``, ``csrf_input``, ``csrf_token`` and the context processors' values."""
        values = dict(context or {})
        if request is not None:
            values.update(csrf_values(request), request=request)
            for processor in self.backend.template_context_processors:
                values.update(processor(request))
        try:
            return self.template.render(values)  # type: ignore[no-any-return]
        except jinja2.TemplateSyntaxError as error:
            raise _as_ours(error) from error


class Origin:
    """Where a template came from, as debug pages show it."""

    def __init__(self, name: str, template_name: str | None) -> None:
        self.name = name
        self.template_name = template_name


def _as_ours(error: jinja2.TemplateSyntaxError) -> TemplateSyntaxError:
    ours = TemplateSyntaxError(error.args)
    ours.template_debug = get_exception_info(error)  # type: ignore[attr-defined]
    return ours


def get_exception_info(exception: Any) -> dict[str, Any]:
    """Return what error pages show about a Jinja2 syntax error: the same keys as for native templates."""
    source = exception.source
    if source is None and exception.filename and Path(exception.filename).exists():
        source = Path(exception.filename).read_text()
    lines = list(enumerate(source.strip().split("\n"), start=1)) if source is not None else []
    lineno = exception.lineno
    total = len(lines)
    top = max(0, lineno - _AROUND - 1)
    bottom = min(total, lineno + _AROUND)
    return {
        "message": exception.message,
        "name": exception.filename,
        "line": lineno,
        # Jinja2 knows the line, but not the place in it: all of it is at fault.
        "during": lines[lineno - 1][1] if lineno <= total else "",
        **dict.fromkeys(("before", "after"), ""),
        "source_lines": lines[top:bottom],
        **{"total": total, "top": top, "bottom": bottom},
    }
