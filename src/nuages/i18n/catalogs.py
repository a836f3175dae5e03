"""Catalogs of translated messages: read from ``.mo`` or ``.po`` files, and merged per language.

A message is looked up in the project's LOCALE_PATHS, then in the applications in their order, then in the framework's own
catalog; the directory of a variant (``de_AT``) before that of its language (``de``).
"""

from __future__ import annotations

import functools
import gettext as gettext_files
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from nuages.apps import apps
from nuages.conf import names, settings
from nuages.exceptions import AppRegistryNotReady
from nuages.i18n.codes import to_locale

CONTEXT_SEPARATOR = "\x04"
"""Stands between the context and the message in the keys of catalogs (GNU gettext's convention)."""

PACKER = "nuages.i18n.sources.packed"
"""What compiles sources, named by its path: a site with compiled catalogs never loads it."""

_OWN = Path(__file__).with_name("locale")
_PLURAL_EXPRESSION = re.compile(r"plural\s*=\s*([^;]+)")


class _Reader(gettext_files.GNUTranslations):
    """GNU gettext's parser of ``.mo`` files, opened up."""

    _catalog: dict[Any, str]

    def entries(self) -> Iterator[tuple[Any, str]]:
        """Yield ``(key, text)``; the keys of plural messages are ``(key, number of the form)``."""
        yield from self._catalog.items()

    @property
    def plural_form(self) -> Callable[[int], int]:
        """The function from a number to a form."""
        rule: Callable[[int], int] = getattr(self, "plural", lambda n: int(n != 1))
        return rule

    @property
    def plural_expression(self) -> str:
        """The expression in C that the header gives for the number of the form."""
        match = _PLURAL_EXPRESSION.search(self.info().get("plural-forms", ""))
        return match[1].strip() if match else "n != 1"


class Catalog:
    """Messages of one language and domain, and the catalog to ask when one is missing."""

    def __init__(self, language: str, domain: str, fallback: Catalog | None = None) -> None:
        self.language, self.domain, self.fallback = language, domain, fallback
        self.messages: dict[str, str] = {}
        self.plurals: dict[str, tuple[dict[int, str], Callable[[int], int]]] = {}
        self.plural_expression = "n != 1"

    def merge(self, reader: _Reader) -> None:
        """Take over the messages of a file, those that are there already replaced."""
        forms: dict[str, dict[int, str]] = {}
        for key, text in reader.entries():
            if isinstance(key, tuple):
                forms.setdefault(key[0], {})[key[1]] = text
            elif key:
                self.messages[key] = text
        rule = reader.plural_form
        for key, texts in forms.items():
            self.plurals[key] = (texts, rule)
        self.plural_expression = reader.plural_expression

    def find(self, key: str) -> str | None:
        """Return the translation, or None. An untranslated one counts as missing."""
        catalog: Catalog | None = self
        while catalog is not None:
            text = catalog.messages.get(key)
            if text:
                return text
            if (plural := catalog.plurals.get(key)) is not None:
                return plural[0].get(plural[1](1))
            catalog = catalog.fallback
        return None

    def find_plural(self, key: str, number: Any) -> str | None:
        """Return the translation in the form for ``number``, or None."""
        catalog: Catalog | None = self
        while catalog is not None:
            if (plural := catalog.plurals.get(key)) is not None:
                texts, rule = plural
                text = texts.get(rule(number))
                if text:
                    return text
            catalog = catalog.fallback
        return None


def _opened(directory: Path, locale: str, domain: str) -> _Reader | None:
    folder = directory / locale / "LC_MESSAGES"
    compiled = folder / f"{domain}.mo"
    if compiled.is_file():
        with compiled.open("rb") as file:
            return _Reader(file)
    source = folder / f"{domain}.po"
    if source.is_file():
        return _Reader(names.import_string(PACKER)(source, locale))
    return None


def locale_directories() -> list[Path]:
    """Return the directories of catalogs, those that win last."""
    try:
        configs = list(apps.get_app_configs())
    except AppRegistryNotReady as error:
        raise AppRegistryNotReady(
            "The translation infrastructure cannot be initialized before the apps registry is ready: "
            "make no non-lazy gettext call at import time."
        ) from error
    of_apps = [Path(config.path) / "locale" for config in reversed(configs)]
    return [_OWN, *(path for path in of_apps if path.is_dir()), *map(Path, reversed(list(settings.LOCALE_PATHS)))]


def _locales(language: str) -> list[str]:
    """Return the locale names whose files hold ``language``, the most general first."""
    locale = to_locale(language)
    general = re.split(r"[_@-]", locale)[0]
    return [locale] if general == locale else [general, locale]


def build(language: str, domain: str = "django", directories: Iterable[Any] | None = None) -> Catalog:
    """Read and merge the files of a language, without a fallback."""
    catalog = Catalog(language, domain)
    found = locale_directories() if directories is None else [Path(path) for path in directories]
    for directory in found:
        for locale in _locales(language):
            reader = _opened(directory, locale, domain)
            if reader is not None:
                catalog.merge(reader)
    return catalog


@functools.lru_cache(maxsize=128)
def load(language: str) -> Catalog:
    """Return the merged catalog of a language; it falls back to the one of LANGUAGE_CODE, English to nothing."""
    catalog = build(language)
    default = settings.LANGUAGE_CODE
    if language != default and not language.startswith("en"):
        catalog.fallback = load(default)
    return catalog


@functools.lru_cache(maxsize=1024)
def exists(language: str) -> bool:
    """Tell whether any directory has a catalog for exactly this language."""
    locale = to_locale(language)
    files = [f"{locale}/LC_MESSAGES/django.{ending}" for ending in ("mo", "po")]
    return any((directory / name).is_file() for directory in locale_directories() for name in files)


def forget() -> None:
    """Drop what was read, so that changed files are read again."""
    load.cache_clear()
    exists.cache_clear()
