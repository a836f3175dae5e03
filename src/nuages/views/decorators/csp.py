"""Content-Security-Policy of single pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nuages.views.decorators.wrapping import View, around


def _override(attribute: str, config: Any) -> Any:
    if not isinstance(config, Mapping):
        raise TypeError("CSP config should be a mapping.")

    def decorate(view: View) -> Any:
        def after(request: Any, response: Any) -> Any:
            setattr(response, attribute, config)
            return response

        return around(view, None, after)

    return decorate


def csp_override(config: Mapping[str, Any]) -> Any:
    """Replace the enforced policy; an empty one sends no header."""
    return _override("_csp_config", config)


def csp_report_only_override(config: Mapping[str, Any]) -> Any:
    """Replace the policy that only reports; an empty one sends no header."""
    return _override("_csp_ro_config", config)
