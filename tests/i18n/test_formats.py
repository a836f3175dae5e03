"""Dates and numbers per language, words for spans of time, cut text."""

import datetime as dt
import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.i18n import dateformat, formats, numberformat, timezone, translation
from nuages.i18n.prose import Truncator, get_text_list
from nuages.i18n.timesince import timesince, timeuntil

DAY = dt.date(2009, 12, 31)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Dec. 31, 2009"), ("de", "31. Dezember 2009"), ("es", "31 de diciembre de 2009"), ("pl", "31 grudnia 2009"), ("ja", "2009年12月31日")],
)
def test_dates(language, expected):
    with translation.override(language):
        assert formats.date_format(DAY) == expected


def test_numbers():
    with translation.override("de"):
        assert formats.number_format(66666.666, force_grouping=True) == "66.666,666"
        assert formats.get_format("DATE_INPUT_FORMATS")[0] == "%d.%m.%Y"
    assert numberformat.format(1e16, ".", thousand_sep=",", grouping=3, force_grouping=True) == "10,000,000,000,000,000"
    assert numberformat.format(12345678, ".", grouping=(3, 2, 0), thousand_sep=",", force_grouping=True) == "1,23,45,678"


def test_format_characters():
    moment = dt.datetime(1979, 7, 8, 22, 0)
    assert dateformat.format(moment, r"D d N Y, P \o\f jS") == "Sun 08 July 1979, 10 p.m. of 8th"
    with pytest.raises(TypeError):
        dateformat.format(DAY, "H")


def test_time_zones():
    zone = timezone.get_fixed_timezone(180)
    moment = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
    with timezone.override(zone):
        assert timezone.localtime(moment).hour == 15
        assert timezone.make_naive(moment) == dt.datetime(2020, 1, 1, 15)
    with pytest.raises(ValueError):
        timezone.make_aware(moment)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (dt.timedelta(seconds=30), "0\xa0minutes"),
        (dt.timedelta(days=15, hours=3), "2\xa0weeks, 1\xa0day"),
        (dt.timedelta(days=400, minutes=5), "1\xa0year, 1\xa0month"),
        (dt.timedelta(weeks=1, minutes=5), "1\xa0week"),
    ],
)
def test_spans(span, words):
    start = dt.datetime(2021, 1, 1)
    assert timesince(start, start + span) == words
    assert timeuntil(start + span, start) == words


def test_truncator():
    text = Truncator("<p>The <b>quick brown</b> fox</p>")
    assert text.words(2, html=True) == "<p>The <b>quick…</b></p>"
    assert text.chars(6, html=True) == "<p>The <b>q…</b></p>"
    assert Truncator("o\u0308o\u0308o\u0308o\u0308").chars(3) == "öö…"
    assert get_text_list(["a", "b", "c"]) == "a, b or c"


class ByMethods(dateformat.DateFormat):
    """Formats a moment character by character, as subclasses do."""


class TimeByMethods(dateformat.TimeFormat):
    """The same for a time."""


LETTERS = "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTuUwWyYzZ"
MOMENTS = st.one_of(
    st.dates(), st.datetimes(), st.times(), st.datetimes(timezones=st.just(dt.timezone(dt.timedelta(hours=-3, minutes=-30))))
)


@given(moment=MOMENTS, text=st.text(alphabet=LETTERS + "\\%{}'\" ,-é\n"), language=st.sampled_from(["en", "de"]))
def test_compiled_formats_give_what_the_methods_give(moment, text, language):
    for compiled, by_methods in [(dateformat.format, ByMethods), (dateformat.time_format, TimeByMethods)]:
        with translation.override(language):
            try:
                expected = by_methods(moment).format(text)
            except (AttributeError, TypeError, OverflowError) as error:
                with pytest.raises(type(error)):
                    compiled(moment, text)
            else:
                assert compiled(moment, text) == by_methods.__base__(moment).format(text) == expected


def test_years_of_less_than_four_digits():
    assert dateformat.format(dt.date(33, 4, 3), "Y-m-d y") == "0033-04-03 33"


@given(number=st.one_of(st.decimals(), st.floats()), language=st.sampled_from(["en", "de"]))
def test_numbers_without_groups(number, language):
    class Price(decimal.Decimal):
        """Not exactly a Decimal: it takes the long way."""

    class Weight(float):
        """Not exactly a float."""

    other = Price(number) if isinstance(number, decimal.Decimal) else Weight(number)
    with translation.override(language):
        assert formats.number_format(number) == formats.number_format(other) == formats.localize(number)
