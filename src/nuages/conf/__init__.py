"""The project's settings, typed and loaded when first asked for (documentation: topics/settings)."""

from nuages.conf.env import database_url, env, load_dotenv
from nuages.conf.names import ENVIRONMENT_VARIABLE
from nuages.conf.settings import LazySettings, Settings, UserSettingsHolder, settings
from nuages.conf.transitional import (
    DEPRECATED_EMAIL_SETTINGS,
    EMAIL_SETTING_DEPRECATED_MSG,
    SIGNED_COOKIE_LEGACY_SALT_DEPRECATED_MSG,
    USE_BLANK_CHOICE_DASH_DEPRECATED_MSG,
)

DEFAULT_STORAGE_ALIAS = "default"
STATICFILES_STORAGE_ALIAS = "staticfiles"

__all__ = [
    "DEFAULT_STORAGE_ALIAS",
    "DEPRECATED_EMAIL_SETTINGS",
    "EMAIL_SETTING_DEPRECATED_MSG",
    "ENVIRONMENT_VARIABLE",
    "LazySettings",
    "SIGNED_COOKIE_LEGACY_SALT_DEPRECATED_MSG",
    "STATICFILES_STORAGE_ALIAS",
    "Settings",
    "USE_BLANK_CHOICE_DASH_DEPRECATED_MSG",
    "UserSettingsHolder",
    "database_url",
    "env",
    "load_dotenv",
    "settings",
]
