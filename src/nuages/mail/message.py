"""Messages: composing them, with alternatives and attachments."""

from __future__ import annotations

import email.message
import email.policy
import mimetypes
import re
import socket
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any, NamedTuple, cast

from nuages.conf import settings
from nuages.mail.addresses import address_header
from nuages.mail.configured import get_connection, mailers
from nuages.text.encoding import punycode
from nuages.text.lazy import cached_property

DEFAULT_ATTACHMENT_MIME_TYPE = "application/octet-stream"
HEADER_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322, section 2.2
BadHeaderError = ValueError
"""What a header with a line break raises; the name stays for code that catches it."""


class _HostName:
    """The name of this machine, looked up once."""

    @cached_property
    def _fqdn(self) -> str:
        return punycode(socket.getfqdn())

    def __str__(self) -> str:
        return self._fqdn

    def get_fqdn(self) -> str:
        """Return the name."""
        return self._fqdn


DNS_NAME = _HostName()


class EmailAlternative(NamedTuple):
    """Another version of the body."""

    content: Any
    mimetype: str


class EmailAttachment(NamedTuple):
    """A file that is sent along."""

    filename: str | None
    content: Any
    mimetype: str | None


def _listed(name: str, value: Any) -> list[Any]:
    if not value:
        return []
    if isinstance(value, str):
        raise TypeError(f'"{name}" argument must be a list or tuple')
    return list(value)


class EmailMessage:
    """A message of plain text. All but the first four arguments are given by name.

    Header values with line breaks raise ValueError when the message is made: nothing can be injected through them.
    """

    content_subtype = "plain"
    encoding: Any = None  # None: DEFAULT_CHARSET

    def __init__(
        self,
        subject: Any = "",
        body: Any = "",
        from_email: Any = None,
        to: Any = None,
        bcc: Any = None,
        connection: Any = None,
        attachments: Any = None,
        headers: dict[str, Any] | None = None,
        cc: Any = None,
        reply_to: Any = None,
    ) -> None:
        self.to, self.cc, self.bcc = _listed("to", to), _listed("cc", cc), _listed("bcc", bcc)
        self.reply_to: list[Any] = _listed("reply_to", reply_to)
        self.from_email = from_email or settings.DEFAULT_FROM_EMAIL
        self.subject = subject
        self.body = body or ""
        self.extra_headers: dict[str, Any] = headers or {}
        self.connection = connection
        self.attachments: list[Any] = []
        for attachment in attachments or ():
            if isinstance(attachment, email.message.Message):
                self.attach(attachment)
            else:
                self.attach(*attachment)

    def get_connection(self, fail_silently: bool = False) -> Any:
        """Return the backend to send through."""
        if self.connection:
            return self.connection
        return get_connection(fail_silently=True) if fail_silently else mailers.default

    def message(self, *, policy: email.policy.Policy = email.policy.default) -> email.message.EmailMessage:
        """Return the message as Python's own class, made by ``policy``."""
        message = email.message.EmailMessage(policy=policy)
        self._add_bodies(message)
        self._add_attachments(message)
        headers = {name.lower(): value for name, value in self.extra_headers.items()}
        if "bcc" in headers:
            raise ValueError('Bcc is not a valid email header. Pass the addresses as the "bcc" argument.')
        message["Subject"] = str(self.subject)
        message["From"] = address_header([headers.get("from") or self.from_email])
        for name, values in (("To", self.to), ("Cc", self.cc), ("Reply-To", self.reply_to)):
            given = headers.get(name.lower())
            if text := address_header([given] if given else values):
                message[name] = text
        if "date" not in headers:
            message["Date"] = formatdate(localtime=settings.EMAIL_USE_LOCALTIME)
        if "message-id" not in headers:
            message["Message-ID"] = make_msgid(domain=str(DNS_NAME))
        for name, value in self.extra_headers.items():
            if not HEADER_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no name of an email header: printable ASCII characters without colons and blanks are.")
            if name.lower() not in {"from", "to", "cc", "reply-to"}:
                del message[name]
                message[name] = str(value)
        return message

    @property
    def _charset(self) -> str:
        return str(self.encoding or settings.DEFAULT_CHARSET)

    def _add_bodies(self, message: email.message.EmailMessage) -> None:
        message.set_content(str(self.body), subtype=self.content_subtype, charset=self._charset)

    def recipients(self) -> list[Any]:
        """Return all recipients."""
        return [address for address in (*self.to, *self.cc, *self.bcc) if address]

    def send(self, fail_silently: bool = False, *, using: str | None = None) -> int:
        """Send the message through the mailer ``using``; return 1, or 0 if nothing was sent."""
        for name, given in (("fail_silently", fail_silently), ("connection", self.connection)):
            if using is not None and given:
                raise TypeError(f"'{name}' is not compatible with 'using'.")
        if fail_silently and self.connection:
            raise TypeError("fail_silently cannot be used with a connection. Pass fail_silently to get_connection() instead.")
        if not self.recipients():
            return 0
        backend = mailers[using] if using is not None else self.get_connection(fail_silently)
        return int(backend.send_messages([self]) or 0)

    def attach(self, filename: Any = None, content: Any = None, mimetype: str | None = None) -> None:
        """Attach content under a name, or a MIME part. Text that is not UTF-8 is attached as binary data."""
        if isinstance(filename, email.message.Message):
            if content is not None or mimetype is not None:
                raise ValueError("content and mimetype must not be given when a MIME part instance is provided.")
            self.attachments.append(filename)
            return
        if content is None:
            raise ValueError("content must be provided.")
        mimetype = mimetype or mimetypes.guess_type(filename or "")[0] or DEFAULT_ATTACHMENT_MIME_TYPE
        if mimetype.startswith("text/") and isinstance(content, bytes):
            try:
                content = content.decode()
            except UnicodeDecodeError:
                mimetype = DEFAULT_ATTACHMENT_MIME_TYPE
        self.attachments.append(EmailAttachment(filename, content, mimetype))

    def attach_file(self, path: Any, mimetype: str | None = None) -> None:
        """Attach a file of the file system."""
        source = Path(path)
        self.attach(source.name, source.read_bytes(), mimetype)

    def _add_attachments(self, message: email.message.EmailMessage) -> None:
        for attachment in self.attachments:
            if isinstance(attachment, email.message.Message):
                if not message.is_multipart() or message.get_content_subtype() != "mixed":
                    message.make_mixed()
                message.attach(cast(Any, attachment))
            else:
                self._add_attachment(message, *attachment)

    def _add_attachment(self, message: email.message.EmailMessage, filename: str | None, content: Any, mimetype: str | None) -> None:
        maintype, _, subtype = (mimetype or DEFAULT_ATTACHMENT_MIME_TYPE).partition("/")
        if maintype == "text" and isinstance(content, str):
            message.add_attachment(content, subtype=subtype, charset=self._charset, filename=filename)
        elif maintype == "message":
            message.add_attachment(_as_message(content), subtype=subtype, filename=filename)
        else:
            data = content.encode(self._charset) if isinstance(content, str) else content
            message.add_attachment(data, maintype=maintype, subtype=subtype, filename=filename)


def _as_message(content: Any) -> Any:
    if isinstance(content, EmailMessage):
        return content.message()
    if isinstance(content, email.message.Message):
        return content
    if isinstance(content, bytes):
        return email.message_from_bytes(content, policy=email.policy.default)
    return email.message_from_string(str(content), policy=email.policy.default)


class EmailMultiAlternatives(EmailMessage):
    """A message with other versions of its body, as HTML beside plain text."""

    def __init__(
        self,
        subject: Any = "",
        body: Any = "",
        from_email: Any = None,
        to: Any = None,
        bcc: Any = None,
        connection: Any = None,
        attachments: Any = None,
        headers: dict[str, Any] | None = None,
        alternatives: Any = None,
        cc: Any = None,
        reply_to: Any = None,
    ) -> None:
        super().__init__(subject, body, from_email, to, bcc, connection, attachments, headers, cc, reply_to)
        self.alternatives: list[EmailAlternative] = [EmailAlternative(*alternative) for alternative in alternatives or ()]

    def attach_alternative(self, content: Any, mimetype: str) -> None:
        """Add a version of the body."""
        if content is None or mimetype is None:
            message = "Both content and mimetype must be provided."
            raise ValueError(message)
        self.alternatives.append(EmailAlternative(content, mimetype))

    def _add_bodies(self, message: email.message.EmailMessage) -> None:
        if self.body or not self.alternatives:
            super()._add_bodies(message)
        if self.alternatives:
            message.make_alternative()
        for content, mimetype in self.alternatives:
            maintype, _, subtype = mimetype.partition("/")
            if maintype == "text":
                text = content.decode() if isinstance(content, bytes) else str(content)
                message.add_alternative(text, subtype=subtype, charset=self._charset)
            elif maintype == "message":
                message.add_alternative(_as_message(content), subtype=subtype)
            else:
                data = content.encode(self._charset) if isinstance(content, str) else content
                message.add_alternative(data, maintype=maintype, subtype=subtype)

    def body_contains(self, text: str) -> bool:
        """Tell whether ``text`` is in the body and in each alternative of text."""
        return text in self.body and all(text in content for content, mimetype in self.alternatives if mimetype.startswith("text/"))
