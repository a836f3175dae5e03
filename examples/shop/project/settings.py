"""Settings of the shop. What differs from one machine to the next comes from the environment."""

from pathlib import Path

from nuages.conf import env
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env("DEBUG", False)
SECRET_KEY = env("SECRET_KEY", "this key is good for a demonstration only: set SECRET_KEY for a real shop")
ALLOWED_HOSTS = env("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "nuages.contrib.admin",
    "nuages.contrib.auth",
    "nuages.contrib.contenttypes",
    "nuages.contrib.sessions",
    "nuages.contrib.messages",
    "nuages.contrib.staticfiles",
    "catalog",
    "orders",
    "accounts",
]

MIDDLEWARE = [
    "nuages.middleware.security.SecurityMiddleware",
    "nuages.middleware.csp.ContentSecurityPolicyMiddleware",
    "nuages.contrib.sessions.middleware.SessionMiddleware",
    "nuages.middleware.locale.LocaleMiddleware",
    "nuages.middleware.addresses.CommonMiddleware",
    "nuages.middleware.csrf.CsrfViewMiddleware",
    "nuages.contrib.auth.middleware.AuthenticationMiddleware",
    "nuages.contrib.messages.middleware.MessageMiddleware",
    "nuages.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "project.urls"

TEMPLATES = [
    {
        "BACKEND": "nuages.template.backends.native.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "nuages.template.context_processors.request",
                "nuages.template.context_processors.i18n",
                "nuages.contrib.auth.context_processors.auth",
                "nuages.contrib.messages.context_processors.messages",
                "catalog.context_processors.categories",
                "orders.context_processors.cart",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "nuages.db.backends.sqlite",
        "NAME": env("SHOP_DATABASE", str(BASE_DIR / "shop.sqlite3")),
        "OPTIONS": {"timeout": 20},
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "nuages.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "nuages.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "nuages.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "nuages.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:orders"
LOGOUT_REDIRECT_URL = "catalog:home"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-root"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "nuages.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "nuages.contrib.staticfiles.storage.StaticFilesStorage"},
}

EMAIL_BACKEND = env("EMAIL_BACKEND", "nuages.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = "shop@example.com"

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "style-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
