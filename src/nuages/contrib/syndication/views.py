"""``Feed``, a view that shows the newest items of a site as RSS or Atom."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable
from typing import Any

from nuages.contrib.sites.shortcuts import get_current_site
from nuages.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from nuages.http import Http404, HttpResponse
from nuages.i18n.timezone import get_default_timezone, is_naive, make_aware
from nuages.i18n.translation import get_language
from nuages.template import loader
from nuages.template.errors import TemplateDoesNotExist
from nuages.text import feeds
from nuages.text.encoding import iri_to_uri
from nuages.text.html import escape
from nuages.text.http import http_date

_MISSING: Any = object()


class FeedDoesNotExist(ObjectDoesNotExist):
    """There is no such feed."""


def add_domain(domain: str, url: Any, secure: bool = False) -> str:
    """*url* with scheme and *domain* in front, where it has none of its own."""
    scheme = "https" if secure else "http"
    address = str(url)
    if address.startswith("//"):
        return f"{scheme}:{address}"
    if address.startswith(("http://", "https://", "mailto:")):
        return address
    return str(iri_to_uri(f"{scheme}://{domain}{address}"))


class Feed:
    """A feed. Subclasses give ``title``, ``link``, ``description``, ``items`` and what else is known, as values or methods.

    A method is called with what it speaks of: the object of ``get_object`` for the feed, the item for names that start
    with ``item_``; or without, when it takes no argument.
    """

    feed_type: type[feeds.SyndicationFeed] = feeds.DefaultFeed
    title_template: str | None = None
    description_template: str | None = None
    language: str | None = None

    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The response with the feed; ``Http404`` when ``get_object`` finds nothing."""
        try:
            obj = self.get_object(request, *args, **kwargs)
        except ObjectDoesNotExist:
            raise Http404("Feed object does not exist.") from None
        feed = self.get_feed(obj, request)
        response = HttpResponse(content_type=feed.content_type)
        if hasattr(self, "item_pubdate") or hasattr(self, "item_updateddate"):
            # Without dates of the items the newest one is now, which tells caches nothing.
            response.headers["Last-Modified"] = http_date(feed.latest_post_date().timestamp())
        feed.write(response, "utf-8")
        return response

    def get_object(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What the feed is about, by the arguments of its address; ``ObjectDoesNotExist`` when there is none."""
        return None

    def item_title(self, item: Any) -> str:
        """The item as text; escaped, since readers take titles for HTML."""
        return escape(str(item))

    def item_description(self, item: Any) -> str:
        """The item as text."""
        return str(item)

    def item_link(self, item: Any) -> str:
        """The address of the item's own page."""
        if not hasattr(item, "get_absolute_url"):
            raise ImproperlyConfigured(
                f"Nobody knows the link of {item!r}: give {type(item).__name__} a get_absolute_url() method, "
                f"or {type(self).__name__} an item_link() method."
            )
        return str(item.get_absolute_url())

    def item_enclosures(self, item: Any) -> list[feeds.Enclosure]:
        """The one file that ``item_enclosure_url``, ``…_length`` and ``…_mime_type`` describe, if they do."""
        url = self._value("item_enclosure_url", item)
        if not url:
            return []
        length, kind = (self._value(f"item_enclosure_{part}", item) for part in ("length", "mime_type"))
        return [feeds.Enclosure(url, length, kind)]

    def feed_extra_kwargs(self, obj: Any) -> dict[str, Any]:
        """More arguments for the feed; for formats of your own."""
        return {}

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        """More arguments for an item; for formats of your own."""
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What templates of titles and descriptions see; given ``item``, ``obj``, ``site`` and ``request``."""
        return {"obj": kwargs.get("item"), "site": kwargs.get("site")}

    def get_feed(self, obj: Any, request: Any) -> feeds.SyndicationFeed:
        """The feed about *obj*, with its items."""
        site = get_current_site(request)
        feed = self.feed_type(**self._description(obj, request, site), **self.feed_extra_kwargs(obj))
        title, description = _template(self.title_template), _template(self.description_template)
        for item in self._value("items", obj, ()):
            context = self.get_context_data(item=item, site=site, obj=obj, request=request)
            arguments = self._item(item, request, site)
            arguments["title"] = title.render(context, request) if title else self._value("item_title", item)
            arguments["description"] = (
                description.render(context, request) if description else self._value("item_description", item)
            )
            feed.add_item(**arguments, **self.item_extra_kwargs(item))
        return feed

    def _description(self, obj: Any, request: Any, site: Any) -> dict[str, Any]:
        """The arguments of the feed."""
        link = self._value("link", obj)
        if link is None:
            raise ImproperlyConfigured(f"{type(self).__name__} has no link: define it as an attribute or a method.")
        secure = request.is_secure()
        names = ("title", "subtitle", "description", "author_name", "author_email", "author_link", "categories")
        more = ("feed_copyright", "feed_guid", "ttl", "stylesheets")
        return {
            **{name: self._value(name, obj) for name in (*names, *more)},
            "link": add_domain(site.domain, link, secure),
            "language": self.language or get_language(),
            "feed_url": add_domain(site.domain, self._value("feed_url", obj) or request.path, secure),
        }

    def _item(self, item: Any, request: Any, site: Any) -> dict[str, Any]:
        """The arguments of an item, but for its title and description."""
        link = add_domain(site.domain, self._value("item_link", item), request.is_secure())
        author = self._value("item_author_name", item)
        return {
            "link": link,
            "unique_id": self._value("item_guid", item, link),
            "unique_id_is_permalink": self._value("item_guid_is_permalink", item),
            "enclosures": self._value("item_enclosures", item),
            "pubdate": _aware(self._value("item_pubdate", item)),
            "updateddate": _aware(self._value("item_updateddate", item)),
            "author_name": author,
            # An address is that of a name: nobody's are left out.
            "author_email": self._value("item_author_email", item) if author is not None else None,
            "author_link": self._value("item_author_link", item) if author is not None else None,
            "categories": self._value("item_categories", item, ()),
            "comments": self._value("item_comments", item),
            "item_copyright": self._value("item_copyright", item),
        }

    def _value(self, name: str, subject: Any, default: Any = None) -> Any:
        """What the attribute or the method of this name says of *subject*."""
        found = getattr(self, name, _MISSING)
        if found is _MISSING:
            return default
        if not callable(found):
            return found
        return found(subject) if _takes_subject(found, name) else found()


def _takes_subject(method: Callable[..., Any], name: str) -> bool:
    """Whether a hook wants what it speaks of, or no argument at all."""
    parameters = inspect.signature(method).parameters.values()
    if any(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters):
        return True
    variable = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if variable and getattr(method, "__name__", name) != name:
        raise ImproperlyConfigured(
            f"Feed method {name!r} is hidden behind the decorator's function {method.__name__!r}, which does not show its "
            "arguments: use @functools.wraps in the decorator."
        )
    return variable


def _template(name: str | None) -> Any:
    """The template, None when it is not named or not there: the methods speak then."""
    if name is None:
        return None
    try:
        return loader.get_template(name)
    except TemplateDoesNotExist:
        return None


def _aware(moment: datetime.datetime | None) -> datetime.datetime | None:
    """The moment with a zone: feeds are read in others."""
    if moment is None or not is_naive(moment):
        return moment
    return make_aware(moment, get_default_timezone())
