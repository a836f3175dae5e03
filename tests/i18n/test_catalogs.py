"""The framework's own catalogs: each message of the sources has its entry, and each entry its places."""

import re
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import nuages
import nuages.i18n
from nuages import forms, models
from nuages.contrib.humanize.templatetags import humanize
from nuages.i18n import translation
from nuages.i18n.templates import templatize
from nuages.i18n.timesince import TIME_STRINGS

SOURCES = Path(nuages.__file__).parent
LOCALE = Path(nuages.i18n.__file__).parent / "locale"
SCRIPTS = SOURCES / "contrib" / "admin"
LANGUAGES = sorted(path.name for path in LOCALE.iterdir())
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
#: What only developers see is translated into French alone.
OF_DEVELOPERS = ("contrib/admindocs", "views/generic")
#: Pieces that the extraction takes for messages.
PIECES = {"is %(limit_value)s (it is %(show_value)s)", ("verbose_name", "verbose_name_plural")}
PLACES = re.compile(r"%(?:\(\w+\))?[sdr]|\{\w*\}|<(?!/?sup>)[^>]+>")


@cache
def said_by_python():
    """The messages of sources and templates, with the folders that say them."""
    found = {}
    for file in sorted(SOURCES.rglob("*")):
        if file.suffix == ".py" and "test" not in file.relative_to(SOURCES).parts:
            source = file.read_bytes()
        elif file.suffix in (".html", ".txt") and "templates" in file.parts:
            source = templatize(file.read_text()).encode()
        else:
            continue
        for _line, message, _comments, context in extract("python", BytesIO(source), KEYWORDS):
            found.setdefault((message, context), []).append(str(file.relative_to(SOURCES)))
    return {key: files for key, files in found.items() if key[0] not in PIECES}


def said_by_scripts():
    """The messages of the back office's scripts."""
    texts = "".join(file.read_text() for file in (SCRIPTS / "static" / "admin" / "js").glob("*.js"))
    return {(message, None) for message in re.findall(r'\bsay\("([^"]+)"\)', texts)}


def catalog(folder, language, domain):
    with (folder / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return {(message.id, message.context): message.string for message in read_po(file, locale=language) if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_missing(language):
    wanted = {
        key for key, files in said_by_python().items() if language == "fr" or not all(file.startswith(OF_DEVELOPERS) for file in files)
    }  # fmt: skip
    entries = catalog(LOCALE, language, "django")
    assert sorted(map(str, wanted - {key for key, text in entries.items() if text})) == []
    assert sorted(map(str, said_by_scripts() - catalog(SCRIPTS / "locale", language, "djangojs").keys())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_is_left_of_a_message_that_was_reworded(language):
    composed = re.compile(r"Ensure this value|The list must have|value has the correct format|^\{\}|^%\(num\)d ")
    stale = [key[0] for key in catalog(LOCALE, language, "django").keys() - said_by_python().keys()]
    assert [message for message in stale if not composed.search(message if isinstance(message, str) else message[0])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_places_of_their_originals(language):
    entries = {**catalog(LOCALE, language, "django"), **catalog(SCRIPTS / "locale", language, "djangojs")}
    for (original, _context), translated in entries.items():
        texts, originals = (value if isinstance(value, tuple) else (value,) for value in (translated, original))
        expected = [Counter(PLACES.findall(text)) for text in originals]
        assert all(texts) and all(Counter(PLACES.findall(text)) in expected for text in texts), original
        assert Counter(PLACES.findall(texts[-1])) == expected[-1], original


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_that_are_composed_are_translated(language):
    with translation.override(language.replace("_", "-")):
        shown = [forms.CharField(min_length=2).validators, forms.CharField(max_length=2).validators]
        texts = [str(validator.message % 2) for validators in shown for validator in validators if hasattr(validator, "limit_value")]
        texts += [str(models.DateField.default_error_messages["invalid_date"]), str(models.TimeField.default_error_messages["invalid_time"])]
        units = [str(unit % {"num": 2}) for strings in (humanize._PAST, humanize._FUTURE) for unit in strings.values()]
    assert len(texts) == 4 and not [text for text in texts if "value" in text.replace("%(value)s", "").replace("_value)", "")]
    english = [str(unit % {"num": 2}) for unit in TIME_STRINGS.values()]
    assert not {unit for unit in units if unit in english} - {"2 minutes"}


@pytest.mark.parametrize(
    "language,error,ordinal",
    [
        ("fr", "Ce champ est obligatoire.", "3<sup>e</sup>"),
        ("de", "Dies ist ein Pflichtfeld.", "3."),
        ("es", "Este dato es obligatorio.", "3.º"),
        ("it", "Questo dato è obbligatorio.", "3º"),
        ("pt-br", "Preencha este campo.", "3º"),
        ("nl", "Dit moet worden ingevuld.", "3e"),
    ],
)
def test_forms_and_filters_speak_the_language(language, error, ordinal):
    class Letter(forms.Form):
        to = forms.EmailField()

    with translation.override(language):
        assert Letter({"to": ""}).errors["to"] == [error]
        assert humanize.ordinal(3) == ordinal
