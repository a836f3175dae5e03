"""The project's settings, typed and loaded when first asked for (documentation: topics/settings)."""

from nuages.conf.env import database_url, env, load_dotenv
from nuages.conf.names import ENVIRONMENT_VARIABLE
from nuages.conf.settings import LazySettings, Settings, UserSettingsHolder, settings

__all__ = [
    "ENVIRONMENT_VARIABLE",
    "LazySettings",
    "Settings",
    "UserSettingsHolder",
    "database_url",
    "env",
    "load_dotenv",
    "settings",
]
