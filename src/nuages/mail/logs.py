"""A log handler that mails errors to the site's admins."""

from __future__ import annotations

import logging
import warnings
from contextlib import suppress
from copy import copy
from typing import Any

from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.exceptions import ImproperlyConfigured
from nuages.mail.errors import MailerDoesNotExist
from nuages.mail.transitional import SILENTLY
from nuages.text.deprecation import RemovedInNextVersionWarning


class AdminEmailHandler(logging.Handler):
    """Mails each record to ADMINS, with the report of its exception.

    ``include_html`` attaches the debug page, ``using`` is the mailer, ``reporter_class`` makes the report. Nothing is sent, and no
    error raised, where MAILERS lacks the mailer. Raises ImproperlyConfigured for ``email_backend`` beside MAILERS or ``using``.
    """

    def __init__(
        self, include_html: bool = False, email_backend: str | None = None, reporter_class: str | None = None, using: str | None = None
    ) -> None:
        super().__init__()
        if email_backend is not None:
            self._judge_email_backend(using)
        self.include_html, self.email_backend, self.using = include_html, email_backend, using
        self._reporter_path = reporter_class

    @staticmethod
    def _judge_email_backend(using: str | None) -> None:
        if using is not None:
            raise ImproperlyConfigured("The 'email_backend' argument is not compatible with 'using'.")
        if hasattr(settings, "MAILERS"):
            raise ImproperlyConfigured("The 'email_backend' argument is not valid when settings.MAILERS is defined.")
        message = "The 'email_backend' argument is deprecated. Use 'using' instead."
        warnings.warn(message, RemovedInNextVersionWarning, stacklevel=4)

    @property
    def reporter_class(self) -> Any:
        """The class of exception reports."""
        return import_string(self._reporter_path or settings.DEFAULT_EXCEPTION_REPORTER)

    def emit(self, record: logging.LogRecord) -> None:
        """Send the mail. Nothing is composed while nobody would get it."""
        if not settings.ADMINS and type(self).send_mail is AdminEmailHandler.send_mail:
            return
        request = getattr(record, "request", None)
        try:
            internal = request is not None and request.META.get("REMOTE_ADDR") in settings.INTERNAL_IPS
            origin = f" ({'internal' if internal else 'EXTERNAL'} IP)" if request is not None else ""
            subject = f"{record.levelname}{origin}: {record.getMessage()}"
        except Exception:
            subject = f"{record.levelname}: {record.getMessage()}"
            request = None
        subject = self.format_subject(subject)
        exc_info: Any = record.exc_info or (None, record.getMessage(), None)
        # The exception is reported in full below; the formatter must not print it a second time.
        bare = copy(record)
        bare.exc_info, bare.exc_text = None, None
        reporter = self.reporter_class(request, *exc_info, is_email=True)
        message = f"{self.format(bare)}\n\n{reporter.get_traceback_text()}"
        html_message = reporter.get_traceback_html() if self.include_html else None
        self.send_mail(subject, message, fail_silently=SILENTLY, html_message=html_message)

    def send_mail(self, subject: str, message: str, *args: Any, **kwargs: Any) -> None:
        """Mail the admins; override it to send elsewhere."""
        # By its path: each site configures this handler, and few of their processes ever send anything.
        mail_admins = import_string("nuages.mail.sending.mail_admins")
        if self.using is not None:
            kwargs.pop("fail_silently", None)
            kwargs["using"] = self.using
        elif self.email_backend is not None:
            kwargs.pop("fail_silently", None)
            kwargs["connection"] = self.connection()
        with suppress(MailerDoesNotExist):
            mail_admins(subject, message, *args, **kwargs)

    def connection(self) -> Any:
        """Return the backend to send through."""
        return import_string("nuages.mail.configured.get_connection")(backend=self.email_backend, fail_silently=True)

    def format_subject(self, subject: str) -> str:
        """Return the subject on one line."""
        return subject.replace("\n", "\\n").replace("\r", "\\r")
