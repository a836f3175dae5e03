"""Responses: status, headers, cookies, and a content that is there as a whole."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from nuages import signing
from nuages.conf import settings
from nuages.exceptions import DisallowedRedirect
from nuages.http.cookies import SimpleCookie, cookie_salt
from nuages.http.errors import BadHeaderError
from nuages.http.headers import ResponseHeaders, prepared
from nuages.http.jsontext import dumps
from nuages.signals import request_finished
from nuages.text.encoding import iri_to_uri
from nuages.text.http import MAX_URL_REDIRECT_LENGTH, http_date
from nuages.text.jsonencoder import JSONEncoder

CHARSET = re.compile(r";\s*charset=(?P<charset>[^\s;]+)", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
ENDS_ATTRIBUTE = re.compile(r"[;\x00-\x1f\x7f]")
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
SAMESITE = ("lax", "none", "strict")
LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT"


@lru_cache(256)
def declared_charset(content_type: str) -> str | None:
    """Give the charset that a Content-Type names."""
    match = CHARSET.search(content_type)
    return match["charset"].replace('"', "") if match else None


class HttpResponseBase:
    """What all responses share: status, headers and cookies, but no content."""

    headers: ResponseHeaders
    status_code: int = 200
    streaming = False
    non_picklable_attrs: frozenset[str] = frozenset({"resolver_match", "request", "client", "context", "json", "templates", "wsgi_request"})

    _charset: str | None = None
    _reason_phrase: str | None = None
    _cookies: SimpleCookie | None = None
    _handler_class: Any = None
    closed: bool = False

    def __init__(
        self,
        content_type: str | None = None,
        status: Any = None,
        reason: str | None = None,
        charset: str | None = None,
        headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
    ) -> None:
        if charset is not None:
            self._charset = charset
        self.headers = fields = ResponseHeaders(headers) if headers else ResponseHeaders()
        if not headers or "content-type" not in fields._store:
            if content_type is None:
                content_type = f"text/html; charset={self.charset}"
            fields._store["content-type"] = prepared("Content-Type", content_type)[1]
        elif content_type:
            raise ValueError(
                "Give 'Content-Type' either in headers or as content_type, not both."
            )
        self._resource_closers: list[Any] = []
        if status is not None:
            self.status_code = checked_status(status)
        if reason is not None:
            self.reason_phrase = reason

    @property
    def reason_phrase(self) -> str:
        """The phrase behind the status code."""
        if self._reason_phrase is not None:
            return self._reason_phrase
        return _PHRASES.get(self.status_code, "Unknown Status Code")

    @reason_phrase.setter
    def reason_phrase(self, value: str) -> None:
        if CONTROL.search(value):
            raise BadHeaderError("reason_phrase can't contain control characters.")
        self._reason_phrase = value

    @property
    def charset(self) -> str:
        """The encoding of the content: as given, else by Content-Type, else ``DEFAULT_CHARSET``."""
        if self._charset is not None:
            return self._charset
        field = self.headers._store.get("content-type") if "headers" in self.__dict__ else None
        return (declared_charset(field[1]) if field else None) or str(settings.DEFAULT_CHARSET)

    @charset.setter
    def charset(self, value: str) -> None:
        self._charset = value

    @property
    def cookies(self) -> SimpleCookie:
        """The cookies that this response sets."""
        if self._cookies is None:
            self._cookies = SimpleCookie()
        return self._cookies

    @cookies.setter
    def cookies(self, value: SimpleCookie) -> None:
        self._cookies = value

    @property
    def _content_type_for_repr(self) -> str:
        return f', "{self.headers["Content-Type"]}"' if "Content-Type" in self.headers else ""

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__} status_code={self.status_code}{self._content_type_for_repr}>"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in self.non_picklable_attrs}

    # -- headers ------------------------------------------------------------------------------------------------------

    def serialize_headers(self) -> bytes:
        """Write the headers and cookies as they go over HTTP/1.1, without a final line break."""
        lines = [f"{name}: {value}".encode("latin-1") for name, value in self.headers.pairs()]
        if self._cookies:
            lines += [f"Set-Cookie: {morsel.OutputString()}".encode("latin-1", "replace") for morsel in self._cookies.values()]
        return b"\r\n".join(lines)

    __bytes__ = serialize_headers

    def __setitem__(self, header: Any, value: Any) -> None:
        self.headers[header] = value

    def __delitem__(self, header: str) -> None:
        del self.headers[header]

    def __getitem__(self, header: str) -> str:
        return self.headers[header]

    def has_header(self, header: str) -> bool:
        """Tell if a header is set, in any spelling."""
        return header in self.headers

    __contains__ = has_header

    def items(self) -> Any:
        """Give the headers as pairs."""
        return self.headers.items()

    def get(self, header: str, alternate: Any = None) -> Any:
        """Give a header's value, or ``alternate``."""
        return self.headers.get(header, alternate)

    def setdefault(self, header: str, value: Any) -> None:
        """Set a header unless it is set."""
        self.headers.setdefault(header, value)

    # -- cookies ------------------------------------------------------------------------------------------------------

    def set_cookie(
        self,
        key: str,
        value: Any = "",
        max_age: Any = None,
        expires: Any = None,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: str | None = None,
    ) -> None:
        """Set a cookie; the arguments are those of a `http.cookies.Morsel`.

        :param expires: a string, or a datetime, from which ``max_age`` is computed.
        :param max_age: seconds, or a timedelta.
        :raises ValueError: both of them, an unknown ``samesite``, or text that would end the attribute.
        """
        if samesite and samesite.lower() not in SAMESITE:
            raise ValueError('samesite must be "lax", "none", or "strict".')
        for name, text in (("path", path), ("domain", domain), ("expires", expires)):
            if text is not None and ENDS_ATTRIBUTE.search(str(text)):
                raise ValueError(f"The cookie's {name} {text!r} holds a semicolon or a control character, which would start something new.")
        self.cookies[key] = value
        morsel = self.cookies[key]
        if expires is not None and isinstance(expires, datetime.datetime):
            if max_age is not None:
                raise ValueError("'expires' and 'max_age' can't be used together.")
            expires, max_age = None, seconds_until(expires)
        morsel["expires"] = expires if expires is not None else ""
        if max_age is not None:
            if isinstance(max_age, datetime.timedelta):
                max_age = max_age.total_seconds()
            morsel["max-age"] = int(max_age)
            if not expires:  # browsers of old know only ``expires``
                morsel["expires"] = http_date(time.time() + max_age)
        else:
            morsel["max-age"] = ""
        morsel["path"] = path if path is not None else ""
        morsel["domain"] = domain if domain is not None else ""
        morsel["secure"] = True if secure else ""
        morsel["httponly"] = True if httponly else ""
        morsel["samesite"] = samesite or ""

    def set_signed_cookie(self, key: str, value: Any, salt: str = "", **kwargs: Any) -> None:
        """Like `set_cookie`, with a signature that `HttpRequest.get_signed_cookie` checks."""
        self.set_cookie(key, signing.get_cookie_signer(salt=cookie_salt(key, salt)).sign(value), **kwargs)

    def delete_cookie(self, key: str, path: str = "/", domain: str | None = None, samesite: str | None = None) -> None:
        """Let the client drop a cookie; ``path`` and ``domain`` must be those that it was set with."""
        # Browsers ignore a cookie with such a prefix, or with SameSite=None, unless it is secure.
        secure = key.startswith(("__Secure-", "__Host-")) or bool(samesite and samesite.lower() == "none")
        self.set_cookie(
            key, max_age=0, path=path, domain=domain, secure=secure, expires=LONG_AGO, samesite=samesite
        )

    # -- a file-like object -------------------------------------------------------------------------------------------

    def make_bytes(self, value: Any) -> bytes:
        """Give ``value`` as bytes: what is no bytes is turned into text and encoded."""
        if isinstance(value, (bytes, memoryview)):
            return bytes(value)
        return str(value).encode(self.charset)

    def close(self) -> None:
        """Close the resources of the response and announce the end of the request. Called by the server."""
        if self._resource_closers:
            for closer in self._resource_closers:
                try:
                    closer()
                except Exception:
                    pass
            self._resource_closers.clear()
        self.closed = True
        if not request_finished.is_idle():
            request_finished.send(sender=self._handler_class)

    def write(self, content: Any) -> None:
        """Refuse: there is no content."""
        raise OSError(f"This {self.__class__.__name__} instance is not writable")

    def flush(self) -> None:
        """Do nothing."""

    def tell(self) -> int:
        """Refuse: there is no content."""
        raise OSError(f"This {self.__class__.__name__} instance cannot tell its position")

    def readable(self) -> bool:
        """Always false."""
        return False

    def seekable(self) -> bool:
        """Always false."""
        return False

    def writable(self) -> bool:
        """Tell if `write` works."""
        return False

    def writelines(self, lines: Iterable[Any]) -> None:
        """Refuse: there is no content."""
        raise OSError(f"This {self.__class__.__name__} instance is not writable")


class HttpResponse(HttpResponseBase):
    """A response with its content: a string, bytes, or an iterable of such, which is consumed at once."""

    def __init__(
        self,
        content: Any = b"",
        content_type: str | None = None,
        status: Any = None,
        reason: str | None = None,
        charset: str | None = None,
        headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
    ) -> None:
        super().__init__(content_type, status, reason, charset, headers)
        self.content = content

    @property
    def content(self) -> bytes:
        """The content as bytes."""
        container = self._container
        return container[0] if len(container) == 1 else b"".join(container)

    @content.setter
    def content(self, value: Any) -> None:
        kind = type(value)
        if kind is bytes:
            content = value
        elif kind is str:
            content = value.encode(self.charset)
        elif hasattr(value, "__iter__") and not isinstance(value, (bytes, memoryview, str)):
            content = b"".join([self.make_bytes(chunk) for chunk in value])
            if hasattr(value, "close"):
                try:
                    value.close()
                except Exception:
                    pass
        else:
            content = self.make_bytes(value)
        self._container: list[bytes] = [content]

    @property
    def text(self) -> str:
        """The content as a string."""
        return self.content.decode(self.charset or "utf-8")

    def serialize(self) -> bytes:
        """Write headers and content as they go over HTTP/1.1."""
        return self.serialize_headers() + b"\r\n\r\n" + self.content

    __bytes__ = serialize

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._container)

    def write(self, content: Any) -> None:
        """Add to the content."""
        self._container.append(self.make_bytes(content))

    def tell(self) -> int:
        """Give the length of the content."""
        return len(self.content)

    def getvalue(self) -> bytes:
        """Give the content."""
        return self.content

    def writable(self) -> bool:
        """Always true."""
        return True

    def writelines(self, lines: Iterable[Any]) -> None:
        """Add each of ``lines``."""
        for line in lines:
            self.write(line)


class HttpResponseRedirectBase(HttpResponse):
    """A redirect; subclasses name the status codes.

    :raises DisallowedRedirect: the address is too long or of a scheme that is not allowed.
    """

    allowed_schemes = ["http", "https", "ftp"]
    status_code_preserve_request: int | None = None

    def __init__(
        self,
        redirect_to: Any,
        *args: Any,
        preserve_request: bool = False,
        max_length: int | None = MAX_URL_REDIRECT_LENGTH,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        location = str(redirect_to)
        self["Location"] = iri_to_uri(location)
        if max_length is not None and len(self["Location"]) > max_length:
            raise DisallowedRedirect(f"Unsafe redirect exceeding {max_length} characters")
        try:
            scheme = urlsplit(location).scheme
        except ValueError as error:
            raise DisallowedRedirect(f"Unsafe redirect to a malformed address: {location!r}") from error
        if scheme and scheme not in self.allowed_schemes:
            raise DisallowedRedirect(f"Unsafe redirect to URL with protocol '{scheme}'")
        if preserve_request and self.status_code_preserve_request:
            self.status_code: int = self.status_code_preserve_request

    @property
    def url(self) -> str:
        """The address that it leads to."""
        return self["Location"]

    def __repr__(self) -> str:
        return (
            f"<{self.__class__.__name__} status_code={self.status_code}{self._content_type_for_repr}, "
            f'url="{self.url}">'
        )


class HttpResponseRedirect(HttpResponseRedirectBase):
    """302, or 307 with ``preserve_request=True``."""

    status_code = 302
    status_code_preserve_request = 307


class HttpResponsePermanentRedirect(HttpResponseRedirectBase):
    """301, or 308 with ``preserve_request=True``."""

    status_code = 301
    status_code_preserve_request = 308


class HttpResponseNotModified(HttpResponse):
    """304: the client's copy is still good. Without content."""

    status_code = 304

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self["content-type"]

    @HttpResponse.content.setter  # type: ignore[attr-defined, untyped-decorator]
    def content(self, value: Any) -> None:
        """Refuse any content."""
        if value:
            raise AttributeError("You cannot set content to a 304 (Not Modified) response")
        self._container = []


class HttpResponseBadRequest(HttpResponse):
    """400."""

    status_code = 400


class HttpResponseNotFound(HttpResponse):
    """404."""

    status_code = 404


class HttpResponseForbidden(HttpResponse):
    """403."""

    status_code = 403


class HttpResponseNotAllowed(HttpResponse):
    """405, with the methods that are permitted."""

    status_code = 405

    def __init__(self, permitted_methods: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["Allow"] = ", ".join(permitted_methods)

    def __repr__(self) -> str:
        return (
            f"<{self.__class__.__name__} [{self['Allow']}] status_code={self.status_code}{self._content_type_for_repr}>"
        )


class HttpResponseGone(HttpResponse):
    """410."""

    status_code = 410


class HttpResponseServerError(HttpResponse):
    """500."""

    status_code = 500


class JsonResponse(HttpResponse):
    """Data as JSON.

    :param safe: only dicts, unless it is false.
    :param encoder: the `json.JSONEncoder` for what JSON does not know.
    :raises TypeError: something else than a dict with ``safe``.
    """

    def __init__(
        self,
        data: Any,
        encoder: Any = JSONEncoder,
        safe: bool = True,
        json_dumps_params: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        if safe and not isinstance(data, dict):
            raise TypeError("Only dicts are serialized; other objects need safe=False.")
        kwargs.setdefault("content_type", "application/json")
        super().__init__(dumps(data, encoder, json_dumps_params), **kwargs)


def checked_status(status: Any) -> int:
    """Give ``status`` as an integer from 100 to 599.

    :raises TypeError, ValueError: it is none.
    """
    try:
        code = int(status)
    except (TypeError, ValueError) as error:
        raise TypeError("HTTP status code must be an integer.") from error
    if code in range(100, 600):
        return code
    raise ValueError(f"HTTP status code must be from 100 to 599, not {code}.")


def seconds_until(moment: datetime.datetime) -> int:
    """Give the seconds from now to ``moment`` (UTC where it has no zone), never below 0."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    left = moment - datetime.datetime.now(tz=datetime.UTC)
    # one second more, so that the fraction that has passed meanwhile does not count
    return max(0, left.days * 86400 + left.seconds + 1)

