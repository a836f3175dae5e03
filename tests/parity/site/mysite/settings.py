"""The settings of the compared site; the database comes from the environment."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "the key that both sides share, long enough for the deployment check 0123456789"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    *(
        f"django.contrib.{app}"
        for app in ["admin", "auth", "contenttypes", "sessions", "messages", "sites", "flatpages", "redirects", "staticfiles"]
    ),
    "polls.apps.PollsConfig",
    *filter(None, os.environ.get("PARITY_APPS", "").split(",")),
]
MIDDLEWARE = [
    f"django.{module}Middleware"
    for module in (
        "middleware.security.Security",
        "contrib.sessions.middleware.Session",
        "middleware.common.Common",
        "middleware.csrf.CsrfView",
        "contrib.auth.middleware.Authentication",
        "contrib.messages.middleware.Message",
        "middleware.clickjacking.XFrameOptions",
    )
]
ROOT_URLCONF = "mysite.urls"
TEMPLATES = [
    {
        "APP_DIRS": True,
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.request",
            ]
        },
    }
]
_vendor, _, _name = os.environ.get("PARITY_DATABASE", "sqlite:db.sqlite3").partition(":")
DATABASES = {
    "default": {
        "sqlite": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / _name},
        "postgresql": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _name,
            "HOST": os.environ.get("NUAGES_TEST_HOST", "127.0.0.1"),
            "USER": "postgres",
        },
        "mysql": {
            "ENGINE": "django.db.backends.mysql",
            "NAME": _name,
            "HOST": os.environ.get("NUAGES_TEST_HOST", "127.0.0.1"),
            "USER": "root",
        },
    }[_vendor]
}
SITE_ID = 1
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
