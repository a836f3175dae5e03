"""Objects as XML, in the dialect that the serialization documentation describes."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any
from xml.dom import minidom, pulldom
from xml.sax import handler
from xml.sax.expatreader import ExpatParser

from nuages.apps.registry import apps
from nuages.conf import settings
from nuages.db import DEFAULT_DB_ALIAS
from nuages.exceptions import ObjectDoesNotExist, SuspiciousOperation
from nuages.serializers import records
from nuages.text.xml import SimplerXMLGenerator, UnserializableContentError

_NOTHING = "None"
_NATURAL = "natural"


class Serializer(records.Serializer):
    """Writes one ``<object>`` element for each object."""

    xml: Any

    def indent(self, level: int) -> None:
        """Start a new line, indented by ``level`` steps, if the option is given."""
        step = self.options.get("indent")
        if step is not None:
            self.xml.ignorableWhitespace("\n" + " " * step * level)

    def start_serialization(self) -> None:
        """Open the document."""
        self.xml = SimplerXMLGenerator(self.stream, self.options.get("encoding", settings.DEFAULT_CHARSET))
        self.xml.startDocument()
        self.xml.startElement("django-objects", {"version": "1.0"})

    def end_serialization(self) -> None:
        """Close the document."""
        self.indent(0)
        self.xml.endElement("django-objects")
        self.xml.endDocument()

    def start_object(self, obj: Any) -> None:
        """Open the object's element."""
        if not hasattr(obj, "_meta"):
            raise records.SerializationError(f"Only model instances can be serialized, not {type(obj)}")
        self.indent(1)
        attrs = {"model": str(obj._meta)}
        if self._shows_pk(obj) and obj.pk is not None:
            attrs["pk"] = obj._meta.pk.value_to_string(obj)
        if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in str(attrs.get("pk", ""))):
            raise ValueError(f"{obj._meta.object_name} (pk:{obj.pk}) contains unserializable characters")
        self.xml.startElement("object", attrs)

    def end_object(self, obj: Any) -> None:
        """Close the object's element."""
        self.indent(1)
        self.xml.endElement("object")

    def handle_field(self, obj: Any, field: Any) -> None:
        """Write a field's value as text."""
        self.indent(2)
        self.xml.startElement("field", {"name": field.name, "type": field.get_internal_type()})
        if getattr(obj, field.name) is None:
            self.xml.addQuickElement(_NOTHING)
        else:
            value = field.value_to_string(obj)
            if field.get_internal_type() == "JSONField":
                # Not text yet: other formats hold it as it is.
                value = json.dumps(value, cls=field.encoder)
            try:
                self.xml.characters(value)
            except UnserializableContentError:
                name = f"{obj._meta.object_name}.{field.name}"
                raise ValueError(f"{name} (pk:{obj.pk}) contains unserializable characters") from None
        self.xml.endElement("field")

    def handle_fk_field(self, obj: Any, field: Any) -> None:
        """Write the natural key of the related object, or the field's value."""
        self._start_relational_field(field)
        value = getattr(obj, field.attname)
        if value is None:
            self.xml.addQuickElement(_NOTHING)
        else:
            key = getattr(obj, field.name).natural_key() if self._by_natural_key(field) else ()
            if key:
                self._write_natural_key(key)
            else:
                self.xml.characters(str(value))
        self.xml.endElement("field")

    def _write_natural_key(self, key: Any) -> None:
        for part in key:
            self.xml.startElement(_NATURAL, {})
            if part is None:
                self.xml.addQuickElement(_NOTHING)
            else:
                self.xml.characters(str(part))
            self.xml.endElement(_NATURAL)

    def handle_m2m_field(self, obj: Any, field: Any) -> None:
        """Write an element for each related object."""
        if not field.remote_field.through._meta.auto_created:
            return
        self._start_relational_field(field)
        natural = self._by_natural_key(field)
        wrote = False
        for related in self._related(obj, field):
            wrote = True
            self.indent(3)
            key = related.natural_key() if natural else ()
            if key:
                self.xml.startElement("object", {})
                self._write_natural_key(key)
                self.xml.endElement("object")
            else:
                self.xml.addQuickElement("object", attrs={"pk": str(related.pk)})
        if wrote:
            self.indent(2)
        self.xml.endElement("field")

    def _start_relational_field(self, field: Any) -> None:
        self.indent(2)
        relation = field.remote_field
        attrs = {"name": field.name, "rel": type(relation).__name__, "to": str(relation.model._meta)}
        self.xml.startElement("field", attrs)


class Deserializer(records.Deserializer):
    """Reads ``<object>`` elements one by one. Document type definitions and entities are refused."""

    def __init__(
        self,
        stream_or_string: Any,
        *,
        using: str = DEFAULT_DB_ALIAS,
        ignorenonexistent: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(stream_or_string, **options)
        if isinstance(self.stream, bytes):
            self.stream = StringIO(self.stream.decode())
        self.handle_forward_references = options.pop("handle_forward_references", False)
        self.event_stream: Any = pulldom.parse(self.stream, DefusedExpatParser())
        self.db = using
        self.ignore = ignorenonexistent

    def __next__(self) -> records.DeserializedObject:
        for event, node in self.event_stream:
            if event == pulldom.START_ELEMENT and node.nodeName == "object":
                self.event_stream.expandNode(node)
                found = self._handle_object(node)
                if found is not None:
                    return found
        raise StopIteration

    def _handle_object(self, node: Any) -> records.DeserializedObject | None:
        try:
            model = self._get_model_from_node(node, "model")
        except records.DeserializationError:
            if self.ignore:
                return None
            raise
        label = node.getAttribute("model")
        data: dict[str, Any] = {}
        pk = node.getAttribute("pk") if node.hasAttribute("pk") else None
        if pk is not None:
            data[model._meta.pk.attname] = model._meta.pk.to_python(pk)
        names = {field.name for field in model._meta.get_fields()}
        m2m_data: dict[str, Any] = {}
        deferred: dict[Any, Any] = {}
        for field_node in _children(node, "field"):
            name = field_node.getAttribute("name")
            if not name:
                raise records.DeserializationError("<field> node is missing the 'name' attribute")
            if self.ignore and name not in names:
                continue
            self._read_field(field_node, model._meta.get_field(name), (label, pk), data, m2m_data, deferred)
        instance = records.build_instance(model, data, self.db)
        return records.DeserializedObject(instance, m2m_data, deferred)

    def _read_field(
        self,
        node: Any,
        field: Any,
        owner: tuple[str, Any],
        data: dict[str, Any],
        m2m_data: dict[str, Any],
        deferred: dict[Any, Any],
    ) -> None:
        relation = field.remote_field
        if relation is None:
            data[field.name] = self._plain_value(node, field)
            return
        many = field.many_to_many
        value = [_key_of(child) for child in _children(node, "object")] if many else _key_of(node)
        waits = self.handle_forward_references
        try:
            if many:
                read = records.deserialize_m2m_values(field, value, self.db, waits)
            else:
                read = records.deserialize_fk_value(field, value, self.db, waits)
        except records.M2MDeserializationError as error:
            raise records.DeserializationError.WithData(error.original_exc, *owner, error.pk) from error
        except ObjectDoesNotExist as error:
            raise records.DeserializationError.WithData(error, *owner, value) from error
        if read is records.DEFER_FIELD:
            deferred[field] = value
        elif many:
            m2m_data[field.name] = read
        else:
            data[field.attname] = read

    @staticmethod
    def _plain_value(node: Any, field: Any) -> Any:
        if _children(node, _NOTHING):
            return None
        text = getInnerText(node).strip()
        if field.get_internal_type() == "JSONField":
            return json.loads(text, cls=field.decoder)
        return field.to_python(text)

    @staticmethod
    def _get_model_from_node(node: Any, attr: str) -> Any:
        """The model that an attribute names; raises ``DeserializationError``."""
        label = node.getAttribute(attr)
        if not label:
            raise records.DeserializationError(f"<{node.nodeName}> node is missing the required '{attr}' attribute")
        try:
            return apps.get_model(label)
        except (LookupError, TypeError) as error:
            raise records.DeserializationError(
                f"<{node.nodeName}> node has invalid model identifier: '{label}'"
            ) from error


def _children(node: Any, name: str) -> list[Any]:
    """The child elements of that name; text between elements does not matter."""
    return [child for child in node.childNodes if child.nodeType == minidom.Node.ELEMENT_NODE and child.nodeName == name]


def _key_of(node: Any) -> Any:
    """The key that an element holds: a natural key as a list, a primary key as text, or ``None``."""
    if _children(node, _NOTHING):
        return None
    parts = _children(node, _NATURAL)
    if parts:
        return [None if _children(part, _NOTHING) else getInnerText(part).strip() for part in parts]
    return node.getAttribute("pk") if node.hasAttribute("pk") else getInnerText(node).strip()


def getInnerText(node: Any) -> str:
    """The text of an element; raises ``SuspiciousOperation`` if it has elements inside."""
    parts = []
    for child in node.childNodes:
        if child.nodeType in (minidom.Node.TEXT_NODE, minidom.Node.CDATA_SECTION_NODE):
            parts.append(child.data)
        elif child.nodeType == minidom.Node.ELEMENT_NODE:
            raise SuspiciousOperation(f"Unexpected element: '{child.nodeName}'")
    return "".join(parts)


class DefusedXmlException(ValueError):
    """A document has something that could be used for an attack."""


class DTDForbidden(DefusedXmlException):
    """A document type definition."""

    def __init__(self, name: str, sysid: str | None, pubid: str | None) -> None:
        super().__init__(name, sysid, pubid)
        self.name, self.sysid, self.pubid = name, sysid, pubid

    def __str__(self) -> str:
        return f"DTDForbidden(name='{self.name}', system_id={self.sysid!r}, public_id={self.pubid!r})"


class EntitiesForbidden(DefusedXmlException):
    """The definition of an entity, which could grow without limit."""

    def __init__(
        self, name: str, value: str | None, base: str | None, sysid: str | None, pubid: str | None, notation: str | None
    ) -> None:
        super().__init__(name, value, base, sysid, pubid, notation)
        self.name, self.sysid, self.pubid = name, sysid, pubid

    def __str__(self) -> str:
        return f"EntitiesForbidden(name='{self.name}', system_id={self.sysid!r}, public_id={self.pubid!r})"


class ExternalReferenceForbidden(DefusedXmlException):
    """A reference to something outside of the document."""

    def __init__(self, context: str, base: str | None, sysid: str | None, pubid: str | None) -> None:
        super().__init__(context, base, sysid, pubid)
        self.context, self.sysid, self.pubid = context, sysid, pubid

    def __str__(self) -> str:
        return f"ExternalReferenceForbidden(system_id='{self.sysid}', public_id={self.pubid})"


class DefusedExpatParser(ExpatParser):
    """An expat parser that refuses what untrusted documents attack with: type definitions, entities, references."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setFeature(handler.feature_external_ges, False)
        self.setFeature(handler.feature_external_pes, False)

    def start_doctype_decl(self, name: str, sysid: str | None, pubid: str | None, has_internal_subset: int) -> None:
        """Refuse a type definition."""
        raise DTDForbidden(name, sysid, pubid)

    def entity_decl(
        self,
        name: str,
        is_parameter_entity: int,
        value: str | None,
        base: str | None,
        sysid: str | None,
        pubid: str | None,
        notation_name: str | None,
    ) -> None:
        """Refuse an entity."""
        raise EntitiesForbidden(name, value, base, sysid, pubid, notation_name)

    def unparsed_entity_decl(
        self, name: str, base: str | None, sysid: str | None, pubid: str | None, notation_name: str | None
    ) -> None:
        """Refuse an unparsed entity."""
        raise EntitiesForbidden(name, None, base, sysid, pubid, notation_name)

    def external_entity_ref_handler(
        self, context: str, base: str | None, sysid: str | None, pubid: str | None
    ) -> None:
        """Refuse a reference."""
        raise ExternalReferenceForbidden(context, base, sysid, pubid)

    def reset(self) -> None:
        """Install the refusals on the new parser."""
        super().reset()  # type: ignore[no-untyped-call]
        parser: Any = self._parser  # type: ignore[attr-defined]
        parser.StartDoctypeDeclHandler = self.start_doctype_decl
        parser.EntityDeclHandler = self.entity_decl
        parser.UnparsedEntityDeclHandler = self.unparsed_entity_decl
        parser.ExternalEntityRefHandler = self.external_entity_ref_handler


