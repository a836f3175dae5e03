"""Responses that are rendered late, so that middleware can change their template and context (ref/template-response)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from nuages.http import HttpResponse
from nuages.template.loader import get_template, select_template

if TYPE_CHECKING:
    from nuages.http import HttpRequest

__all__ = ["ContentNotRenderedError", "SimpleTemplateResponse", "TemplateResponse"]


class ContentNotRenderedError(Exception):
    """The content of a template response was read before it was rendered."""


class SimpleTemplateResponse(HttpResponse):
    """A response made of a template (an object, a name, or a list of names) and a context, without a request."""

    non_picklable_attrs: frozenset[str] = HttpResponse.non_picklable_attrs | frozenset(
        ["template_name", "context_data", "_post_render_callbacks", "_request"]
    )
    rendering_attrs = ["template_name", "context_data", "_post_render_callbacks"]

    def __init__(
        self,
        template: Any,
        context: dict[str, Any] | None = None,
        content_type: str | None = None,
        status: int | None = None,
        charset: str | None = None,
        using: str | None = None,
        headers: Any = None,
    ) -> None:
        self.template_name = template
        self.context_data = context
        self.using = using
        self._post_render_callbacks: list[Callable[..., Any]] = []
        # The request stands on its own in the sub-class; it must not be an argument here.
        self._request: HttpRequest | None = None
        super().__init__("", content_type, status, charset=charset, headers=headers)
        # The empty content above is a stand-in.
        self._is_rendered = False

    def _require_rendered(self, purpose: str) -> None:
        if not self._is_rendered:
            raise ContentNotRenderedError(f"The response content must be rendered before it can be {purpose}.")

    def __getstate__(self) -> dict[str, Any]:
        self._require_rendered("pickled")
        return super().__getstate__()  # type: ignore[no-any-return]

    def resolve_template(self, template: Any) -> Any:
        """Return the template object for what was given."""
        if isinstance(template, (list, tuple)):
            return select_template(template, using=self.using)
        if isinstance(template, str):
            return get_template(template, using=self.using)
        return template

    def resolve_context(self, context: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return the data to render with; a subclass may add to it."""
        return context

    @property
    def rendered_content(self) -> str:
        """The freshly rendered content; it does not become the content of the response."""
        template = self.resolve_template(self.template_name)
        return template.render(self.resolve_context(self.context_data), self._request)  # type: ignore[no-any-return]

    def add_post_render_callback(self, callback: Callable[..., Any]) -> None:
        """Call ``callback(response)`` once the response is rendered: at once, if it is already."""
        if self._is_rendered:
            callback(self)
        else:
            self._post_render_callbacks.append(callback)

    def render(self) -> Any:
        """Render, unless that was done already, and return the response, or the one that a callback put in its place."""
        response: Any = self
        if not self._is_rendered:
            self.content = self.rendered_content
            for callback in self._post_render_callbacks:
                replacement = callback(response)
                if replacement is not None:
                    response = replacement
        return response

    @property
    def is_rendered(self) -> bool:
        """Whether the content is set."""
        return self._is_rendered

    def __iter__(self) -> Iterator[bytes]:
        self._require_rendered("iterated over")
        return super().__iter__()

    @property
    def content(self) -> bytes:
        """The rendered content. Raises ContentNotRenderedError before; setting it counts as rendering."""
        self._require_rendered("accessed")
        return HttpResponse.content.fget(self)  # type: ignore[attr-defined, no-any-return]

    @content.setter
    def content(self, value: Any) -> None:
        HttpResponse.content.fset(self, value)  # type: ignore[attr-defined]
        self._is_rendered = True


class TemplateResponse(SimpleTemplateResponse):
    """A response made of a template and a context for a request: context processors apply."""

    rendering_attrs = [*SimpleTemplateResponse.rendering_attrs, "_request"]

    def __init__(
        self,
        request: HttpRequest | None,
        template: Any,
        context: dict[str, Any] | None = None,
        content_type: str | None = None,
        status: int | None = None,
        charset: str | None = None,
        using: str | None = None,
        headers: Any = None,
    ) -> None:
        super().__init__(template, context, content_type, status, charset, using, headers=headers)
        self._request = request
