"""Assets of forms and widgets: style sheets and scripts, and how those of many widgets merge.

See the section "Form assets" of the forms documentation.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import Any

from nuages.forms.attributes import flatatt
from nuages.template.libraries.static import static
from nuages.text.html import format_html, html_safe
from nuages.text.safestring import SafeString, mark_safe

#: the kinds of assets, in the order of their elements
MEDIA_TYPES = ("css", "js")

_ABSOLUTE = ("http://", "https://", "/")


class MediaOrderConflictWarning(RuntimeWarning):
    """Two widgets ask for the same files in opposite orders."""


def _located(path: str) -> str:
    return path if path.startswith(_ABSOLUTE) else static(path)


@html_safe
class MediaAsset:
    """A file that a page must load: its path and the attributes of the element that loads it.

    Equal to another asset of the same class, path and attributes, and to its bare path.
    """

    element_template = "{path}"

    def __init__(self, path: str, **attributes: Any) -> None:
        self._path = path
        self.attributes = attributes

    def __eq__(self, other: object) -> bool:
        if isinstance(other, MediaAsset):
            return type(self) is type(other) and (self._path, self.attributes) == (other._path, other.attributes)
        if isinstance(other, str):
            return self._path == other
        return NotImplemented

    def __hash__(self) -> int:
        if not self.attributes:
            return hash(self._path)
        return hash((self._path, tuple(sorted((name, str(value)) for name, value in self.attributes.items()))))

    def __str__(self) -> str:
        return self.render()

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({self._path!r})"

    def render(self, *, attrs: Mapping[str, Any] | None = None) -> SafeString:
        """The element as HTML, with ``attrs`` besides the asset's own.

        Raises ``ValueError`` when ``attrs`` names an attribute that the asset sets itself.
        """
        clashes = sorted(self.attributes.keys() & (attrs or {}).keys())
        if clashes:
            raise ValueError(f"{type(self).__qualname__} has conflicting attributes: {', '.join(clashes)}")
        return format_html(
            self.element_template, path=self.path, attributes=flatatt({**self.attributes, **(attrs or {})})
        )

    @property
    def path(self) -> str:
        """The URL of the file: absolute paths stay, others are found among the static files."""
        return _located(self._path)


class Script(MediaAsset):
    """A ``<script>`` element (section "Script objects")."""

    element_template = '<script src="{path}"{attributes}></script>'

    def __init__(self, src: str, **attributes: Any) -> None:
        super().__init__(src, **attributes)


class Stylesheet(MediaAsset):
    """A ``<link rel="stylesheet">`` element (section "Stylesheet objects")."""

    element_template = '<link href="{path}"{attributes} rel="stylesheet">'

    def __init__(self, href: str, **attributes: Any) -> None:
        super().__init__(href, **attributes)


def _script(asset: Any) -> Any:
    return Script(asset) if isinstance(asset, str) and not hasattr(asset, "__html__") else asset


def _stylesheet(asset: Any, medium: str) -> Any:
    return Stylesheet(asset, media=medium) if isinstance(asset, str) and not hasattr(asset, "__html__") else asset


def _tag(asset: Any, attrs: Mapping[str, Any] | None) -> str:
    if isinstance(asset, MediaAsset):
        return asset.render(attrs=attrs)
    return str(asset.__html__())


@html_safe
class Media:
    """The style sheets and scripts that widgets and forms need.

    ``css`` maps a medium to files and ``js`` lists files; a class with these two attributes may stand in for both.
    Media objects add up; the sum keeps each file once and in an order that all of its parts agree on.
    """

    def __init__(
        self,
        media: Any = None,
        css: Mapping[str, Iterable[Any]] | None = None,
        js: Iterable[Any] | None = None,
    ) -> None:
        if media is not None:
            css = getattr(media, "css", {})
            js = getattr(media, "js", [])
        sheets = {
            medium: [_stylesheet(asset, medium) for asset in ([paths] if isinstance(paths, str) else paths)]
            for medium, paths in (css or {}).items()
        }
        self._css_lists: list[dict[str, list[Any]]] = [sheets]
        self._js_lists: list[list[Any]] = [[_script(asset) for asset in js or ()]]

    def __repr__(self) -> str:
        return f"Media(css={self._css!r}, js={self._js!r})"

    def __str__(self) -> str:
        return self.render()

    @property
    def _css(self) -> dict[str, list[Any]]:
        found: dict[str, list[list[Any]]] = {}
        for sheets in self._css_lists:
            for medium, paths in sheets.items():
                found.setdefault(medium, []).append(paths)
        return {medium: self.merge(*lists) for medium, lists in found.items()}

    @property
    def _js(self) -> list[Any]:
        return self.merge(*self._js_lists)

    def render(self, *, attrs: Mapping[str, Any] | None = None) -> SafeString:
        """All elements, style sheets first, one a line; ``attrs`` (a nonce, say) go on each of them."""
        return mark_safe("\n".join(chain(self.render_css(attrs=attrs), self.render_js(attrs=attrs))))

    def render_js(self, *, attrs: Mapping[str, Any] | None = None) -> list[str]:
        """The ``<script>`` elements."""
        return [_tag(asset, attrs) for asset in self._js]

    def render_css(self, *, attrs: Mapping[str, Any] | None = None) -> list[str]:
        """The ``<link>`` elements, by medium."""
        return [_tag(asset, attrs) for _, sheets in sorted(self._css.items()) for asset in sheets]

    def absolute_path(self, path: str) -> str:
        """The URL of the file at ``path`` (see ``MediaAsset.path``)."""
        return _located(path)

    def __getitem__(self, name: str) -> Media:
        """The assets of one type, ``"css"`` or ``"js"``; ``KeyError`` for any other."""
        if name not in MEDIA_TYPES:
            raise KeyError(f'Unknown media type "{name}"')
        part = Media()
        setattr(part, f"_{name}_lists", list(getattr(self, f"_{name}_lists")))
        return part

    @staticmethod
    def merge(*lists: Iterable[Any] | None) -> list[Any]:
        """One list with every file of ``lists`` once, in an order that respects each of them where that can be."""
        present = [list(files) for files in lists if files]
        graph: TopologicalSorter[Any] = TopologicalSorter()
        for files in present:
            previous = None
            for position, asset in enumerate(files):
                if position and previous != asset:
                    graph.add(asset, previous)
                else:
                    graph.add(asset)
                previous = asset
        try:
            return list(graph.static_order())
        except CycleError:
            shown = ", ".join(repr(files) for files in present)
            warnings.warn(
                "Detected duplicate Media files in an opposite order: " + shown, MediaOrderConflictWarning, stacklevel=2
            )
            return list(dict.fromkeys(chain.from_iterable(present)))

    def __add__(self, other: object) -> Media:
        if not isinstance(other, Media):
            return NotImplemented
        total = Media()
        total._css_lists = _distinct(self._css_lists, other._css_lists)
        total._js_lists = _distinct(self._js_lists, other._js_lists)
        return total


def _distinct(first: list[Any], second: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for item in chain(first, second):
        if item and item not in kept:
            kept.append(item)
    return kept


def media_property(cls: type) -> property:
    """The ``media`` property of a class: its parent's assets and those of its own ``Media`` definition."""

    def collect(self: Any) -> Media:
        inherited: Media = getattr(super(cls, self), "media", None) or Media()
        definition = getattr(cls, "Media", None)
        if not definition:
            return inherited
        extend = getattr(definition, "extend", True)
        own = Media(definition)
        if not extend:
            return own
        if extend is True:
            return inherited + own
        kept = Media()
        for medium in extend:
            kept = kept + inherited[medium]
        return kept + own

    return property(collect)


class MediaDefiningClass(type):
    """Metaclass that turns an inner ``Media`` class into a ``media`` property."""

    media: Any

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        cls = super().__new__(mcs, name, bases, attrs, **kwargs)
        if "media" not in attrs:
            cls.media = media_property(cls)
        return cls


