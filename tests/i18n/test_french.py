"""What is particular in French: plural forms, the space before a colon, capitals of labels."""

from nuages import forms, models
from nuages.i18n import translation


def test_labels_have_french_typography():
    class Letter(forms.Form):
        text = forms.CharField(max_length=3)

    with translation.override("fr"):
        letter = Letter({"text": "abcd"})
        assert letter.errors["text"] == ["Il faut au plus 3 caractères (il y en a 4)."]
        assert "Text\N{NO-BREAK SPACE}:" in str(letter["text"].label_tag())


def test_labels_of_model_fields_follow_the_language():
    field = models.CharField(translation.gettext_lazy("password")).formfield()
    assert str(field.label) == "Password"
    with translation.override("fr"):
        assert str(field.label) == "Mot de passe"
