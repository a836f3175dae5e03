"""Writing XML."""

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnserializableContentError(ValueError):
    """The text has characters that XML 1.0 cannot hold."""


class SimplerXMLGenerator(XMLGenerator):
    """An XMLGenerator with a method for an element that has only text, and with attributes in a stable order."""

    def addQuickElement(self, name: str, contents: Any = None, attrs: Mapping[str, Any] | None = None) -> None:
        """Write a whole element."""
        self.startElement(name, attrs or {})
        if contents is not None:
            self.characters(contents)
        self.endElement(name)

    def characters(self, content: Any) -> None:
        """Write text. Raises UnserializableContentError for control characters."""
        if content and _CONTROL.search(content):
            raise UnserializableContentError("Control characters are not supported in XML 1.0")
        super().characters(content)

    def startElement(self, name: str, attrs: Any) -> None:
        """Write a start tag, its attributes sorted by name."""
        super().startElement(name, AttributesImpl({key: attrs[key] for key in sorted(attrs.keys())}))
