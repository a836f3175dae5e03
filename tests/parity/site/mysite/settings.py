"""The settings of the compared site; the database comes from the environment."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "the key that both sides share, long enough for the deployment check 0123456789"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "polls.apps.PollsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.redirects",
    *filter(None, os.environ.get("PARITY_APPS", "").split(",")),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "mysite.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
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
