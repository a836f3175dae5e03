"""Sending e-mail (documented in "Sending email").

The names are imported when first used: logging knows the handler that mails errors of every site, also where none is ever sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuages.ondemand import on_demand

if TYPE_CHECKING:
    from nuages.mail.errors import InvalidMailer, MailerDoesNotExist
    from nuages.mail.configured import DEFAULT_MAILER_ALIAS, get_connection, mailers
    from nuages.mail.message import (
        DEFAULT_ATTACHMENT_MIME_TYPE, DNS_NAME, BadHeaderError, EmailAlternative, EmailAttachment, EmailMessage,
        EmailMultiAlternatives,
    )
    from nuages.mail.sending import mail_admins, mail_managers, send_mail, send_mass_mail
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "nuages.mail.errors": "InvalidMailer MailerDoesNotExist",
            "nuages.mail.configured": "DEFAULT_MAILER_ALIAS get_connection mailers",
            "nuages.mail.message": (
                "DEFAULT_ATTACHMENT_MIME_TYPE DNS_NAME BadHeaderError EmailAlternative EmailAttachment EmailMessage "
                "EmailMultiAlternatives"
            ),
            "nuages.mail.sending": "mail_admins mail_managers send_mail send_mass_mail",
        },
    )

__all__ = [
    "DEFAULT_ATTACHMENT_MIME_TYPE", "DEFAULT_MAILER_ALIAS", "DNS_NAME", "BadHeaderError", "EmailAlternative",
    "EmailAttachment", "EmailMessage", "EmailMultiAlternatives", "InvalidMailer", "MailerDoesNotExist",
    "get_connection", "mail_admins", "mail_managers", "mailers", "send_mail", "send_mass_mail",
]
