"""X-Frame-Options of single pages."""

from __future__ import annotations

from typing import Any

from nuages.views.decorators.wrapping import View, around


def _with_value(view: View, value: str) -> Any:
    def after(request: Any, response: Any) -> Any:
        if response.get("X-Frame-Options") is None:
            response["X-Frame-Options"] = value
        return response

    return around(view, None, after)


def xframe_options_deny(view: View) -> Any:
    """Forbid any frame."""
    return _with_value(view, "DENY")


def xframe_options_sameorigin(view: View) -> Any:
    """Allow frames of this site."""
    return _with_value(view, "SAMEORIGIN")


def xframe_options_exempt(view: View) -> Any:
    """Allow any frame, whatever the middleware does elsewhere."""

    def after(request: Any, response: Any) -> Any:
        response.xframe_options_exempt = True
        return response

    return around(view, None, after)
