"""The project's settings, typed and loaded when first asked for (documentation: topics/settings)."""

from nuages.conf.env import database_url, env, load_dotenv
from nuages.conf.names import ENVIRONMENT_VARIABLE
from nuages.conf.settings import LazySettings, Settings, UserSettingsHolder, settings

DEFAULT_STORAGE_ALIAS = "default"
STATICFILES_STORAGE_ALIAS = "staticfiles"

__all__ = [
    "DEFAULT_STORAGE_ALIAS", "ENVIRONMENT_VARIABLE", "STATICFILES_STORAGE_ALIAS", "LazySettings", "Settings",
    "UserSettingsHolder", "database_url", "env", "load_dotenv", "settings",
]
