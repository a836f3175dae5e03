"""Python's template strings as an engine: ``$name``, with values escaped. It shows what an engine must do."""

from __future__ import annotations

import string
from html import escape
from typing import Any

from nuages.exceptions import ImproperlyConfigured
from nuages.template.backends.backend import BaseEngine
from nuages.template.backends.forms import csrf_values
from nuages.template.errors import TemplateDoesNotExist
from nuages.template.template import Origin

__all__ = ["Template", "TemplateStrings"]


class TemplateStrings(BaseEngine):
    """The engine; it takes no ``OPTIONS``."""

    app_dirname = "template_strings"

    def __init__(self, params: dict[str, Any]) -> None:
        params = dict(params)
        options = params.pop("OPTIONS")
        if options:
            raise ImproperlyConfigured(f"Unknown options: {', '.join(options)}")
        super().__init__(params)

    def from_string(self, template_code: str) -> Template:
        """Make a template from its text."""
        return Template(template_code)

    def get_template(self, template_name: str) -> Template:
        """Return the template of that name. Raises TemplateDoesNotExist."""
        tried = []
        for filename in self.iter_template_filenames(template_name):
            try:
                with open(filename, encoding="utf-8") as file:
                    return Template(file.read())
            except FileNotFoundError:
                tried.append((Origin(filename, template_name, self), "Source does not exist"))
        raise TemplateDoesNotExist(template_name, tried=tried, backend=self)


class Template(string.Template):
    """A template string."""

    def render(self, context: dict[str, Any] | None = None, request: Any = None) -> str:
        """Substitute the values; a name without a value stays as it is."""
        values = {name: escape(str(value)) for name, value in (context or {}).items()}
        if request is not None:
            values.update((name, str(value)) for name, value in csrf_values(request).items())
        return self.safe_substitute(values)
