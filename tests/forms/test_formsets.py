"""Formsets: counting, validating, ordering and deleting forms."""

import pytest

from nuages import forms
from nuages.exceptions import ValidationError


class Choice(forms.Form):
    choice = forms.CharField()
    votes = forms.IntegerField()


def data(*rows, initial=0, prefix="form", total=None, **extra):
    values = {f"{prefix}-TOTAL_FORMS": str(len(rows) if total is None else total), f"{prefix}-INITIAL_FORMS": str(initial)}
    for index, row in enumerate(rows):
        values.update({f"{prefix}-{index}-{name}": value for name, value in row.items()})
    return {**values, **extra}


@pytest.mark.parametrize(
    ("options", "initial", "expected"),
    [
        ({"extra": 2}, 0, 2),
        ({"extra": 2, "max_num": 3}, 2, 3),
        ({"extra": 1, "max_num": 1}, 2, 2),
        ({"extra": 1, "min_num": 2}, 0, 3),
        ({"extra": 1, "max_num": 0}, 0, 0),
    ],
)
def test_number_of_forms_shown(options, initial, expected):
    formset = forms.formset_factory(Choice, **options)(initial=[{"choice": "x"}] * initial)
    assert len(formset) == expected


def test_validation_and_cleaned_data():
    made = forms.formset_factory(Choice)
    formset = made(data({"choice": "a", "votes": "1"}, {"choice": "", "votes": ""}))
    assert formset.is_valid()
    assert formset.cleaned_data == [{"choice": "a", "votes": 1}, {}]
    wrong = made(data({"choice": "a", "votes": ""}))
    assert not wrong.is_valid()
    assert wrong.errors == [{"votes": ["This field is required."]}]
    with pytest.raises(AttributeError):
        wrong.cleaned_data


def test_ordering_and_deletion():
    made = forms.formset_factory(Choice, can_order=True, can_delete=True)
    formset = made(
        data(
            {"choice": "a", "votes": "1", "ORDER": "2"},
            {"choice": "b", "votes": "x", "ORDER": "1", "DELETE": "on"},
            {"choice": "c", "votes": "3", "ORDER": ""},
            {"choice": "d", "votes": "4", "ORDER": "0"},
            initial=2,
        )
    )
    assert formset.is_valid()
    assert [form.cleaned_data["choice"] for form in formset.ordered_forms] == ["d", "a", "c"]
    assert [form.prefix for form in formset.deleted_forms] == ["form-1"]


def test_limits():
    limited = forms.formset_factory(Choice, max_num=1, validate_max=True, absolute_max=2)
    rows = [{"choice": "a", "votes": "1"}] * 2
    assert limited(data(*rows)).non_form_errors() == ["Please submit at most 1 form."]
    assert len(limited(data(*rows, total=1000)).forms) == 2
    needed = forms.formset_factory(Choice, min_num=2, validate_min=True)
    assert needed(data({"choice": "a", "votes": "1"}, {})).non_form_errors() == ["Please submit at least 2 forms."]
    with pytest.raises(ValueError):
        forms.formset_factory(Choice, max_num=3, absolute_max=2)


def test_missing_management_data_is_an_error_and_no_crash():
    formset = forms.formset_factory(Choice)({})
    assert not formset.is_valid()
    assert "form-TOTAL_FORMS, form-INITIAL_FORMS" in formset.non_form_errors()[0]
    assert "This field is required." in str(formset)


def test_clean_hook_and_repr():
    class Strict(forms.BaseFormSet):
        def clean(self):
            raise ValidationError("no")

    formset = forms.formset_factory(Choice, formset=Strict)(data())
    assert repr(formset) == "<ChoiceFormSet: bound=True valid=Unknown total_forms=0>"
    assert str(formset.non_form_errors()) == '<ul class="errorlist nonform"><li>no</li></ul>'
    assert formset.total_error_count() == 1


def test_empty_form_is_a_template_for_scripts():
    html = str(forms.formset_factory(Choice)().empty_form)
    assert 'name="form-__prefix__-choice"' in html and "required" not in html


def test_management_form_shows_limits():
    html = str(forms.formset_factory(Choice, max_num=5)(prefix="p", auto_id=False))
    assert '<input type="hidden" name="p-MAX_NUM_FORMS" value="5">' in html


def test_all_valid_validates_all():
    made = forms.formset_factory(Choice)
    sets = [made(data({"choice": "a", "votes": ""})), made(data({"choice": "a", "votes": ""}))]
    assert not forms.all_valid(sets)
    assert all(formset._errors for formset in sets)
