"""The framework's own French catalogs."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import nuages
import nuages.i18n
from nuages import forms, models
from nuages.i18n import translation

MESSAGES = Path("locale") / "fr" / "LC_MESSAGES"
CATALOGS = (
    Path(nuages.i18n.__file__).parent / MESSAGES / "django.po",
    Path(nuages.__file__).parent / "contrib" / "admin" / MESSAGES / "djangojs.po",
)
PLACES = re.compile(r"%(?:\(\w+\))?[sdr]|\{\w*\}|<[^>]+>")


def messages() -> list[Message]:
    found: list[Message] = []
    for path in CATALOGS:
        with path.open("rb") as file:
            found += [message for message in read_po(file, locale="fr") if message.id]
    return found


@pytest.mark.parametrize("message", messages(), ids=lambda message: str(message.id)[:40])
def test_translations_have_the_places_of_their_originals(message: Message) -> None:
    originals = message.id if isinstance(message.id, tuple) else (message.id,)
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    assert all(texts)
    expected = Counter(PLACES.findall(originals[-1]))
    assert all(Counter(PLACES.findall(text)) == expected for text in texts)


def test_forms_speak_french() -> None:
    class Letter(forms.Form):
        to = forms.EmailField()
        text = forms.CharField(max_length=3)

    with translation.override("fr"):
        letter = Letter({"to": "", "text": "abcd"})
        assert letter.errors["to"] == ["Ce champ est obligatoire."]
        assert letter.errors["text"] == ["Il faut au plus 3 caractères (il y en a 4)."]
        assert "To\N{NO-BREAK SPACE}:" in str(letter["to"].label_tag())


def test_labels_of_model_fields_follow_the_language() -> None:
    field = models.CharField(translation.gettext_lazy("password")).formfield()
    assert str(field.label) == "Password"
    with translation.override("fr"):
        assert str(field.label) == "Mot de passe"
