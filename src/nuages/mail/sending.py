"""Functions that compose and send in one go, and their asynchronous twins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nuages import bridge
from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured
from nuages.mail.configured import get_connection, mailers
from nuages.mail.message import EmailMultiAlternatives
from nuages.mail.transitional import warn_about_arguments
from nuages.text.lazy import Promise


def _backend(using: str | None, fail_silently: bool, connection: Any, auth_user: Any = None, auth_password: Any = None) -> Any:
    given = {"fail_silently": fail_silently, "auth_user": auth_user, "auth_password": auth_password}
    named = [name for name, value in given.items() if value]
    if using is not None:
        if named or connection is not None:
            raise TypeError(f"'{' and '.join(named) or 'connection'}' is not compatible with 'using'.")
        return mailers[using]
    warn_about_arguments(fail_silently, connection is not None, auth_user or auth_password)
    fail_silently = bool(fail_silently)
    if connection is not None:
        if named:
            text = " and ".join(named)
            raise TypeError(f"{text} cannot be used with a connection. Pass {text} to get_connection() instead.")
        return connection
    options = {"username": auth_user, "password": auth_password} if auth_user or auth_password else {}
    if not options and not fail_silently:
        return mailers.default
    return get_connection(fail_silently=fail_silently, **options)


def send_mail(
    subject: Any,
    message: Any,
    from_email: Any,
    recipient_list: Iterable[Any],
    fail_silently: bool = False,
    auth_user: str | None = None,
    auth_password: str | None = None,
    connection: Any = None,
    html_message: Any = None,
    *,
    using: str | None = None,
) -> int:
    """Send one message to all recipients; return how many were sent (0 or 1)."""
    backend = _backend(using, fail_silently, connection, auth_user, auth_password)
    mail = EmailMultiAlternatives(subject, message, from_email, list(recipient_list), connection=backend)
    if html_message:
        mail.attach_alternative(html_message, "text/html")
    return mail.send()


def send_mass_mail(
    datatuple: Iterable[tuple[Any, Any, Any, Any]],
    fail_silently: bool = False,
    auth_user: str | None = None,
    auth_password: str | None = None,
    connection: Any = None,
    *,
    using: str | None = None,
) -> int:
    """Send several messages ``(subject, message, from_email, recipient_list)`` over one connection; return how many were sent."""
    backend = _backend(using, fail_silently, connection, auth_user, auth_password)
    messages = [
        EmailMultiAlternatives(subject, message, sender, recipients, connection=backend)
        for subject, message, sender, recipients in datatuple
    ]
    return int(backend.send_messages(messages) or 0)


def _addresses(setting: str) -> list[Any]:
    entries = getattr(settings, setting)
    if not isinstance(entries, list | tuple):
        raise ImproperlyConfigured(f"The {setting} setting must be a list of email address strings.")
    # Older projects list pairs of a name and an address.
    addresses = [entry[1] if isinstance(entry, list | tuple) and len(entry) == 2 else entry for entry in entries]
    if not all(isinstance(address, str | Promise) for address in addresses):
        raise ImproperlyConfigured(f"The {setting} setting must be a list of email address strings.")
    return [str(address) for address in addresses]


def _send_to_setting(
    setting: str, subject: Any, message: Any, fail_silently: bool, connection: Any, html_message: Any, using: str | None
) -> None:
    recipients = _addresses(setting)
    if not recipients:
        return
    backend = _backend(using, fail_silently, connection)
    mail = EmailMultiAlternatives(
        f"{settings.EMAIL_SUBJECT_PREFIX}{subject}", message, settings.SERVER_EMAIL, recipients, connection=backend
    )
    if html_message:
        mail.attach_alternative(html_message, "text/html")
    mail.send()


def mail_admins(
    subject: Any, message: Any, fail_silently: bool = False, connection: Any = None, html_message: Any = None, *, using: str | None = None
) -> None:
    """Send a message to ADMINS, from SERVER_EMAIL, with EMAIL_SUBJECT_PREFIX before the subject."""
    _send_to_setting("ADMINS", subject, message, fail_silently, connection, html_message, using)


def mail_managers(
    subject: Any, message: Any, fail_silently: bool = False, connection: Any = None, html_message: Any = None, *, using: str | None = None
) -> None:
    """Send a message to MANAGERS, from SERVER_EMAIL, with EMAIL_SUBJECT_PREFIX before the subject."""
    _send_to_setting("MANAGERS", subject, message, fail_silently, connection, html_message, using)


asend_mail = bridge.shell(send_mail)
asend_mass_mail = bridge.shell(send_mass_mail)
amail_admins = bridge.shell(mail_admins)
amail_managers = bridge.shell(mail_managers)
