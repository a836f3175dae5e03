"""The three kinds of patterns that a path can be held against: route, regular expression, language prefix."""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nuages.checks.messages import CheckMessage
from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured
from nuages.i18n.translation import get_language, get_supported_language_variant
from nuages.urls import advice
from nuages.urls.converters import get_converter

if TYPE_CHECKING:
    from collections.abc import Mapping

Matched = tuple[str, tuple[Any, ...], dict[str, Any]]

PARAMETER = re.compile(r"<(?:(?P<converter>[^>:]+):)?(?P<parameter>[^>]+)>")
WHITESPACE = frozenset(string.whitespace)


class LocaleRegexDescriptor:
    """Gives the compiled regular expression of a pattern; one per language where the pattern is a lazy text."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        source = instance._regex
        if isinstance(source, str):
            instance.__dict__["regex"] = compiled = instance._compile(source)
            return compiled
        language = get_language()
        cache = instance._regex_dict
        if language not in cache:
            cache[language] = instance._compile(str(source))
        return cache[language]


class RegexPattern:
    """A regular expression, as `re_path` takes it."""

    regex: LocaleRegexDescriptor = LocaleRegexDescriptor()

    def __init__(self, regex: Any, name: str | None = None, is_endpoint: bool = False) -> None:
        self._regex = regex
        self._regex_dict: dict[str | None, re.Pattern[str]] = {}
        self._is_endpoint = is_endpoint
        self.name = name
        self.converters: dict[str, Any] = {}

    def match(self, path: str) -> Matched | None:
        """Give ``(rest, args, kwargs)``; named groups push unnamed ones aside."""
        matcher = self.regex.fullmatch if self._is_endpoint and self.regex.pattern.endswith("$") else self.regex.search
        match = matcher(path)
        if match is None:
            return None
        kwargs = match.groupdict()
        args = () if kwargs else match.groups()
        return path[match.end() :], args, {name: value for name, value in kwargs.items() if value is not None}

    def check(self) -> list[CheckMessage]:
        """Give what is doubtful about this pattern."""
        found = advice.slash_in_front(self)
        return found if self._is_endpoint else found + advice.dollar_before_include(self)

    def _compile(self, regex: str) -> re.Pattern[str]:
        try:
            return re.compile(regex)
        except re.error as error:
            raise ImproperlyConfigured(f'"{regex}" is not a valid regular expression: {error}') from error

    def __str__(self) -> str:
        return str(self._regex)


@lru_cache(2048)
def route_to_regex(route: str, is_endpoint: bool) -> tuple[str, dict[str, Any]]:
    """Turn a route such as ``"year/<int:year>/"`` into a regular expression and its converters.

    :raises ImproperlyConfigured: a parameter is malformed, doubled, or of an unknown type.
    """
    pieces, converters, position = [], {}, 0
    for match in PARAMETER.finditer(route):
        if not WHITESPACE.isdisjoint(match[0]):
            raise ImproperlyConfigured(f"URL route {route!r} cannot contain whitespace in angle brackets <…>.")
        pieces.append(re.escape(route[position : match.start()]))
        position = match.end()
        parameter = match["parameter"]
        if not parameter.isidentifier():
            raise ImproperlyConfigured(
                f"URL route {route!r} names a parameter {parameter!r}, which is no Python identifier."
            )
        if parameter in converters:
            raise ImproperlyConfigured(f"URL route {route!r} uses parameter name {parameter!r} more than once.")
        kind = match["converter"] or "str"
        try:
            converters[parameter] = converter = get_converter(kind)
        except KeyError as error:
            raise ImproperlyConfigured(f"URL route {route!r} uses invalid converter {kind!r}.") from error
        pieces.append(f"(?P<{parameter}>{converter.regex})")
    pieces.append(re.escape(route[position:]))
    return "^" + "".join(pieces) + (r"\Z" if is_endpoint else ""), converters


class RoutePattern:
    """A route with ``<converter:parameter>`` pieces, as `path` takes it."""

    regex: LocaleRegexDescriptor = LocaleRegexDescriptor()

    def __init__(self, route: Any, name: str | None = None, is_endpoint: bool = False) -> None:
        self._route = route
        self._regex = route
        self._regex_dict: dict[str | None, re.Pattern[str]] = {}
        self._is_endpoint = is_endpoint
        self.name = name
        self.converters: dict[str, Any] = route_to_regex(str(route), is_endpoint)[1]

    def match(self, path: str) -> Matched | None:
        """Give ``(rest, (), kwargs)`` with converted values; a converter's ValueError means no match."""
        if not self.converters:
            return self._match_literal(path)
        match = self.regex.match(path)
        if match is None:
            return None
        kwargs = match.groupdict()
        for name, value in kwargs.items():
            try:
                kwargs[name] = self.converters[name].to_python(value)
            except ValueError:
                return None
        return path[match.end() :], (), kwargs

    def _match_literal(self, path: str) -> Matched | None:
        route = self._route if isinstance(self._route, str) else str(self._route)
        if self._is_endpoint:
            return ("", (), {}) if route == path else None
        return (path[len(route) :], (), {}) if path.startswith(route) else None

    def check(self) -> list[CheckMessage]:
        """Give what is doubtful about this pattern."""
        route = str(self._route)
        return [
            *advice.slash_in_front(self),
            *advice.regex_in_route(self, route),
            *advice.unmatched_brackets(self, route),
        ]

    def _compile(self, route: str) -> re.Pattern[str]:
        return re.compile(route_to_regex(route, self._is_endpoint)[0])

    def __str__(self) -> str:
        return str(self._route)


class LocalePrefixPattern:
    """The active language as the first piece of the path."""

    def __init__(self, prefix_default_language: bool = True) -> None:
        self.prefix_default_language = prefix_default_language
        self.converters: Mapping[str, Any] = {}

    @property
    def regex(self) -> re.Pattern[str]:
        """The regular expression of the prefix; it exists only for reversing."""
        return re.compile(re.escape(self.language_prefix))

    @property
    def language_prefix(self) -> str:
        """``de/``, or nothing for the default language where that goes without."""
        language = get_language() or settings.LANGUAGE_CODE
        if not self.prefix_default_language and is_default_language(language):
            return ""
        return f"{language}/"

    def match(self, path: str) -> Matched | None:
        """Match the prefix of the active language."""
        prefix = self.language_prefix
        return (path[len(prefix) :], (), {}) if path.startswith(prefix) else None

    def check(self) -> list[CheckMessage]:
        """Nothing to find."""
        return []

    def __str__(self) -> str:
        return self.language_prefix


def is_default_language(language: str) -> bool:
    """Tell if ``language`` is the one of ``LANGUAGE_CODE``, as the site supports it."""
    try:
        return language == get_supported_language_variant(settings.LANGUAGE_CODE)
    except LookupError:
        return language == settings.LANGUAGE_CODE
