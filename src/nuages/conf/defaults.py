"""The value of each setting that a project does not set (documentation: ref/settings).

Dotted paths stand here by their native names; ``settings`` shows them as the project should see them.
"""

from __future__ import annotations

from typing import Any

from nuages.ondemand import on_demand

# What runs, and for whom.
DEBUG = False
DEBUG_PROPAGATE_EXCEPTIONS = False
SECRET_KEY = ""
SECRET_KEY_FALLBACKS: list[str] = []
ALLOWED_HOSTS: list[str] = []
INTERNAL_IPS: list[str] = []
ADMINS: list[Any] = []
MANAGERS: list[Any] = []
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF: str | None = None
WSGI_APPLICATION: str | None = None
ABSOLUTE_URL_OVERRIDES: dict[str, Any] = {}
SILENCED_SYSTEM_CHECKS: list[str] = []
SIGNING_BACKEND = "nuages.signing.TimestampSigner"
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
TEST_RUNNER = "nuages.test.runner.DiscoverRunner"
TEST_NON_SERIALIZED_APPS: list[str] = []

# Requests and responses.
APPEND_SLASH, PREPEND_WWW = True, False
DEFAULT_CHARSET = "utf-8"
DISALLOWED_USER_AGENTS: list[Any] = []
IGNORABLE_404_URLS: list[Any] = []
FORCE_SCRIPT_NAME: str | None = None
USE_X_FORWARDED_HOST, USE_X_FORWARDED_PORT = False, False
DATA_UPLOAD_MAX_MEMORY_SIZE: int | None = 5 * 2**19
DATA_UPLOAD_MAX_NUMBER_FIELDS: int | None = 1000
DATA_UPLOAD_MAX_NUMBER_FILES: int | None = 100
FILE_UPLOAD_HANDLERS = [f"nuages.http.uploads.{kind}FileUploadHandler" for kind in ("Memory", "Temporary")]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**19
FILE_UPLOAD_TEMP_DIR: str | None = None
FILE_UPLOAD_PERMISSIONS: int | None = 0o644
FILE_UPLOAD_DIRECTORY_PERMISSIONS: int | None = None
X_FRAME_OPTIONS = "DENY"
THREADED_VIEWS = False
"""Run blocking views of an async server in threads instead of greenlets, for code that blocks outside the framework."""

# Security middleware.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY: str | None = "same-origin"
SECURE_REFERRER_POLICY: Any = "same-origin"
SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = 0, False, False
SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = None
SECURE_SSL_REDIRECT, SECURE_SSL_HOST = False, None
SECURE_REDIRECT_EXEMPT: list[str] = []
SECURE_CSP: dict[str, Any] = {}
SECURE_CSP_REPORT_ONLY: dict[str, Any] = {}
CSRF_COOKIE_NAME, CSRF_COOKIE_AGE = "csrftoken", 31_449_600
CSRF_COOKIE_DOMAIN, CSRF_COOKIE_PATH = None, "/"
CSRF_COOKIE_SECURE, CSRF_COOKIE_HTTPONLY, CSRF_COOKIE_SAMESITE = False, False, "Lax"
CSRF_HEADER_NAME, CSRF_USE_SESSIONS = "HTTP_X_CSRFTOKEN", False
CSRF_FAILURE_VIEW = "nuages.views.csrf.csrf_failure"
CSRF_TRUSTED_ORIGINS: list[str] = []

# Data.
DATABASES: dict[str, Any] = {}
DATABASE_ROUTERS: list[Any] = []
DEFAULT_AUTO_FIELD = "nuages.models.BigAutoField"
DEFAULT_TABLESPACE, DEFAULT_INDEX_TABLESPACE = "", ""
FIXTURE_DIRS: list[Any] = []
MIGRATION_MODULES: dict[str, Any] = {}
SERIALIZATION_MODULES: dict[str, str] = {}
CACHES: dict[str, Any] = {"default": {"BACKEND": "nuages.cache.backends.locmem.LocMemCache"}}
CACHE_MIDDLEWARE_ALIAS, CACHE_MIDDLEWARE_KEY_PREFIX, CACHE_MIDDLEWARE_SECONDS = "default", "", 600
TASKS: dict[str, Any] = {"default": {"BACKEND": "nuages.tasks.backends.immediate.ImmediateBackend"}}
MEDIA_ROOT, MEDIA_URL = "", ""
STATIC_ROOT: Any = None
STATIC_URL: str | None = None
STATICFILES_DIRS: list[Any] = []
STATICFILES_FINDERS = [
    f"nuages.contrib.staticfiles.finders.{where}Finder" for where in ("FileSystem", "AppDirectories")
]
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "nuages.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "nuages.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Pages.
TEMPLATES: list[dict[str, Any]] = []
FORM_RENDERER = "nuages.forms.renderers.NativeTemplates"
FORMS_URLFIELD_ASSUME_HTTPS = False
URLIZE_ASSUME_HTTPS = False
USE_BLANK_CHOICE_DASH = False
DEFAULT_EXCEPTION_REPORTER = "nuages.views.debug.ExceptionReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "nuages.views.debug.SafeExceptionReporterFilter"

# Logging and mail.
LOGGING: dict[str, Any] = {}
LOGGING_CONFIG: str | None = "logging.config.dictConfig"
DEFAULT_FROM_EMAIL, SERVER_EMAIL = "webmaster@localhost", "root@localhost"
EMAIL_BACKEND = "nuages.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = "localhost", 25, "", ""
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_USE_LOCALTIME = False, False, False
EMAIL_SSL_CERTFILE, EMAIL_SSL_KEYFILE, EMAIL_TIMEOUT = None, None, None
EMAIL_SUBJECT_PREFIX = "[Nuages] "

# Languages, formats, time zones.
LANGUAGE_CODE, USE_I18N = "en-us", True
TIME_ZONE, USE_TZ = "America/Chicago", True
LOCALE_PATHS: list[Any] = []
LANGUAGES: list[tuple[str, str]]
LANGUAGES_BIDI = ["he", "ar", "ar-dz", "ckb", "fa", "ug", "ur"]
LANGUAGE_COOKIE_NAME = "django_language"
LANGUAGE_COOKIE_AGE, LANGUAGE_COOKIE_DOMAIN, LANGUAGE_COOKIE_PATH = None, None, "/"
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = False, False, None
FORMAT_MODULE_PATH: Any = None
DATE_FORMAT, DATETIME_FORMAT, TIME_FORMAT = "N j, Y", "N j, Y, P", "P"
SHORT_DATE_FORMAT, SHORT_DATETIME_FORMAT = "m/d/Y", "m/d/Y P"
YEAR_MONTH_FORMAT, MONTH_DAY_FORMAT = "F Y", "F j"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"] + [
    form.replace("%b", month) for month in ("%b", "%B") for form in ("%b %d %Y", "%b %d, %Y", "%d %b %Y", "%d %b, %Y")
]
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"]
DATETIME_INPUT_FORMATS = [f"{date} {time}" for date in DATE_INPUT_FORMATS[:3] for time in TIME_INPUT_FORMATS]
FIRST_DAY_OF_WEEK, NUMBER_GROUPING = 0, 0
DECIMAL_SEPARATOR, THOUSAND_SEPARATOR, USE_THOUSAND_SEPARATOR = ".", ",", False

# Users, sessions, messages, sites.
AUTH_USER_MODEL = "auth.User"
AUTHENTICATION_BACKENDS = ["nuages.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = []
PASSWORD_HASHERS = [
    f"nuages.contrib.auth.hashers.{algorithm}PasswordHasher"
    for algorithm in ("PBKDF2", "PBKDF2SHA1", "Argon2", "BCryptSHA256", "Scrypt")
]
PASSWORD_RESET_TIMEOUT = 259_200
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "/accounts/login/", "/accounts/profile/", None
SESSION_ENGINE = "nuages.contrib.sessions.backends.db"
SESSION_SERIALIZER = "nuages.contrib.sessions.serializers.JSONSerializer"
SESSION_CACHE_ALIAS, SESSION_FILE_PATH = "default", None
SESSION_COOKIE_NAME, SESSION_COOKIE_AGE = "sessionid", 1_209_600
SESSION_COOKIE_DOMAIN, SESSION_COOKIE_PATH = None, "/"
SESSION_COOKIE_SECURE, SESSION_COOKIE_HTTPONLY, SESSION_COOKIE_SAMESITE = False, True, "Lax"
SESSION_SAVE_EVERY_REQUEST, SESSION_EXPIRE_AT_BROWSER_CLOSE = False, False
MESSAGE_STORAGE = "nuages.contrib.messages.storage.fallback.FallbackStorage"

__getattr__, __dir__ = on_demand(__name__, {"nuages.conf.languages": "LANGUAGES"})
