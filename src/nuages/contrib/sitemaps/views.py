"""The views of sitemaps."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from nuages.conf.names import public
from nuages.contrib.sites.shortcuts import get_current_site
from nuages.http import Http404
from nuages.i18n import timezone
from nuages.template.response import TemplateResponse
from nuages.text.http import http_date
from nuages.urls import reverse
from nuages.views.pagination import EmptyPage, PageNotAnInteger


class SitemapIndexItem(NamedTuple):
    """An entry of the index."""

    location: str
    last_mod: Any = None

    def __str__(self) -> str:
        return self.location


def x_robots_tag(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: the lists themselves are no search results."""

    @wraps(function)
    def view(request: Any, *args: Any, **kwargs: Any) -> Any:
        response = function(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, noodp, noarchive"
        return response

    return view


def _made(site: Any) -> Any:
    return site() if callable(site) else site


def _newest(one: Any, other: Any) -> Any:
    """The later of two dates, either of which may lack the time."""
    if one is None or other is None:
        return one or other
    return max(_moment(one), _moment(other))


def _moment(value: Any) -> datetime.datetime:
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time.min)
    return timezone.make_aware(value, datetime.UTC) if timezone.is_naive(value) else value


@x_robots_tag
def index(
    request: Any,
    sitemaps: dict[str, Any],
    template_name: str = "sitemap_index.xml",
    content_type: str = "application/xml",
    sitemap_url_name: str = public("nuages.contrib.sitemaps.views.sitemap"),
) -> Any:
    """The list of lists: an entry for each page of each sitemap."""
    site = get_current_site(request)
    entries: list[SitemapIndexItem] = []
    newest: Any = None
    all_dated = True
    for section, made in ((section, _made(sitemap)) for section, sitemap in sitemaps.items()):
        protocol = made.protocol or request.scheme
        address = f"{protocol}://{site.domain}{reverse(sitemap_url_name, kwargs={'section': section})}"
        lastmod = made.get_latest_lastmod()
        all_dated = all_dated and lastmod is not None
        newest = _newest(newest, lastmod)
        entries.append(SitemapIndexItem(address, lastmod))
        for number in range(2, made.paginator.num_pages + 1):
            entries.append(SitemapIndexItem(f"{address}?p={number}", lastmod))
    response = TemplateResponse(request, template_name, {"sitemaps": entries}, content_type=content_type)
    return _dated(response, newest if all_dated else None)


@x_robots_tag
def sitemap(
    request: Any,
    sitemaps: dict[str, Any],
    section: str | None = None,
    template_name: str = "sitemap.xml",
    content_type: str = "application/xml",
) -> Any:
    """One sitemap, or all; ``Http404`` for an unknown section or page."""
    if section is not None and section not in sitemaps:
        raise Http404(f"No sitemap available for section: {section!r}")
    chosen = [sitemaps[section]] if section is not None else list(sitemaps.values())
    page: Any = request.GET.get("p", 1)
    site = get_current_site(request)
    urls: list[Any] = []
    newest: Any = None
    all_dated = True
    for made in map(_made, chosen):
        try:
            urls.extend(made.get_urls(page=page, site=site, protocol=request.scheme))
        except EmptyPage:
            raise Http404(f"Page {page} empty") from None
        except PageNotAnInteger:
            raise Http404(f"No page '{page}'") from None
        lastmod = getattr(made, "latest_lastmod", None)
        all_dated = all_dated and lastmod is not None
        newest = _newest(newest, lastmod)
    response = TemplateResponse(request, template_name, {"urlset": urls}, content_type=content_type)
    return _dated(response, newest if all_dated else None)


def _dated(response: Any, newest: Any) -> Any:
    """Say when the list was last changed, where that is known of all its entries."""
    if newest is not None:
        response.headers["Last-Modified"] = http_date(_moment(newest).timestamp())
    return response
