"""Shortcuts for views (documentation: topics/http/shortcuts)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from nuages import bridge
from nuages.http import Http404, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from nuages.template import loader
from nuages.text.http import MAX_URL_REDIRECT_LENGTH
from nuages.text.lazy import Promise
from nuages.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from nuages.models import Manager, Model, QuerySet

M = TypeVar("M", bound="Model")
Source: TypeAlias = "type[M] | Manager[M] | QuerySet[M]"
"""Where objects come from: a model class, a manager or a queryset."""


def render(
    request: Any,
    template_name: Any,
    context: dict[str, Any] | None = None,
    content_type: str | None = None,
    status: int | None = None,
    using: str | None = None,
) -> HttpResponse:
    """Give a response with a rendered template.

    :param template_name: a name, or several, of which the first that exists is taken.
    :param using: the alias of the template engine.
    """
    content = loader.render_to_string(template_name, context, request, using=using)
    return HttpResponse(content, content_type, status)


def redirect(
    to: Any,
    *args: Any,
    permanent: bool = False,
    preserve_request: bool = False,
    max_length: int | None = MAX_URL_REDIRECT_LENGTH,
    **kwargs: Any,
) -> HttpResponseRedirect | HttpResponsePermanentRedirect:
    """Give a redirect to a model instance (its ``get_absolute_url``), a view's name with arguments, or an address.

    :raises DisallowedRedirect: the address is longer than ``max_length``.
    """
    kind = HttpResponsePermanentRedirect if permanent else HttpResponseRedirect
    return kind(resolve_url(to, *args, **kwargs), preserve_request=preserve_request, max_length=max_length)


def _get_queryset(klass: Any) -> Any:
    """Give all objects of a model class, or a manager's, or a queryset itself."""
    return klass._default_manager.all() if hasattr(klass, "_default_manager") else klass


def _not_queryable(function: str, klass: Any) -> ValueError:
    name = klass.__name__ if isinstance(klass, type) else klass.__class__.__name__
    return ValueError(f"{function}() takes a Model, Manager or QuerySet first, not '{name}'.")


def _get_object(function: str, klass: Any, args: Any, kwargs: Any) -> Any:
    queryset = _get_queryset(klass)
    if not hasattr(queryset, "get"):
        raise _not_queryable(function, klass)
    try:
        return queryset.get(*args, **kwargs)
    except queryset.model.DoesNotExist:
        raise Http404(f"No {queryset.model._meta.object_name} matches the given query.") from None


def _get_list(function: str, klass: Any, args: Any, kwargs: Any) -> list[Any]:
    queryset = _get_queryset(klass)
    if not hasattr(queryset, "filter"):
        raise _not_queryable(function, klass)
    found = list(queryset.filter(*args, **kwargs))
    if not found:
        raise Http404(f"No {queryset.model._meta.object_name} matches the given query.")
    return found


def get_object_or_404(klass: Source[M], *args: Any, **kwargs: Any) -> M:
    """Give the one object that fits.

    :raises Http404: there is none.
    :raises MultipleObjectsReturned: there are several.
    """
    found: M = _get_object("get_object_or_404", klass, args, kwargs)
    return found


async def aget_object_or_404(klass: Source[M], *args: Any, **kwargs: Any) -> M:
    """As `get_object_or_404`, awaited."""
    found: M = await bridge.run(_get_object, "aget_object_or_404", klass, args, kwargs)
    return found


def get_list_or_404(klass: Source[M], *args: Any, **kwargs: Any) -> list[M]:
    """Give the list of objects that fit.

    :raises Http404: it is empty.
    """
    return _get_list("get_list_or_404", klass, args, kwargs)


async def aget_list_or_404(klass: Source[M], *args: Any, **kwargs: Any) -> list[M]:
    """As `get_list_or_404`, awaited."""
    return await bridge.run(_get_list, "aget_list_or_404", klass, args, kwargs)


def resolve_url(to: Any, *args: Any, **kwargs: Any) -> str:
    """Give the address that ``to`` stands for.

    :raises NoReverseMatch: it is a view (or looks like a name) that cannot be reversed.
    """
    if hasattr(to, "get_absolute_url"):
        return to.get_absolute_url()  # type: ignore[no-any-return]
    target = str(to) if isinstance(to, Promise) else to
    relative = isinstance(target, str) and target.startswith(("./", "../"))
    if not relative:
        try:
            return reverse(target, args=args, kwargs=kwargs)
        except NoReverseMatch:
            looks_like_address = not callable(target) and not {"/", "."}.isdisjoint(target)
            if not looks_like_address:
                raise
    return target  # type: ignore[no-any-return]
