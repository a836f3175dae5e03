"""Lists of pages for search engines."""

import importlib

import pytest

from nuages.contrib import sitemaps
from nuages.exceptions import ImproperlyConfigured


class Pages(sitemaps.Sitemap):
    def items(self):
        return ["/a/", "/b/"]

    def location(self, item):
        return item


def test_the_list_survives_that_its_application_is_loaded():
    importlib.import_module("nuages.contrib.sitemaps.apps")
    with pytest.raises(ImproperlyConfigured, match="sites framework"):
        Pages().get_urls()


def test_addresses():
    class Site:
        domain = "example.org"

    found = [entry["location"] for entry in Pages().get_urls(site=Site())]
    assert found == ["https://example.org/a/", "https://example.org/b/"]
