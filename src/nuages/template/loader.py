"""Finding and rendering templates by name, across all configured engines (topics/templates, "Usage")."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from nuages.template.engines import engines
from nuages.template.errors import TemplateDoesNotExist

if TYPE_CHECKING:
    from nuages.http import HttpRequest

__all__ = ["get_template", "render_to_string", "select_template"]


def _engine_list(using: str | None) -> list[Any]:
    return engines.all() if using is None else [engines[using]]


def get_template(template_name: str, using: str | None = None) -> Any:
    """Return the template of that name from the first engine (or from the engine ``using``) that has it.

    Raises TemplateDoesNotExist or TemplateSyntaxError.
    """
    return _first([template_name], _engine_list(using), str)


def select_template(template_name_list: Iterable[str], using: str | None = None) -> Any:
    """Return the first template that exists of several names; each name is tried with all engines.

    Raises TemplateDoesNotExist, TemplateSyntaxError, or TypeError for a single string.
    """
    if isinstance(template_name_list, str):
        raise TypeError(
            f"select_template() takes an iterable of template names, got a string: {template_name_list!r}. "
            "For one name there is get_template()."
        )
    names = list(template_name_list)
    if not names:
        raise TemplateDoesNotExist("No template names provided")
    return _first(names, _engine_list(using), str)


def _first(names: list[Any], candidates: list[Any], describe: Callable[[Any], str]) -> Any:
    chain: list[TemplateDoesNotExist] = []
    for name in names:
        for engine in candidates:
            try:
                return engine.get_template(name)
            except TemplateDoesNotExist as error:
                chain.append(error)
    raise TemplateDoesNotExist(", ".join(map(describe, names)), chain=chain)


def render_to_string(
    template_name: Any, context: dict[str, Any] | None = None, request: HttpRequest | None = None, using: str | None = None
) -> str:
    """Render the template of that name (or the first that exists, given a list or tuple) with ``context``."""
    if isinstance(template_name, (list, tuple)):
        template = select_template(template_name, using=using)
    else:
        template = get_template(template_name, using=using)
    return template.render(context, request)  # type: ignore[no-any-return]
