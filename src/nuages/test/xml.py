"""Comparing XML by meaning: order of attributes, white space around elements and comments don't matter."""

import re
from typing import Any
from xml.dom.minidom import Node, parseString

WHITESPACE = re.compile(r"[ \t\r\n]+")


def compare_xml(want: str, got: str) -> bool:
    """Whether both documents mean the same. Raises the parser's error for one that is not well-formed."""
    want = want.strip().replace("\\n", "\n")
    got = got.strip().replace("\\n", "\n")
    if not want.startswith("<?xml"):
        want, got = f"<nuages-root>{want}</nuages-root>", f"<nuages-root>{got}</nuages-root>"
    return _same(_top(want), _top(got))


def _top(text: str) -> Any:
    ignored = (Node.COMMENT_NODE, Node.DOCUMENT_TYPE_NODE, Node.PROCESSING_INSTRUCTION_NODE)
    return next(node for node in parseString(text).childNodes if node.nodeType not in ignored)


def _text(node: Any) -> str:
    return WHITESPACE.sub(" ", "".join(c.data for c in node.childNodes if c.nodeType == Node.TEXT_NODE))


def _elements(node: Any) -> list[Any]:
    return [child for child in node.childNodes if child.nodeType == Node.ELEMENT_NODE]


def _same(want: Any, got: Any) -> bool:
    if want.tagName != got.tagName or _text(want) != _text(got):
        return False
    if dict(want.attributes.items()) != dict(got.attributes.items()):
        return False
    left, right = _elements(want), _elements(got)
    return len(left) == len(right) and all(map(_same, left, right))
