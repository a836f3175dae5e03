"""The test clients: they send requests to the project without a server, keep cookies, and note what happened."""

import inspect
import json
import re
import sys
from collections.abc import Callable, Coroutine
from copy import copy
from functools import partial
from http import HTTPStatus
from importlib import import_module
from typing import Any
from urllib.parse import urljoin, urlsplit

from nuages import bridge
from nuages.apps import apps
from nuages.conf import names, settings
from nuages.http import HttpRequest, QueryDict
from nuages.signals import got_request_exception
from nuages.test.capturing import ContextList
from nuages.test.handlers import AsyncClientHandler, ClientHandler, conditional_content_removal
from nuages.test.payloads import (
    BOUNDARY,
    CONTENT_TYPE_RE,
    MULTIPART_CONTENT,
    FakePayload,
    closing_iterator_wrapper,
    encode_file,
    encode_multipart,
    is_file,
)
from nuages.test.requests import OCTETS, AsyncRequestFactory, Headers, Params, RequestFactory
from nuages.test.signals import template_rendered
from nuages.text.jsonencoder import JSONEncoder
from nuages.text.lazy import SimpleLazyObject
from nuages.urls import resolve

__all__ = [
    "BOUNDARY",
    "CONTENT_TYPE_RE",
    "MULTIPART_CONTENT",
    "AsyncClient",
    "AsyncClientHandler",
    "AsyncRequestFactory",
    "Client",
    "ClientHandler",
    "FakePayload",
    "RedirectCycleError",
    "RequestFactory",
    "closing_iterator_wrapper",
    "conditional_content_removal",
    "encode_file",
    "encode_multipart",
    "is_file",
]

REDIRECTS = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
KEEP_METHOD = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
MAX_REDIRECTS = 20
JSON_CONTENT_TYPE_RE = re.compile(r"^application\/(.+\+)?json")
_NO_BODY = frozenset({"get", "head"})


class RedirectCycleError(Exception):
    """Following redirects does not end; the last response has the chain."""

    def __init__(self, message: str, last_response: Any) -> None:
        super().__init__(message)
        self.last_response = last_response
        self.redirect_chain = last_response.redirect_chain


def store_rendered_templates(
    store: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **kwargs: Any
) -> None:
    """Receive ``template_rendered``: note the template, and a copy of the context as it is now."""
    store.setdefault("templates", []).append(template)
    if "context" not in store:
        store["context"] = ContextList()
    store["context"].append(copy(context))


class ClientState(RequestFactory):
    """What both clients share, in blocking style: verbs with redirects, cookies, session and users."""

    handler: Any
    raise_request_exception: bool
    exc_info: Any
    extra: dict[str, Any]
    headers: Headers

    def _start(self, handler: Any, raise_request_exception: bool, headers: Headers) -> None:
        self.handler = handler
        self.raise_request_exception = raise_request_exception
        self.exc_info = None
        self.extra = {}
        self.headers = headers

    def store_exc_info(self, **kwargs: Any) -> None:
        """Receive ``got_request_exception``: keep the exception."""
        self.exc_info = sys.exc_info()

    def check_exception(self, response: Any) -> None:
        """Put the exception of the request on *response*, and raise it, if that is wanted."""
        response.exc_info = self.exc_info
        if self.exc_info:
            _, error, _ = self.exc_info
            self.exc_info = None
            if self.raise_request_exception:
                raise error

    def _send(self, environ: dict[str, Any], request: dict[str, Any], path: str, attribute: str) -> Any:
        """Send one request, and give the response its attributes for tests."""
        data: dict[str, Any] = {}
        on_render = partial(store_rendered_templates, data)
        template_uid, exception_uid = f"template-render-{id(request)}", f"request-exception-{id(request)}"
        template_rendered.connect(on_render, dispatch_uid=template_uid)
        got_request_exception.connect(self.store_exc_info, dispatch_uid=exception_uid)
        try:
            response = self.handler(environ)
        finally:
            template_rendered.disconnect(dispatch_uid=template_uid)
            got_request_exception.disconnect(dispatch_uid=exception_uid)
        self.check_exception(response)
        response.client = self
        response.request = request
        response.templates = data.get("templates", [])
        context = data.get("context")
        response.context = context[0] if context and len(context) == 1 else context
        response.json = partial(self._parse_json, response)
        urlconf = getattr(getattr(response, attribute), "urlconf", None)
        response.resolver_match = SimpleLazyObject(lambda: resolve(path, urlconf=urlconf))
        if response.cookies:
            self.cookies.update(response.cookies)
        return response

    def _parse_json(self, response: Any, **extra: Any) -> Any:
        if not hasattr(response, "_json"):
            content_type = response.get("Content-Type")
            if not JSON_CONTENT_TYPE_RE.match(content_type):
                raise ValueError(f'Content-Type header is "{content_type}", not "application/json"')
            response._json = json.loads(response.text, **extra)
        return response._json

    # verbs

    def _verb(
        self,
        method: str,
        path: str,
        data: Any,
        follow: bool,
        secure: bool,
        headers: Headers,
        query_params: Params,
        extra: dict[str, Any],
        content_type: str = "",
    ) -> Any:
        self.extra = extra
        self.headers = headers
        arguments: dict[str, Any] = {"secure": secure, "headers": headers, "query_params": query_params, **extra}
        if method != "trace":
            arguments["data"] = data
        if method not in _NO_BODY and method != "trace":
            arguments["content_type"] = content_type
        response = self._settled(getattr(super(), method)(path, **arguments))
        if follow:
            response = self._handle_redirects(
                response, data=data, content_type=content_type, headers=headers, query_params=query_params, **extra
            )
        return response

    @staticmethod
    def _settled(response: Any) -> Any:
        """The response itself, where a client's ``request`` is a coroutine function."""
        return bridge.wait(response) if inspect.isawaitable(response) else response

    def get(  # type: ignore[override]
        self,
        path: str,
        data: Any = None,
        follow: bool = False,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """Send a GET request."""
        return self._verb("get", path, data, follow, secure, headers, query_params, extra)

    def post(  # type: ignore[override]
        self,
        path: str,
        data: Any = None,
        content_type: str = MULTIPART_CONTENT,
        follow: bool = False,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """Send a POST request."""
        return self._verb("post", path, data, follow, secure, headers, query_params, extra, content_type)

    def head(  # type: ignore[override]
        self,
        path: str,
        data: Any = None,
        follow: bool = False,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """Send a HEAD request."""
        return self._verb("head", path, data, follow, secure, headers, query_params, extra)

    def options(  # type: ignore[override]
        self,
        path: str,
        data: Any = "",
        content_type: str = OCTETS,
        follow: bool = False,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """Send an OPTIONS request."""
        return self._verb("options", path, data, follow, secure, headers, query_params, extra, content_type)

    def put(  # type: ignore[override]
        self,
        path: str,
        data: Any = "",
        content_type: str = OCTETS,
        follow: bool = False,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """Send a PUT request."""
        return self._verb("put", path, data, follow, secure, headers, query_params, extra, content_type)

    def patch(  # type: ignore[override]
        self,
        path: str,
        data: Any = "",
        content_type: str = OCTETS,
        follow: bool = False,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """Send a PATCH request."""
        return self._verb("patch", path, data, follow, secure, headers, query_params, extra, content_type)

    def delete(  # type: ignore[override]
        self,
        path: str,
        data: Any = "",
        content_type: str = OCTETS,
        follow: bool = False,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """Send a DELETE request."""
        return self._verb("delete", path, data, follow, secure, headers, query_params, extra, content_type)

    def trace(  # type: ignore[override]
        self,
        path: str,
        data: Any = "",
        follow: bool = False,
        secure: bool = False,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """Send a TRACE request."""
        return self._verb("trace", path, data, follow, secure, headers, query_params, extra)

    # redirects

    def _handle_redirects(
        self,
        response: Any,
        data: Any = "",
        content_type: str = "",
        headers: Headers = None,
        query_params: Params = None,
        **extra: Any,
    ) -> Any:
        """Follow redirects to their end; the last response has them all in ``redirect_chain``."""
        chain: list[tuple[str, int]] = []
        response.redirect_chain = chain
        while response.status_code in REDIRECTS:
            target = getattr(response, "url", None) or response.headers["Location"]
            chain.append((target, response.status_code))
            url = urlsplit(target)
            extra = {**extra, **self._address(url)}
            path = urljoin(response.request["PATH_INFO"], self._redirect_path(url))
            if response.status_code in KEEP_METHOD:
                method = response.request["REQUEST_METHOD"].lower()
                arguments: dict[str, Any] = {"data": data, "query_params": query_params}
                if method not in _NO_BODY:
                    path = f"{path}?{url.query}" if url.query else path
                    arguments["content_type"] = content_type
                else:
                    arguments = {"data": QueryDict(url.query) if url.query else data}
            else:
                method, arguments, data = "get", {"data": QueryDict(url.query)}, QueryDict(url.query)
            # The method of a subclass, which may encode data in its own way.
            response = self._settled(getattr(self, method)(path, follow=False, headers=headers, **arguments, **extra))
            response.redirect_chain = chain
            if chain[-1] in chain[:-1]:
                raise RedirectCycleError("Redirect loop detected.", last_response=response)
            if len(chain) > MAX_REDIRECTS:
                raise RedirectCycleError("Too many redirects.", last_response=response)
        return response

    @staticmethod
    def _redirect_path(url: Any) -> str:
        return "/" if not url.path and url.netloc else url.path

    def _address(self, url: Any) -> dict[str, Any]:
        """The WSGI variables of a URL's scheme, host and port, as far as it has them."""
        found = {}
        if url.scheme:
            found["wsgi.url_scheme"] = url.scheme
        if url.hostname:
            found["SERVER_NAME"] = url.hostname
        if url.port:
            found["SERVER_PORT"] = str(url.port)
        return found

    # session and users

    @property
    def session(self) -> Any:
        """The client's session; a new one is saved, and its cookie kept."""
        store = import_module(settings.SESSION_ENGINE).SessionStore
        cookie = self.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie:
            return store(cookie.value)
        session = store()
        session.save()
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return session

    def _get_session(self) -> Any:
        return self.session

    def login(self, **credentials: Any) -> bool:
        """Log a user in by credentials; whether they were accepted."""
        user = names.import_string("nuages.contrib.auth.authenticate")(**credentials)
        if not user:
            return False
        self._login(user)
        return True

    def force_login(self, user: Any, backend: str | None = None) -> None:
        """Log *user* in without credentials."""
        if backend is None:
            backend = self._default_backend()
        user.backend = backend
        self._login(user, backend)

    @staticmethod
    def _default_backend() -> str | None:
        load = names.import_string("nuages.contrib.auth.load_backend")
        return next((path for path in settings.AUTHENTICATION_BACKENDS if hasattr(load(path), "get_user")), None)

    def _login(self, user: Any, backend: str | None = None) -> None:
        request = self._session_request()
        names.import_string("nuages.contrib.auth.login")(request, user, backend)
        request.session.save()
        self.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
        morsel: Any = self.cookies[settings.SESSION_COOKIE_NAME]
        morsel["path"] = "/"
        morsel["domain"] = settings.SESSION_COOKIE_DOMAIN or ""
        morsel["secure"] = settings.SESSION_COOKIE_SECURE or ""

    def _session_request(self) -> Any:
        """A request with the client's session, or a fresh one, to log in with."""
        request: Any = HttpRequest()
        request.session = self.session
        return request

    def logout(self) -> None:
        """Forget the session and all cookies."""
        request = self._session_request()
        if apps.is_installed(names.public("nuages.contrib.auth")):
            request.user = names.import_string("nuages.contrib.auth.get_user")(request)
            names.import_string("nuages.contrib.auth.logout")(request)
        self.cookies = type(self.cookies)()


class Client(ClientState):
    """A client in blocking style. See "The test client" in the documentation of testing.

    By default CSRF checks are off, and an exception in a view is raised in the test.
    """

    def __init__(
        self,
        enforce_csrf_checks: bool = False,
        raise_request_exception: bool = True,
        json_encoder: Any = JSONEncoder,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **defaults: Any,
    ) -> None:
        super().__init__(json_encoder=json_encoder, headers=headers, query_params=query_params, **defaults)
        self._start(ClientHandler(enforce_csrf_checks), raise_request_exception, headers)

    def request(self, **request: Any) -> Any:
        """Send a request made of WSGI variables; the response has attributes for tests."""
        environ = self._base_environ(**request)
        return self._send(environ, request, request.get("PATH_INFO", "/"), "wsgi_request")

    alogin = bridge.shell(ClientState.login)
    aforce_login = bridge.shell(ClientState.force_login)
    alogout = bridge.shell(ClientState.logout)
    asession = bridge.shell(ClientState._get_session)


def _awaitable(function: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
    """The verb of the same name, to be awaited."""

    async def twin(self: Any, *args: Any, **kwargs: Any) -> Any:
        return await bridge.run(function, self, *args, **kwargs)

    twin.__name__, twin.__doc__ = function.__name__, function.__doc__
    return twin


class AsyncClient(ClientState, AsyncRequestFactory):  # type: ignore[misc]
    """A client whose verbs are awaited; requests run on the event loop, as from an ASGI server.

    Other keyword arguments go into the scope; *extra* arguments of the verbs are headers, without ``HTTP_``.
    """

    def __init__(
        self,
        enforce_csrf_checks: bool = False,
        raise_request_exception: bool = True,
        json_encoder: Any = JSONEncoder,
        *,
        headers: Headers = None,
        query_params: Params = None,
        **defaults: Any,
    ) -> None:
        super().__init__(json_encoder=json_encoder, headers=headers, query_params=query_params, **defaults)
        self._start(AsyncClientHandler(enforce_csrf_checks), raise_request_exception, headers)

    async def request(self, **request: Any) -> Any:
        """Send a request made of parts of an ASGI scope; the response has attributes for tests."""
        return await bridge.run(self._request, request)

    def _request(self, request: dict[str, Any]) -> Any:
        scope = self._base_scope(**request)
        shown = {**request, "PATH_INFO": request.get("path", "/"), "REQUEST_METHOD": request.get("method", "GET")}
        return self._send(scope, shown, shown["PATH_INFO"], "asgi_request")

    def _address(self, url: Any) -> dict[str, Any]:
        """The arguments by which the scope of the next request gets the scheme of a URL."""
        return {"secure": True} if url.scheme == "https" else {}

    get = _awaitable(ClientState.get)
    post = _awaitable(ClientState.post)
    head = _awaitable(ClientState.head)
    options = _awaitable(ClientState.options)
    put = _awaitable(ClientState.put)
    patch = _awaitable(ClientState.patch)
    delete = _awaitable(ClientState.delete)
    trace = _awaitable(ClientState.trace)
    alogin = bridge.shell(ClientState.login)
    aforce_login = bridge.shell(ClientState.force_login)
    alogout = bridge.shell(ClientState.logout)
    asession = bridge.shell(ClientState._get_session)
