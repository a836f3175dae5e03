"""The index for reversing: from a view or a name to format strings."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from nuages.urls.converters import PLAIN_TEXTS, PLAIN_WRITERS
from nuages.urls.inversion import Possibility, invert, join


def writer(converter: Any) -> Callable[[Any], str]:
    """Give the function that writes a value for a URL; ``None`` stands for a group without a converter."""
    if converter is None or getattr(converter.to_url, "__func__", None) in PLAIN_WRITERS:
        return str
    return lambda value: converter.to_url(value)


class Reversal:
    """One way to write the address of a view."""

    def __init__(self, regex: str, defaults: dict[str, Any], converters: dict[str, Any]) -> None:
        self.regex = regex
        self.defaults = defaults
        self.converters = converters

    @cached_property
    def possibilities(self) -> list[Possibility]:
        """The format strings with the parameters that each takes."""
        return invert(self.regex)

    @cached_property
    def _matches(self) -> Callable[[str], re.Match[str] | None]:
        return re.compile(self.regex).match

    @cached_property
    def _constant(self) -> str | None:
        """The text of a pattern without parameters."""
        if len(self.possibilities) == 1 and not self.possibilities[0][1] and not self.defaults:
            text = self.possibilities[0][0] % ()
            return text if self._matches(text) else None
        return None

    @cached_property
    def _forms(self) -> list[tuple[str, tuple[str, ...], tuple[Callable[[Any], str], ...]]]:
        """The possibilities, with the function that writes the text of each parameter."""
        return [(text, names, tuple(writer(self.converters.get(name)) for name in names)) for text, names in self.possibilities]

    @cached_property
    def single(self) -> tuple[str, str, str, Callable[[str], object]] | None:
        """``(before, after, name, is_plain)``, where all that can vary is one parameter of a converter of ours; else ``None``.

        A value whose text ``is_plain`` may stand between the two: the whole matches then, and none of the value needs quoting.
        """
        if self.defaults or len(self.possibilities) != 1 or len(self.possibilities[0][1]) != 1:
            return None
        text, (name,) = self.possibilities[0]
        converter: Any = self.converters.get(name)
        is_plain = PLAIN_TEXTS.get(type(converter))
        before, _, after = (piece.replace("%%", "%") for piece in text.partition(f"%({name})s"))
        if is_plain is None or self.regex != rf"{re.escape(before)}(?P<{name}>{converter.regex}){re.escape(after)}\Z":
            return None
        return before, after, name, is_plain

    def fill(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        """Give the text for these arguments, or ``None`` where they do not fit."""
        if not args and not kwargs and self._constant is not None:
            return self._constant
        for text, names, writers in self._forms:
            values = args or self._named(names, kwargs)
            if values is None or len(values) != len(names):
                continue
            try:
                if len(names) == 1:
                    texts = {names[0]: writers[0](values[0])}
                else:
                    texts = {name: write(value) for name, write, value in zip(names, writers, values, strict=True)}
            except ValueError:
                continue
            candidate = text % texts
            if self._matches(candidate):
                return candidate
        return None

    def _named(self, names: tuple[str, ...], kwargs: dict[str, Any]) -> list[Any] | None:
        """Give the values for ``names``, or ``None`` where others were given."""
        defaults = self.defaults
        if not defaults:
            return list(map(kwargs.__getitem__, names)) if len(kwargs) == len(names) and all(map(kwargs.__contains__, names)) else None
        if set(kwargs).symmetric_difference(names).difference(defaults):
            return None
        if any(kwargs.get(name, value) != value for name, value in defaults.items() if name not in names):
            return None
        return [kwargs[name] if name in kwargs else defaults[name] for name in names]

    def below(self, prefix: str, defaults: dict[str, Any], converters: dict[str, Any]) -> Reversal:
        """Give the same way from below a prefix."""
        return Reversal(
            join(prefix, self.regex), {**self.defaults, **defaults}, {**self.converters, **converters}
        )


class Index:
    """All that can be reversed in a list of patterns, for the language that was active when it was built."""

    def __init__(self, patterns: Any) -> None:
        self.routes: dict[Any, list[Reversal]] = {}
        self.namespaces: dict[str, tuple[Any, Any]] = {}
        self.apps: dict[str, list[str]] = {}
        self.callbacks: set[str] = set()
        self._namespaced: dict[tuple[tuple[str, ...], str], list[Reversal]] = {}
        for pattern in reversed(list(patterns)):
            if hasattr(pattern, "url_patterns"):
                self._add_resolver(pattern)
            else:
                self._add_pattern(pattern)

    def namespaced_routes(self, path: tuple[str, ...], name: str, resolver: Any, prefixes: list[Any]) -> list[Reversal]:
        """Give the routes of ``name`` in a namespace, seen from here. Names that do not exist are not kept."""
        routes = self._namespaced.get((path, name))
        if routes is None:
            routes = resolver.reverse_dict.get(name, [])
            for prefix in reversed(prefixes):
                routes = [route.below(prefix.regex, prefix.defaults, prefix.converters) for route in routes]
            if routes:
                self._namespaced[path, name] = routes
        return routes

    def _add(self, lookup: Any, route: Reversal) -> None:
        try:
            self.routes.setdefault(lookup, []).append(route)
        except TypeError:  # a view that cannot be hashed can only be reversed by its name
            pass

    def _add_pattern(self, pattern: Any) -> None:
        self.callbacks.add(pattern.lookup_str)
        route = Reversal(join(pattern.pattern.regex.pattern), pattern.default_args, dict(pattern.pattern.converters))
        self._add(pattern.callback, route)
        if pattern.name is not None:
            self._add(pattern.name, route)

    def _add_resolver(self, resolver: Any) -> None:
        prefix = join(resolver.pattern.regex.pattern)
        converters = dict(resolver.pattern.converters)
        self.callbacks |= resolver._index.callbacks
        if resolver.namespace:
            self.apps.setdefault(resolver.app_name, []).append(resolver.namespace)
            self.namespaces[resolver.namespace] = (
                Reversal(prefix, dict(resolver.default_kwargs), converters),
                resolver,
            )
            return
        index = resolver._index
        for lookup, routes in index.routes.items():
            for route in routes:
                self._add(lookup, route.below(prefix, resolver.default_kwargs, converters))
        for namespace, (inner, target) in index.namespaces.items():
            self.namespaces[namespace] = (inner.below(prefix, resolver.default_kwargs, converters), target)
        for app, spaces in index.apps.items():
            self.apps.setdefault(app, []).extend(spaces)
