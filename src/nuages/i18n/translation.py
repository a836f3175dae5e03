"""Translating messages, and choosing the language (documented as "utils.translation")."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from nuages.conf import settings
from nuages.i18n import catalogs
from nuages.i18n.catalogs import CONTEXT_SEPARATOR, Catalog
from nuages.i18n.codes import to_language, to_locale
from nuages.i18n.negotiation import (
    check_for_language,
    forget_languages,
    get_language_from_path,
    get_language_from_request,
    get_languages,
    get_supported_language_variant,
)
from nuages.i18n.plurals import lazy_number
from nuages.ondemand import on_demand
from nuages.signals import receiver, setting_changed
from nuages.text.lazy import lazy
from nuages.text.safestring import SafeData, SafeString

if TYPE_CHECKING:
    from nuages.i18n.languages import get_language_info
    from nuages.i18n.templates import templatize
else:
    __getattr__, __dir__ = on_demand(
        __name__, {"nuages.i18n.languages": "get_language_info", "nuages.i18n.templates": "templatize"}
    )

__all__ = [
    "activate",
    "check_for_language",
    "deactivate",
    "deactivate_all",
    "get_language",
    "get_language_bidi",
    "get_language_from_path",
    "get_language_from_request",
    "get_language_info",
    "get_languages",
    "get_supported_language_variant",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "npgettext",
    "npgettext_lazy",
    "override",
    "pgettext",
    "pgettext_lazy",
    "round_away_from_one",
    "templatize",
    "to_language",
    "to_locale",
    "trim_whitespace",
]


class TranslatorCommentWarning(SyntaxWarning):
    """A comment for translators stands where it cannot be found."""


# None: nothing was activated, LANGUAGE_CODE holds. "": translation is switched off.
_active: ContextVar[str | None] = ContextVar("language", default=None)
_OFF = ""


def activate(language: str) -> None:
    """Use ``language`` in this context from now on."""
    if language:
        _active.set(language)


def deactivate() -> None:
    """Go back to LANGUAGE_CODE."""
    _active.set(None)


def deactivate_all() -> None:
    """Switch translation off: messages come out as they are written."""
    _active.set(_OFF)


class override(contextlib.ContextDecorator):
    """Context manager and decorator: use ``language`` inside; None switches translation off.

    ``deactivate=True`` goes back to LANGUAGE_CODE afterwards, instead of to the language before.
    """

    def __init__(self, language: str | None, deactivate: bool = False) -> None:
        self.language, self.deactivate = language, deactivate

    def __enter__(self) -> None:
        self.old_language: str | None = _active.get()
        if self.language is None:
            deactivate_all()
        else:
            activate(self.language)

    def __exit__(self, *exc_info: object) -> None:
        _active.set(None if self.deactivate else self.old_language)


def get_language() -> str | None:
    """Return the language code in force, or None where translation is switched off."""
    if not settings.USE_I18N:
        return str(settings.LANGUAGE_CODE)
    language = _active.get()
    if language is None:
        return str(settings.LANGUAGE_CODE)
    return language or None


def get_language_bidi() -> bool:
    """Tell whether the language in force is written from right to left."""
    language = get_language()
    if not language:
        return False
    bidi = settings.LANGUAGES_BIDI
    return language in bidi or language.partition("-")[0] in bidi


def _catalog() -> Catalog | None:
    if not settings.USE_I18N:
        return None
    language = _active.get()
    if language is None:
        language = settings.LANGUAGE_CODE
    return catalogs.load(language) if language else None


def gettext(message: str) -> str:
    """Translate ``message`` into the language in force; safe text gives safe text."""
    key = message.replace("\r\n", "\n").replace("\r", "\n")
    catalog = _catalog() if key else None
    found = catalog.find(key) if catalog is not None else None
    text = message if found is None else found
    return SafeString(text) if isinstance(message, SafeData) else text


def pgettext(context: str, message: str) -> str:
    """Translate ``message`` as it is meant in ``context``."""
    catalog = _catalog()
    found = catalog.find(f"{context}{CONTEXT_SEPARATOR}{message}") if catalog is not None else None
    text = message if found is None else found
    return SafeString(text) if isinstance(message, SafeData) else text


def gettext_noop(message: str) -> str:
    """Mark ``message`` for translation, and return it as it is."""
    return message


def ngettext(singular: str, plural: str, number: Any) -> str:
    """Translate into the form that the language has for ``number``."""
    catalog = _catalog()
    found = catalog.find_plural(singular, number) if catalog is not None else None
    return found if found is not None else singular if number == 1 else plural


def npgettext(context: str, singular: str, plural: str, number: Any) -> str:
    """Translate into the form for ``number``, as it is meant in ``context``."""
    catalog = _catalog()
    found = catalog.find_plural(f"{context}{CONTEXT_SEPARATOR}{singular}", number) if catalog is not None else None
    return found if found is not None else singular if number == 1 else plural


gettext_lazy = lazy(gettext, str)
pgettext_lazy = lazy(pgettext, str)


def ngettext_lazy(singular: str, plural: str, number: Any = None) -> Any:
    """Lazy :func:`ngettext`; ``number`` can be the name of the number among the values that are filled in later."""
    return lazy_number(ngettext, (singular, plural), number)


def npgettext_lazy(context: str, singular: str, plural: str, number: Any = None) -> Any:
    """Lazy :func:`npgettext`; ``number`` as for :func:`ngettext_lazy`."""
    return lazy_number(npgettext, (context, singular, plural), number)


def trim_whitespace(s: str) -> str:
    """Join the lines of a text, white space around them removed."""
    return " ".join(line for line in map(str.strip, s.strip().splitlines()) if line)


def round_away_from_one(value: Any) -> int:
    """Round a number to an integer away from one, so that plural forms of fractions are right."""
    number = float(value) - 1
    whole = int(number)
    if number != whole:
        whole += 1 if number > 0 else -1
    return whole + 1


def reset_cache(**kwargs: Any) -> None:
    """Forget catalogs and languages."""
    catalogs.forget()
    forget_languages()


@receiver(setting_changed)
def _follow_settings(*, setting: str, **kwargs: Any) -> None:
    if setting in {"LANGUAGES", "LANGUAGE_CODE", "LOCALE_PATHS", "INSTALLED_APPS", "USE_I18N"}:
        reset_cache()
    if setting in {"LANGUAGES", "LANGUAGE_CODE", "LOCALE_PATHS"}:
        deactivate()  # what was activated before would hide the new settings
