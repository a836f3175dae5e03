"""Mappings of text to text."""

from io import StringIO

import pytest
from tests.contrib.postgres.models import Dog

from nuages.cli import call_command
from nuages.contrib.postgres.fields import CICharField, CIEmailField, CITextField, HStoreField, JSONField
from nuages.contrib.postgres.validators import KeysValidator
from nuages.exceptions import ValidationError
from nuages.models import F


@pytest.fixture
def dogs(postgres):
    Dog.objects.create(name="a", data={"breed": "labrador", "owner": "Bob"}, history=[{"x": "y"}, {"z": None}])
    Dog.objects.create(name="b", data={"breed": "collie", "n": 1, 2: True, "z": None, 'q"\\': '"x\\'})
    Dog.objects.create(name="c", data={})
    Dog.objects.create(name="d")


def test_values_are_text_or_nothing(dogs):
    found = {dog.name: dog.data for dog in Dog.objects.all()}
    assert found["b"] == {"breed": "collie", "n": "1", "2": "True", "z": None, 'q"\\': '"x\\'}
    assert found["c"] == {} and found["d"] is None
    assert Dog.objects.get(name="a").history == [{"x": "y"}, {"z": None}]


def test_cursors_read_mappings_too(dogs, postgres):
    with postgres.cursor() as cursor:
        cursor.execute("SELECT 'a=>1'::hstore, ARRAY['x', 'Y']::citext[]")
        assert cursor.fetchone() == ({"a": "1"}, ["x", "Y"])


@pytest.mark.parametrize(
    ("lookup", "names"),
    [
        ({"data": {"breed": "labrador", "owner": "Bob"}}, "a"),
        ({"data__breed": "collie"}, "b"),
        ({"data__breed__contains": "l"}, "ab"),
        ({"data__breed__in": ["collie", "x"]}, "b"),
        ({"data__breed__iregex": "^LAB"}, "a"),
        ({"data__contains": {"n": 1}}, "b"),
        ({"data__contains": F("data")}, "abc"),
        ({"data__contained_by": {"breed": "labrador", "owner": "Bob", "x": None}}, "ac"),
        ({"data__has_key": "owner"}, "a"),
        ({"data__has_key": 2}, "b"),
        ({"data__has_keys": ["breed", "owner"]}, "a"),
        ({"data__has_any_keys": ["owner", "n"]}, "ab"),
        ({"data__keys": ["breed", "owner"]}, "a"),
        ({"data__keys__overlap": ["n"]}, "b"),
        ({"data__values__contains": ["collie"]}, "b"),
        ({"data__owner__isnull": True}, "bcd"),
        ({"history__0__x": "y"}, "a"),
        ({"history__contains": [{"x": "y"}]}, "a"),
        ({"data__x' = 'y') OR 1 = 1 OR ('d": "x"}, ""),
    ],
)
def test_lookups(dogs, lookup, names):
    assert "".join(str(dog) for dog in Dog.objects.filter(**lookup).order_by("name")) == names


def test_keys_as_expressions(dogs):
    found = Dog.objects.order_by("name").annotate(breed=F("data__breed")).values_list("breed", flat=True)
    assert list(found) == ["labrador", "collie", None, None]


def test_serialization(dogs):
    field = Dog._meta.get_field("data")
    for dog in Dog.objects.exclude(data=None):
        assert field.to_python(field.value_to_string(dog)) == dog.data


# -- without a database -------------------------------------------------------------------------------------------


def code(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value, None)
    return [error.code for error in caught.value.error_list]


def test_validation():
    assert code(HStoreField(), {"a": 1}) == ["not_a_string"]
    assert code(HStoreField(), "x") == ["invalid_json"]
    assert code(HStoreField(), "[1]") == ["invalid_json"]
    assert HStoreField().clean('{"a": null}', None) == {"a": None}
    assert code(HStoreField(validators=[KeysValidator(["a", "b"])]), {"a": "x"}) == ["missing_keys"]
    strict = KeysValidator(["a"], strict=True, messages={"extra_keys": "No %(keys)s"})
    with pytest.raises(ValidationError, match="No c"):
        strict({"a": "x", "c": "y"})
    assert strict == KeysValidator(["a"], strict=True, messages={"extra_keys": "No %(keys)s"})
    assert strict != KeysValidator(["a"])


@pytest.mark.parametrize(
    ("field", "number"), [(CICharField, 905), (CIEmailField, 906), (CITextField, 907), (JSONField, 904)]
)
def test_fields_for_old_migrations(field, number):
    made = field()
    made.set_attributes_from_name("old")
    assert f"fields.E{number}" in [message.id for message in made.check()]
    assert made.deconstruct()[1].endswith(field.__name__)


def test_columns_are_found_by_inspectdb(dogs):
    out = StringIO()
    call_command("inspectdb", "postgres_samples_dog", "postgres_samples_event", stdout=out)
    text = out.getvalue()
    assert "import nuages.contrib.postgres.fields\n" in text
    assert "data = nuages.contrib.postgres.fields.HStoreField(blank=True, null=True)" in text
    assert "span = nuages.contrib.postgres.fields.DateTimeRangeField(blank=True, null=True)" in text
