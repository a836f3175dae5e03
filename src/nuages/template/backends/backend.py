"""What every engine does (topics/templates, "Custom engines")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nuages.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from nuages.template.appdirs import get_app_template_dirs
from nuages.text.lazy import cached_property
from nuages.text.paths import safe_join

__all__ = ["BaseEngine"]


class BaseEngine:
    """The base class of engines.

    An engine defines ``app_dirname``, ``from_string`` and ``get_template``; what the latter return has
    ``render(context=None, request=None)``.
    """

    app_dirname: str | None = None

    def __init__(self, params: dict[str, Any]) -> None:
        """Take ``NAME``, ``DIRS`` and ``APP_DIRS`` from ``params``. Raises ImproperlyConfigured for anything left."""
        params = dict(params)
        self.name = params.pop("NAME")
        self.dirs: list[Any] = list(params.pop("DIRS"))
        self.app_dirs = params.pop("APP_DIRS")
        if params:
            raise ImproperlyConfigured(f"Unknown parameters: {', '.join(params)}")

    def check(self, **kwargs: Any) -> list[Any]:
        """Return the messages of the engine's system checks."""
        return []

    def from_string(self, template_code: str) -> Any:
        """Make a template from its text."""
        raise NotImplementedError("subclasses of BaseEngine should provide a from_string() method")

    def get_template(self, template_name: str) -> Any:
        """Return the template of that name. Raises TemplateDoesNotExist."""
        raise NotImplementedError("subclasses of BaseEngine must provide a get_template() method")

    @cached_property
    def template_dirs(self) -> tuple[Any, ...]:
        """The directories to search: ``DIRS``, then those of installed apps with ``APP_DIRS``."""
        found = tuple(self.dirs)
        return found + get_app_template_dirs(self.app_dirname or "") if self.app_dirs else found

    def iter_template_filenames(self, template_name: str) -> Iterator[str]:
        """Yield the paths where the template may be; a name that leads out of a directory is not looked for there."""
        for directory in self.template_dirs:
            try:
                yield safe_join(directory, template_name)
            except SuspiciousFileOperation:
                continue
