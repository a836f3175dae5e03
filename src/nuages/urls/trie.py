"""Matching: a trie of path segments that narrows the patterns down, in the order in which they were declared.

Routes made by `path` are laid out segment by segment, through `include`s. What cannot be laid out (regular expressions,
language prefixes, lazy routes, converters that cross slashes, subclasses with a ``resolve`` of their own) hangs at the node
down to which it is literal, and is asked itself. A look-up collects the candidates on its way and tries them by rank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from nuages.urls.exceptions import Resolver404
from nuages.urls.patterns import PARAMETER, RoutePattern, route_to_regex

ROUTED = ("int", "str", "slug", "uuid")


@dataclass(frozen=True)
class Chain:
    """What the resolvers between the root and a pattern contribute to a match."""

    route: str = ""
    app_names: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)

    def below(self, resolver: Any) -> Chain:
        """Give the chain with ``resolver`` added."""
        return Chain(
            self.route + str(resolver.pattern),
            (*self.app_names, resolver.app_name) if resolver.app_name else self.app_names,
            (*self.namespaces, resolver.namespace) if resolver.namespace else self.namespaces,
            {**self.defaults, **resolver.default_kwargs},
        )


class Leaf:
    """A pattern that was laid out: one regular expression from the root of the trie, or a literal."""

    __slots__ = ("chain", "converters", "full_route", "literal", "match", "pattern", "rank", "route")

    def __init__(self, rank: int, chain: Chain, pattern: Any) -> None:
        self.rank, self.chain, self.pattern = rank, chain, pattern
        self.route: str = str(pattern.pattern)
        self.full_route: str = join_route(chain.route, self.route)
        regex, self.converters = route_to_regex(chain.route + self.route, True)
        self.literal: str | None = None if self.converters else chain.route + self.route
        self.match = re.compile(regex).match

    def find(self, path: str) -> Any:
        """Give ``(chain, match)`` or ``None``."""
        kwargs: dict[str, Any] = {}
        if self.literal is not None:
            if path != self.literal:
                return None
        else:
            match = self.match(path)
            if match is None:
                return None
            kwargs = match.groupdict()
            for name, converter in self.converters.items():
                try:
                    kwargs[name] = converter.to_python(kwargs[name])
                except ValueError:
                    return None
        pattern = self.pattern
        extra = pattern.default_args
        return self.chain, (
            pattern.callback,
            (),
            {**kwargs, **extra} if extra else kwargs,
            pattern.pattern.name,
            self.route,
            kwargs,
            extra,
            (),
            (),
        )


class Opaque:
    """A pattern or resolver that answers for itself, behind a literal prefix."""

    __slots__ = ("chain", "is_resolver", "pattern", "prefix", "rank")

    def __init__(self, rank: int, chain: Chain, pattern: Any) -> None:
        self.rank, self.chain, self.pattern, self.prefix = rank, chain, pattern, chain.route
        self.is_resolver: bool = hasattr(pattern, "url_patterns")

    @property
    def route(self) -> str:
        """What a resolver adds to the route of a match."""
        return str(self.pattern.pattern) if self.is_resolver else ""

    def find(self, path: str) -> Any:
        """Give ``(chain, match)`` or ``None``."""
        if not path.startswith(self.prefix):
            return None
        try:
            match = self.pattern.resolve(path[len(self.prefix) :])
        except Resolver404:
            return None
        if match is None:
            return None
        return self.chain, (
            match.func,
            match.args,
            match.kwargs,
            match.url_name,
            join_route(self.route, match.route or ""),
            match.captured_kwargs or {},
            match.extra_kwargs or {},
            match.app_names,
            match.namespaces,
        )


class Node:
    """A place in the trie: literal segments below it, one place for parameters, and the patterns that stay here."""

    __slots__ = ("ends", "literals", "stays", "variable")

    def __init__(self) -> None:
        self.literals: dict[str, Node] = {}
        self.variable: Node | None = None
        self.ends: list[Leaf] = []
        self.stays: list[Leaf | Opaque] = []


class Trie:
    """Built once from the patterns of a resolver."""

    def __init__(self, patterns: Any) -> None:
        self._root = Node()
        self.literals: dict[str, Leaf] = {}
        self._rank = 0
        self._open: list[Any] = []  # the lists of patterns that are being laid out: a URLconf may include itself
        self._open.append(patterns)
        self._add_all(patterns, Chain())
        self._order_literals()

    def _add_all(self, patterns: Any, chain: Chain) -> None:
        for pattern in patterns:
            self._rank += 1
            if hasattr(pattern, "url_patterns"):
                if is_transparent(pattern) and all(pattern.url_patterns is not known for known in self._open):
                    self._open.append(pattern.url_patterns)
                    self._add_all(pattern.url_patterns, chain.below(pattern))
                    self._open.pop()
                else:
                    self._place(Opaque(self._rank, chain, pattern), chain.route, False)
            elif is_plain(pattern):
                leaf = Leaf(self._rank, chain, pattern)
                self._place(leaf, chain.route + leaf.route, True)
            else:
                self._place(Opaque(self._rank, chain, pattern), chain.route, False)

    def _place(self, entry: Any, route: str, laid_out: bool) -> None:
        node = self._root
        segments = route.split("/")
        for segment in segments if laid_out else segments[:-1]:
            if "<" not in segment:
                node = node.literals.setdefault(segment, Node())
            elif stays_in_segment(segment):
                node.variable = node.variable or Node()
                node = node.variable
            else:
                node.stays.append(entry)
                return
        (node.ends if laid_out else node.stays).append(entry)

    def _order_literals(self) -> None:
        """Collect literal routes that no earlier pattern can shadow: one dictionary look-up answers them."""
        for entry in self._walk(self._root):
            if isinstance(entry, Leaf) and entry.literal is not None and entry.literal not in self.literals:
                candidates = self._candidates(entry.literal)
                if candidates and candidates[0] is entry:
                    self.literals[entry.literal] = entry

    def _walk(self, node: Node) -> Any:
        yield from node.ends
        for child in node.literals.values():
            yield from self._walk(child)
        if node.variable:
            yield from self._walk(node.variable)

    def _candidates(self, path: str) -> list[Any]:
        """Give the patterns that may match, by rank."""
        found: list[Any] = list(self._root.stays)
        nodes = [self._root]
        for segment in path.split("/"):
            below = []
            for node in nodes:
                child = node.literals.get(segment)
                if child is not None:
                    below.append(child)
                    found += child.stays
                if node.variable is not None and segment:
                    below.append(node.variable)
                    found += node.variable.stays
            nodes = below
            if not nodes:
                break
        for node in nodes:
            found += node.ends
        if len(found) > 1:
            found.sort(key=rank_of)
        return found

    def find(self, path: str) -> Any:
        """Give ``(chain, match)`` of the first pattern that matches, or ``None``."""
        leaf = self.literals.get(path)
        if leaf is not None:
            return leaf.find(path)
        for candidate in self._candidates(path):
            found = candidate.find(path)
            if found is not None:
                return found
        return None


def join_route(first: str, second: str) -> str:
    """Put two routes behind one another, for display."""
    return first + second.removeprefix("^") if first else second


def rank_of(entry: Any) -> int:
    """Sort by the order of declaration."""
    return entry.rank  # type: ignore[no-any-return]


def stays_in_segment(segment: str) -> bool:
    """Tell if no parameter of this piece can match a slash."""
    return all((match["converter"] or "str") in ROUTED for match in PARAMETER.finditer(segment)) and all(
        "<" not in rest for rest in PARAMETER.split(segment)[::3] if rest
    )


def is_plain(pattern: Any) -> bool:
    """Tell if a pattern is exactly what `path` makes, with a constant route."""
    return (
        type(pattern).__dict__.get("resolves_plainly", False)
        and type(pattern.pattern) is RoutePattern
        and isinstance(pattern.pattern._route, str)
        and pattern.pattern._is_endpoint
    )


def is_transparent(resolver: Any) -> bool:
    """Tell if a resolver's patterns can be laid out in the trie of the one above: its prefix is whole literal segments."""
    pattern = resolver.pattern
    return (
        type(resolver).__dict__.get("resolves_plainly", False)
        and type(pattern) is RoutePattern
        and isinstance(pattern._route, str)
        and "<" not in pattern._route
        and (pattern._route == "" or pattern._route.endswith("/"))
    )

