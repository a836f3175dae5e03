"""The ancestor of all class-based views, and the two simplest ones: a template and a redirect.

See the section "Base views" of the documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import isawaitable, iscoroutinefunction
from typing import Any, ClassVar

from nuages.conf.logs import log_response
from nuages.exceptions import ImproperlyConfigured
from nuages.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseGone,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from nuages.http.response import HttpResponseBase
from nuages.template.response import TemplateResponse
from nuages.text.decorators import classonlymethod
from nuages.text.lazy import classproperty
from nuages.urls import reverse

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")


class ContextMixin:
    """Context data from keyword arguments, ``extra_context`` and the view itself."""

    extra_context: dict[str, Any] | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The context of the template; ``view`` is the view."""
        return {"view": self, **kwargs, **(self.extra_context or {})}


def _function(cls: Any, initkwargs: dict[str, Any]) -> Callable[..., Any]:
    """The function behind a class-based view: a coroutine function if the handlers are."""

    def answer(request: HttpRequest, args: Any, kwargs: Any) -> Any:
        instance = cls(**initkwargs)
        instance.setup(request, *args, **kwargs)
        if not hasattr(instance, "request"):
            raise AttributeError(
                f"{cls.__name__} instance has no 'request' attribute. Does its setup() call super().setup()?"
            )
        return instance.dispatch(request, *args, **kwargs)

    if not cls.view_is_async:

        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            return answer(request, args, kwargs)

        return view

    async def async_view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = answer(request, args, kwargs)
        # A mixin's dispatch() may answer at once.
        return await response if isawaitable(response) else response

    async_view.__name__ = "view"
    return async_view


class View:
    """A view that calls the method named like the HTTP method; ``as_view()`` makes it callable.

    Its handlers are either all ``def`` or all ``async def``.
    """

    request: HttpRequest
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    http_method_names: ClassVar[Sequence[str]] = METHODS

    def __init__(self, **kwargs: Any) -> None:
        for name, value in kwargs.items():
            setattr(self, name, value)

    @classproperty
    def view_is_async(cls) -> bool:
        """Whether the handlers are coroutine functions; raises ``ImproperlyConfigured`` if only some are."""
        names = (name for name in cls.http_method_names if name != "options")  # type: ignore[attr-defined]
        colours = {iscoroutinefunction(getattr(cls, name)) for name in names if hasattr(cls, name)}
        if len(colours) > 1:
            raise ImproperlyConfigured(
                f"{cls.__qualname__} mixes 'def' and 'async def' handlers; write all of them in one style."  # type: ignore[attr-defined]
            )
        return colours == {True}

    @classonlymethod
    def as_view(cls: Any, /, **initkwargs: Any) -> Callable[..., Any]:
        """A view function that makes an instance, with ``initkwargs`` as attributes, for each request."""
        for name in initkwargs:
            if name in cls.http_method_names:
                raise TypeError(f"{cls.__name__}.as_view() cannot take '{name}', the name of an HTTP method.")
            if not hasattr(cls, name):
                raise TypeError(
                    f"{cls.__name__}() received an invalid keyword '{name}'. "
                    "Declare an attribute of that name on the class first."
                )
        made = _function(cls, initkwargs)
        dispatch = cls.dispatch
        # What decorators set on dispatch() holds for the whole view.
        made.__dict__.update(dispatch.__dict__, view_class=cls, view_initkwargs=initkwargs)
        made.__annotations__ = dispatch.__annotations__
        made.__module__, made.__doc__ = cls.__module__, cls.__doc__
        made.__qualname__ = f"{cls.as_view.__qualname__}.<locals>.view"
        return made

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Set what all methods of the view may use; called before ``dispatch``."""
        if hasattr(self, "get") and not hasattr(self, "head"):
            self.head = self.get
        self.request = request
        self.args = args
        self.kwargs = kwargs

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Call the handler of the request's method."""
        name = (request.method or "").lower()
        handler = getattr(self, name, None) if name in self.http_method_names else None
        if handler is None:
            handler = self.http_method_not_allowed
        return handler(request, *args, **kwargs)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The answer to a method without a handler: 405, with the ones that there are."""
        response = HttpResponseNotAllowed(self._allowed_methods())
        log_response("Method Not Allowed (%s): %s", request.method, request.path, response=response, request=request)
        return self._coloured(response)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The answer to ``OPTIONS``: the methods that there are."""
        response = HttpResponse()
        response.headers["Allow"] = ", ".join(self._allowed_methods())
        response.headers["Content-Length"] = "0"
        return self._coloured(response)

    def _coloured(self, response: HttpResponseBase) -> Any:
        """The response as the other handlers return it: awaitable where they are."""
        if not self.view_is_async:
            return response

        async def answer() -> HttpResponseBase:
            return response

        return answer()

    def _allowed_methods(self) -> list[str]:
        return [name.upper() for name in self.http_method_names if hasattr(self, name)]


class TemplateResponseMixin:
    """Answers with a rendered template."""

    request: HttpRequest
    template_name: str | None = None
    template_engine: str | None = None
    response_class: Any = TemplateResponse
    content_type: str | None = None

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> Any:
        """The response, rendered late so that middleware and decorators may change its context."""
        response_kwargs.setdefault("content_type", self.content_type)
        return self.response_class(
            self.request, self.get_template_names(), context, using=self.template_engine, **response_kwargs
        )

    def get_template_names(self) -> Sequence[str]:
        """The names of templates to try, best first."""
        if self.template_name is None:
            raise ImproperlyConfigured(
                "TemplateResponseMixin requires either a definition of 'template_name' "
                "or its own 'get_template_names()'"
            )
        return [self.template_name]


class TemplateView(TemplateResponseMixin, ContextMixin, View):
    """Renders a template with the parameters of the URL."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Render the template."""
        return self.render_to_response(self.get_context_data(**kwargs))


_REDIRECTS = {False: HttpResponseRedirect, True: HttpResponsePermanentRedirect}


class RedirectView(View):
    """Redirects to ``url`` (with ``%(name)s`` for parameters) or to the pattern ``pattern_name``; 410 without both."""

    permanent = False
    url: str | None = None
    pattern_name: str | None = None
    query_string = False
    preserve_request = False

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str | None:
        """The target, ``None`` if there is none."""
        if self.url:
            url = self.url % kwargs
        elif self.pattern_name:
            url = reverse(self.pattern_name, args=args, kwargs=kwargs)
        else:
            return None
        query = self.request.META.get("QUERY_STRING", "")
        if query and self.query_string:
            url = f"{url}{'&' if '?' in url else '?'}{query}"
        return url

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Redirect, permanently (301, 308) or not (302, 307)."""
        url = self.get_redirect_url(*args, **kwargs)
        if url:
            return _REDIRECTS[bool(self.permanent)](url, preserve_request=self.preserve_request)
        response = HttpResponseGone()
        log_response("Gone: %s", request.path, response=response, request=request)
        return response

    head = post = options = delete = put = patch = get  # type: ignore[assignment]
