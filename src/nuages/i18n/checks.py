"""Checks of language settings."""

from typing import Any

from nuages.checks.messages import Error
from nuages.checks.registry import Tags, register
from nuages.conf import settings
from nuages.i18n.codes import language_code_re
from nuages.i18n.translation import get_supported_language_variant

E001 = Error("You have provided an invalid value for the LANGUAGE_CODE setting: {!r}.", id="translation.E001")
E002 = Error("You have provided an invalid language code in the LANGUAGES setting: {!r}.", id="translation.E002")
E003 = Error("You have provided an invalid language code in the LANGUAGES_BIDI setting: {!r}.", id="translation.E003")
E004 = Error("The LANGUAGE_CODE setting names a language that the LANGUAGES setting lacks.", id="translation.E004")


def _is_valid(tag: Any) -> bool:
    return isinstance(tag, str) and language_code_re.match(tag) is not None


@register(Tags.translation)
def check_setting_language_code(app_configs: Any, **kwargs: Any) -> list[Error]:
    """E001."""
    tag = settings.LANGUAGE_CODE
    return [] if _is_valid(tag) else [Error(E001.msg.format(tag), id=E001.id)]


@register(Tags.translation)
def check_setting_languages(app_configs: Any, **kwargs: Any) -> list[Error]:
    """E002."""
    return [Error(E002.msg.format(tag), id=E002.id) for tag, _ in settings.LANGUAGES if not _is_valid(tag)]


@register(Tags.translation)
def check_setting_languages_bidi(app_configs: Any, **kwargs: Any) -> list[Error]:
    """E003."""
    return [Error(E003.msg.format(tag), id=E003.id) for tag in settings.LANGUAGES_BIDI if not _is_valid(tag)]


@register(Tags.translation)
def check_language_settings_consistent(app_configs: Any, **kwargs: Any) -> list[Error]:
    """E004: the language, or one that it is a variant of, must be in LANGUAGES."""
    try:
        get_supported_language_variant(settings.LANGUAGE_CODE)
    except LookupError:
        return [E004]
    return []
