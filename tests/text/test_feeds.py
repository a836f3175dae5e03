"""Feeds as text."""

import datetime as dt
from xml.etree import ElementTree

import pytest

from nuages.text import feeds
from nuages.text.lazy import lazystr

NOON = dt.datetime(2020, 1, 2, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2020, 5, 6, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
ATOM = "{http://www.w3.org/2005/Atom}"


def written(feed, **item):
    feed.add_item(**{"title": "One", "link": "https://example.org/1", "description": "<b>", **item})
    return ElementTree.fromstring(feed.writeString("utf-8").encode())


def made(kind, **more):
    return kind(title="News & more", link="https://example.org/ü", description="All", **more)


def test_rss_says_everything_of_the_channel():
    feed = made(
        feeds.Rss201rev2Feed, language="de", categories=["a", 1], feed_url="/rss/", feed_copyright="(c)", ttl=60
    )
    root = written(feed, pubdate=NOON)
    assert root.tag == "rss" and root.attrib == {"version": "2.0"}
    channel = root.find("channel")
    assert [child.text for child in channel.findall("category")] == ["a", "1"]
    found = {name: channel.findtext(name) for name in ("title", "link", "description", "language", "copyright", "ttl")}
    assert found == {
        "title": "News & more",
        "link": "https://example.org/%C3%BC",
        "description": "All",
        "language": "de",
        "copyright": "(c)",
        "ttl": "60",
    }
    assert channel.find(f"{ATOM}link").attrib == {"rel": "self", "href": "/rss/"}
    assert channel.findtext("lastBuildDate") == "Thu, 02 Jan 2020 12:00:00 +0000"


def test_rss_says_everything_of_an_item():
    root = written(
        made(feeds.Rss201rev2Feed),
        author_email="a@example.org",
        author_name="Ada",
        pubdate=NOON,
        comments="/comments/",
        unique_id="id-1",
        unique_id_is_permalink=False,
        categories=("x", "y"),
        ttl=3,
        enclosures=[feeds.Enclosure("/ö.mp3", 12, "audio/mpeg")],
    )
    item = root.find("channel/item")
    assert {child.tag: child.text for child in item if child.tag not in ("category", "enclosure")} == {
        "title": "One",
        "link": "https://example.org/1",
        "description": "<b>",
        "author": "a@example.org (Ada)",
        "pubDate": "Thu, 02 Jan 2020 12:00:00 +0000",
        "comments": "/comments/",
        "guid": "id-1",
        "ttl": "3",
    }
    assert item.find("guid").attrib == {"isPermaLink": "false"}
    assert item.find("enclosure").attrib == {"url": "/%C3%B6.mp3", "length": "12", "type": "audio/mpeg"}
    assert [child.text for child in item.findall("category")] == ["x", "y"]


def test_an_author_without_an_address_is_a_creator():
    item = written(made(feeds.Rss201rev2Feed), author_name="Ada").find("channel/item")
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Ada"
    assert item.find("author") is None


def test_rss_allows_one_enclosure_and_atom_many():
    two = [feeds.Enclosure("/a", 1, "audio/a"), feeds.Enclosure("/b", 2, "audio/b")]
    with pytest.raises(ValueError, match="one enclosure"):
        written(made(feeds.Rss201rev2Feed), enclosures=two)
    links = written(made(feeds.Atom1Feed), enclosures=two).findall(f"{ATOM}entry/{ATOM}link[@rel='enclosure']")
    assert [link.get("href") for link in links] == ["/a", "/b"]


def test_the_oldest_rss_knows_only_three_things_of_an_item():
    item = written(made(feeds.RssUserland091Feed), pubdate=NOON, unique_id="x").find("channel/item")
    assert [child.tag for child in item] == ["title", "link", "description"]


def test_atom_says_everything():
    feed = made(
        feeds.Atom1Feed,
        language="de",
        subtitle="sub",
        author_name="Ada",
        author_email="a@example.org",
        author_link="/ada/",
        feed_copyright="(c)",
        feed_url="/atom/",
        categories=["a"],
    )
    root = written(feed, pubdate=NOON, updateddate=LATER, item_copyright="(i)", categories=["b"])
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    assert [(link.get("rel"), link.get("href")) for link in root.findall(f"{ATOM}link")] == [
        ("alternate", "https://example.org/%C3%BC"),
        ("self", "/atom/"),
    ]
    assert root.findtext(f"{ATOM}id") == "https://example.org/ü"
    assert root.findtext(f"{ATOM}updated") == "2020-05-06T12:00:00+02:00"
    assert [child.text for child in root.find(f"{ATOM}author")] == ["Ada", "a@example.org", "/ada/"]
    assert (root.findtext(f"{ATOM}subtitle"), root.findtext(f"{ATOM}rights")) == ("sub", "(c)")
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "tag:example.org,2020-01-02:/1/"
    assert entry.find(f"{ATOM}summary").attrib == {"type": "html"}
    assert entry.find(f"{ATOM}category").get("term") == "b"
    assert entry.findtext(f"{ATOM}rights") == "(i)"


@pytest.mark.parametrize("kind", [feeds.Atom1Feed, feeds.Rss201rev2Feed])
def test_stylesheets_stand_before_the_root(kind):
    sheets = ["/a.xsl", feeds.Stylesheet("/b", "text/css", media=None), feeds.Stylesheet(lazystr("/c.css"), None)]
    text = made(kind, stylesheets=sheets).writeString("utf-8")
    instructions = [
        '<?xml-stylesheet href="/a.xsl" media="screen" type="text/xsl"?>',
        '<?xml-stylesheet href="/b" type="text/css"?>',
        '<?xml-stylesheet href="/c.css" media="screen"?>',
    ]
    assert "".join(instructions) in text
    assert text.index("<?xml-stylesheet") < text.index("<rss" if "<rss" in text else "<feed")


def test_a_stylesheet_cannot_end_its_instruction():
    sheet = feeds.Stylesheet("/a", mimetype='"?><evil', media="a&b")
    assert str(sheet) == 'href="/a" media="a&amp;b" type="&quot;?&gt;&lt;evil"'


def test_one_stylesheet_alone_is_refused():
    with pytest.raises(TypeError, match="should be a list"):
        made(feeds.Atom1Feed, stylesheets="/a.xsl")


def test_dates():
    naive = dt.datetime(2008, 11, 14, 13, 37)
    assert feeds.rfc2822_date(naive) == "Fri, 14 Nov 2008 13:37:00 -0000"
    assert feeds.rfc2822_date(dt.date(2008, 11, 14)) == "Fri, 14 Nov 2008 00:00:00 -0000"
    assert feeds.rfc3339_date(naive) == "2008-11-14T13:37:00Z"
    assert feeds.rfc3339_date(LATER) == "2020-05-06T12:00:00+02:00"


def test_tag_uris():
    day = dt.date(2008, 10, 25)
    assert feeds.get_tag_uri("http://example.org:80/a/b#c", day) == "tag:example.org,2008-10-25:/a/b/c"
    assert feeds.get_tag_uri("http://example.org/a", None) == "tag:example.org:/a/"


def test_the_newest_date_is_now_without_any():
    feed = made(feeds.Atom1Feed)
    before = dt.datetime.now(dt.UTC)
    assert feed.latest_post_date() >= before
    feed.add_item("a", "/", "d", pubdate=NOON, updateddate=LATER)
    assert feed.latest_post_date() == LATER and feed.num_items() == 1


def test_a_format_of_ones_own():
    class Podcast(feeds.Rss201rev2Feed):
        def root_attributes(self):
            return {**super().root_attributes(), "version": self.feed["edition"]}

        def add_item_elements(self, handler, item):
            super().add_item_elements(handler, item)
            handler.addQuickElement("length", str(item["minutes"]))

        def item_attributes(self, item):
            return {"id": "7"}

    root = written(made(Podcast, edition="2"), minutes=3)
    assert root.find("channel").attrib == {"version": "2"}
    assert root.find("channel/item").attrib == {"id": "7"}
    assert root.findtext("channel/item/length") == "3"


def test_a_feed_needs_a_format():
    with pytest.raises(NotImplementedError, match="SyndicationFeed"):
        made(feeds.SyndicationFeed).writeString("utf-8")


def test_control_characters_are_refused():
    with pytest.raises(ValueError, match="Control characters"):
        written(made(feeds.Atom1Feed), title="\x08")
