"""The exceptions of the template language (documentation: ref/templates/api)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["InvalidTemplateLibrary", "TemplateDoesNotExist", "TemplateSyntaxError", "VariableDoesNotExist"]


class TemplateSyntaxError(Exception):
    """The text of a template breaks a rule of the language.

    ``token`` is the offending token, when it is known.
    """

    token: Any = None
    #: The name of the template, once it is known; it then starts the message.
    template_name: str | None = None

    def __str__(self) -> str:
        message = super().__str__()
        return message if self.template_name is None else f"Template: {self.template_name}, {message}"


class InvalidTemplateLibrary(Exception):
    """A module named in ``libraries``, ``builtins`` or ``{% load %}`` cannot be used as a tag library."""


class VariableDoesNotExist(Exception):
    """A variable, or one of the look-ups behind its dots, has no value in the context."""

    def __init__(self, msg: str, params: Sequence[Any] = ()) -> None:
        self.msg = msg
        self.params = params

    def __str__(self) -> str:
        return self.msg % tuple(self.params) if self.params else self.msg


class TemplateDoesNotExist(Exception):
    """No loader of an engine found the template.

    ``tried`` lists ``(origin, status)`` pairs of what was looked at, ``backend`` is the engine that gave up and
    ``chain`` holds the exceptions of the engines (or of the names) that were tried before.
    """

    def __init__(
        self,
        msg: Any,
        tried: Sequence[tuple[Any, str]] | None = None,
        backend: Any = None,
        chain: Sequence[TemplateDoesNotExist] | None = None,
    ) -> None:
        self.backend = backend
        self.tried: list[tuple[Any, str]] = list(tried) if tried is not None else []
        self.chain: list[TemplateDoesNotExist] = list(chain) if chain is not None else []
        super().__init__(msg)

    def duplicate(self, backend: Any = None) -> TemplateDoesNotExist:
        """Return a fresh exception that tells the same, without traceback; as seen by ``backend``, if one is given."""
        copy = type(self)(self.args[0], tried=self.tried, backend=backend or self.backend, chain=self.chain)
        if hasattr(self, "template_debug"):
            copy.template_debug = self.template_debug  # type: ignore[attr-defined]
        return copy
