"""Composing and sending messages."""

import io
import logging

import pytest

from nuages import mail
from nuages.exceptions import ImproperlyConfigured
from nuages.mail.backends.console import EmailBackend
from nuages.mail.logs import AdminEmailHandler

MEMORY = {"default": {"BACKEND": "nuages.mail.backends.locmem.EmailBackend"}}


@pytest.fixture
def outbox(override):
    override(MAILERS=MEMORY)
    mail.outbox = []
    return mail.outbox


def test_sending(outbox):
    assert mail.send_mail("Süb", "Body", "a@x.org", ["b@exämple.org"], html_message="<b>") == 1
    message = outbox[0].message()
    assert message["Subject"] == "Süb" and message["To"] == "b@xn--exmple-cua.org"
    assert message.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("field", ["subject", "from_email"])
def test_headers_cannot_be_injected(outbox, field):
    with pytest.raises(ValueError):
        mail.EmailMessage(**{"to": ["b@x.org"], field: "a\nBcc: c@x.org"}).send()
    assert outbox == []


def test_recipients_and_headers():
    message = mail.EmailMessage("s", "b", "a@x.org", ["b@x.org"], bcc=["c@x.org"], headers={"From": "d@x.org", "X-A": "1"})
    made = message.message()
    assert message.recipients() == ["b@x.org", "c@x.org"]
    assert (made["From"], made["X-A"], made["Bcc"]) == ("d@x.org", "1", None)


def test_attachments():
    message = mail.EmailMultiAlternatives("s", "b", "a@x.org", ["b@x.org"])
    message.attach("a.txt", b"\xff", "text/plain")
    message.attach("b.txt", "é")
    found = [(part.get_filename(), part.get_content_type()) for part in message.message().iter_attachments()]
    assert found == [("a.txt", "application/octet-stream"), ("b.txt", "text/plain")]


def test_mailers(override):
    override(MAILERS=MEMORY)
    with pytest.raises(mail.MailerDoesNotExist):
        mail.mailers["other"]
    with pytest.raises(TypeError):
        mail.send_mail("s", "b", None, ["a@x.org"], using="default", fail_silently=True)
    override(MAILERS={"default": {**MEMORY["default"], "OPTIONS": {"nonsense": 1}}})
    with pytest.raises(mail.InvalidMailer):
        mail.mailers.default


def test_console():
    stream = io.StringIO()
    assert EmailBackend(stream=stream).send_messages([mail.EmailMessage("Hi", "b", "a@x.org", ["b@x.org"])]) == 1
    assert "Subject: Hi" in stream.getvalue()


def test_admins(outbox, override):
    override(ADMINS=["a@x.org"], EMAIL_SUBJECT_PREFIX="[p] ")
    mail.mail_admins("s", "b")
    assert outbox[0].subject == "[p] s" and outbox[0].to == ["a@x.org"]


def test_the_log_handler_stays_silent_without_its_mailer(outbox, override):
    override(ADMINS=["admin@x.org"])
    record = logging.makeLogRecord({"levelname": "ERROR", "msg": "Down", "exc_info": None})
    AdminEmailHandler().emit(record)
    AdminEmailHandler(using="missing").emit(record)
    assert [message.subject.rpartition("] ")[2] for message in outbox] == ["ERROR: Down"]


@pytest.mark.parametrize("arguments", [{"using": "default"}, {}])
def test_the_log_handler_takes_no_backend_beside_mailers(outbox, arguments):
    with pytest.raises(ImproperlyConfigured, match="'email_backend'"):
        AdminEmailHandler(email_backend="x.Backend", **arguments)


@pytest.mark.parametrize("name", ["X-A\nBcc", "X-A\r\nBcc", "X-A: Bcc", "X A", "", "X\0", "X-\u00e9"])
def test_names_of_headers_cannot_hold_more(name: str) -> None:
    message = mail.EmailMessage("Subject", "Body", "from@example.com", ["to@example.com"], headers={name: "other@example.com"})
    with pytest.raises(ValueError, match="no name of an email header"):
        message.message()


def test_names_of_headers_may_hold_any_printable_sign() -> None:
    assert mail.EmailMessage("S", "B", "a@example.com", ["b@example.com"], headers={"X-!#$%&'*+._`|~9": "v"}).message()["X-!#$%&'*+._`|~9"] == "v"
