"""System check of ``SITE_ID``; id sites.E101."""

from __future__ import annotations

from typing import Any

from nuages.apps import apps
from nuages.checks import Error
from nuages.conf import settings
from nuages.exceptions import ValidationError


def check_site_id(app_configs: Any, **kwargs: Any) -> list[Any]:
    """The setting must fit the primary key of Site."""
    if not hasattr(settings, "SITE_ID") or (
        app_configs is not None and apps.get_app_config("sites") not in app_configs
    ):
        return []
    try:
        apps.get_model("sites", "Site")._meta.pk.to_python(settings.SITE_ID)
    except ValidationError as error:
        return [
            Error(
                f"The SITE_ID setting is not valid: {error.message % error.params}"
                if error.params
                else str(error.message),
                id="sites.E101",
            )
        ]
    return []
