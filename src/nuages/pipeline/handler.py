"""``BaseHandler``: from a request to a response. Server adapters and the test client inherit from it."""

from __future__ import annotations

from functools import partial
from typing import Any

from nuages import bridge
from nuages.conf import settings
from nuages.conf.logs import log_response
from nuages.db import connections, transaction
from nuages.pipeline.chain import Handler, Hooks, load
from nuages.pipeline.checking import check_response, is_coroutine_function
from nuages.urls.current import set_urlconf, urlconf_override
from nuages.urls.resolvers import get_resolver

UNSET: Any = object()


class BaseHandler:
    """Holds the compiled chain of middleware and calls views."""

    _middleware_chain: Handler | None = None

    def load_middleware(self, is_async: bool = False) -> None:
        """Compile ``settings.MIDDLEWARE``.

        :param is_async: let middleware that can be both run as async.
        """
        self._hooks = hooks = Hooks()
        self._view_middleware = hooks.view
        self._template_response_middleware = hooks.template_response
        self._exception_middleware = hooks.exception
        self._threaded = settings.THREADED_VIEWS
        self._middleware_chain = load(settings.MIDDLEWARE, self._get_response, hooks, is_async)

    # -- entry --------------------------------------------------------------------------------------------------------

    def get_response(self, request: Any) -> Any:
        """Answer a request, in blocking style."""
        urlconf_override.set(settings.ROOT_URLCONF)
        assert self._middleware_chain is not None, "call load_middleware() first"
        response = self._middleware_chain(request)
        if response.streaming:
            response._resource_closers.append(reset_urlconf)
        else:
            urlconf_override.set(None)
        if request.holds_files:
            response._resource_closers.append(request.close)
        if response.status_code >= 400:
            log_response("%s: %s", response.reason_phrase, request.path, response=response, request=request)
        return response

    async def get_response_async(self, request: Any) -> Any:
        """Answer a request on the event loop."""
        return await bridge.run(self.get_response, request)

    # -- the innermost handler ----------------------------------------------------------------------------------------

    def resolve_request(self, request: Any) -> Any:
        """Find the view, and note it on the request."""
        urlconf = getattr(request, "urlconf", UNSET)  # of the request, or of its class
        if urlconf is UNSET:
            resolver = get_resolver()
        else:
            set_urlconf(urlconf)
            resolver = get_resolver(urlconf)
        request.resolver_match = match = resolver.resolve(request.path_info)
        return match

    def _get_response(self, request: Any) -> Any:
        match = self.resolve_request(request)
        callback, args, kwargs = match.func, match.args, match.kwargs
        response = None
        for hook in self._view_middleware:
            response = hook(request, callback, args, kwargs)
            if response is not None:
                break
        if response is None:
            try:
                if any([each["ATOMIC_REQUESTS"] for each in connections.settings.values()]):  # noqa: C419 - no generator here
                    callback = self.make_view_atomic(callback)
                response = self.call_view(callback, request, args, kwargs)
            except Exception as error:
                response = self.process_exception_by_middleware(error, request)
                if response is None:
                    raise
        if response is None:
            check_response(response, callback)
        render = getattr(response, "render", None)
        if render is not None and callable(render):
            response = self._render(request, response, callback)
        elif type(response).__name__ == "coroutine":
            check_response(response, callback)
        return response

    def call_view(self, view: Any, request: Any, args: Any, kwargs: Any) -> Any:
        """Call a view: an async one through the bridge, one that blocks in a thread, others right here."""
        if is_coroutine_function(view):
            if bridge.active():
                return bridge.wait(view(request, *args, **kwargs))
            return bridge.block(view)(request, *args, **kwargs)
        if getattr(view, "threaded", self._threaded) and bridge.active():
            return bridge.wait(bridge.in_thread(partial(view, request, *args, **kwargs)))
        return view(request, *args, **kwargs)

    def _render(self, request: Any, response: Any, callback: Any) -> Any:
        for hook in self._template_response_middleware:
            response = hook(request, response)
            check_response(response, hook, name=hook_name(hook))
        try:
            if is_coroutine_function(response.render):
                return bridge.block(response.render)()
            return response.render()
        except Exception as error:
            replaced = self.process_exception_by_middleware(error, request)
            if replaced is None:
                raise
            return replaced

    def process_exception_by_middleware(self, exception: Exception, request: Any) -> Any:
        """Offer an exception to ``process_exception`` of the middleware; ``None`` if nobody takes it."""
        for hook in self._exception_middleware:
            response = hook(request, exception)
            if response is not None:
                return response
        return None

    def make_view_atomic(self, view: Any) -> Any:
        """Put a view into a transaction for each database with ``ATOMIC_REQUESTS``.

        :raises RuntimeError: such a database and an async view.
        """
        for alias, configuration in connections.settings.items():
            if configuration["ATOMIC_REQUESTS"] and alias not in getattr(view, "_non_atomic_requests", ()):
                if is_coroutine_function(view):
                    raise RuntimeError("You cannot use ATOMIC_REQUESTS with async views.")
                view = transaction.atomic(using=alias)(view)
        return view


def hook_name(hook: Any) -> str:
    """Name a middleware's method in a message."""
    method = getattr(hook, "__wrapped__", hook)
    return f"{type(method.__self__).__name__}.process_template_response"


def reset_urlconf() -> None:
    """Go back to ``ROOT_URLCONF`` when a request is over."""
    urlconf_override.set(None)


bridge.name_from(BaseHandler.call_view, "view")  # the watchdog names the view that blocks
