"""Rows that must not meet."""

import datetime as dt

import pytest
from psycopg.types.range import Range
from tests.contrib.postgres.models import Reservation

from nuages.contrib.postgres.constraints import ExclusionConstraint
from nuages.contrib.postgres.fields import RangeOperators
from nuages.contrib.postgres.indexes import OpClass
from nuages.db import IntegrityError, connection, transaction
from nuages.exceptions import ValidationError
from nuages.models import Deferrable, F, Q

NOON = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def taken(postgres):
    return Reservation.objects.create(room=1, span=(1, 5), start=NOON, end=NOON + HOUR)


def later(**values):
    return Reservation(**{"room": 1, "start": NOON + 5 * HOUR, "end": NOON + 6 * HOUR, **values})


def test_the_database_refuses(taken):
    for wrong in (later(span=(4, 9)), later(start=NOON, end=NOON + HOUR)):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()
    later(span=(5, 9)).save()
    later(room=2, span=(4, 9)).save()
    later(span=(4, 9), start=NOON + 9 * HOUR, end=NOON + 10 * HOUR, cancelled=True).save()


def test_validation_refuses_the_same(taken):
    with pytest.raises(ValidationError) as caught:
        later(span=(4, 9)).full_clean()
    assert caught.value.error_dict["__all__"][0].code == "taken"
    assert caught.value.messages == ["no_overlap is broken"]
    with pytest.raises(ValidationError, match="no_meeting"):
        later(start=NOON, end=NOON + HOUR).full_clean(exclude={"span"})
    for right in (later(span=(5, 9)), later(room=2, span=(4, 9)), later(span=(4, 9), cancelled=True), taken):
        right.full_clean(exclude={"span"} if right.span is None else None)


def test_validation_leaves_out_what_is_excluded(taken):
    overlap, meeting = Reservation._meta.constraints
    wrong = later(span=(4, 9), start=NOON, end=NOON + HOUR)
    overlap.validate(Reservation, wrong, exclude={"span"})
    overlap.validate(Reservation, wrong, exclude={"cancelled"})
    meeting.validate(Reservation, wrong, exclude={"start"})
    with pytest.raises(ValidationError):
        meeting.validate(Reservation, wrong, exclude={"span"})


@pytest.mark.parametrize(
    ("options", "sql"),
    [
        ({"expressions": [("span", "&&"), (F("room"), "=")]}, 'USING GIST ("span" WITH &&, "room" WITH =)'),
        (
            {"expressions": [("span", "&&")], "condition": Q(cancelled=False)},
            'USING GIST ("span" WITH &&) WHERE (NOT "cancelled")',
        ),
        (
            {"expressions": [("span", "&&")], "deferrable": Deferrable.DEFERRED},
            'USING GIST ("span" WITH &&) DEFERRABLE INITIALLY DEFERRED',
        ),
        (
            {"expressions": [("span", "&&")], "include": ["cancelled", "room"]},
            'USING GIST ("span" WITH &&) INCLUDE ("cancelled", "room")',
        ),
        ({"expressions": [("span", "&&")], "index_type": "spgist"}, 'USING spgist ("span" WITH &&)'),
        ({"expressions": [("room", "=")], "index_type": "Hash"}, 'USING Hash ("room" WITH =)'),
        (
            {"expressions": [(OpClass("span", name="range_ops"), RangeOperators.ADJACENT_TO)]},
            'USING GIST ("span" range_ops WITH -|-)',
        ),
        ({"expressions": [(F("span__startswith"), "=")]}, 'USING GIST ((lower("span")) WITH =)'),
    ],
)
def test_statements_that_the_database_takes(postgres, options, sql):
    constraint = ExclusionConstraint(name="x", **options)
    with postgres.schema_editor() as editor:
        assert constraint.constraint_sql(Reservation, editor) == f'CONSTRAINT "x" EXCLUDE {sql}'
        editor.add_constraint(Reservation, constraint)
        editor.remove_constraint(Reservation, constraint)
    assert constraint.clone() == constraint and constraint != ExclusionConstraint(name="y", **options)


def test_expressions_are_validated_without_their_operator_class(taken):
    constraint = ExclusionConstraint(name="x", expressions=[(OpClass("span", name="range_ops"), "-|-")])
    with pytest.raises(ValidationError):
        constraint.validate(Reservation, later(span=Range(5, 9)))
    constraint.validate(Reservation, later(span=Range(6, 9)))


# -- without a database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"expressions": []},
        {"expressions": None},
        {"expressions": ["a"]},
        {"expressions": [("a", "=", "b")]},
        {"index_type": "brin"},
        {"condition": F("a")},
        {"deferrable": "x"},
        {"include": "a"},
        {"index_type": "hash", "include": ["b"]},
        {"index_type": "hash", "expressions": [("a", "="), ("b", "=")]},
        {"index_type": "hash", "expressions": [("a", "&&")]},
    ],
)
def test_what_is_refused(options):
    with pytest.raises(ValueError):
        ExclusionConstraint(**{"name": "x", "expressions": [("a", "=")], **options})


def test_checks(override):
    constraint = ExclusionConstraint(name="x", expressions=[("nope", "=")], include=["bad"], condition=Q(zip=1))
    found = [(message.id, message.msg) for message in constraint.check(Reservation, connection)]
    assert [code for code, _ in found] == ["models.E012"] * 3
    assert all(any(repr(name) in text for _, text in found) for name in ("nope", "bad", "zip"))
    override(INSTALLED_APPS=["nuages.contrib.contenttypes"])
    assert Reservation._meta.constraints[0].check(Reservation, connection)[-1].id == "postgres.E005"
