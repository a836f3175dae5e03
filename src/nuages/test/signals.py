"""Signals that tests listen to, and the receivers that make changed settings take effect at once."""

import sys
import warnings
from typing import Any

from nuages.apps import apps
from nuages.conf import settings
from nuages.conf.logs import configure_logging
from nuages.conf.settings import apply_time_zone
from nuages.db import connections, router
from nuages.files.storage import default_storage, storages
from nuages.signals import Signal, receiver, setting_changed
from nuages.text.lazy import empty

template_rendered = Signal()
"""Sent for each template that is rendered while the test environment is set up: ``sender``, ``template``, ``context``."""

__all__ = ["setting_changed", "template_rendered"]

COMPLEX_OVERRIDE_SETTINGS = {"DATABASES"}
"""Settings on which too much depends already when a test begins."""

STATIC_SETTINGS = frozenset({"STATIC_URL", "STATIC_ROOT", "STATICFILES_STORAGE", "STORAGES", "MEDIA_URL", "MEDIA_ROOT"})


@receiver(setting_changed)
def warn_of_complex_settings(*, enter: bool, setting: str, **kwargs: Any) -> None:
    """Warn of settings that cannot simply be overridden."""
    if enter and setting in COMPLEX_OVERRIDE_SETTINGS:
        warnings.warn(f"Overriding setting {setting} can lead to unexpected behavior.", stacklevel=5)


@receiver(setting_changed)
def follow_databases(*, setting: str, **kwargs: Any) -> None:
    """Forget what connections and routers have kept of the old value."""
    if setting == "DATABASE_ROUTERS":
        router.__dict__.pop("routers", None)
    if setting == "TIME_ZONE":
        apply_time_zone(settings.TIME_ZONE)
    if setting in {"TIME_ZONE", "USE_TZ"}:
        for connection in connections.all(initialized_only=True):
            connection.__dict__.pop("timezone", None)
            connection.__dict__.pop("timezone_name", None)
            connection.ensure_timezone()


@receiver(setting_changed)
def follow_logging(*, setting: str, **kwargs: Any) -> None:
    """Configure logging anew."""
    if setting in {"LOGGING", "LOGGING_CONFIG"}:
        configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


@receiver(setting_changed)
def follow_models(*, setting: str, **kwargs: Any) -> None:
    """Forget which models are swapped."""
    if setting == "AUTH_USER_MODEL":
        apps.clear_cache()
        module = sys.modules.get("nuages.contrib.auth")
        if module is not None and hasattr(module.get_user_model, "cache_clear"):
            module.get_user_model.cache_clear()


@receiver(setting_changed)
def follow_storages(*, setting: str, **kwargs: Any) -> None:
    """Let the storages be made anew."""
    module = sys.modules.get("nuages.contrib.staticfiles.storage")
    if setting in STATIC_SETTINGS and module is not None:
        storages._storages.pop("staticfiles", None)
        module.staticfiles_storage._wrapped = empty
    if setting == "STORAGES":
        default_storage._wrapped = empty
