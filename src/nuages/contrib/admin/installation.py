"""What a project needs besides the back office itself."""

from __future__ import annotations

from typing import Any

from nuages.apps import apps
from nuages.checks import CheckMessage, Error, Warning
from nuages.conf import settings
from nuages.conf.names import import_string, native, public
from nuages.contrib.admin.sites import all_sites
from nuages.template import engines
from nuages.template.backends.native import Templates

_MIDDLEWARE = (
    ("nuages.contrib.auth.middleware.AuthenticationMiddleware", "admin.E408", ""),
    ("nuages.contrib.messages.middleware.MessageMiddleware", "admin.E409", ""),
    (
        "nuages.contrib.sessions.middleware.SessionMiddleware",
        "admin.E410",
        "Insert it before the authentication middleware.",
    ),
)
_APPS = (
    ("nuages.contrib.contenttypes", "admin.E401"),
    ("nuages.contrib.auth", "admin.E405"),
    ("nuages.contrib.messages", "admin.E406"),
)


def check_admin_app(app_configs: Any, **kwargs: Any) -> list[Any]:
    """What is wrong with the declarations of all sites."""
    return [message for site in all_sites for message in site.check(app_configs)]


def check_dependencies(**kwargs: Any) -> list[CheckMessage]:
    """``admin.E401`` to ``E406``, ``E408`` to ``E410``, ``W411``."""
    if not apps.is_installed("nuages.contrib.admin"):
        return []
    found: list[CheckMessage] = []
    for name, code in _APPS:
        if not apps.is_installed(name):
            found.append(
                Error(f"'{public(name)}' must be in INSTALLED_APPS in order to use the admin application.", id=code)
            )
    found += _check_templates()
    for path, code, hint in _MIDDLEWARE:
        if not _has_middleware(path):
            found.append(
                Error(
                    f"'{public(path)}' must be in MIDDLEWARE in order to use the admin application.",
                    hint=hint or None,
                    id=code,
                )
            )
    return found


def _check_templates() -> list[CheckMessage]:
    for engine in engines.all():
        if isinstance(engine, Templates):
            break
    else:
        return [
            Error(
                f"A '{public('nuages.template.backends.native.Templates')}' instance must be configured in TEMPLATES in order "
                "to use the admin application.",
                id="admin.E403",
            )
        ]
    used = {native(path) for path in engine.engine.context_processors}
    found: list[CheckMessage] = []
    auth = "nuages.contrib.auth.context_processors.auth"
    if auth not in used and _uses_model_backend():
        found.append(_missing_processor(auth, "admin.E402"))
    messages = "nuages.contrib.messages.context_processors.messages"
    if messages not in used:
        found.append(_missing_processor(messages, "admin.E404"))
    request = "nuages.template.context_processors.request"
    if request not in used and any(getattr(site, "enable_nav_sidebar", False) for site in all_sites):
        found.append(
            Warning(
                f"'{public(request)}' must be enabled in the context processors of TEMPLATES in order to use the admin "
                "navigation sidebar.",
                id="admin.W411",
            )
        )
    return found


def _missing_processor(path: str, code: str) -> Error:
    return Error(
        f"'{public(path)}' must be enabled in the context processors of TEMPLATES in order to use the admin application.",
        id=code,
    )


def _uses_model_backend() -> bool:
    wanted = import_string("nuages.contrib.auth.backends.ModelBackend")
    return any(issubclass(import_string(path), wanted) for path in settings.AUTHENTICATION_BACKENDS)


def _has_middleware(path: str) -> bool:
    wanted = import_string(path)
    for entry in settings.MIDDLEWARE:
        found = import_string(entry)
        if isinstance(found, type) and issubclass(found, wanted):
            return True
    return False
