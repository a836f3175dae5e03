"""Sending over SMTP. Python's client blocks, so that on an event loop it works in a thread."""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Sequence
from email.policy import SMTP
from typing import Any

from nuages import bridge
from nuages.conf import settings
from nuages.mail.addresses import mailbox
from nuages.mail.backends.protocol import BaseEmailBackend
from nuages.mail.errors import InvalidMailer
from nuages.mail.message import DNS_NAME
from nuages.text.lazy import cached_property


def _setting(value: Any, name: str, alias: str | None, otherwise: Any) -> Any:
    """Return what was given; else, for a backend outside MAILERS, the setting."""
    if value is not None:
        return value
    return otherwise if alias is not None else getattr(settings, name)


class EmailBackend(BaseEmailBackend):
    """Sends through the SMTP server at ``host``; options as documented for MAILERS, or the EMAIL_… settings without it."""

    def __init__(
        self,
        host: str | None = None,
        port: int | None = None,
        username: str | None = None,
        password: str | None = None,
        use_tls: bool | None = None,
        fail_silently: bool = False,
        use_ssl: bool | None = None,
        timeout: float | None = None,
        ssl_keyfile: str | None = None,
        ssl_certfile: str | None = None,
        *,
        alias: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(fail_silently=fail_silently, alias=alias, **kwargs)
        if alias is not None and not host:
            raise InvalidMailer("OPTIONS must define 'host'.", alias=alias)
        self.host: str = host or settings.EMAIL_HOST
        self.username = _setting(username, "EMAIL_HOST_USER", alias, "")
        self.password = _setting(password, "EMAIL_HOST_PASSWORD", alias, "")
        self.use_tls = _setting(use_tls, "EMAIL_USE_TLS", alias, False)
        self.use_ssl = _setting(use_ssl, "EMAIL_USE_SSL", alias, False)
        self.timeout = _setting(timeout, "EMAIL_TIMEOUT", alias, None)
        self.ssl_keyfile = _setting(ssl_keyfile, "EMAIL_SSL_KEYFILE", alias, None)
        self.ssl_certfile = _setting(ssl_certfile, "EMAIL_SSL_CERTFILE", alias, None)
        self.port = _setting(port or None, "EMAIL_PORT", alias, 465 if self.use_ssl else 587 if self.use_tls else 25)
        if self.use_ssl and self.use_tls:
            self._refuse_both()
        self.connection: Any = None
        self._partial_connection: Any = None
        self._lock = threading.RLock()

    def _refuse_both(self) -> None:
        if self.alias is not None:
            raise InvalidMailer("The 'use_ssl' and 'use_tls' options exclude each other.", alias=self.alias)
        raise ValueError("EMAIL_USE_TLS and EMAIL_USE_SSL exclude each other: set one of them.")

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The class of the client."""
        return smtplib.SMTP_SSL if self.use_ssl else smtplib.SMTP

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """The context of TLS: certificates are checked; with a certificate of our own, only the connection is encrypted."""
        if self.ssl_certfile or self.ssl_keyfile:
            context = ssl.SSLContext(protocol=ssl.PROTOCOL_TLS_CLIENT)
            context.load_cert_chain(self.ssl_certfile or "", self.ssl_keyfile)
            return context
        return ssl.create_default_context()

    def open(self) -> bool | None:
        """Connect and log in, unless connected; tell whether that was done, None if it failed silently."""
        if self.connection is not None:
            return False
        try:
            bridge.offload(self._connect)
        except OSError:
            if not self.fail_silently:
                raise
            return None
        return True

    def _connect(self) -> None:
        self._close_partial()
        options: dict[str, Any] = {"local_hostname": DNS_NAME.get_fqdn()}
        if self.timeout is not None:
            options["timeout"] = self.timeout
        if self.use_ssl:
            options["context"] = self.ssl_context
        connection = self._partial_connection = self.connection_class(self.host, self.port, **options)
        if not self.use_ssl and self.use_tls:
            connection.starttls(context=self.ssl_context)
        if self.username and self.password:
            connection.login(self.username, self.password)
        self.connection, self._partial_connection = connection, None

    def _close_partial(self) -> None:
        if self._partial_connection is not None:
            self._partial_connection.close()
            self._partial_connection = None

    def close(self) -> None:
        """Say goodbye and disconnect."""
        self._close_partial()
        if self.connection is None:
            return
        connection, self.connection = self.connection, None
        try:
            bridge.offload(connection.quit)
        except (ssl.SSLError, smtplib.SMTPServerDisconnected):
            # The other side is gone already, or does not answer a farewell in TLS.
            connection.close()
        except smtplib.SMTPException:
            if not self.fail_silently:
                raise

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        """Send the messages over one connection; return how many were sent."""
        if not email_messages:
            return 0
        with self._lock:
            opened = self.open()
            if self.connection is None or opened is None:
                return 0
            try:
                return sum(self._send(message) for message in email_messages)
            finally:
                if opened:
                    self.close()

    def _send(self, email_message: Any) -> bool:
        recipients = email_message.recipients()
        if not recipients:
            return False
        sender = mailbox(email_message.from_email)
        envelope = [mailbox(address) for address in recipients]
        data = email_message.message(policy=SMTP).as_bytes()
        try:
            bridge.offload(self.connection.sendmail, sender, envelope, data)
        except smtplib.SMTPException:
            if not self.fail_silently:
                raise
            return False
        return True
