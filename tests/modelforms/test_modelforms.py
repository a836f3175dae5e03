"""Model forms and their formsets, on a real database."""

import pytest
from tests.modelforms.models import Label, Shelf, Volume

from nuages import forms
from nuages.exceptions import FieldError, ImproperlyConfigured
from nuages.modelforms import construct_instance, fields_for_model, modelform_factory


class VolumeForm(forms.ModelForm):
    class Meta:
        model = Volume
        fields = "__all__"
        labels = {"title": "Name"}
        error_messages = {"__all__": {"unique_together": "Twice!"}}


@pytest.fixture
def shelf(tables):
    tables(Shelf, Label, Volume)
    Shelf.objects.create(name="Zoo")
    return Shelf.objects.create(name="Atlas")


def test_fields_are_made_from_the_model():
    assert list(VolumeForm.base_fields) == ["title", "shelf", "pages", "labels"]
    assert VolumeForm.base_fields["title"].label == "Name"
    assert VolumeForm.base_fields["title"].help_text == "As printed."
    assert list(fields_for_model(Volume, exclude=["shelf", "labels"])) == ["title", "pages"]


@pytest.mark.parametrize(
    ("meta", "error"),
    [
        ({"model": Volume}, ImproperlyConfigured),
        ({"model": Volume, "fields": "title"}, TypeError),
        ({"model": Volume, "fields": ["none"]}, FieldError),
        ({"model": Volume, "fields": ["secret"]}, FieldError),
    ],
)
def test_wrong_options(meta, error):
    with pytest.raises(error):
        type("Wrong", (forms.ModelForm,), {"Meta": type("Meta", (), meta)})


def test_create_and_change(shelf):
    label = Label.objects.create(text="red")
    form = VolumeForm({"title": "One", "shelf": shelf.pk, "labels": [label.pk], "pages": "5"})
    volume = form.save()
    assert (volume.title, volume.pages, list(volume.labels.all())) == ("One", 5, [label])
    assert VolumeForm(instance=volume).initial["labels"] == [label]
    changed = VolumeForm({"title": "Two", "shelf": shelf.pk, "pages": "6"}, instance=volume)
    unsaved = changed.save(commit=False)
    assert unsaved is volume and Volume.objects.get().title == "One"
    unsaved.save()
    changed.save_m2m()
    assert Volume.objects.get().title == "Two" and not volume.labels.exists()


def test_what_is_left_out_keeps_the_default(shelf):
    lenient = modelform_factory(Volume, fields=["title", "pages"])
    lenient.base_fields["pages"].required = False
    form = lenient({"title": "One"})
    assert form.is_valid() and form.instance.pages == 10
    assert construct_instance(form, Volume(), fields=()).title == ""


def test_limits_and_uniqueness(shelf):
    zoo = Shelf.objects.get(name="Zoo")
    assert [label for _key, label in VolumeForm().fields["shelf"].choices][1:] == ["Atlas"]
    assert VolumeForm({"title": "One", "shelf": zoo.pk, "pages": "1"}).has_error("shelf", "invalid_choice")
    Volume.objects.create(title="One", shelf=shelf)
    twice = VolumeForm({"title": "One", "shelf": shelf.pk, "pages": "1"})
    assert twice.non_field_errors() == ["Twice!"]
    with pytest.raises(ValueError):
        twice.save()


def test_model_choice_fields(shelf):
    field = forms.ModelChoiceField(Shelf.objects.order_by("name"), to_field_name="name")
    assert field.clean("Zoo").name == "Zoo"
    assert field.prepare_value(shelf) == "Atlas"
    assert [label for _value, label in field.choices] == ["- Select an option -", "Atlas", "Zoo"]
    many = forms.ModelMultipleChoiceField(Shelf.objects.all(), required=False)
    assert set(many.clean([shelf.pk, str(shelf.pk)])) == {shelf}
    assert not many.clean([]).exists()
    with pytest.raises(forms.ValidationError) as caught:
        many.clean(["x"])
    assert caught.value.error_list[0].code == "invalid_pk_value"


def test_model_formset(shelf):
    made = forms.modelformset_factory(Shelf, fields=["name"], can_delete=True, extra=1)
    shown = made(queryset=Shelf.objects.order_by("pk"))
    assert [form.initial.get("name") for form in shown] == ["Zoo", "Atlas", None]
    first, second = shown.get_queryset()
    data = {
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "2",
        "form-0-id": first.pk,
        "form-0-name": "Zebra",
        "form-1-id": second.pk,
        "form-1-name": "Atlas",
        "form-1-DELETE": "on",
        "form-2-name": "New",
    }
    formset = made(data, queryset=Shelf.objects.order_by("pk"))
    assert formset.is_valid(), formset.errors
    formset.save()
    assert sorted(Shelf.objects.values_list("name", flat=True)) == ["New", "Zebra"]
    assert len(formset.new_objects) == len(formset.changed_objects) == len(formset.deleted_objects) == 1


def test_duplicates_within_a_formset(shelf):
    made = forms.modelformset_factory(Label, fields=["text"], extra=2)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-text": "a", "form-1-text": "a"}
    formset = made(data)
    assert formset.non_form_errors() == ["Please correct the duplicate data for text."]


def test_inline_formset(shelf):
    made = forms.inlineformset_factory(Shelf, Volume, fields=["title", "pages"], extra=1)
    Volume.objects.create(title="One", shelf=shelf)
    data = {
        "volume_set-TOTAL_FORMS": "2",
        "volume_set-INITIAL_FORMS": "1",
        "volume_set-0-id": Volume.objects.get().pk,
        "volume_set-0-title": "First",
        "volume_set-0-pages": "1",
        "volume_set-1-title": "Second",
        "volume_set-1-pages": "2",
        "volume_set-1-shelf": shelf.pk,
    }
    formset = made(data, instance=shelf)
    assert formset.is_valid(), formset.errors
    formset.save()
    assert sorted(shelf.volume_set.values_list("title", "pages")) == [("First", 1), ("Second", 2)]
    wrong = made({**data, "volume_set-1-shelf": Shelf.objects.get(name="Zoo").pk}, instance=shelf)
    assert wrong.errors[1]["shelf"]


def test_a_constraint_over_the_parent_of_an_inline_formset_is_checked(db):
    shelf = Shelf.objects.create(name="A1")
    Volume.objects.create(title="first", shelf=shelf, pages=999)
    made = forms.inlineformset_factory(Shelf, Volume, fields=["title", "pages"], extra=1)
    data = {"volume_set-TOTAL_FORMS": "1", "volume_set-INITIAL_FORMS": "0", "volume_set-0-title": "second", "volume_set-0-pages": "999"}
    formset = made(data, instance=shelf, queryset=Volume.objects.none())
    assert "one_such_thick_volume" in str(formset.errors)
    assert made({**data, "volume_set-0-pages": "998"}, instance=shelf, queryset=Volume.objects.none()).is_valid()
