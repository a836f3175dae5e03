"""Comparing HTML by meaning: a small tree in which white space, order of attributes and character references don't matter."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, NoReturn

from nuages.text.html import VOID_ELEMENTS

# ASCII white space only: a no-break space is content
WHITESPACE = re.compile(r"[ \t\n\x0c\r]+")
BOOLEAN_ATTRIBUTES = frozenset(
    ("allowfullscreen", "inert", "itemscope", "ismap", "playsinline", "open", "hidden", "default", "defer", "async")
    + ("autofocus", "checked", "disabled", "formnovalidate", "multiple", "novalidate", "readonly", "required", "selected")
    + ("autoplay", "controls", "loop", "muted", "nomodule", "reversed")
)


def normalize_whitespace(string: str) -> str:
    """*string* with each run of white space replaced by one space."""
    return WHITESPACE.sub(" ", string)


def normalize_attributes(attributes: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Attributes in one form: classes sorted, boolean attributes without a value, absent values empty."""
    normal: list[tuple[str, str | None]] = []
    for name, value in attributes:
        if name == "class" and value:
            value = " ".join(sorted(value for value in WHITESPACE.split(value) if value))
        if name in BOOLEAN_ATTRIBUTES:
            if not value or value == name:
                value = None
        elif value is None:
            value = ""
        normal.append((name, value))
    return normal


class Element:
    """An element with its attributes and children; children are elements and normalised text."""

    def __init__(self, name: str | None, attributes: list[tuple[str, str | None]]) -> None:
        self.name = name
        self.attributes = sorted(attributes, key=lambda pair: (pair[0], pair[1] or ""))
        self.children: list[Any] = []

    def append(self, element: Any) -> None:
        """Add a child; text joins the text before it."""
        if not isinstance(element, str):
            self.children.append(element)
            return
        text = normalize_whitespace(element)
        if self.children and isinstance(self.children[-1], str):
            self.children[-1] = normalize_whitespace(self.children[-1] + text)
        elif text:
            self.children.append(text)

    def finalize(self) -> None:
        """Strip text at its borders with elements, and drop what is empty, down the whole tree."""
        children = []
        for child in self.children:
            if isinstance(child, str):
                child = child.strip(" ")
                if not child:
                    continue
            else:
                child.finalize()
            children.append(child)
        self.children = children

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Element) or self.name != other.name:
            return False
        return self.attributes == other.attributes and self.children == other.children

    def __hash__(self) -> int:
        return hash((self.name, *self.attributes))

    def count(self, element: Any) -> int:
        """How often *element* (an element, the children of a root, or a piece of text) occurs here or below."""
        if isinstance(element, RootElement):
            if self.children == element.children:
                return 1
            return self._count_sequence(element.children)
        if isinstance(element, Element):
            if self == element:
                return 1
            return sum(child.count(element) for child in self.children if not isinstance(child, str))
        text = str(element)
        return sum(child.count(text) for child in self.children)

    def _count_sequence(self, wanted: list[Any]) -> int:
        found = index = 0
        while index < len(self.children):
            if wanted and self.children[index : index + len(wanted)] == wanted:
                found += 1
                index += len(wanted)
                continue
            child = self.children[index]
            if not isinstance(child, str):
                found += RootElement.of(child)._count_sequence(wanted)
            index += 1
        return found

    def __contains__(self, element: Any) -> bool:
        return self.count(element) > 0

    def __getitem__(self, key: int) -> Any:
        return self.children[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.children)

    def __str__(self) -> str:
        attributes = "".join(
            f" {name}" if value is None else f' {name}="{html.escape(value)}"' for name, value in self.attributes
        )
        start = f"<{self.name}{attributes}>"
        return f"{start}\n{self._inner()}\n</{self.name}>" if self.children else start

    __repr__ = __str__

    def _inner(self) -> str:
        return "\n".join(html.escape(child) if isinstance(child, str) else str(child) for child in self.children)


class RootElement(Element):
    """What stands above all: it has no tag of its own."""

    def __init__(self) -> None:
        super().__init__(None, [])

    @classmethod
    def of(cls, element: Element) -> "RootElement":
        """A root with the children of *element*."""
        root = cls()
        root.children = element.children
        return root

    def __str__(self) -> str:
        return self._inner()


class HTMLParseError(Exception):
    """The markup cannot be a tree; arguments are a message and the position (line, column)."""


class Parser(HTMLParser):
    """Builds the tree; end tags that may be left out are supplied, others must match."""

    def __init__(self) -> None:
        super().__init__()
        self.root = RootElement()
        self.open_tags: list[Element] = []
        self.element_positions: dict[int, tuple[int, int]] = {}

    def fail(self, message: str) -> NoReturn:
        """Raise :exc:`HTMLParseError` for the present position."""
        raise HTMLParseError(message, self.getpos())

    @property
    def current(self) -> Element:
        """The innermost open element."""
        return self.open_tags[-1] if self.open_tags else self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, unless it is one that cannot have content."""
        element = Element(tag, normalize_attributes(attrs))
        self.current.append(element)
        if tag not in VOID_ELEMENTS:
            self.open_tags.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element and close it at once."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID_ELEMENTS:
            self.open_tags.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest open element of that name, and those inside it."""
        if all(element.name != tag for element in self.open_tags):
            line, column = self.getpos()
            self.fail(f"Unexpected end tag `{tag}` (Line {line}, Column {column})")
        while self.open_tags.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Add text."""
        self.current.append(data)


def parse_html(html: str) -> Element:
    """The tree of *html*: its one top element, or a root that holds several. Raises :exc:`HTMLParseError`."""
    parser = Parser()
    parser.feed(html)
    # What is still in the parser's buffer belongs to the document, too.
    parser.close()
    document = parser.root
    document.finalize()
    match document.children:
        case [Element() as only]:
            return only
    return document
