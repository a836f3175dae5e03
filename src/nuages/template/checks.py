"""System checks of the template engines (ref/checks, "Templates")."""

from __future__ import annotations

from typing import Any

from nuages.checks import Tags, register
from nuages.template.engines import engines

__all__ = ["check_templates"]


@register(Tags.templates)
def check_templates(app_configs: Any, **kwargs: Any) -> list[Any]:
    """Return the messages of all configured engines."""
    return [message for engine in engines.all() for message in engine.check(app_configs=app_configs, **kwargs)]
