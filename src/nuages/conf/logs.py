"""Logging: the default configuration, its filters and formatters (documented in "How to configure logging").

The handler that mails errors stands with the mail port; the configuration names it by its path.
"""

from __future__ import annotations

import logging
import logging.config
import time
from collections.abc import Callable
from typing import Any

from nuages.conf import names
from nuages.conf.settings import settings
from nuages.loggers import get_logger, logger_name, under_current_root
from nuages.text.termcolors import PALETTES, make_style

request_logger = get_logger("request")

DEFAULT_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "require_debug_false": {"()": "nuages.conf.logs.RequireDebugFalse"},
        "require_debug_true": {"()": "nuages.conf.logs.RequireDebugTrue"},
    },
    "formatters": {
        logger_name("server"): {"()": "nuages.conf.logs.ServerFormatter", "format": "[{server_time}] {message}", "style": "{"},
    },
    "handlers": {
        "console": {"level": "INFO", "filters": ["require_debug_true"], "class": "logging.StreamHandler"},
        logger_name("server"): {"level": "INFO", "class": "logging.StreamHandler", "formatter": logger_name("server")},
        "mail_admins": {"level": "ERROR", "filters": ["require_debug_false"], "class": "nuages.mail.logs.AdminEmailHandler"},
    },
    "loggers": {
        logger_name(): {"handlers": ["console", "mail_admins"], "level": "INFO"},
        logger_name("server"): {"handlers": [logger_name("server")], "level": "INFO", "propagate": False},
    },
}


def configure_logging(logging_config: str | None, logging_settings: Any) -> None:
    """Apply the default configuration, then the project's, through the function that LOGGING_CONFIG names; None: neither."""
    if not logging_config:
        return
    configure: Callable[[Any], None] = names.import_string(logging_config)
    logging.config.dictConfig(DEFAULT_LOGGING)
    if logging_settings:
        if isinstance(logging_settings, dict) and isinstance(logging_settings.get("loggers"), dict):
            logging_settings = {**logging_settings, "loggers": under_current_root(logging_settings["loggers"])}
        configure(logging_settings)


def show_problems() -> None:
    """Write errors, and what the watchdog finds, to standard error, unless ``LOGGING`` says where they go.

    For a production server: by default errors are only mailed to ``ADMINS``, and without any they would vanish.
    """
    if settings.DEBUG or settings.LOGGING or not settings.LOGGING_CONFIG:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("[%(levelname)s] %(asctime)s %(name)s %(message)s"))
    handler.addFilter(lambda record: record.levelno >= logging.ERROR or record.name == "nuages.bridge")
    get_logger().addHandler(handler)


class CallbackFilter(logging.Filter):
    """Lets a record pass if ``callback(record)`` is true."""

    def __init__(self, callback: Callable[[logging.LogRecord], Any]) -> None:
        super().__init__()
        self.callback = callback

    def filter(self, record: logging.LogRecord) -> bool:
        """Ask the callback."""
        return bool(self.callback(record))


class RequireDebugFalse(logging.Filter):
    """Lets records pass while DEBUG is off."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether DEBUG is off."""
        return not settings.DEBUG


class RequireDebugTrue(logging.Filter):
    """Lets records pass while DEBUG is on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether DEBUG is on."""
        return bool(settings.DEBUG)


_STATUS_ROLES = {1: "HTTP_INFO", 2: "HTTP_SUCCESS", 3: "HTTP_REDIRECT", 4: "HTTP_BAD_REQUEST", 5: "HTTP_SERVER_ERROR"}


def _role(status: int) -> str | None:
    exact = {304: "HTTP_NOT_MODIFIED", 404: "HTTP_NOT_FOUND"}
    return exact.get(status) or _STATUS_ROLES.get(status // 100)


class _ServerStyle:
    """A style function per role of the dark palette, for the server's log lines."""

    def __getattr__(self, role: str) -> Callable[[Any], str]:
        style = PALETTES["dark"].get(role)
        return make_style(**style) if style else str


class ServerFormatter(logging.Formatter):
    """Formats the lines of the development server: ``server_time``, and colours by status code where a terminal shows them.

    The server sets ``style`` to an object with a function per role (``HTTP_NOT_FOUND``, …).
    """

    default_time_format = "%d/%b/%Y %H:%M:%S"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.style: Any = _ServerStyle()
        super().__init__(*args, **kwargs)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        status = getattr(record, "status_code", None)
        role = _role(status) if isinstance(status, int) else None
        shown = logging.makeLogRecord(record.__dict__)
        if role:
            shown.msg, shown.args = getattr(self.style, role)(record.getMessage()), None
        if self.uses_server_time() and not hasattr(shown, "server_time"):
            shown.server_time = self.formatTime(record, self.datefmt)
        return super().format(shown)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Return the local time of the record."""
        return time.strftime(datefmt or self.default_time_format, time.localtime(record.created))

    def uses_server_time(self) -> bool:
        """Tell whether the format has ``server_time``."""
        return "{server_time}" in (self._fmt or "")


def log_response(
    message: str,
    *args: Any,
    response: Any = None,
    request: Any = None,
    logger: logging.Logger = request_logger,
    level: str | None = None,
    exception: BaseException | None = None,
) -> None:
    """Log an error response once, with its status code and request; by default a warning below 500 and an error from there.

    What comes from the client is escaped, so that it cannot forge lines of the log.
    """
    if getattr(response, "_has_been_logged", False):
        return
    if level is None:
        level = "error" if response.status_code >= 500 else "warning" if response.status_code >= 400 else "info"
    printable = [arg.encode("unicode_escape").decode("ascii") if isinstance(arg, str) else arg for arg in args]
    getattr(logger, level)(
        message, *printable, extra={"status_code": response.status_code, "request": request}, exc_info=exception
    )
    response._has_been_logged = True
