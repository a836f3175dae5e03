"""``HttpRequest``: everything that a view may want to know about a request, read when it is asked for."""

from __future__ import annotations

import codecs
import copy
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from io import SEEK_END, BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin, urlsplit

from nuages import signing
from nuages.conf import names, settings
from nuages.exceptions import BadRequest, DisallowedHost, ImproperlyConfigured, RequestDataTooBig, TooManyFilesSent
from nuages.http.cookies import cookie_salt
from nuages.http.errors import MultiPartParserError, RawPostDataException, UnreadablePostError
from nuages.http.headers import HttpHeaders
from nuages.http.hosts import is_allowed, split_domain_port
from nuages.http.negotiation import MediaType, by_precedence, choose, parse_accept
from nuages.http.querydict import QueryDict
from nuages.text.datastructures import ImmutableList, MultiValueDict
from nuages.text.encoding import escape_uri_path, iri_to_uri
from nuages.text.http import parse_header_parameters

if TYPE_CHECKING:
    from nuages.http.multipart import MultiPartParser
    from nuages.http.uploads import FileUploadHandler

RAISE_ERROR: Any = object()
# Decoding these takes quadratic time (punycode), or fails whatever the handling of errors.
ODD_CODECS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
LOCAL_HOSTS = [".localhost", "127.0.0.1", "[::1]"]
FORM_URLENCODED = "application/x-www-form-urlencoded"
FORM_MULTIPART = "multipart/form-data"
MULTIPART_PARSER = "nuages.http.multipart.MultiPartParser"
"""By its path: most requests bring no files, and most services never get one."""


class Offered:
    """An attribute of requests that some middleware offers; one that was made, or set, stands in front of it.

    It stands in the class, since a ``__getattr__`` would make the look-up of every other attribute slower.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, request: Any, owner: type | None = None) -> Any:
        make = None if request is None else request._offers.get(self.name)
        if make is None:
            raise AttributeError(f"{getattr(owner, '__name__', '')!r} object has no attribute {self.name!r}")
        value = request.__dict__[self.name] = make(request)
        return value


def announce(name: str) -> None:
    """Let requests have an attribute that is offered.

    :raises ValueError: all requests have an attribute of this name already.
    """
    known = HttpRequest.__dict__.get(name)
    if known is None:
        setattr(HttpRequest, name, Offered(name))
    elif type(known) is not Offered:
        raise ValueError(f"{name!r} cannot be offered: every request has an attribute of this name.")


class HttpRequest:
    """A request. Servers make one of its subclasses; tests may fill an empty one."""

    _encoding: str | None = None
    _upload_handlers: Any = ()
    _multipart_parser_class: type[MultiPartParser] | None = None
    _read_started = False
    #: Whether `close` has something to do: there is a body, or a file for one.
    holds_files = True
    _offers: Mapping[str, Callable[[Any], Any]] = MappingProxyType({})
    non_picklable_attrs: ClassVar[frozenset[str]] = frozenset({"resolver_match", "_stream"})

    method: str | None
    META: Any
    path: str
    path_info: str
    # What the middleware of sessions and of users adds; without it there are no such attributes.
    session: Any
    user: Any
    auser: Any

    def __init__(self) -> None:
        self.GET = QueryDict(mutable=True)
        self.POST = QueryDict(mutable=True)
        self.COOKIES: dict[str, str] = {}
        self.META = {}
        self.FILES: Any = MultiValueDict()
        self.path = ""
        self.path_info = ""
        self.method = None
        self.resolver_match: Any = None
        self.content_type: str | None = None
        self.content_params: dict[str, str] | None = None

    def __repr__(self) -> str:
        if self.method is None or not self.get_full_path():
            return f"<{self.__class__.__name__}>"
        return f"<{self.__class__.__name__}: {self.method} {self.get_full_path()!r}>"

    def offer(self, name: str, make: Callable[[Any], Any]) -> None:
        """Give the request an attribute that ``make(request)`` makes when it is first asked for.

        Middleware that sets an attribute of which most views know nothing (a session, a user) so costs them nothing.
        """
        announce(name)
        self.__dict__.pop(name, None)
        self._offers = {**self._offers, name: make}

    def is_offered(self, name: str) -> bool:
        """Tell if there is such an attribute, made or only announced; none is made for it."""
        return name in self._offers or hasattr(self, name)

    def __getstate__(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.__dict__.items()
            if name not in self.non_picklable_attrs and name != "_offers"
        }

    def __deepcopy__(self, memo: dict[int, Any]) -> HttpRequest:
        twin = copy.copy(self)
        memo[id(self)] = twin
        for name in self.non_picklable_attrs:
            if name in self.__dict__:
                setattr(twin, name, copy.deepcopy(getattr(self, name), memo))
        for name, value in self.__dict__.items():
            if name not in self.non_picklable_attrs and name != "_offers":
                twin.__dict__[name] = copy.deepcopy(value, memo)
        return twin

    def __copy__(self) -> HttpRequest:
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    # -- headers ------------------------------------------------------------------------------------------------------

    @cached_property
    def headers(self) -> HttpHeaders:
        """The headers, case-insensitive."""
        return HttpHeaders(self.META)

    @cached_property
    def accepted_types(self) -> list[MediaType]:
        """The ranges of the ``Accept`` header, the most wanted first."""
        return parse_accept(self.headers.get("Accept", "*/*"))

    @cached_property
    def accepted_types_by_precedence(self) -> list[MediaType]:
        """The same ranges, the most specific first (RFC 9110, section 12.5.1)."""
        return by_precedence(self.accepted_types)

    def accepted_type(self, media_type: str | MediaType) -> MediaType | None:
        """Give the range that decides on ``media_type``, or ``None`` where none fits."""
        wanted = MediaType(media_type)
        return next((accepted for accepted in self.accepted_types_by_precedence if wanted.match(accepted)), None)

    def get_preferred_type(self, media_types: list[str]) -> str | None:
        """Choose from ``media_types`` what the client likes best; ``None`` if it accepts none."""
        if not media_types or not self.accepted_types:
            return None
        return choose(self.accepted_type, media_types)

    def accepts(self, media_type: str) -> bool:
        """Tell if the client accepts ``media_type``."""
        return self.accepted_type(media_type) is not None

    def _noted(self, key: str) -> Any:
        """Give what an application itself has put into `META`, or ``None``."""
        return self.META.get(key)

    def _has_cookies(self) -> bool:
        """Tell if any cookie came with it, without parsing them."""
        return bool(self.COOKIES)

    def _set_content_type_params(self, meta: Any) -> None:
        """Read ``content_type``, ``content_params`` and, from its charset, ``encoding``.

        :raises BadRequest: the header is malformed.
        """
        raw = meta.get("CONTENT_TYPE", "")
        if not raw:
            self.content_type, self.content_params = "", {}
            return
        try:
            self.content_type, self.content_params = parse_header_parameters(raw)
        except (LookupError, ValueError) as error:
            raise BadRequest("Invalid Content-Type header.") from error
        charset = self.content_params.get("charset")
        if charset:
            if is_text_charset(charset):
                self.encoding = charset

    # -- where it was sent --------------------------------------------------------------------------------------------

    def _get_raw_host(self) -> str:
        """Give the host as the client or the proxy wrote it."""
        meta = self.META
        if settings.USE_X_FORWARDED_HOST and "HTTP_X_FORWARDED_HOST" in meta:
            return str(meta["HTTP_X_FORWARDED_HOST"])
        if "HTTP_HOST" in meta:
            return str(meta["HTTP_HOST"])
        host = str(meta["SERVER_NAME"])  # PEP 3333: how to rebuild the address
        port = self.get_port()
        return host if port == ("443" if self.is_secure() else "80") else f"{host}:{port}"

    def get_host(self) -> str:
        """Give the host that the request was sent to.

        :raises DisallowedHost: it is malformed or not in ``ALLOWED_HOSTS``.
        """
        host = self._get_raw_host()
        allowed = settings.ALLOWED_HOSTS
        if not allowed and settings.DEBUG:
            allowed = LOCAL_HOSTS
        if is_allowed(host, tuple(allowed)):
            return host
        domain, _port = split_domain_port(host)
        message = f"Invalid HTTP_HOST header: {host!r}."
        if domain:
            message += f" You may need to add {domain!r} to ALLOWED_HOSTS."
        else:
            message += " A host name must follow RFC 1034/1035."
        raise DisallowedHost(message)

    def get_port(self) -> str:
        """Give the port that the request was sent to, as a string."""
        if settings.USE_X_FORWARDED_PORT and "HTTP_X_FORWARDED_PORT" in self.META:
            return str(self.META["HTTP_X_FORWARDED_PORT"])
        return str(self.META["SERVER_PORT"])

    def get_full_path(self, force_append_slash: bool = False) -> str:
        """Give the path with the query string, escaped."""
        return self._get_full_path(self.path, force_append_slash)

    def get_full_path_info(self, force_append_slash: bool = False) -> str:
        """Like `get_full_path`, below the script prefix."""
        return self._get_full_path(self.path_info, force_append_slash)

    def _get_full_path(self, path: str, force_append_slash: bool) -> str:
        slash = "/" if force_append_slash and not path.endswith("/") else ""
        query = self.META.get("QUERY_STRING", "")
        return f"{escape_uri_path(path)}{slash}{('?' + (iri_to_uri(query) or '')) if query else ''}"

    def get_signed_cookie(self, key: str, default: Any = RAISE_ERROR, salt: str = "", max_age: Any = None) -> Any:
        """Give the value of a signed cookie.

        :raises KeyError: no such cookie.
        :raises nuages.signing.BadSignature: it was changed, or (SignatureExpired) is older than ``max_age``.
        """
        try:
            value = self.COOKIES[key]
        except KeyError:
            if default is not RAISE_ERROR:
                return default
            raise
        try:
            return unsign_cookie(key, salt, value, max_age)
        except signing.BadSignature:
            if default is not RAISE_ERROR:
                return default
            raise

    def build_absolute_uri(self, location: str | None = None) -> str:
        """Make ``location`` (by default this very request) absolute."""
        if location is None:
            location = self.get_full_path()
            if location.startswith("//"):  # a path, not a host
                return iri_to_uri(f"{self._current_scheme_host}{location}")  # type: ignore[no-any-return]
        location = str(location)
        bits = urlsplit(location)
        if not (bits.scheme and bits.netloc):
            plain = bits.path.startswith("/") and not bits.scheme and not bits.netloc
            if plain and "/./" not in bits.path and "/../" not in bits.path:
                location = self._current_scheme_host + location.removeprefix("//")
            else:
                location = urljoin(self._current_scheme_host + self.path, location)
        return iri_to_uri(location)  # type: ignore[no-any-return]

    @cached_property
    def _current_scheme_host(self) -> str:
        return f"{self.scheme}://{self.get_host()}"

    def _get_scheme(self) -> str:
        return "http"

    @property
    def scheme(self) -> str:
        """``http`` or ``https``, by the server or by ``SECURE_PROXY_SSL_HEADER``."""
        if settings.SECURE_PROXY_SSL_HEADER:
            try:
                header, secure_value = settings.SECURE_PROXY_SSL_HEADER
            except ValueError:
                raise ImproperlyConfigured("SECURE_PROXY_SSL_HEADER must be a pair: header, value.")
            value = self.META.get(header)
            if value is not None:
                return "https" if str(value).split(",", 1)[0].strip() == secure_value else "http"
        return self._get_scheme()

    def is_secure(self) -> bool:
        """Tell if the request came by HTTPS."""
        return self.scheme == "https"

    # -- the body -----------------------------------------------------------------------------------------------------

    @property
    def encoding(self) -> str | None:
        """The charset of the parameters; setting it makes GET and POST be read again."""
        return self._encoding

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        self._encoding = value
        self.__dict__.pop("GET", None)
        self.__dict__.pop("_post", None)

    def _initialize_handlers(self) -> None:
        self._upload_handlers = [names.import_string(path)(self) for path in settings.FILE_UPLOAD_HANDLERS]

    @property
    def upload_handlers(self) -> list[FileUploadHandler]:
        """The upload handlers; may be changed until the body is parsed."""
        if not self._upload_handlers:
            self._initialize_handlers()
        return self._upload_handlers  # type: ignore[no-any-return]

    @upload_handlers.setter
    def upload_handlers(self, upload_handlers: list[FileUploadHandler]) -> None:
        if hasattr(self, "_files"):
            raise AttributeError("Upload handlers cannot be set any more: the body is parsed already.")
        self._upload_handlers = upload_handlers

    @property
    def multipart_parser_class(self) -> type[MultiPartParser]:
        """The parser of ``multipart/form-data``; may be replaced until the body is parsed."""
        return self._multipart_parser_class or names.import_string(MULTIPART_PARSER)

    @multipart_parser_class.setter
    def multipart_parser_class(self, parser_class: type[MultiPartParser]) -> None:
        if hasattr(self, "_files"):
            raise RuntimeError("The multipart parser cannot be set any more: the body is parsed already.")
        self._multipart_parser_class = parser_class

    def parse_file_upload(self, META: Any, post_data: Any) -> tuple[Any, Any]:
        """Parse ``post_data`` as ``multipart/form-data`` and give ``(POST, FILES)``."""
        self.upload_handlers = ImmutableList(  # type: ignore[assignment]
            self.upload_handlers,
            warning="Upload handlers cannot be changed any more: the body is parsed already.",
        )
        return self.multipart_parser_class(META, post_data, self.upload_handlers, self.encoding).parse()

    @property
    def body(self) -> bytes:
        """The body as bytes.

        :raises RawPostDataException: the stream was read before.
        :raises RequestDataTooBig: more than ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes.
        """
        known: bytes | None = self.__dict__.get("_body")
        if known is not None:
            return known
        if self._read_started:
            raise RawPostDataException("The body is gone: the request's stream was read before")
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if limit is not None and (content_length(self.META) > limit or known_size(self._stream) > limit):
            raise too_big()
        try:
            content = self.read() if limit is None else self.read(limit + 1)
        except OSError as error:
            raise UnreadablePostError(*error.args) from error
        finally:
            self._stream.close()
        if limit is not None and len(content) > limit:  # a server that does not know the length
            raise too_big()
        self._body = content
        self._stream: Any = BytesIO(content)
        return content

    def _mark_post_parse_error(self) -> None:
        self._post: Any = QueryDict()
        self._files: Any = MultiValueDict()

    def _load_post_and_files(self) -> None:
        """Fill ``_post`` and ``_files`` from the body, if it holds a form."""
        if self.method != "POST":
            self._post, self._files = QueryDict(encoding=self._encoding), MultiValueDict()
        elif self._read_started and not hasattr(self, "_body"):
            self._mark_post_parse_error()
        elif self.content_type == FORM_MULTIPART:
            self._load_multipart()
        elif self.content_type == FORM_URLENCODED:
            if self._encoding is not None and self._encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
                self._mark_post_parse_error()
                raise BadRequest(
                    f"A form of type {FORM_URLENCODED} can only be sent as UTF-8 (charset here: {self._encoding})."
                )
            self._post = QueryDict(self.body, encoding="utf-8")
            self._files = MultiValueDict()
        else:
            self._post, self._files = QueryDict(encoding=self._encoding), MultiValueDict()

    def _load_multipart(self) -> None:
        data = BytesIO(self._body) if hasattr(self, "_body") else self
        try:
            self._post, self._files = self.parse_file_upload(self.META, data)
        except (MultiPartParserError, TooManyFilesSent):
            self._mark_post_parse_error()  # so that an error page that looks at POST does not fail again
            raise

    def _get_post(self) -> Any:
        if not hasattr(self, "_post"):
            self._load_post_and_files()
        return self._post

    def _set_post(self, post: Any) -> None:
        self._post = post

    def _get_files(self) -> Any:
        if not hasattr(self, "_files"):
            self._load_post_and_files()
        return self._files

    def _set_files(self, files: Any) -> None:
        self._files = files

    def close(self) -> None:
        """Close the uploaded files."""
        uploaded = self.__dict__.get("_files")
        if uploaded and hasattr(uploaded, "lists"):
            for _name, files in uploaded.lists():
                for file in files:
                    file.close()

    # -- the body as a stream -----------------------------------------------------------------------------------------

    def read(self, *args: Any, **kwargs: Any) -> bytes:
        """Read from the body; accessing `body` is an error after that."""
        self._read_started = True
        try:
            return self._stream.read(*args, **kwargs)  # type: ignore[no-any-return]
        except OSError as error:
            raise UnreadablePostError(*error.args) from error

    def readline(self, *args: Any, **kwargs: Any) -> bytes:
        """Read a line of the body."""
        self._read_started = True
        try:
            return self._stream.readline(*args, **kwargs)  # type: ignore[no-any-return]
        except OSError as error:
            raise UnreadablePostError(*error.args) from error

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def readlines(self) -> list[bytes]:
        """Read all lines of the body."""
        return list(self)


def is_text_charset(name: str) -> bool:
    """Tell if a client's text may be decoded by this codec; those for host names and source code are no charsets."""
    try:
        "".encode(name)
        return codecs.lookup(name).name not in ODD_CODECS
    except (LookupError, ValueError):
        return False


def content_length(meta: Any) -> int:
    """Give the declared length of the body, 0 where it is missing or malformed."""
    try:
        return max(int(meta.get("CONTENT_LENGTH") or 0), 0)
    except (TypeError, ValueError):
        return 0


def known_size(stream: Any) -> int:
    """Give the number of bytes left in a stream that knows it, else 0."""
    if not getattr(stream, "seekable", bool)():
        return 0
    here = stream.tell()
    size = stream.seek(0, SEEK_END)
    stream.seek(here)
    return int(size if size is not None else 0) - int(here)


def too_big() -> RequestDataTooBig:
    """Make the error of a body over the limit."""
    return RequestDataTooBig("Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.")


def unsign_cookie(key: str, salt: str, value: str, max_age: Any) -> str:
    """Check the signature of a cookie, with the older salt as well where settings allow it."""
    signer = signing.get_cookie_signer(salt=cookie_salt(key, salt))
    try:
        return signer.unsign(value, max_age=max_age)
    except signing.SignatureExpired:
        raise
    except signing.BadSignature:
        if not settings.SIGNED_COOKIE_LEGACY_SALT_FALLBACK:
            raise
        return signing.get_cookie_signer(salt=key + salt).unsign(value, max_age=max_age)

