"""Writing syndication feeds: RSS 0.91, RSS 2.0.1 and Atom (RFC 4287); documented as "utils.feedgenerator"."""

from __future__ import annotations

import datetime
import email.utils
import io
import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from nuages.text.encoding import iri_to_uri
from nuages.text.xml import SimplerXMLGenerator

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
# Not every system's table of types knows style sheets of this kind.
_STYLE_TYPES = {".xsl": "text/xsl", ".xslt": "text/xsl"}
_UNGUESSED = ""


def to_str(value: Any) -> str | None:
    """The text of *value*, lazy or not; None stays None."""
    return None if value is None else str(value)


def rfc2822_date(date: datetime.date) -> str:
    """The moment as RSS writes it; a day is its midnight, a moment without a zone has an unknown one (RFC 2822)."""
    return email.utils.format_datetime(_moment(date))


def rfc3339_date(date: datetime.date) -> str:
    """The moment as Atom writes it; a moment without a zone is taken as UTC (RFC 3339)."""
    moment = _moment(date)
    return moment.isoformat() + ("Z" if moment.utcoffset() is None else "")


def _moment(date: datetime.date) -> datetime.datetime:
    return date if isinstance(date, datetime.datetime) else datetime.datetime.combine(date, datetime.time())


def get_tag_uri(url: Any, date: datetime.date | None) -> str:
    """A ``tag:`` URI for an entry at *url* that appeared at *date* (RFC 4151): it stays when the page moves."""
    parts = urlsplit(str(url))
    day = f",{date:%Y-%m-%d}" if date is not None else ""
    return f"tag:{parts.hostname}{day}:{parts.path}/{parts.fragment}"


class Stylesheet:
    """A style sheet of a feed.

    Args:
        url: Where it is.
        mimetype: Its media type; guessed from the address unless given, None for none.
        media: The kind of display it is for; None for none.
    """

    def __init__(self, url: Any, mimetype: str | None = _UNGUESSED, media: str | None = "screen") -> None:
        self._url = url
        self._mimetype = mimetype
        self.media = media

    @property
    def url(self) -> str:
        """The address, fit for XML; looked up when it is needed, since it may be lazy."""
        return str(iri_to_uri(str(self._url)))

    @property
    def mimetype(self) -> str | None:
        """The media type, None when nobody knows it."""
        if self._mimetype != _UNGUESSED:
            return self._mimetype
        path = urlsplit(self.url).path
        known = next((kind for ending, kind in _STYLE_TYPES.items() if path.endswith(ending)), None)
        return known or mimetypes.guess_type(path)[0]

    def _parts(self) -> dict[str, str | None]:
        return {"href": self.url, "media": self.media, "type": self.mimetype}

    def __str__(self) -> str:
        """The attributes of the processing instruction; text that could end it is escaped."""
        return " ".join(f'{name}="{_attribute(value)}"' for name, value in self._parts().items() if value is not None)

    def __repr__(self) -> str:
        return repr((self.url, self.mimetype, self.media))


def _attribute(text: str) -> str:
    """The text of a pseudo-attribute (https://www.w3.org/TR/xml-stylesheet/)."""
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return text


class Enclosure:
    """A file that belongs to an item, such as the recording of a podcast.

    Args:
        url: Where it is.
        length: Its size in bytes.
        mime_type: Its media type.
    """

    def __init__(self, url: Any, length: Any, mime_type: Any) -> None:
        self.length, self.mime_type = length, mime_type
        self.url: str = str(iri_to_uri(str(url)))

    def attributes(self) -> dict[str, str]:
        """What RSS and Atom both say of it."""
        return {"url": self.url, "length": str(self.length), "type": str(self.mime_type)}


class SyndicationFeed:
    """A feed and its items; subclasses say in ``write`` how they are put down.

    What is given besides the known arguments is kept in ``self.feed``, for formats of your own.
    """

    content_type = "text/xml; charset=utf-8"

    def __init__(
        self,
        title: Any,
        link: Any,
        description: Any,
        language: Any = None,
        author_email: Any = None,
        author_name: Any = None,
        author_link: Any = None,
        subtitle: Any = None,
        categories: Iterable[Any] | None = None,
        feed_url: Any = None,
        feed_copyright: Any = None,
        feed_guid: Any = None,
        ttl: Any = None,
        stylesheets: Iterable[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        if isinstance(stylesheets, (str, Stylesheet)):
            raise TypeError(
                f"stylesheets should be a list, not {type(stylesheets)}: write stylesheets=[{stylesheets!r}]"
            )
        self.feed: dict[str, Any] = {
            "title": to_str(title),
            "link": to_str(iri_to_uri(to_str(link))),
            "description": to_str(description),
            "language": to_str(language),
            "author_email": to_str(author_email),
            "author_name": to_str(author_name),
            "author_link": to_str(iri_to_uri(to_str(author_link))),
            "subtitle": to_str(subtitle),
            "categories": [str(category) for category in categories or ()],
            "feed_url": to_str(iri_to_uri(to_str(feed_url))),
            "feed_copyright": to_str(feed_copyright),
            "id": to_str(feed_guid or link),
            "ttl": to_str(ttl),
            "stylesheets": None if stylesheets is None else [_stylesheet(sheet) for sheet in stylesheets],
            **kwargs,
        }
        self.items: list[dict[str, Any]] = []

    def add_item(
        self,
        title: Any,
        link: Any,
        description: Any,
        author_email: Any = None,
        author_name: Any = None,
        author_link: Any = None,
        pubdate: datetime.datetime | None = None,
        comments: Any = None,
        unique_id: Any = None,
        unique_id_is_permalink: bool | None = None,
        categories: Iterable[Any] | None = (),
        item_copyright: Any = None,
        ttl: Any = None,
        updateddate: datetime.datetime | None = None,
        enclosures: Iterable[Enclosure] | None = None,
        **kwargs: Any,
    ) -> None:
        """Add an item; what is given besides the known arguments is kept in it, for formats of your own."""
        self.items.append(
            {
                "title": to_str(title),
                "link": to_str(iri_to_uri(to_str(link))),
                "description": to_str(description),
                "author_email": to_str(author_email),
                "author_name": to_str(author_name),
                "author_link": to_str(iri_to_uri(to_str(author_link))),
                "pubdate": pubdate,
                "updateddate": updateddate,
                "comments": to_str(comments),
                "unique_id": to_str(unique_id),
                "unique_id_is_permalink": unique_id_is_permalink,
                "enclosures": list(enclosures or ()),
                "categories": [str(category) for category in categories or ()],
                "item_copyright": to_str(item_copyright),
                "ttl": to_str(ttl),
                **kwargs,
            }
        )

    def num_items(self) -> int:
        """How many items there are."""
        return len(self.items)

    def root_attributes(self) -> dict[str, Any]:
        """Attributes of the root element; a hook for formats of your own."""
        return {}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Write the elements of the feed itself; a hook for formats of your own."""

    def add_stylesheets(self, handler: SimplerXMLGenerator) -> None:
        """Write a processing instruction for each style sheet."""
        for sheet in self.feed["stylesheets"] or ():
            handler.processingInstruction("xml-stylesheet", str(sheet))

    def item_attributes(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Attributes of an item's element; a hook for formats of your own."""
        return {}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Mapping[str, Any]) -> None:
        """Write the elements of an item; a hook for formats of your own."""

    def write(self, outfile: Any, encoding: str) -> None:
        """Write the feed to *outfile*, a text file."""
        raise NotImplementedError(f"{type(self).__name__} must provide a write() method: SyndicationFeed has no format")

    def _begun(self, outfile: Any, encoding: str) -> SimplerXMLGenerator:
        """A document of which all that stands before the root is written."""
        handler = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        self.add_stylesheets(handler)
        return handler

    def writeString(self, encoding: str) -> str:
        """The feed as text that says it is in *encoding*."""
        stream = io.StringIO()
        self.write(stream, encoding)
        return stream.getvalue()

    def latest_post_date(self) -> datetime.datetime:
        """When the newest item appeared or was changed; now, when none of them says."""
        dates = [item[name] for item in self.items for name in ("pubdate", "updateddate") if item[name] is not None]
        return max(dates) if dates else datetime.datetime.now(datetime.UTC)


def _stylesheet(sheet: Any) -> Stylesheet:
    return sheet if isinstance(sheet, Stylesheet) else Stylesheet(sheet)


def _quick(handler: SimplerXMLGenerator, name: str, text: Any) -> None:
    """Write an element unless there is nothing in it."""
    if text:
        handler.addQuickElement(name, text)


@contextmanager
def _inside(handler: SimplerXMLGenerator, name: str, attributes: Mapping[str, Any]) -> Iterator[None]:
    """What is written in the block stands in an element."""
    handler.startElement(name, attributes)
    yield
    handler.endElement(name)


class RssFeed(SyndicationFeed):
    """What all versions of RSS have in common; subclasses name theirs in ``_version``."""

    content_type = "application/rss+xml; charset=utf-8"
    _version: str

    def write(self, outfile: Any, encoding: str) -> None:
        """Write the feed to *outfile*, a text file."""
        handler = self._begun(outfile, encoding)
        with _inside(handler, "rss", self.rss_attributes()), _inside(handler, "channel", self.root_attributes()):
            self.add_root_elements(handler)
            self.write_items(handler)

    def rss_attributes(self) -> dict[str, str]:
        """The version, and the name space of the link to the feed itself."""
        return {"version": self._version, "xmlns:atom": ATOM}

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        """Write all items."""
        for item in self.items:
            with _inside(handler, "item", self.item_attributes(item)):
                self.add_item_elements(handler, item)

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Write what is said of the channel."""
        feed = self.feed
        for name in ("title", "link", "description"):
            handler.addQuickElement(name, feed[name])
        if feed["feed_url"] is not None:
            handler.addQuickElement("atom:link", None, {"rel": "self", "href": feed["feed_url"]})
        _quick(handler, "language", feed["language"])
        for category in feed["categories"]:
            handler.addQuickElement("category", category)
        _quick(handler, "copyright", feed["feed_copyright"])
        handler.addQuickElement("lastBuildDate", rfc2822_date(self.latest_post_date()))
        _quick(handler, "ttl", feed["ttl"])


class RssUserland091Feed(RssFeed):
    """RSS 0.91 (http://backend.userland.com/rss091): an item has a title, a link and a description."""

    _version = "0.91"

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Mapping[str, Any]) -> None:
        """Write what is said of an item."""
        handler.addQuickElement("title", item["title"])
        handler.addQuickElement("link", item["link"])
        if item["description"] is not None:
            handler.addQuickElement("description", item["description"])


class Rss201rev2Feed(RssUserland091Feed):
    """RSS 2.0.1 (https://cyber.harvard.edu/rss/rss.html)."""

    _version = "2.0"

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Mapping[str, Any]) -> None:
        """Write what is said of an item; ``ValueError`` when it has more than one enclosure."""
        super().add_item_elements(handler, item)
        self._add_author(handler, item)
        if item["pubdate"] is not None:
            handler.addQuickElement("pubDate", rfc2822_date(item["pubdate"]))
        if item["comments"] is not None:
            handler.addQuickElement("comments", item["comments"])
        if item["unique_id"] is not None:
            permanent = item.get("unique_id_is_permalink")
            mark = {} if permanent is None else {"isPermaLink": str(bool(permanent)).lower()}
            handler.addQuickElement("guid", item["unique_id"], mark)
        _quick(handler, "ttl", item["ttl"])
        if len(item["enclosures"]) > 1:
            raise ValueError(
                f"RSS feed items may only have one enclosure, and {item['title']!r} has {len(item['enclosures'])}; "
                "Atom feeds may have more (https://www.rssboard.org/rss-profile#element-channel-item-enclosure)"
            )
        for enclosure in item["enclosures"]:
            handler.addQuickElement("enclosure", None, enclosure.attributes())
        for category in item["categories"]:
            handler.addQuickElement("category", category)

    def _add_author(self, handler: SimplerXMLGenerator, item: Mapping[str, Any]) -> None:
        """RSS wants an address of its author; one who has only a name is Dublin Core's creator."""
        name, address = item["author_name"], item["author_email"]
        if address:
            handler.addQuickElement("author", f"{address} ({name})" if name else address)
        elif name:
            handler.addQuickElement("dc:creator", name, {"xmlns:dc": DUBLIN_CORE})


class Atom1Feed(SyndicationFeed):
    """Atom 1.0 (RFC 4287)."""

    content_type = "application/atom+xml; charset=utf-8"
    ns = ATOM

    def write(self, outfile: Any, encoding: str) -> None:
        """Write the feed to *outfile*, a text file."""
        handler = self._begun(outfile, encoding)
        with _inside(handler, "feed", self.root_attributes()):
            self.add_root_elements(handler)
            self.write_items(handler)

    def root_attributes(self) -> dict[str, Any]:
        """The name space, and the language where it is known."""
        language = self.feed["language"]
        return {"xmlns": self.ns, **({"xml:lang": language} if language is not None else {})}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Write what is said of the feed."""
        feed = self.feed
        handler.addQuickElement("title", feed["title"])
        handler.addQuickElement("link", "", {"rel": "alternate", "href": feed["link"]})
        if feed["feed_url"] is not None:
            handler.addQuickElement("link", "", {"rel": "self", "href": feed["feed_url"]})
        handler.addQuickElement("id", feed["id"])
        handler.addQuickElement("updated", rfc3339_date(self.latest_post_date()))
        self._add_author(handler, feed)
        _quick(handler, "subtitle", feed["subtitle"])
        self._add_categories(handler, feed["categories"])
        _quick(handler, "rights", feed["feed_copyright"])

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        """Write all entries."""
        for item in self.items:
            with _inside(handler, "entry", self.item_attributes(item)):
                self.add_item_elements(handler, item)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Mapping[str, Any]) -> None:
        """Write what is said of an entry."""
        handler.addQuickElement("title", item["title"])
        handler.addQuickElement("link", "", {"rel": "alternate", "href": item["link"]})
        if item["pubdate"] is not None:
            handler.addQuickElement("published", rfc3339_date(item["pubdate"]))
        if item["updateddate"] is not None:
            handler.addQuickElement("updated", rfc3339_date(item["updateddate"]))
        self._add_author(handler, item)
        unique = item["unique_id"]
        handler.addQuickElement("id", get_tag_uri(item["link"], item["pubdate"]) if unique is None else unique)
        if item["description"] is not None:
            handler.addQuickElement("summary", item["description"], {"type": "html"})
        for enclosure in item["enclosures"]:
            handler.addQuickElement("link", "", {"rel": "enclosure", **_as_link(enclosure)})
        self._add_categories(handler, item["categories"])
        _quick(handler, "rights", item["item_copyright"])

    def _add_author(self, handler: SimplerXMLGenerator, owner: Mapping[str, Any]) -> None:
        """The person: Atom demands a name, even an empty one, beside an address."""
        if owner["author_name"] or owner["author_email"]:
            with _inside(handler, "author", {}):
                handler.addQuickElement("name", owner["author_name"] or "")
                _quick(handler, "email", owner["author_email"])
                _quick(handler, "uri", owner["author_link"])

    def _add_categories(self, handler: SimplerXMLGenerator, categories: Iterable[str]) -> None:
        for category in categories:
            handler.addQuickElement("category", "", {"term": category})


def _as_link(enclosure: Enclosure) -> dict[str, str]:
    attributes = enclosure.attributes()
    return {"href": attributes.pop("url"), **attributes}


DefaultFeed = Rss201rev2Feed
