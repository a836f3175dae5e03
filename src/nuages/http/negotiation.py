"""Media types and the choice among them by the ``Accept`` header (RFC 9110, sections 8.3.1 and 12.5.1)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from nuages.text.http import parse_header_parameters


class MediaType:
    """A media type or range such as ``text/html; level=1; q=0.5``."""

    main_type: str
    sub_type: str

    def __init__(self, media_type_raw_line: str | MediaType) -> None:
        full, parameters = parse_header_parameters(str(media_type_raw_line) if media_type_raw_line else "")
        self.main_type, _slash, self.sub_type = full.partition("/")
        self._all_params: dict[str, str] = parameters

    def __str__(self) -> str:
        shown = "".join(f"; {name}={value}" for name, value in self._all_params.items())
        return f"{self.main_type}{'/' if self.sub_type else ''}{self.sub_type}{shown}"

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__}: {self}>"

    @cached_property
    def params(self) -> dict[str, str]:
        """All parameters, the quality included."""
        return self._all_params

    @cached_property
    def range_params(self) -> dict[str, str]:
        """The parameters that take part in matching: all but the quality."""
        return {name: value for name, value in self._all_params.items() if name != "q"}

    @cached_property
    def quality(self) -> float:
        """The weight ``q``, from 0 to 1 with three decimals; a malformed one counts as 1."""
        try:
            quality = float(self._all_params.get("q", 1))
        except ValueError:
            return 1
        return round(quality, 3) if 0 <= quality <= 1 else 1

    @property
    def specificity(self) -> int:
        """0 for ``*/*``, 1 for ``text/*``, 2 for ``text/html``, 3 with parameters."""
        if self.main_type == "*":
            return 0
        if self.sub_type == "*":
            return 1
        return 3 if self.range_params else 2

    def match(self, other: str | MediaType | None) -> bool:
        """Tell if this type and the range ``other`` go together; a range without parameters takes any."""
        if not other:
            return False
        candidate = other if isinstance(other, MediaType) else MediaType(other)
        for mine, theirs in ((self.main_type, candidate.main_type), (self.sub_type, candidate.sub_type)):
            if not mine or not theirs or (mine != theirs and mine != "*" and theirs != "*"):
                return False
        return not candidate.range_params or candidate.range_params == self.range_params


def parse_accept(header: str) -> list[MediaType]:
    """Read an ``Accept`` header; types of weight 0 are kept out."""
    types = [MediaType(token) for token in header.split(",") if token.strip()]
    return sorted(
        (media for media in types if media.quality > 0),
        key=lambda media: (media.quality, media.specificity),
        reverse=True,
    )


def by_precedence(types: list[MediaType]) -> list[MediaType]:
    """Order ranges so that the most specific one that matches a type comes first."""
    return sorted(types, key=lambda media: (media.specificity, media.quality), reverse=True)


def choose(accepted: Any, offered: list[str]) -> str | None:
    """Pick the best of ``offered``; ``accepted`` maps a type to the range that accepts it, or ``None``."""
    best: tuple[float, int] | None = None
    chosen: str | None = None
    for media_type in offered:
        matched = accepted(media_type)
        if matched is None:
            continue
        rank = (matched.quality, matched.specificity)
        if best is None or rank > best:
            best, chosen = rank, media_type
    return chosen
