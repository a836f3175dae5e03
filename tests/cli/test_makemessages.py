"""Message files that ``makemessages`` writes."""

import pytest

from nuages.cli.commands.makemessages import Command

TEMPLATE = '''msgid ""
msgstr ""
"Language: \\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"

msgid "cloud"
msgstr ""
'''


@pytest.mark.parametrize("template", [TEMPLATE, TEMPLATE.replace('"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n', "")])
def test_headers_know_locale_and_plural_forms(template: str) -> None:
    text = Command().copy_plural_forms(template, "fr")
    assert '"Language: fr\\n"' in text
    assert text.count("Plural-Forms") == 1
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\nmsgid "cloud"' in text


def test_headers_of_unknown_locales_stay() -> None:
    assert Command().copy_plural_forms(TEMPLATE, "xx") == TEMPLATE
