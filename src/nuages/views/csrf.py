"""The page for requests that fail the CSRF checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nuages.conf import settings
from nuages.http import HttpResponseForbidden
from nuages.i18n.translation import gettext as _
from nuages.middleware.csrf import REASON_NO_CSRF_COOKIE, REASON_NO_REFERER
from nuages.template import Context, Engine, TemplateDoesNotExist, loader

CSRF_FAILURE_TEMPLATE_NAME = "403_csrf.html"


def builtin_template_path(name: str) -> Path:
    """Give the path of a template that comes with the views."""
    return Path(__file__).parent / "templates" / name


def source_of(path: Path) -> str:
    """Read a template that is rendered without a loader."""
    with path.open(encoding="utf-8") as file:
        return file.read()


def csrf_failure(request: Any, reason: str = "", template_name: str = CSRF_FAILURE_TEMPLATE_NAME) -> Any:
    """Explain, to the visitor in general and in development in detail, why a form was refused."""
    context = {
        "title": _("Forbidden"),
        "main": _("CSRF verification failed. Request aborted."),
        "reason": reason,
        "no_referer": reason == REASON_NO_REFERER,
        "no_referer1": _(
            "This page needs to know from which page a form was sent, and your browser left out that “Referer header”."
        ),
        "no_referer2": _("If Referer headers are switched off in your browser, allow them at least for this site."),
        "no_cookie": reason == REASON_NO_CSRF_COOKIE,
        "no_cookie1": _("This page needs a CSRF cookie with each form, and your browser sent none."),
        "no_cookie2": _("If cookies are switched off in your browser, allow them at least for this site."),
        "DEBUG": settings.DEBUG,
        "more": _("More information is available with DEBUG=True."),
    }
    try:
        body = loader.get_template(template_name).render(context, request)
    except TemplateDoesNotExist:
        if template_name != CSRF_FAILURE_TEMPLATE_NAME:
            raise
        source = source_of(builtin_template_path("csrf_403.html"))
        body = Engine().from_string(source).render(Context(context))
    return HttpResponseForbidden(body)
