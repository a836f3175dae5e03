"""Serializing and deserializing in every format."""

import datetime
import decimal

import pytest
from tests.serializers.models import Person, Work

from nuages import serializers
from nuages.exceptions import SuspiciousOperation
from nuages.serializers.records import DeserializationError
from nuages.serializers.xml import DTDForbidden

FORMATS = ["python", "json", "jsonl", "yaml", "xml"]


@pytest.fixture
def work(tables):
    tables(Person, Work)
    ann, bob = Person.objects.create(name="Ann"), Person.objects.create(name="Bob")
    made = Work.objects.create(title="<Zażółć>", author=ann, price=decimal.Decimal("1.50"), data={"a": [1, None]})
    made.readers.set([ann, bob])
    return made


@pytest.mark.parametrize("natural", [False, True])
@pytest.mark.parametrize("format", FORMATS)
def test_round_trip(work, format, natural):
    written = serializers.serialize(format, [work], use_natural_foreign_keys=natural, indent=2)
    pk = work.pk
    Work.objects.all().delete()
    (read,) = serializers.deserialize(format, written)
    assert repr(read) == f"<DeserializedObject: serializers_tests.Work(pk={pk})>"
    read.save()
    stored = Work.objects.get(pk=pk)
    assert (stored.title, stored.author.name, stored.price, stored.data) == (
        "<Zażółć>",
        "Ann",
        decimal.Decimal("1.50"),
        {"a": [1, None]},
    )
    assert stored.made == datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    assert stored.readers.count() == 2


@pytest.mark.parametrize("format", FORMATS)
def test_natural_primary_keys_find_the_stored_object(work, format):
    written = serializers.serialize(format, Person.objects.order_by("pk"), use_natural_primary_keys=True)
    Person.objects.filter(name="Bob").delete()
    found = {read.object.name: read.object.pk for read in serializers.deserialize(format, written)}
    assert found["Ann"] == Person.objects.get(name="Ann").pk and found["Bob"] is None


@pytest.mark.parametrize("format", FORMATS)
def test_forward_references(work, format):
    written = serializers.serialize(
        format, [work, *Person.objects.all()], use_natural_foreign_keys=True, use_natural_primary_keys=True
    )
    Work.objects.all().delete()
    Person.objects.all().delete()
    waiting = []
    for read in serializers.deserialize(format, written, handle_forward_references=True):
        read.save()
        if read.deferred_fields:
            waiting.append(read)
    for read in waiting:
        read.save_deferred_fields()
    stored = Work.objects.get()
    assert stored.author.name == "Ann" and stored.readers.count() == 2


def test_json_text(work):
    text = serializers.serialize("json", Person.objects.filter(name="Ann"))
    pk = Person.objects.get(name="Ann").pk
    assert text == f'[{{"model": "serializers_tests.person", "pk": {pk}, "fields": {{"name": "Ann"}}}}]\n'
    lines = serializers.serialize("jsonl", Person.objects.order_by("pk")).splitlines()
    assert len(lines) == 2 and lines[1].endswith('"fields": {"name": "Bob"}}')


def test_xml_text(work):
    text = serializers.serialize("xml", [work], fields=["author", "readers"])
    assert f'<field name="author" rel="ManyToOneRel" to="serializers_tests.person">{work.author_id}</field>' in text
    assert '<field name="readers" rel="ManyToManyRel" to="serializers_tests.person"><object pk="' in text
    work.title = "\x01"
    with pytest.raises(ValueError, match="contains unserializable characters"):
        serializers.serialize("xml", [work])


@pytest.mark.parametrize("format", ["json", "jsonl", "yaml"])
def test_broken_text(format):
    with pytest.raises(DeserializationError):
        list(serializers.deserialize(format, '[{"pk": 1}' if format != "yaml" else "{"))


def test_errors_name_object_and_value(work):
    broken = '[{"model": "serializers_tests.work", "pk": 1, "fields": {"readers": [1, "x"]}}]'
    with pytest.raises(DeserializationError, match=r"\(serializers_tests.work:pk=1\) field_value was 'x'"):
        list(serializers.deserialize("json", broken))
    unknown = '[{"model": "serializers_tests.work", "pk": 1, "fields": {"none": 1}}]'
    with pytest.raises(DeserializationError):
        list(serializers.deserialize("json", unknown))
    assert len(list(serializers.deserialize("json", unknown, ignorenonexistent=True))) == 1


def test_xml_attacks_are_refused():
    with pytest.raises(DTDForbidden):
        next(serializers.deserialize("xml", '<!DOCTYPE a SYSTEM "http://x/a.dtd"><a/>'))
    nested = (
        '<django-objects version="1.0"><object model="serializers_tests.person" pk="1">'
        '<field name="name"><b>x</b></field></object></django-objects>'
    )
    with pytest.raises(SuspiciousOperation):
        next(serializers.deserialize("xml", nested))


def test_registry():
    assert set(FORMATS) <= set(serializers.get_serializer_formats())
    assert "python" not in serializers.get_public_serializer_formats()
    with pytest.raises(serializers.SerializerDoesNotExist):
        serializers.get_serializer("nonsense")
    serializers.register_serializer("missing", "no.such.module")
    with pytest.raises(ImportError):
        serializers.serialize("missing", [])
    serializers.unregister_serializer("missing")


def test_dependencies_come_first():
    assert serializers.sort_dependencies([("app", [Work, Person])]) == [Person, Work]
