"""Lists in pages. See the paginator reference.

The asynchronous classes are the same ones under other names: each method ``aname`` is a shell around ``name``.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from math import ceil
from typing import Any, ClassVar

from nuages import bridge
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.deprecation import RemovedInNextVersionWarning
from nuages.text.lazy import cached_property


class UnorderedObjectListWarning(RuntimeWarning):
    """A list without an order is shown in pages, which may then overlap."""


class InvalidPage(Exception):
    """There is no such page."""


class PageNotAnInteger(InvalidPage):
    """The number of a page is not a whole number."""


class EmptyPage(InvalidPage):
    """The page has no objects."""


class BasePaginator:
    """What both paginators are made with and know without asking the list."""

    ELLIPSIS = _("…")
    default_error_messages: ClassVar[Mapping[str, Any]] = {
        "invalid_page": _("That page number is not an integer"),
        "min_page": _("That page number is less than 1"),
        "no_results": _("That page contains no results"),
    }

    def __init__(
        self,
        object_list: Any,
        per_page: Any,
        orphans: Any = 0,
        allow_empty_first_page: bool = True,
        error_messages: Mapping[str, Any] | None = None,
    ) -> None:
        self.object_list = object_list
        self._check_object_list_is_ordered()
        self.per_page: int = int(per_page)
        self.orphans: int = int(orphans)
        self.allow_empty_first_page = allow_empty_first_page
        self.error_messages: dict[str, Any] = {**self.default_error_messages, **(error_messages or {})}
        if self.per_page <= self.orphans:
            warnings.warn(
                "Paginator.orphans must be smaller than per_page; this will be an error.",
                RemovedInNextVersionWarning,
                stacklevel=2,
            )

    def _check_object_list_is_ordered(self) -> None:
        if getattr(self.object_list, "ordered", None) is not None and not self.object_list.ordered:
            model = getattr(self.object_list, "model", None)
            name = f"{model} {type(self.object_list).__name__}" if model is not None else f"{self.object_list!r}"
            warnings.warn(
                f"Pages of an unordered list may overlap or miss objects; order it: {name}",
                UnorderedObjectListWarning,
                stacklevel=3,
            )

    def _whole(self, number: Any) -> int:
        try:
            if isinstance(number, float) and not number.is_integer():
                raise ValueError
            return int(number)
        except (TypeError, ValueError):
            raise PageNotAnInteger(self.error_messages["invalid_page"]) from None

    def _page_count(self, objects: int) -> int:
        if objects == 0 and not self.allow_empty_first_page:
            return 0
        return ceil(max(1, objects - self.orphans) / self.per_page)

    def _validated(self, number: Any, pages: int) -> int:
        whole = self._whole(number)
        if whole < 1:
            raise EmptyPage(self.error_messages["min_page"])
        if whole > pages:
            raise EmptyPage(self.error_messages["no_results"])
        return whole

    def _nearest(self, number: Any, pages: int) -> int:
        try:
            return self._validated(number, pages)
        except PageNotAnInteger:
            return 1
        except EmptyPage:
            return pages

    def _cut(self, number: int, objects: int) -> Any:
        bottom = (number - 1) * self.per_page
        top = bottom + self.per_page
        return self.object_list[bottom : objects if top + self.orphans >= objects else top]

    def _elided(self, number: int, pages: int, on_each_side: int, on_ends: int) -> Iterator[Any]:
        if pages <= (on_each_side + on_ends) * 2:
            yield from range(1, pages + 1)
            return
        if number > 1 + on_each_side + on_ends + 1:
            yield from range(1, on_ends + 1)
            yield self.ELLIPSIS
            yield from range(number - on_each_side, number + 1)
        else:
            yield from range(1, number + 1)
        if number < pages - on_each_side - on_ends - 1:
            yield from range(number + 1, number + on_each_side + 1)
            yield self.ELLIPSIS
            yield from range(pages - on_ends + 1, pages + 1)
        else:
            yield from range(number + 1, pages + 1)


class Paginator(BasePaginator):
    """Divides ``object_list`` into pages of ``per_page``; a last page of up to ``orphans`` joins the one before."""

    def __iter__(self) -> Iterator[Any]:
        for number in self.page_range:
            yield self.page(number)

    def validate_number(self, number: Any) -> int:
        """The number of a page as an ``int``; raises ``PageNotAnInteger`` or ``EmptyPage``."""
        return self._validated(number, self.num_pages)

    def get_page(self, number: Any) -> Any:
        """The page, the first for what is no number, the last for one out of range."""
        return self.page(self._nearest(number, self.num_pages))

    def page(self, number: Any) -> Any:
        """The page; raises ``PageNotAnInteger`` or ``EmptyPage``."""
        number = self.validate_number(number)
        return self._get_page(self._cut(number, self.count), number, self)

    def _get_page(self, *args: Any, **kwargs: Any) -> Any:
        """A page; override it for a class of your own."""
        return Page(*args, **kwargs)

    @cached_property
    def count(self) -> int:
        """The number of objects of all pages."""
        counter = getattr(self.object_list, "count", None)
        if callable(counter) and not inspect.isbuiltin(counter) and _takes_nothing(counter):
            return int(counter())
        return len(self.object_list)

    @cached_property
    def num_pages(self) -> int:
        """The number of pages."""
        return self._page_count(self.count)

    @property
    def page_range(self) -> range:
        """The numbers of the pages, from 1."""
        return range(1, self.num_pages + 1)

    def get_elided_page_range(self, number: Any = 1, *, on_each_side: int = 3, on_ends: int = 2) -> Iterator[Any]:
        """The numbers of the pages, with ``ELLIPSIS`` where many are left out."""
        yield from self._elided(self.validate_number(number), self.num_pages, on_each_side, on_ends)


class AsyncPaginator(Paginator):
    """A paginator for the event loop: what asks the list has an ``a`` before its name and is awaited."""

    def __aiter__(self) -> AsyncIterator[Any]:
        return bridge.iterate(self)

    def _get_page(self, *args: Any, **kwargs: Any) -> Any:
        """A page; override it for a class of your own."""
        return AsyncPage(*args, **kwargs)

    @cached_property
    def count(self) -> int:
        """The number of objects, by the list's ``acount()`` if it has one."""
        counter = getattr(self.object_list, "acount", None)
        if counter is not None and bridge.active():
            return bridge.wait(counter())  # type: ignore[no-any-return]
        return super().count  # type: ignore[no-any-return]

    def _get_count(self) -> int:
        return self.count

    def _get_num_pages(self) -> int:
        return self.num_pages

    def _get_page_range(self) -> range:
        return self.page_range

    acount = bridge.shell(_get_count)
    anum_pages = bridge.shell(_get_num_pages)
    apage_range = bridge.shell(_get_page_range)
    avalidate_number = bridge.shell(Paginator.validate_number)
    aget_page = bridge.shell(Paginator.get_page)
    apage = bridge.shell(Paginator.page)

    def aget_elided_page_range(
        self, number: Any = 1, *, on_each_side: int = 3, on_ends: int = 2
    ) -> AsyncIterator[Any]:
        """As ``get_elided_page_range``, for ``async for``."""
        return bridge.iterate(self.get_elided_page_range(number, on_each_side=on_each_side, on_ends=on_ends))


def _takes_nothing(function: Any) -> bool:
    """Whether a ``count`` counts all, as those of querysets do, and not what it is given, as those of lists do."""
    required = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    return not required


class Page(Sequence[Any]):
    """The objects of one page, as a sequence."""

    object_list: Any

    def __init__(self, object_list: Any, number: int, paginator: Any) -> None:
        self.object_list = object_list
        self.number = number
        self.paginator = paginator

    def __repr__(self) -> str:
        return f"<Page {self.number} of {self.paginator.num_pages}>"

    def __len__(self) -> int:
        return len(self.object_list)

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, (int, slice)):
            raise TypeError(f"Page indices must be integers or slices, not {type(index).__name__}.")
        # One query for all: a queryset would make one for each index.
        if not isinstance(self.object_list, list):
            self.object_list = list(self.object_list)
        return self.object_list[index]

    def has_next(self) -> bool:
        """Whether there is a next page."""
        return self.number < self.paginator.num_pages  # type: ignore[no-any-return]

    def has_previous(self) -> bool:
        """Whether there is a previous page."""
        return self.number > 1

    def has_other_pages(self) -> bool:
        """Whether there is any other page."""
        return self.has_previous() or self.has_next()

    def next_page_number(self) -> int:
        """The number of the next page; raises ``InvalidPage`` if there is none."""
        return self.paginator.validate_number(self.number + 1)  # type: ignore[no-any-return]

    def previous_page_number(self) -> int:
        """The number of the previous page; raises ``InvalidPage`` if there is none."""
        return self.paginator.validate_number(self.number - 1)  # type: ignore[no-any-return]

    def start_index(self) -> int:
        """The position of the page's first object among all, from 1; 0 where there are none."""
        if self.paginator.count == 0:
            return 0
        return (self.paginator.per_page * (self.number - 1)) + 1  # type: ignore[no-any-return]

    def end_index(self) -> int:
        """The position of the page's last object among all."""
        if self.number == self.paginator.num_pages:
            return self.paginator.count  # type: ignore[no-any-return]
        return self.number * self.paginator.per_page  # type: ignore[no-any-return]


class AsyncPage(Page):
    """A page for the event loop: a sequence as soon as ``aget_object_list()`` was awaited."""

    def __repr__(self) -> str:
        return f"<Async Page {self.number}>"

    def _require_loaded(self, use: str) -> None:
        if not isinstance(self.object_list, list):
            raise TypeError(f"AsyncPage.aget_object_list() must be awaited before {use}.")

    def __len__(self) -> int:
        self._require_loaded("calling len()")
        return len(self.object_list)

    def __reversed__(self) -> Iterator[Any]:
        self._require_loaded("calling reversed()")
        return iter(self.object_list[::-1])

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, (int, slice)):
            raise TypeError(f"AsyncPage indices must be integers or slices, not {type(index).__name__}.")
        self._require_loaded("using indexing")
        return self.object_list[index]

    def __aiter__(self) -> AsyncIterator[Any]:
        return bridge.iterate(self.object_list)

    def _load(self) -> list[Any]:
        if not isinstance(self.object_list, list):
            self.object_list: list[Any] = list(self.object_list)
        return self.object_list

    aget_object_list = bridge.shell(_load)
    ahas_next = bridge.shell(Page.has_next)
    ahas_previous = bridge.shell(Page.has_previous)
    ahas_other_pages = bridge.shell(Page.has_other_pages)
    anext_page_number = bridge.shell(Page.next_page_number)
    aprevious_page_number = bridge.shell(Page.previous_page_number)
    astart_index = bridge.shell(Page.start_index)
    aend_index = bridge.shell(Page.end_index)
