"""Settings for both packages: the default project, on PostgreSQL, or on SQLite in memory with ``BENCH_DATABASE=memory``.

``BENCH_MIDDLEWARE=none`` leaves the middleware away.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from project.names import NATIVE, PACKAGE

SECRET_KEY = "benchmark" * 6
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "project.urls"
USE_TZ = True
LOGGING_CONFIG = None
DEFAULT_AUTO_FIELD = f"{PACKAGE}.{'models' if NATIVE else 'db.models'}.BigAutoField"
INSTALLED_APPS = [
    *(f"{PACKAGE}.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages")),
    "project.catalogue",
]
_SEVEN = [
    f"{PACKAGE}.middleware.security.SecurityMiddleware",
    f"{PACKAGE}.contrib.sessions.middleware.SessionMiddleware",
    f"{PACKAGE}.middleware.{'addresses' if NATIVE else 'common'}.CommonMiddleware",
    f"{PACKAGE}.middleware.csrf.CsrfViewMiddleware",
    f"{PACKAGE}.contrib.auth.middleware.AuthenticationMiddleware",
    f"{PACKAGE}.contrib.messages.middleware.MessageMiddleware",
    f"{PACKAGE}.middleware.clickjacking.XFrameOptionsMiddleware",
]
MIDDLEWARE = [] if os.environ.get("BENCH_MIDDLEWARE") == "none" else _SEVEN
TEMPLATES = [
    {
        "BACKEND": f"{PACKAGE}.template.backends.{'native.Templates' if NATIVE else 'django.DjangoTemplates'}",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "context_processors": [
                f"{PACKAGE}.template.context_processors.request",
                f"{PACKAGE}.contrib.auth.context_processors.auth",
                f"{PACKAGE}.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Each package keeps its connections in the way that suits it best; persistent ones do not go with ASGI.
if NATIVE:
    _KEEPING: dict[str, Any] = {"OPTIONS": {"pool": {"max_size": 50}}}
elif os.environ.get("BENCH_INTERFACE") == "asgi":
    _KEEPING = {"OPTIONS": {"pool": {"min_size": 4, "max_size": 20}}}
else:
    _KEEPING = {"CONN_MAX_AGE": None}

if os.environ.get("BENCH_DATABASE") == "memory":
    _DATABASE: dict[str, Any] = {"ENGINE": f"{PACKAGE}.db.backends.sqlite3", "NAME": ":memory:"}
else:
    _DATABASE = {
        "ENGINE": f"{PACKAGE}.db.backends.postgresql",
        "NAME": os.environ.get("BENCH_NAME", f"nu_perf_{PACKAGE}"),
        "HOST": os.environ.get("PGHOST", "127.0.0.1"),
        "PORT": os.environ.get("PGPORT", "5432"),
        "USER": os.environ.get("PGUSER", "postgres"),
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        **_KEEPING,
    }
DATABASES = {"default": _DATABASE}
