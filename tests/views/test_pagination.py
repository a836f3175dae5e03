"""Pages of lists, blocking and on the event loop."""

import asyncio

import pytest

from nuages.views.pagination import (
    AsyncPaginator,
    EmptyPage,
    PageNotAnInteger,
    Paginator,
    UnorderedObjectListWarning,
)


@pytest.mark.parametrize(
    ("length", "per_page", "orphans", "allow_empty", "pages"),
    [(10, 4, 0, False, 3), (10, 4, 2, False, 2), (0, 4, 0, True, 1), (0, 4, 0, False, 0), (23, 10, 3, True, 2)],
)
def test_number_of_pages(length, per_page, orphans, allow_empty, pages):
    paginator = Paginator(list(range(length)), per_page, orphans, allow_empty)
    assert (paginator.count, paginator.num_pages, len(paginator.page_range)) == (length, pages, pages)


def test_pages_and_their_edges():
    paginator = Paginator("abcdefghijk", 5, orphans=1)
    last = paginator.page(2)
    assert "".join(last) == "fghijk" and (last.start_index(), last.end_index()) == (6, 11)
    assert last.has_previous() and not last.has_next()
    assert repr(last) == "<Page 2 of 2>"
    with pytest.raises(EmptyPage):
        last.next_page_number()


@pytest.mark.parametrize(("number", "error"), [("x", PageNotAnInteger), (1.5, PageNotAnInteger), (0, EmptyPage), (9, EmptyPage)])
def test_wrong_pages(number, error):
    paginator = Paginator([1, 2, 3], 2)
    with pytest.raises(error):
        paginator.page(number)
    assert paginator.get_page(number).number == (1 if error is PageNotAnInteger else 2)


def test_count_method_without_arguments_is_used():
    class Counted:
        def count(self):
            return 42

    assert Paginator(Counted(), 10).num_pages == 5


def test_elided_range():
    paginator = Paginator(range(5000), 100)
    dots = Paginator.ELLIPSIS
    assert list(paginator.get_elided_page_range(10)) == [1, 2, dots, 7, 8, 9, 10, 11, 12, 13, dots, 49, 50]
    assert list(paginator.get_elided_page_range(1, on_each_side=0, on_ends=0)) == [1, dots]


def test_unordered_lists_warn():
    class Unordered(list):
        ordered = False

    with pytest.warns(UnorderedObjectListWarning):
        Paginator(Unordered([1]), 1)


def test_on_the_loop():
    class Remote:
        async def acount(self):
            await asyncio.sleep(0)
            return 3

        def __getitem__(self, index):
            return [1, 2, 3][index]

    async def walk():
        paginator = AsyncPaginator(Remote(), 2)
        assert await paginator.acount() == 3 and await paginator.anum_pages() == 2
        page = await paginator.aget_page("last")
        assert page.number == 1 and await page.ahas_next() and await page.anext_page_number() == 2
        assert [found async for found in page] == [1, 2]
        assert [number async for number in paginator.aget_elided_page_range(1)] == [1, 2]
        text = await AsyncPaginator("abc", 2).apage(1)
        with pytest.raises(TypeError, match="must be awaited before calling len"):
            len(text)
        assert await text.aget_object_list() == ["a", "b"] and len(text) == 2
        return [repr(page) async for page in paginator]

    assert asyncio.run(walk()) == ["<Async Page 1>", "<Async Page 2>"]
