"""Catalogs, plurals, context and the choice of a language."""

import asyncio
import os
import time

import pytest
from babel import Locale

from nuages.conf import settings
from nuages.conf.languages import LANGUAGES
from nuages.i18n import catalogs
from nuages.i18n import translation as t
from nuages.i18n.negotiation import parse_accept_lang_header
from nuages.test import override_settings

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Hello"
msgstr "Bonjour"

msgctxt "month"
msgid "May"
msgstr "mai"

msgid "%(n)d egg"
msgid_plural "%(n)d eggs"
msgstr[0] "%(n)d œuf"
msgstr[1] "%(n)d œufs"
"""


@pytest.fixture
def french(tmp_path, override):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    override(LOCALE_PATHS=[str(tmp_path)])
    t.reset_cache()
    yield
    t.reset_cache()


def test_messages_of_a_source_file_without_compiled_ones(french):
    with t.override("fr"):
        assert t.gettext("Hello") == "Bonjour"
        assert t.pgettext("month", "May") == "mai"
        assert t.ngettext("%(n)d egg", "%(n)d eggs", 0) % {"n": 0} == "0 œuf"
        assert t.ngettext_lazy("%(n)d egg", "%(n)d eggs", "n") % {"n": 2} == "2 œufs"
    with t.override("fr-ca"):
        assert t.gettext("Hello") == "Bonjour"
    assert t.gettext("Hello") == "Hello"


def test_lazy_messages_follow_the_language(french):
    hello = t.gettext_lazy("Hello")
    with t.override("fr"):
        assert str(hello) == "Bonjour"
    with t.override(None):
        assert str(hello) == "Hello" and t.get_language() is None


def test_tasks_have_their_own_language(french):
    async def ask(language):
        t.activate(language)
        await asyncio.sleep(0)
        return t.gettext("Hello")

    async def main():
        return await asyncio.gather(ask("fr"), ask("en"))

    assert asyncio.run(main()) == ["Bonjour", "Hello"]


@pytest.mark.parametrize(("code", "found"), [("de-at", "de"), ("zh-tw", "zh-hant"), ("pt-zz", "pt"), ("sr-latn", "sr-latn")])
def test_nearest_language(code, found):
    assert t.get_supported_language_variant(code) == found


def test_unknown_languages():
    with pytest.raises(LookupError):
        t.get_supported_language_variant("xyz")
    with pytest.raises(KeyError):
        t.get_language_info("xx-yy")
    assert t.get_language_info("he")["bidi"] is True


def test_accept_language():
    assert parse_accept_lang_header("da, en-gb;q=0.25, en;q=0.5") == (("da", 1.0), ("en", 0.5), ("en-gb", 0.25))
    assert parse_accept_lang_header("de;q=2.0") == ()
    assert t.get_language_from_path("/de/x/") == "de"


def test_templatize_keeps_lines():
    source = "{% translate 'a' context 'c' %}\n{% blocktranslate count n=x %}one{% plural %}{{ n }} more{% endblocktranslate %}"
    assert t.templatize(source).split() == ["pgettext('c',", "'a')", "ngettext('one',", "'%(n)s", "more',", "count)"]
    with pytest.raises(SyntaxError):
        t.templatize("{% blocktranslate %}{% if x %}{% endblocktranslate %}")


def test_a_missing_catalog_is_no_error():
    assert catalogs.build("tlh").messages == {}


def test_templatize_hands_comments_on_line_by_line():
    source = "{% comment %}Why\nTranslators: a\n b{% endcomment %}\n{% translate 'x' %}{# Translators: for y #}\n{% translate 'y' %}"
    assert t.templatize(source).split("\n") == ["", " # Translators: a", " # b", " gettext('x')  # Translators: for y", " gettext('y') "]


def test_templatize_warns_of_a_misplaced_comment():
    with pytest.warns(t.TranslatorCommentWarning, match=r"'Translators: no' \(file a.html, line 2\) was ignored"):
        made = t.templatize("\n{# Translators: no #}{% translate 'x' %}", origin="a.html")
    assert "Translators" not in made


def test_a_changed_language_setting_ends_what_was_activated():
    t.activate("fr")
    with override_settings(LANGUAGE_CODE="pl"):
        assert t.get_language() == "pl"
    assert t.get_language() == settings.LANGUAGE_CODE


def test_the_process_follows_a_changed_time_zone(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    with override_settings(TIME_ZONE="Europe/Copenhagen"):
        assert os.environ["TZ"] == "Europe/Copenhagen" and time.tzname == ("CET", "CEST")


def test_the_names_of_languages_are_those_of_the_cldr():
    names = Locale("en").languages
    for code, name in LANGUAGES:
        locale = t.to_locale(code)
        assert name == (names.get(locale) or (Locale.parse(locale).get_display_name("en") if "-" in code else code)), code
    assert len({name for _, name in LANGUAGES}) == len(LANGUAGES)
