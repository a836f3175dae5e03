"""Checks for settings that older versions took in another form."""

from typing import Any

from nuages.checks.messages import Error
from nuages.checks.registry import Tags, register
from nuages.conf import settings


@register(Tags.compatibility)
def check_csrf_trusted_origins(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Report trusted origins without a scheme."""
    return [
        Error(
            f"CSRF_TRUSTED_ORIGINS holds {origin}, but each of its values must start with a scheme, such as https://.",
            id="4_0.E001",
        )
        for origin in settings.CSRF_TRUSTED_ORIGINS
        if "://" not in origin
    ]
