"""Forms: binding, cleaning, errors, initial values and output."""

import json

import pytest

from nuages import forms
from nuages.exceptions import NON_FIELD_ERRORS, ValidationError
from nuages.forms.errors import ErrorDict, ErrorList
from nuages.http.querydict import QueryDict


class Contact(forms.Form):
    subject = forms.CharField(max_length=10, help_text="Short.")
    copies = forms.IntegerField(required=False, min_value=1)
    token = forms.CharField(widget=forms.HiddenInput)

    def clean_subject(self):
        return self.cleaned_data["subject"].upper()

    def clean(self):
        if self.cleaned_data.get("copies") == 13:
            raise ValidationError("Unlucky.", code="unlucky")


def test_cleaning_order_and_hooks():
    form = Contact({"subject": " hi ", "copies": "2", "token": "t"})
    assert form.is_valid()
    assert form.cleaned_data == {"subject": "HI", "copies": 2, "token": "t"}


def test_errors_by_field_and_of_the_whole():
    form = Contact({"subject": "far too long a subject", "copies": "13", "token": "t"})
    assert not form.is_valid()
    assert form.has_error("subject", "max_length")
    assert form.has_error(NON_FIELD_ERRORS, "unlucky")
    assert "subject" not in form.cleaned_data
    assert json.loads(form.errors.as_json())["__all__"] == [{"message": "Unlucky.", "code": "unlucky"}]


def test_unbound_form_is_neither_valid_nor_wrong():
    form = Contact()
    assert not form.is_valid()
    assert form.errors == {}
    assert repr(form) == "<Contact bound=False, valid=False, fields=(subject;copies;token)>"


def test_div_output():
    html = str(Contact())
    assert '<label for="id_subject">Subject:</label>' in html
    assert '<div class="helptext" id="id_subject_helptext">Short.</div>' in html
    assert (
        '<input type="text" name="subject" maxlength="10" required aria-describedby="id_subject_helptext" id="id_subject">'
    ) in html
    assert html.rstrip().endswith('<input type="hidden" name="token" id="id_token"></div>')


def test_erroneous_output_has_aria_attributes_and_hidden_errors_on_top():
    html = Contact({"copies": "x"}).as_p()
    assert html.startswith(
        '<ul class="errorlist nonfield"><li>(Hidden field token) This field is required.</li></ul>'
    )
    assert 'aria-invalid="true" aria-describedby="id_copies_error" id="id_copies"' in html


def test_without_auto_id_there_are_no_labels():
    html = Contact(auto_id=False).as_ul()
    assert "<label" not in html and " id=" not in html


@pytest.mark.parametrize("style", ["as_div", "as_p", "as_ul", "as_table"])
def test_messages_are_escaped(style):
    class Evil(forms.Form):
        choice = forms.ChoiceField(choices=[("a", "A")])

    html = getattr(Evil({"choice": "<script>"}), style)()
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_prefix_and_initial():
    form = Contact(prefix="a", initial={"subject": "x"})
    assert form["subject"].html_name == "a-subject"
    assert form["subject"].value() == "x"
    bound = Contact({"a-subject": "x", "a-token": "t"}, prefix="a", initial={"subject": "x"})
    assert bound.changed_data == ["token"]


def test_callable_initial_is_called_once_per_bound_field():
    calls = []

    class Counting(forms.Form):
        number = forms.IntegerField(initial=lambda: calls.append(1) or len(calls))

    bound = Counting()["number"]
    assert bound.initial == bound.value() == 1
    assert calls == [1]


def test_fields_are_copied_for_each_form():
    first, second = Contact(), Contact()
    first.fields["subject"].widget.attrs["class"] = "x"
    first.fields["subject"].error_messages["required"] = "x"
    first.fields["subject"].validators.clear()
    assert "class" not in second.fields["subject"].widget.attrs
    assert second.fields["subject"].error_messages["required"] == "This field is required."
    assert second.fields["subject"].validators


def test_inheritance_removal_and_order():
    class Child(Contact):
        copies = None
        last = forms.CharField()
        field_order = ["last"]

    assert list(Child().fields) == ["last", "subject", "token"]


def test_add_error_forms():
    form = Contact({"subject": "x", "token": "t"})
    assert form.is_valid()
    form.add_error(None, {"subject": ["no"], "copies": "neither"})
    assert form.errors == {"subject": ["no"], "copies": ["neither"]}
    with pytest.raises(ValueError, match="has no field named 'other'"):
        form.add_error("other", "x")
    with pytest.raises(TypeError):
        form.add_error("subject", {"copies": "x"})


def test_disabled_field_ignores_submitted_data():
    class Locked(forms.Form):
        name = forms.CharField(disabled=True)

    form = Locked({"name": "evil"}, initial={"name": "good"})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "good"}
    assert not form.has_changed()


def test_show_hidden_initial_compares_with_what_the_user_saw():
    class Shown(forms.Form):
        name = forms.CharField(initial="new", show_hidden_initial=True)

    assert 'name="initial-name" value="new"' in str(Shown()["name"])
    assert not Shown({"name": "old", "initial-name": "old"}).has_changed()
    assert Shown({"name": "older", "initial-name": "old"}).has_changed()


def test_empty_permitted():
    form = Contact({}, empty_permitted=True, use_required_attribute=False)
    assert form.is_valid() and form.cleaned_data == {}
    with pytest.raises(ValueError):
        Contact({}, empty_permitted=True)


def test_iteration_over_radio_buttons():
    class Choose(forms.Form):
        pick = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)

    parts = list(Choose({"pick": "b"})["pick"])
    assert [part.choice_label for part in parts] == ["A", "B"]
    assert parts[1].tag() == '<input type="radio" name="pick" value="b" required id="id_pick_1" checked>'
    assert str(parts[0]).startswith('<label for="id_pick_0">')


def test_css_classes_and_label_tags():
    class Styled(Contact):
        required_css_class = "req"
        error_css_class = "bad"

    form = Styled({"token": "t"})
    assert form["subject"].css_classes("own") == "own bad req"
    assert form["subject"].label_tag(attrs={"class": "foo"}) == '<label class="foo req" for="id_subject">Subject:</label>'
    assert form["subject"].legend_tag() == '<legend class="req">Subject:</legend>'
    assert form["copies"].label_tag("Ready?") == '<label for="id_copies">Ready?</label>'


def test_custom_bound_field_classes():
    class Loud(forms.BoundField):
        def css_classes(self, extra_classes=None):
            return "loud"

    class Form(forms.Form):
        bound_field_class = Loud
        name = forms.CharField()
        quiet = forms.CharField(bound_field_class=forms.BoundField)

    form = Form()
    assert type(form["name"]) is Loud
    assert type(form["quiet"]) is forms.BoundField
    assert '<div class="loud">' in str(form)


def test_error_list_is_a_list_of_messages():
    errors = ErrorList([ValidationError("%(n)s bad", params={"n": 2}, code="x"), "plain"])
    assert errors == ["2 bad", "plain"] and isinstance(errors, list)
    assert json.loads(json.dumps(errors)) == ["2 bad", "plain"]
    assert errors.as_data()[0].code == "x"
    assert str(ErrorDict({"f": errors})).startswith('<ul class="errorlist"><li>f<ul class="errorlist">')
    assert errors.as_text() == "* 2 bad\n* plain"


def test_query_dict_lists():
    class Many(forms.Form):
        pick = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])

    assert Many(QueryDict("pick=a&pick=b")).errors == {}
    assert Many(QueryDict("pick=a&pick=c")).has_error("pick", "invalid_choice")
