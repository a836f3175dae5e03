"""Checks of the Content Security Policy."""

from collections.abc import Iterable
from typing import Any

from nuages.checks.messages import CheckMessage, Error, Warning
from nuages.checks.registry import Tags, register
from nuages.checks.security.middlewares import CSP as CSP_MIDDLEWARE
from nuages.checks.security.middlewares import has_middleware
from nuages.conf import names, settings
from nuages.text.csp import CSP

E026 = Error("The CSP setting %s must be a dictionary (got %r instead).", id="security.E026")
W027 = Warning(
    "Your Content Security Policy has CSP.NONCE and its middleware is installed, but no template engine has the context processor "
    "that gives templates the nonce.",
    hint="Add the csp context processor to the OPTIONS of your template engine.",
    id="security.W027",
)
_SETTINGS = ("SECURE_CSP", "SECURE_CSP_REPORT_ONLY")


@register(Tags.security)
def check_csp_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E026."""
    given = [(name, getattr(settings, name)) for name in _SETTINGS]
    return [Error(E026.msg % (name, value), id=E026.id) for name, value in given if value is not None and not isinstance(value, dict)]


def _has_nonce(policy: Any) -> bool:
    if not isinstance(policy, dict):
        return False
    return any(CSP.NONCE in values for values in policy.values() if isinstance(values, Iterable) and not isinstance(values, str))


def _has_processor(engine: Any) -> bool:
    processors = engine.get("OPTIONS", {}).get("context_processors", ())
    return any(names.native(path) == "nuages.template.context_processors.csp" for path in processors)


@register(Tags.security)
def check_csp_nonce_context_processor(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W027."""
    if not has_middleware(CSP_MIDDLEWARE) or any(map(_has_processor, settings.TEMPLATES)):
        return []
    return [W027] if any(_has_nonce(getattr(settings, name)) for name in _SETTINGS) else []
