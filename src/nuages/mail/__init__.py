"""Sending e-mail (documented in "Sending email")."""

from nuages.mail.errors import InvalidMailer, MailerDoesNotExist
from nuages.mail.mailers import DEFAULT_MAILER_ALIAS, get_connection, mailers
from nuages.mail.message import (
    DEFAULT_ATTACHMENT_MIME_TYPE, DNS_NAME, BadHeaderError, EmailAlternative, EmailAttachment, EmailMessage,
    EmailMultiAlternatives,
)
from nuages.mail.sending import mail_admins, mail_managers, send_mail, send_mass_mail

__all__ = [
    "DEFAULT_ATTACHMENT_MIME_TYPE", "DEFAULT_MAILER_ALIAS", "DNS_NAME", "BadHeaderError", "EmailAlternative",
    "EmailAttachment", "EmailMessage", "EmailMultiAlternatives", "InvalidMailer", "MailerDoesNotExist",
    "get_connection", "mail_admins", "mail_managers", "mailers", "send_mail", "send_mass_mail",
]
