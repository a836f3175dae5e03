"""WSGI (PEP 3333)."""

from __future__ import annotations

import codecs
from io import IOBase
from typing import Any

from nuages.conf import settings
from nuages.http.received import ReceivedRequest
from nuages.http.request import content_length
from nuages.pipeline.handler import BaseHandler
from nuages.signals import request_started
from nuages.start import setup
from nuages.text.encoding import repercent_broken_unicode
from nuages.urls.current import set_script_prefix


class LimitedStream(IOBase):
    """Reads no more than ``limit`` bytes from another stream: some servers wait for ever behind the body's end."""

    def __init__(self, stream: Any, limit: int) -> None:
        self._read = stream.read if stream is not None else (lambda size=-1: b"")
        self._readline = stream.readline if stream is not None else (lambda size=-1: b"")
        self._left = limit

    def read(self, size: int | None = -1, /) -> bytes:
        """Read ``size`` bytes or what is left."""
        if self._left <= 0:
            return b""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        data: bytes = self._read(wanted)
        self._left -= len(data)
        return data

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line, or ``size`` bytes of it."""
        if self._left <= 0:
            return b""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        data: bytes = self._readline(wanted)
        self._left -= len(data)
        return data

    def readable(self) -> bool:
        """Always true."""
        return True


class WSGIRequest(ReceivedRequest):
    """A request made from a WSGI environ, which is its ``META``."""

    non_picklable_attrs = ReceivedRequest.non_picklable_attrs | {"environ"}
    meta_non_picklable_attrs = frozenset({"wsgi.errors", "wsgi.input"})

    def __init__(self, environ: dict[str, Any]) -> None:
        script_name = get_script_name(environ)
        # An empty PATH_INFO means the root of the site.
        path_info = get_path_info(environ) or "/"
        self.environ = self.META = environ
        self.path_info = path_info
        self.path = f"{script_name.rstrip('/')}/{path_info.replace('/', '', 1)}"
        environ["PATH_INFO"] = path_info
        environ["SCRIPT_NAME"] = script_name
        self.method = environ["REQUEST_METHOD"].upper()
        self._set_content_type_params(environ)
        self._stream = LimitedStream(environ.get("wsgi.input"), content_length(environ))
        self._read_started = False
        self.resolver_match = None

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        state["META"] = {key: value for key, value in self.META.items() if key not in self.meta_non_picklable_attrs}
        return state

    def _get_scheme(self) -> str:
        return str(self.environ.get("wsgi.url_scheme", "http"))

    def raw_query(self) -> Any:
        """The query string as bytes: servers hand it on as Latin-1, whatever it was."""
        return get_bytes_from_wsgi(self.environ, "QUERY_STRING", "")

    def raw_cookie(self) -> str:
        """The cookies in UTF-8."""
        return get_str_from_wsgi(self.environ, "HTTP_COOKIE", "")


class WSGIHandler(BaseHandler):
    """The WSGI application."""

    request_class = WSGIRequest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.load_middleware()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        set_script_prefix(get_script_name(environ))
        if not request_started.is_idle():
            request_started.send(sender=self.__class__, environ=environ)
        request = self.request_class(environ)
        response = self.get_response(request)
        response._handler_class = self.__class__
        headers = response.headers.pairs()
        if response._cookies:
            headers += [("Set-Cookie", morsel.OutputString()) for morsel in response._cookies.values()]
        start_response(f"{response.status_code:d} {response.reason_phrase}", headers)
        file = getattr(response, "file_to_stream", None)
        if file is not None and environ.get("wsgi.file_wrapper"):
            # the wrapper closes the file; closing it must end the response
            file.close = response.close
            response = environ["wsgi.file_wrapper"](file, response.block_size)
        return response


def get_bytes_from_wsgi(environ: dict[str, Any], key: str, default: str) -> bytes:
    """Undo the Latin-1 decoding that PEP 3333 asks of servers."""
    return str(environ.get(key, default)).encode("iso-8859-1", "replace")


def get_str_from_wsgi(environ: dict[str, Any], key: str, default: str) -> str:
    """Give a value of the environ as UTF-8."""
    return get_bytes_from_wsgi(environ, key, default).decode(errors="replace")


def get_path_info(environ: dict[str, Any]) -> str:
    """Give the path; bytes that are no UTF-8 stay percent-encoded."""
    return repercent_broken_unicode(get_bytes_from_wsgi(environ, "PATH_INFO", "/")).decode()


def get_script_name(environ: dict[str, Any]) -> str:
    """Give the path at which the site is mounted: as set, else as Apache's rewriting shows it, else as the server says."""
    if settings.FORCE_SCRIPT_NAME is not None:
        return str(settings.FORCE_SCRIPT_NAME)
    script_url = get_bytes_from_wsgi(environ, "SCRIPT_URL", "") or get_bytes_from_wsgi(environ, "REDIRECT_URL", "")
    if not script_url:
        return get_bytes_from_wsgi(environ, "SCRIPT_NAME", "").decode(errors="replace")
    while b"//" in script_url:  # servers squeeze slashes in PATH_INFO, so the lengths must be compared alike
        script_url = script_url.replace(b"//", b"/")
    path_info = get_bytes_from_wsgi(environ, "PATH_INFO", "")
    return codecs.decode(script_url.removesuffix(path_info) if path_info else script_url, "utf-8", "replace")


def get_wsgi_application() -> WSGIHandler:
    """Set the project up and give its WSGI application."""
    setup(set_prefix=False)
    return WSGIHandler()


