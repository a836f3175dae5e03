"""The pages for 400, 403, 404 and 500: a template of the project if there is one, else a plain page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from nuages.http import HttpResponseBadRequest, HttpResponseForbidden, HttpResponseNotFound, HttpResponseServerError
from nuages.template import Context, Engine, TemplateDoesNotExist, loader
from nuages.views.decorators.csrf import requires_csrf_token

ERROR_400_TEMPLATE_NAME, ERROR_403_TEMPLATE_NAME = "400.html", "403.html"
ERROR_404_TEMPLATE_NAME, ERROR_500_TEMPLATE_NAME = "404.html", "500.html"

PAGE = """<!doctype html>
<html lang="en">
<head>
  <title>{title}</title>
</head>
<body>
  <h1>{title}</h1><p>{details}</p>
</body>
</html>
"""
HTML = "text/html"


def page(title: str, details: str = "") -> str:
    """Write the plain page."""
    return PAGE.format(title=title, details=details)


@requires_csrf_token
def page_not_found(request: Any, exception: Any, template_name: str = ERROR_404_TEMPLATE_NAME) -> Any:
    """404. The template gets ``request_path`` and ``exception`` (its message)."""
    shown = exception.__class__.__name__
    try:  # a message given to Http404; the dict of Resolver404 is no message
        message = exception.args[0]
    except (AttributeError, IndexError):
        pass
    else:
        if isinstance(message, str):
            shown = message
    path = quote(request.path)
    try:
        template = loader.get_template(template_name)
        content = template.render({"request_path": path, "exception": shown}, request)
        content_type = None
    except TemplateDoesNotExist:
        if template_name != ERROR_404_TEMPLATE_NAME:
            raise
        # Rendered by an engine, so that the test client sees the context here, too.
        bare = Engine().from_string(page("Not Found", "The requested resource was not found on this server."))
        content = bare.render(Context({"request_path": path, "exception": shown}))
        content_type = HTML
    return HttpResponseNotFound(content, content_type=content_type)


@requires_csrf_token
def server_error(request: Any, template_name: str = ERROR_500_TEMPLATE_NAME) -> Any:
    """500. The template gets nothing, so that it can fail by nothing."""
    try:
        template = loader.get_template(template_name)
    except TemplateDoesNotExist:
        if template_name != ERROR_500_TEMPLATE_NAME:
            raise
        return HttpResponseServerError(page("Server Error (500)"), content_type=HTML)
    return HttpResponseServerError(template.render())


@requires_csrf_token
def bad_request(request: Any, exception: Any, template_name: str = ERROR_400_TEMPLATE_NAME) -> Any:
    """400. What was wrong is logged, and not shown: it may hold what an attacker sent."""
    try:
        template = loader.get_template(template_name)
    except TemplateDoesNotExist:
        if template_name != ERROR_400_TEMPLATE_NAME:
            raise
        return HttpResponseBadRequest(page("Bad Request (400)"), content_type=HTML)
    return HttpResponseBadRequest(template.render(request=request))


@requires_csrf_token
def permission_denied(request: Any, exception: Any, template_name: str = ERROR_403_TEMPLATE_NAME) -> Any:
    """403. The template gets ``exception``, the message of the exception."""
    try:
        template = loader.get_template(template_name)
    except TemplateDoesNotExist:
        if template_name != ERROR_403_TEMPLATE_NAME:
            raise
        return HttpResponseForbidden(page("403 Forbidden"), content_type=HTML)
    return HttpResponseForbidden(template.render(request=request, context={"exception": str(exception)}))
