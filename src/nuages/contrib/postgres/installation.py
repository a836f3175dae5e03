"""The check that the application is installed."""

from __future__ import annotations

from typing import Any

from nuages import checks
from nuages.apps import apps
from nuages.conf.names import public


def installation_errors(feature: object) -> list[Any]:
    """postgres.E005 for a field, index or constraint of a project that has not installed the application."""
    if apps.is_installed("nuages.contrib.postgres"):
        return []
    home = public("nuages.contrib.postgres")
    return [
        checks.Error(
            f"'{home}' must be in INSTALLED_APPS in order to use {type(feature).__name__}.",
            obj=feature,
            id="postgres.E005",
        )
    ]
