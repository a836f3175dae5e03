"""Settings of the project's own test suite; ``NUAGES_TEST_DB`` selects the database (sqlite, postgres, mysql)."""

import os

DATABASE = os.environ.get("NUAGES_TEST_DB", "sqlite")

_ENGINES = {
    "sqlite": {"ENGINE": "nuages.db.backends.sqlite", "NAME": ":memory:"},
    "postgres": {
        "ENGINE": "nuages.db.backends.postgresql",
        "NAME": "nuages",
        "USER": os.environ.get("NUAGES_TEST_USER", "postgres"),
        "PASSWORD": os.environ.get("NUAGES_TEST_PASSWORD", ""),
        "HOST": os.environ.get("NUAGES_TEST_HOST", "127.0.0.1"),
    },
    "mysql": {
        "ENGINE": "nuages.db.backends.mysql",
        "NAME": "nuages",
        "USER": os.environ.get("NUAGES_TEST_USER", "root"),
        "PASSWORD": os.environ.get("NUAGES_TEST_PASSWORD", ""),
        "HOST": os.environ.get("NUAGES_TEST_HOST", "127.0.0.1"),
    },
}


def _database(alias: str) -> dict[str, object]:
    chosen = dict(_ENGINES[DATABASE])
    suffix = f"_{os.getpid()}" if DATABASE != "sqlite" else ""
    name = f"file:nuages_{alias}?mode=memory&cache=shared" if DATABASE == "sqlite" else f"test_nuages_{alias}{suffix}"
    return {**chosen, "TEST": {"NAME": name}}


DATABASES = {"default": _database("default"), "other": _database("other")}
SECRET_KEY = "a key for tests only, of more than fifty characters, not secret at all"
INSTALLED_APPS = [
    "nuages.contrib.admin",
    "nuages.contrib.admindocs",
    "nuages.contrib.auth",
    "nuages.contrib.contenttypes",
    "nuages.contrib.sessions",
    "nuages.contrib.messages",
    "nuages.contrib.staticfiles",
    "nuages.contrib.postgres",
    "tests.contrib",
    "tests.modelforms",
    "tests.models",
    "tests.serializers",
    "tests.testing",
    *(["tests.contrib.postgres"] if DATABASE == "postgres" else []),
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.urls"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
PASSWORD_HASHERS = ["nuages.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES = [{"BACKEND": "nuages.template.backends.native.Templates", "APP_DIRS": True}]
DEFAULT_AUTO_FIELD = "nuages.models.BigAutoField"
LOGGING_CONFIG = None
