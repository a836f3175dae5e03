"""Checks of the setting MAILERS."""

from typing import Any

from nuages.checks.messages import CheckMessage, Error, Warning
from nuages.checks.registry import Tags, register
from nuages.conf import names, settings
from nuages.mail.configured import DEFAULT_MAILER_ALIAS

_DEVELOPMENT = {f"nuages.mail.backends.{kind}.EmailBackend" for kind in ("console", "dummy", "filebased", "locmem")}


@register(Tags.mail)
def check_mailers_default_alias(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W001."""
    mailers = getattr(settings, "MAILERS", None)
    if mailers is None or DEFAULT_MAILER_ALIAS in mailers:
        return []
    hint = "Add a 'default' entry to MAILERS" + (", or pass 'using' when sending email." if mailers else ".")
    return [Warning("MAILERS has no 'default' entry, so mail without a mailer named fails.", hint=hint, id="mail.W001")]


@register(Tags.mail, deploy=True)
def check_mailers_production_backend(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E001."""
    backend = (getattr(settings, "MAILERS", None) or {}).get(DEFAULT_MAILER_ALIAS, {}).get("BACKEND", "")
    if names.native(backend) not in _DEVELOPMENT:
        return []
    hint = "Set a backend for production, such as SMTP: this one sends nothing to anybody."
    return [Error(f"The 'default' mailer has a backend for development only ({backend}).", hint=hint, id="mail.E001")]
