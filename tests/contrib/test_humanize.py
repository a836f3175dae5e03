"""Numbers and moments as people say them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from nuages.contrib.humanize.templatetags import humanize
from nuages.i18n import translation


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1st"),
        ("2", "2nd"),
        (3, "3rd"),
        (11, "11th"),
        (112, "112th"),
        (21, "21st"),
        (-1, "-1"),
        ("x", "x"),
        (None, None),
    ],
)
def test_ordinals(value, text):
    assert humanize.ordinal(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4500, "4,500"),
        ("-1234567", "-1,234,567"),
        (4500.2, "4,500.2"),
        (Decimal("1234567.12"), "1,234,567.12"),
        ("1234567.5", "1,234,567.5"),
        (None, None),
        ("a fox", "a fox"),
    ],
)
def test_commas(value, text):
    with translation.override("en"):
        assert humanize.intcomma(value) == text


def test_commas_follow_the_language():
    with translation.override("de"):
        assert humanize.intcomma(45000) == "45.000"
        assert humanize.intcomma("1234567.12") == "1.234.567,12"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (999999, 999999),
        (1000000, "1.0 million"),
        (-1290000, "-1.3 million"),
        (35 * 10**20, "3.5 sextillion"),
        (10**100, "1.0 googol"),
        (10**104, 10**104),
    ],
)
def test_large_numbers_in_words(value, text):
    with translation.override("en"):
        assert humanize.intword(value) == text


def test_small_numbers_in_words():
    assert [humanize.apnumber(value) for value in (1, "9", 10, 0, None)] == ["one", "nine", 10, 0, None]


@pytest.mark.parametrize(("days", "text"), [(0, "today"), (1, "tomorrow"), (-1, "yesterday")])
def test_days_near_today(days, text):
    assert humanize.naturalday(datetime.now() + timedelta(days=days)) == text


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=29), "29 seconds ago"),
        (timedelta(minutes=1), "a minute ago"),
        (timedelta(hours=2, minutes=58), "2 hours ago"),
        (timedelta(days=1, hours=3), "1 day, 3 hours ago"),
        (-timedelta(hours=1, seconds=9), "an hour from now"),
        (-timedelta(days=9, hours=2), "1 week, 2 days from now"),
    ],
)
def test_moments(ago, text, monkeypatch):
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)

    class Fixed(datetime):
        @classmethod
        def now(cls, tz=None):
            return noon.astimezone(tz)

    monkeypatch.setattr(humanize, "datetime", Fixed)
    assert humanize.naturaltime(noon - ago).replace("\xa0", " ") == text
