"""The feed of a site as a view."""

import datetime as dt
import functools
from xml.etree import ElementTree

import pytest

from nuages.contrib.syndication.views import Feed, add_domain
from nuages.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from nuages.http import Http404
from nuages.i18n import translation
from nuages.test import RequestFactory
from nuages.text import feeds

ATOM = "{http://www.w3.org/2005/Atom}"
REQUEST = RequestFactory(headers={"host": "example.org"})


class Entry:
    def __init__(self, name):
        self.name = name

    def __str__(self):
        return f"<i>{self.name}"

    def get_absolute_url(self):
        return f"/entry/{self.name}/"


class News(Feed):
    title = "News"
    link = "/news/"
    description = "All of it"

    def items(self):
        return [Entry("one")]


@pytest.fixture(autouse=True)
def templates(override):
    texts = {"title.html": "{{ obj }}, {{ site.domain }}, {{ more }}", "body.html": "{{ obj.name }}"}
    loaders = [("nuages.template.loaders.locmem.Loader", texts)]
    backend = "nuages.template.backends.native.Templates"
    override(
        TEMPLATES=[{"BACKEND": backend, "OPTIONS": {"loaders": loaders}}],
        USE_TZ=True,
        TIME_ZONE="Europe/Paris",
        ALLOWED_HOSTS=["*"],
    )


def asked(feed, path="/feed/", secure=False, **arguments):
    response = feed(REQUEST.get(path, secure=secure), **arguments)
    return response, ElementTree.fromstring(response.content)


def test_a_simple_feed():
    with translation.override("de"):
        response, root = asked(News())
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = root.find("channel")
    assert (channel.findtext("title"), channel.findtext("link")) == ("News", "http://example.org/news/")
    assert channel.find(f"{ATOM}link").get("href") == "http://example.org/feed/"
    assert channel.findtext("language") == "de"
    item = channel.find("item")
    assert item.findtext("title") == "&lt;i&gt;one"  # HTML in a title is shown, not obeyed
    assert item.findtext("description") == "<i>one"
    assert item.findtext("link") == item.findtext("guid") == "http://example.org/entry/one/"
    assert "Last-Modified" not in response.headers


def test_addresses_follow_the_scheme():
    _, root = asked(News(), secure=True)
    assert root.findtext("channel/item/link") == "https://example.org/entry/one/"


class About(Feed):
    feed_type = feeds.Atom1Feed
    feed_url = "/own/"
    subtitle = "sub"
    author_name = "Ada"
    categories = ("a",)
    feed_copyright = "(c)"
    language = "fr"

    def get_object(self, request, name):
        if name == "nobody":
            raise ObjectDoesNotExist
        return name

    def title(self, obj):
        return f"About {obj}"

    def link(self):
        return "//cdn.example/"

    def description(self, obj):
        return ""

    def feed_guid(self, obj):
        return f"guid:{obj}"

    def items(self, obj):
        return [Entry(obj), Entry("other")]

    def item_guid(self, item):
        return f"entry:{item.name}"

    def item_pubdate(self, item):
        return dt.datetime(2020, 1, 2, 12)

    def item_updateddate(self, item):
        return dt.datetime(2020, 7, 2, 12)

    def item_author_name(self):
        return "Bob"

    item_author_email = "bob@example.org"
    item_author_link = "https://bob.example/"
    item_categories = ("x",)
    item_copyright = "(i)"

    def item_enclosure_url(self, item):
        return f"/{item.name}.mp3"

    item_enclosure_length = 3
    item_enclosure_mime_type = "audio/mpeg"


def test_hooks_with_and_without_their_subject():
    response, root = asked(About(), name="clouds")
    assert root.findtext(f"{ATOM}title") == "About clouds"
    assert root.findtext(f"{ATOM}id") == "guid:clouds"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://cdn.example/", "self": "http://example.org/own/"}
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "entry:clouds"
    assert [child.text for child in entry.find(f"{ATOM}author")] == ["Bob", "bob@example.org", "https://bob.example/"]
    enclosure = entry.find(f"{ATOM}link[@rel='enclosure']")
    assert enclosure.attrib == {"rel": "enclosure", "href": "/clouds.mp3", "length": "3", "type": "audio/mpeg"}
    assert entry.find(f"{ATOM}category").get("term") == "x"
    assert entry.findtext(f"{ATOM}rights") == "(i)"


def test_dates_without_a_zone_are_those_of_the_project():
    response, root = asked(About(), name="clouds")
    assert root.findtext(f"{ATOM}entry/{ATOM}published") == "2020-01-02T12:00:00+01:00"
    assert root.findtext(f"{ATOM}entry/{ATOM}updated") == "2020-07-02T12:00:00+02:00"
    assert response.headers["Last-Modified"] == "Thu, 02 Jul 2020 10:00:00 GMT"


def test_what_is_not_there_is_not_found():
    with pytest.raises(Http404):
        asked(About(), name="nobody")


class Templated(News):
    title_template = "title.html"
    description_template = "body.html"

    def get_context_data(self, **kwargs):
        assert set(kwargs) == {"item", "obj", "site", "request"}
        return {**super().get_context_data(**kwargs), "more": kwargs["request"].path}


def test_titles_and_descriptions_from_templates():
    _, root = asked(Templated())
    assert root.findtext("channel/item/title") == "&lt;i&gt;one, example.org, /feed/"
    assert root.findtext("channel/item/description") == "one"


def test_templates_that_are_not_there_leave_it_to_the_methods():
    class Missing(News):
        title_template = "nowhere.html"
        item_title = "Fixed"

    assert asked(Missing())[1].findtext("channel/item/title") == "Fixed"


def test_more_arguments_reach_formats_of_ones_own():
    class Extended(News):
        def feed_extra_kwargs(self, obj):
            return {"edition": 2}

        def item_extra_kwargs(self, item):
            return {"minutes": 3}

    feed = Extended().get_feed(None, REQUEST.get("/"))
    assert feed.feed["edition"] == 2 and feed.items[0]["minutes"] == 3


def test_items_without_an_address_are_explained():
    class Plain(News):
        items = ("text",)

    with pytest.raises(ImproperlyConfigured, match="get_absolute_url"):
        asked(Plain())


def test_a_feed_without_a_link_is_explained():
    class Nowhere(News):
        link = None

    with pytest.raises(ImproperlyConfigured, match="Nowhere has no link"):
        asked(Nowhere())


def test_decorated_hooks():
    def open_(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(*args)

        return wrapper

    def closed(function):
        def wrapper(*args):
            return function(*args)

        return wrapper

    class Open(News):
        @open_
        def title(self):
            return "decorated"

    class Closed(News):
        @closed
        def title(self):
            return "hidden"

    assert asked(Open())[1].findtext("channel/title") == "decorated"
    with pytest.raises(ImproperlyConfigured, match=r"functools\.wraps"):
        asked(Closed())


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("/a/?b=1", "https://example.org/a/?b=1"),
        ("http://other.example/", "http://other.example/"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
    ],
)
def test_domains(url, whole):
    assert add_domain("example.org", url, secure=True) == whole
