"""Ranges of numbers, days and moments."""

import datetime as dt
from decimal import Decimal

import pytest
from psycopg.types.range import Range
from tests.contrib.postgres.models import LABEL, Event

from nuages import models
from nuages.contrib.postgres.fields import (
    DateTimeRangeField,
    DecimalRangeField,
    IntegerRangeField,
    RangeBoundary,
    RangeOperators,
)
from nuages.contrib.postgres.validators import RangeMaxValueValidator, RangeMinValueValidator
from nuages.exceptions import FieldError, ValidationError
from nuages.migrations.writer import MigrationWriter
from nuages.models import F, Func, Value
from nuages.test.tools import isolate_apps

NOON = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def events(postgres):
    first = Event.objects.create(
        name="a",
        ages=(0, 10),
        many=[5, 6],
        price=(Decimal("1.5"), 2),
        span=(NOON, NOON + HOUR),
        days=(NOON.date(), None),
        start=NOON,
    )
    Event.objects.create(name="b", ages=Range(21, None), many=Range(None, 3, "(]"), price=Range(empty=True), number=15)
    Event.objects.create(name="c", ages=Range(4, 4))
    Event.objects.create(name="d")
    return first


def test_values_are_ranges(events):
    events.refresh_from_db()
    assert events.ages == Range(0, 10, "[)")
    assert events.price == Range(Decimal("1.5"), Decimal(2), "[]")
    assert events.span == Range(NOON, NOON + HOUR, "[)")
    assert events.days == Range(NOON.date(), None, "[)")
    other = Event.objects.get(name="b")
    assert other.many == Range(None, 4, "()") and other.price == Range(empty=True)
    assert Event.objects.get(name="c").ages.isempty


@pytest.mark.parametrize(
    ("lookup", "names"),
    [
        ({"ages": (0, 10)}, "a"),
        ({"ages__contains": Range(4, 5)}, "a"),
        ({"ages__contains": 5}, "a"),
        ({"ages__contains": F("number")}, "a"),
        ({"ages__contains": F("ages")}, "abc"),
        ({"ages__contained_by": (0, 15)}, "ac"),
        ({"ages__overlap": Range(8, 12)}, "a"),
        ({"ages__fully_lt": (11, 15)}, "a"),
        ({"ages__fully_gt": Range(11, 15)}, "b"),
        ({"ages__not_lt": (0, 15)}, "ab"),
        ({"ages__not_gt": (3, 10)}, "a"),
        ({"ages__adjacent_to": (10, 21)}, "ab"),
        ({"ages__gt": (1, 2)}, "b"),
        ({"ages__in": [Range(0, 10), (21, None)]}, "ab"),
        ({"ages__startswith": 21}, "b"),
        ({"ages__endswith__lt": 11}, "a"),
        ({"ages__isempty": True}, "c"),
        ({"ages__lower_inc": True}, "ab"),
        ({"ages__lower_inf": True}, ""),
        ({"ages__upper_inc": True}, ""),
        ({"ages__upper_inf": True}, "b"),
        ({"price__contains": Decimal("1.6")}, "a"),
        ({"price": (Decimal("1.5"), 2)}, "a"),
        ({"span__contains": NOON}, "a"),
        ({"span__contains": NOON.date()}, ""),
        ({"span__startswith__date": NOON.date()}, "a"),
        ({"days__contains": dt.date(2021, 1, 1)}, "a"),
        ({"start__contained_by": Range(NOON - HOUR, NOON + HOUR)}, "a"),
        ({"start__date__contained_by": Range(NOON.date(), None)}, "a"),
        ({"start__contained_by": F("span")}, "a"),
        ({"number__contained_by": Range(0, 10)}, "acd"),
        ({"number__contained_by": (10, 20)}, "b"),
        ({"share__contained_by": Range(0, 1)}, "abcd"),
        ({"pk__contained_by": Range(0, None)}, "abcd"),
    ],
)
def test_lookups(events, lookup, names):
    assert "".join(str(event) for event in Event.objects.filter(**lookup).order_by("name")) == names


def test_fields_without_a_range_refuse_their_lookups(events):
    with pytest.raises(FieldError):
        Event.objects.filter(span__date=NOON)


def test_functions_that_make_ranges(events):
    class Int4Range(Func):
        function = "int4range"
        output_field = IntegerRangeField()

    made = Int4Range("number", Value(9), RangeBoundary(inclusive_lower=False, inclusive_upper=True))
    assert Event.objects.annotate(made=made).get(name="a").made == Range(6, 10, "[)")


def test_serialization(events):
    for event in Event.objects.all():
        for name in ("ages", "many", "price", "span", "days"):
            field = Event._meta.get_field(name)
            assert field.to_python(field.value_to_string(event)) == getattr(event, name)


# -- without a database -------------------------------------------------------------------------------------------


def code(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value, None)
    return caught.value.error_list[0].code


def test_validation():
    assert IntegerRangeField().clean(("1", None), None) == Range(1, None)
    assert code(IntegerRangeField(), ("1", "a")) == "invalid"
    assert code(IntegerRangeField(), "x") == "invalid_json"
    for value in (Range(1, 6), Range(1, None), Range(empty=True)):
        assert code(IntegerRangeField(validators=[RangeMaxValueValidator(5)]), value) == "max_value"
    for value in (Range(1, 6), Range(None, 6)):
        assert code(IntegerRangeField(validators=[RangeMinValueValidator(5)]), value) == "min_value"
    IntegerRangeField(validators=[RangeMinValueValidator(lambda: 1), RangeMaxValueValidator(6)]).clean((1, 6), None)


def test_bounds():
    field = DecimalRangeField(default_bounds="(]")
    assert [field.get_prep_value(value) for value in ((1, 2), Range(1, 2), None)] == [
        Range(1, 2, "(]"),
        Range(1, 2),
        None,
    ]
    assert field.deconstruct()[3] == {"default_bounds": "(]"}
    assert field.formfield().clean(["1", "2"]) == Range(1, 2, "(]")
    with pytest.raises(ValueError, match="default_bounds"):
        DateTimeRangeField(default_bounds="x")
    with pytest.raises(TypeError, match="IntegerRangeField"):
        IntegerRangeField(default_bounds="[]")
    assert RangeBoundary().as_sql(None, None) == ("'[)'", [])
    assert RangeOperators.ADJACENT_TO == "-|-"


@isolate_apps("tests.contrib")
def test_choices():
    class Chosen(models.Model):
        ages = IntegerRangeField(choices=[("young", [((1, 25), "1-25")]), ((51, 100), "51-100")])

        class Meta:
            app_label = LABEL

    assert Chosen._meta.get_field("ages").check() == []
    assert Chosen(ages=[1, 25]).get_ages_display() == "1-25"


def test_ranges_in_migrations():
    text, imports = MigrationWriter.serialize(DateTimeRangeField(default=Range(NOON, None)))
    assert (
        "psycopg.types.range.Range(datetime.datetime(2020, 1, 1, 12, 0, tzinfo=datetime.timezone.utc), None, '[)')"
        in text
    )
    assert {"import datetime", "import psycopg.types.range"} <= imports
    assert MigrationWriter.serialize(Range(empty=True))[0] == "psycopg.types.range.Range(empty=True)"
