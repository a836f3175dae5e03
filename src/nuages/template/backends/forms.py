"""What engines other than the native one need to protect forms."""

from __future__ import annotations

from typing import Any

from nuages.middleware.csrf import get_token
from nuages.text.html import format_html
from nuages.text.lazy import SimpleLazyObject, lazy
from nuages.text.safestring import SafeString

__all__ = ["csrf_input", "csrf_input_lazy", "csrf_token_lazy", "csrf_values"]


def csrf_input(request: Any) -> SafeString:
    """Return the hidden input that carries the token of ``request``."""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


csrf_input_lazy = lazy(csrf_input, SafeString, str)
csrf_token_lazy = lazy(get_token, str)


def csrf_values(request: Any) -> dict[str, Any]:
    """Return the variables that every engine documents: ``request``, ``csrf_input`` and ``csrf_token``."""
    return {"request": SimpleLazyObject(lambda: request), "csrf_input": csrf_input_lazy(request), "csrf_token": csrf_token_lazy(request)}
