"""Factories of requests for calling views directly; the test clients build on them."""

import json
import re
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from nuages.conf import settings
from nuages.http.headers import HttpHeaders
from nuages.server.asgi import ASGIRequest
from nuages.server.wsgi import WSGIRequest
from nuages.test.payloads import (
    BOUNDARY,
    CONTENT_TYPE_RE,
    MULTIPART_CONTENT,
    FakePayload,
    encode_multipart,
)
from nuages.text.encoding import force_bytes
from nuages.text.http import urlencode as urlencode_multi
from nuages.text.jsonencoder import JSONEncoder

JSON_CONTENT_TYPE_RE = re.compile(r"^application\/(.+\+)?json")
WSGI_DEFAULTS = {
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "",
    "PATH_INFO": "/",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.version": (1, 0),
    "wsgi.multithread": False,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
ASGI_DEFAULTS = {
    "type": "http",
    "method": "GET",
    "scheme": "http",
    "http_version": "1.1",
    "server": ("testserver", "80"),
    "client": ["127.0.0.1", 0],
    "asgi": {"version": "3.0"},
}
OCTETS = "application/octet-stream"

Headers = dict[str, str] | None
Params = dict[str, Any] | None


class RequestFactory:
    """Makes requests as a server would, without sending them anywhere.

    *headers* and *query_params* are defaults of all requests; other keyword arguments are WSGI environment variables.
    """

    def __init__(
        self,
        *,
        json_encoder: Any = JSONEncoder,
        headers: Headers = None,
        query_params: Params = None,
        **defaults: Any,
    ) -> None:
        self.json_encoder = json_encoder
        self.defaults = defaults
        self.cookies: SimpleCookie = SimpleCookie()
        self.errors = BytesIO()
        self.default_query_params = query_params
        if headers:
            self.defaults.update(HttpHeaders.to_wsgi_names(headers))

    def _base_environ(self, **request: Any) -> dict[str, Any]:
        """The smallest WSGI environment, with defaults and *request* over it."""
        cookies = "; ".join(sorted(f"{morsel.key}={morsel.coded_value}" for morsel in self.cookies.values()))
        server = {
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": FakePayload(b""),
            "wsgi.errors": self.errors,
            "HTTP_COOKIE": cookies,
        }
        return {
            **WSGI_DEFAULTS,
            **server,
            **self.defaults,
            **request,
        }

    def request(self, **request: Any) -> Any:
        """The request object for WSGI variables."""
        return WSGIRequest(self._base_environ(**request))

    def _encode_data(self, data: Any, content_type: str) -> bytes:
        if content_type is MULTIPART_CONTENT:
            return encode_multipart(BOUNDARY, data)
        match = CONTENT_TYPE_RE.match(content_type)
        encoded: bytes = force_bytes(data, encoding=match[1] if match else settings.DEFAULT_CHARSET)
        return encoded

    def _encode_json(self, data: Any, content_type: str) -> Any:
        """Containers as JSON text if that is the content type; anything else as it is."""
        if JSON_CONTENT_TYPE_RE.match(content_type) and isinstance(data, dict | list | tuple):
            return json.dumps(data, cls=self.json_encoder)
        return data

    def _get_path(self, parsed: Any) -> str:
        """The path as WSGI has it: unquoted bytes in the guise of Latin-1."""
        return unquote_to_bytes(parsed.path).decode("iso-8859-1")

    def _bodiless(
        self,
        method: str,
        path: str,
        data: Any,
        secure: bool,
        headers: Headers,
        query_params: Params,
        extra: dict[str, Any],
    ) -> Any:
        """A request whose *data* goes into the query string."""
        if query_params and data:
            message = "query_params and data arguments are mutually exclusive."
            raise ValueError(message)
        params = data or query_params
        return self.generic(method, path, secure=secure, headers=headers, query_params=params, **extra)

    def get(
        self,
        path: str,
        data: Any = None,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """A GET request."""
        return self._bodiless("GET", path, data, secure, headers, query_params, extra)

    def post(
        self,
        path: str,
        data: Any = None,
        content_type: str = MULTIPART_CONTENT,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """A POST request; *data* becomes a form, JSON, or goes as it is, according to *content_type*."""
        body = self._encode_data(self._encode_json({} if data is None else data, content_type), content_type)
        return self.generic(
            "POST", path, body, content_type, secure=secure, headers=headers, query_params=query_params, **extra
        )

    def head(
        self,
        path: str,
        data: Any = None,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """A HEAD request."""
        return self._bodiless("HEAD", path, data, secure, headers, query_params, extra)

    def trace(
        self,
        path: str,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """A TRACE request."""
        return self.generic("TRACE", path, secure=secure, headers=headers, query_params=query_params, **extra)

    def options(
        self,
        path: str,
        data: Any = "",
        content_type: str = OCTETS,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """An OPTIONS request."""
        return self.generic(
            "OPTIONS", path, data, content_type, secure=secure, headers=headers, query_params=query_params, **extra
        )

    def put(
        self,
        path: str,
        data: Any = "",
        content_type: str = OCTETS,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """A PUT request; containers become JSON if that is the content type."""
        body = self._encode_json(data, content_type)
        return self.generic(
            "PUT", path, body, content_type, secure=secure, headers=headers, query_params=query_params, **extra
        )

    def patch(
        self,
        path: str,
        data: Any = "",
        content_type: str = OCTETS,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """A PATCH request; containers become JSON if that is the content type."""
        body = self._encode_json(data, content_type)
        return self.generic(
            "PATCH", path, body, content_type, secure=secure, headers=headers, query_params=query_params, **extra
        )

    def delete(
        self,
        path: str,
        data: Any = "",
        content_type: str = OCTETS,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """A DELETE request; containers become JSON if that is the content type."""
        body = self._encode_json(data, content_type)
        return self.generic(
            "DELETE", path, body, content_type, secure=secure, headers=headers, query_params=query_params, **extra
        )

    def _query_string(self, parsed: Any, query_params: Params) -> str:
        """The query string: of the parameters given, else of the path, else of the defaults."""
        if query_params:
            return urlencode_multi(query_params, doseq=True)
        if parsed.query:
            return str(force_bytes(parsed.query), "iso-8859-1")
        if self.default_query_params:
            return urlencode_multi(self.default_query_params, doseq=True)
        return ""

    def generic(
        self,
        method: str,
        path: str,
        data: Any = "",
        content_type: str | None = OCTETS,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """A request with any method and body."""
        parsed = urlsplit(str(path))
        body = force_bytes(data, settings.DEFAULT_CHARSET)
        request: dict[str, Any] = {
            "PATH_INFO": self._get_path(parsed),
            "REQUEST_METHOD": method,
            "SERVER_PORT": "443" if secure else "80",
            "wsgi.url_scheme": "https" if secure else "http",
        }
        if body:
            request["CONTENT_LENGTH"] = str(len(body))
            request["CONTENT_TYPE"] = content_type
            request["wsgi.input"] = FakePayload(body)
        if headers:
            extra.update(HttpHeaders.to_wsgi_names(headers))
        request.update(extra)
        if not request.get("QUERY_STRING"):
            request["QUERY_STRING"] = self._query_string(parsed, query_params)
        return self.request(**request)


class AsyncRequestFactory(RequestFactory):
    """Makes requests as an ASGI server would; *defaults* go into the scope."""

    def __init__(
        self,
        *,
        json_encoder: Any = JSONEncoder,
        headers: Headers = None,
        query_params: Params = None,
        **defaults: Any,
    ) -> None:
        super().__init__(json_encoder=json_encoder, query_params=query_params, **defaults)
        self.default_headers = headers

    def _base_scope(self, **request: Any) -> dict[str, Any]:
        """The smallest ASGI scope, with defaults and *request* over it."""
        scope: dict[str, Any] = {
            **ASGI_DEFAULTS,
            "headers": [],
            **self.defaults,
            **request,
        }
        cookies = "; ".join(sorted(f"{morsel.key}={morsel.coded_value}" for morsel in self.cookies.values()))
        scope["headers"] = [*scope["headers"], (b"cookie", cookies.encode("ascii"))]
        return scope

    def request(self, **request: Any) -> Any:
        """The request object for parts of the scope; ``_body_file`` is the body."""
        body_file = request.pop("_body_file", None)
        scope = self._base_scope(**request)
        return ASGIRequest(scope, BytesIO(b"" if body_file is None else body_file.read()))

    def generic(
        self,
        method: str,
        path: str,
        data: Any = "",
        content_type: str | None = OCTETS,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """A request with any method and body; *extra* are headers."""
        parsed = urlsplit(str(path))
        body = force_bytes(data, settings.DEFAULT_CHARSET)
        scope: dict[str, Any] = {
            "method": method,
            "path": unquote_to_bytes(parsed.path).decode("utf-8", "replace"),
            "server": ("127.0.0.1", "443" if secure else "80"),
            "scheme": "https" if secure else "http",
            "headers": [(b"host", b"testserver")],
        }
        if self.defaults:
            extra = {**self.defaults, **extra}
        if body:
            scope["headers"] += [
                (b"content-length", str(len(body)).encode("ascii")),
                (b"content-type", str(content_type).encode("ascii")),
            ]
            scope["_body_file"] = FakePayload(body)
        query_string = extra.pop("QUERY_STRING", None) or self._query_string(parsed, query_params)
        scope["query_string"] = query_string
        merged = {**(self.default_headers or {}), **(headers or {})}
        extra.update(HttpHeaders.to_asgi_names(merged))
        scope["headers"] += [(key.lower().encode("ascii"), str(value).encode("latin1")) for key, value in extra.items()]
        return self.request(**scope)
