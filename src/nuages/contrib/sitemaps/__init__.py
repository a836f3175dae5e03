"""Lists of a site's pages for search engines (documentation: ref/contrib/sitemaps)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

# Not under its own name, which is that of a module of this package.
from nuages.apps import apps as installed
from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured
from nuages.i18n import translation
from nuages.views import pagination


class Sitemap:
    """A part of the list. A subclass gives ``items`` and says, as values or methods, what is known of each of them."""

    # The protocol allows no more addresses in one file.
    limit = 50_000
    protocol: str | None = None
    i18n = False
    languages: Any = None
    alternates = False
    x_default = False

    def items(self) -> Any:
        """The objects, a list or a QuerySet."""
        return []

    def location(self, item: Any) -> str:
        """The path of the item's page."""
        return str(item.get_absolute_url())

    def get_languages_for_item(self, item: Any) -> list[str]:
        """The languages in which the item has a page."""
        return self._languages()

    def _languages(self) -> list[str]:
        return list(self.languages or [code for code, _name in settings.LANGUAGES])

    def _value(self, name: str, item: Any, default: Any = None) -> Any:
        """What a value or a method of this name says of the item."""
        found = getattr(self, name, default)
        if not callable(found):
            return found
        if not self.i18n:
            return found(item)
        # With languages the entries are pairs: each is asked in its own.
        obj, language = item
        with translation.override(language):
            return found(obj)

    def _entries(self) -> Any:
        if not self.i18n:
            return self.items()
        return [(item, language) for item in self.items() for language in self.get_languages_for_item(item)]

    @property
    def paginator(self) -> Any:
        """The pages of the list."""
        return pagination.Paginator(self._entries(), self.limit)

    def get_protocol(self, protocol: str | None = None) -> str:
        """The scheme of the addresses."""
        return self.protocol or protocol or "https"

    def get_domain(self, site: Any = None) -> str:
        """The host of the addresses; ``ImproperlyConfigured`` when nobody knows it."""
        if site is None and installed.is_installed("nuages.contrib.sites"):
            site = installed.get_model("sites.Site").objects.get_current()
        if site is None:
            raise ImproperlyConfigured(
                "To use sitemaps, either enable the sites framework or pass a Site/RequestSite object in your view."
            )
        return str(site.domain)

    def get_urls(self, page: int = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """The entries of one page, as the template takes them."""
        root = f"{self.get_protocol(protocol)}://{self.get_domain(site)}"
        return list(self._urls(self.paginator.page(page).object_list, root))

    def _urls(self, entries: Iterable[Any], root: str) -> Iterator[dict[str, Any]]:
        latest: Any = None
        all_dated = True
        for entry in entries:
            lastmod = self._value("lastmod", entry)
            all_dated = all_dated and lastmod is not None
            if all_dated and (latest is None or lastmod > latest):
                latest = lastmod
            priority = self._value("priority", entry)
            yield {
                "item": entry,
                "location": f"{root}{self._value('location', entry)}",
                "lastmod": lastmod,
                "changefreq": self._value("changefreq", entry),
                "priority": "" if priority is None else str(priority),
                "alternates": self._alternates(entry, root) if self.i18n and self.alternates else [],
            }
        if all_dated and latest is not None:
            self.latest_lastmod = latest

    def _alternates(self, entry: Any, root: str) -> list[dict[str, str]]:
        item, _language = entry
        found = [
            {"location": f"{root}{self._value('location', (item, code))}", "lang_code": code}
            for code in self.get_languages_for_item(item)
        ]
        if self.x_default:
            # The address without a language in front, from which visitors are sent to theirs.
            plain = urlsplit(f"{root}{self._value('location', (item, settings.LANGUAGE_CODE))}")
            path = plain.path.replace(f"/{settings.LANGUAGE_CODE}/", "/", 1)
            found.append({"location": plain._replace(path=path).geturl(), "lang_code": "x-default"})
        return found

    def get_latest_lastmod(self) -> Any:
        """When the newest item was changed; ``None`` when that is not known of all."""
        if not hasattr(self, "lastmod"):
            return None
        if not callable(self.lastmod):
            return self.lastmod
        try:
            return max([self.lastmod(item) for item in self.items()], default=None)
        except TypeError:  # some have no date
            return None


class GenericSitemap(Sitemap):
    """The objects of ``{"queryset": …, "date_field": …}``."""

    priority: Any = None
    changefreq: Any = None

    def __init__(
        self, info_dict: dict[str, Any], priority: Any = None, changefreq: Any = None, protocol: str | None = None
    ) -> None:
        self.queryset = info_dict["queryset"]
        self.date_field = info_dict.get("date_field")
        self.priority = self.priority or priority
        self.changefreq = self.changefreq or changefreq
        self.protocol = self.protocol or protocol

    def items(self) -> Any:
        """A copy of the QuerySet: what is cached would be stale in the next request."""
        return self.queryset.filter()

    def lastmod(self, item: Any) -> Any:
        """The value of the date field."""
        return getattr(item, self.date_field) if self.date_field is not None else None

    def get_latest_lastmod(self) -> Any:
        """The newest date, from the database."""
        if self.date_field is None:
            return None
        newest = self.queryset.order_by(f"-{self.date_field}").values_list(self.date_field, flat=True)
        return newest.first()
