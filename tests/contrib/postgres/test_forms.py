"""Form fields for arrays, mappings and ranges."""

import datetime as dt

import pytest
from psycopg.types.range import Range
from tests.contrib.postgres.models import Event, Post

from nuages import forms
from nuages.contrib.postgres.forms import (
    DateRangeField,
    DateTimeRangeField,
    DecimalRangeField,
    HStoreField,
    IntegerRangeField,
    RangeWidget,
    SimpleArrayField,
    SplitArrayField,
    SplitArrayWidget,
)
from nuages.exceptions import ValidationError

ITEM = "Item {} in the array did not validate: {}"


def messages(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages


@pytest.mark.parametrize(
    ("field", "given", "cleaned"),
    [
        (SimpleArrayField(forms.IntegerField()), "1,2, 3", [1, 2, 3]),
        (SimpleArrayField(forms.IntegerField()), ["1", 2], [1, 2]),
        (SimpleArrayField(forms.IntegerField(required=False)), "1,,2", [1, None, 2]),
        (SimpleArrayField(forms.IntegerField(), delimiter=";;"), "1;;2", [1, 2]),
        (SimpleArrayField(SimpleArrayField(forms.CharField()), delimiter="|"), "a,b|c,d", [["a", "b"], ["c", "d"]]),
        (SimpleArrayField(forms.CharField(), required=False), "", []),
        (SplitArrayField(forms.IntegerField(), size=3), ["1", "2", "3"], [1, 2, 3]),
        (SplitArrayField(forms.IntegerField(required=False), size=3), ["1", "", "3"], [1, None, 3]),
        (SplitArrayField(forms.IntegerField(), size=3, remove_trailing_nulls=True), ["1", "2", ""], [1, 2]),
        (
            SplitArrayField(forms.IntegerField(required=False), size=3, remove_trailing_nulls=True),
            ["", "2", ""],
            [None, 2],
        ),
        (SplitArrayField(forms.IntegerField(required=False), size=2, required=False), ["", ""], [None, None]),
        (HStoreField(), '{"a": 1, "b": null}', {"a": "1", "b": None}),
        (HStoreField(required=False), "", {}),
        (IntegerRangeField(), ["1", "2"], Range(1, 2)),
        (IntegerRangeField(), ["1", ""], Range(1, None)),
        (IntegerRangeField(), ["", "2"], Range(None, 2)),
        (IntegerRangeField(), ["", ""], None),
        (DecimalRangeField(), ["1.5", "2"], Range(1.5, 2)),
        (DateRangeField(), ["2020-01-01", ""], Range(dt.date(2020, 1, 1), None)),
        (DateTimeRangeField(), ["", "2020-01-01 12:00"], Range(None, dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC))),
    ],
)
def test_cleaning(field, given, cleaned):
    assert field.clean(given) == cleaned


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        (SimpleArrayField(forms.IntegerField()), "1,2,a", [ITEM.format(3, "Enter a whole number.")]),
        (SimpleArrayField(forms.CharField()), "a,,b", [ITEM.format(2, "This field is required.")]),
        (
            SimpleArrayField(forms.CharField(), max_length=2),
            "a,b,c",
            ["The list must have at most 2 items, not 3."],
        ),
        (
            SimpleArrayField(forms.CharField(), min_length=4),
            "a",
            ["The list must have at least 4 items, not 1."],
        ),
        (SimpleArrayField(forms.CharField()), "", ["This field is required."]),
        (
            SplitArrayField(forms.IntegerField(), size=3),
            ["", "2", "x"],
            [ITEM.format(1, "This field is required."), ITEM.format(3, "Enter a whole number.")],
        ),
        (
            SplitArrayField(forms.IntegerField(), size=3, remove_trailing_nulls=True),
            ["1", "", "3"],
            [ITEM.format(2, "This field is required.")],
        ),
        (SplitArrayField(forms.IntegerField(required=False), size=2), ["", ""], ["This field is required."]),
        (SplitArrayField(forms.IntegerField(), size=2), None, ["This field is required."]),
        (SplitArrayField(forms.IntegerField(), size=2), ["1"], [ITEM.format(2, "This field is required.")]),
        (HStoreField(), "x", ["Could not load JSON data."]),
        (HStoreField(), "[1]", ["Input must be a JSON dictionary."]),
        (HStoreField(), "{}", ["This field is required."]),
        (IntegerRangeField(), ["2", "1"], ["The range must not end before it starts."]),
        (IntegerRangeField(), ["a", "1"], ["Enter a whole number."]),
        (IntegerRangeField(required=True), ["", ""], ["This field is required."]),
    ],
)
def test_errors(field, given, expected):
    assert messages(field, given) == expected


@pytest.mark.parametrize(
    ("field", "initial", "data", "changed"),
    [
        (SimpleArrayField(forms.IntegerField()), [1, 2], "1,2", False),
        (SimpleArrayField(forms.IntegerField()), [1, 2], "1,3", True),
        (SimpleArrayField(forms.IntegerField()), None, "", False),
        (SimpleArrayField(forms.IntegerField()), [1], "a", True),
        (SplitArrayField(forms.IntegerField(required=False), size=2), [1], ["1", ""], False),
        (SplitArrayField(forms.IntegerField(required=False), size=2), [1], ["1", "2"], True),
        (SplitArrayField(forms.IntegerField(required=False), size=2), None, ["", ""], False),
        (HStoreField(), {"a": "1"}, '{"a":1}', False),
        (HStoreField(), {"a": "1"}, '{"a":2}', True),
        (HStoreField(), {"a": "1"}, "x", True),
        (IntegerRangeField(), Range(1, 2), ["1", "2"], False),
        (IntegerRangeField(), Range(1, 2), ["1", ""], True),
    ],
)
def test_changes(field, initial, data, changed):
    assert field.has_changed(initial, data) is changed


def test_html():
    widget = SplitArrayWidget(forms.TextInput, size=2)
    assert widget.render("n", ["a"], attrs={"id": "i"}) == (
        '<input type="text" name="n_0" value="a" id="i_0"><input type="text" name="n_1" id="i_1">'
    )
    assert widget.id_for_label("i") == "i_0"
    assert widget.value_omitted_from_data({}, {}, "n") and not widget.value_omitted_from_data({"n_1": ""}, {}, "n")
    assert RangeWidget(forms.NumberInput()).render("f", Range(1, 16)) == (
        '<input type="number" name="f_0" value="1"><input type="number" name="f_1" value="16">'
    )
    assert RangeWidget(forms.NumberInput()).decompress(None) == (None, None)
    hidden = IntegerRangeField().hidden_widget()
    assert hidden.is_hidden and 'type="hidden" name="f_0" value="1"' in hidden.render("f", Range(1, 2))


def test_a_model_form():
    class PostForm(forms.ModelForm):
        class Meta:
            model = Post
            fields = ["tags", "numbers"]

    form = PostForm({"tags": "a,b", "numbers": "1,2,3,4"})
    assert form.errors == {"numbers": ["The list must have at most 3 items, not 4."]}
    assert form.cleaned_data["tags"] == ["a", "b"]
    shown = str(PostForm(instance=Post(tags=["x", "y"])))
    assert 'value="x,y"' in shown

    class EventForm(forms.ModelForm):
        class Meta:
            model = Event
            fields = ["ages", "price"]

    form = EventForm({"ages_0": "1", "ages_1": "", "price_0": "1", "price_1": "2"})
    assert not form.errors
    # Pairs get the bounds of the model's field.
    assert (form.instance.ages, form.instance.price) == (Range(1, None), Range(1, 2, "[]"))
