"""Arguments on their way to being keyword-only."""

import asyncio
import inspect
import os
import warnings

import pytest

from nuages.text.deprecation import RemovedAfterNextVersionWarning, framework_file_prefixes
from nuages.text.keywordonly import deprecate_posargs

SOON = RemovedAfterNextVersionWarning


@deprecate_posargs(SOON, ["b", "a"])
def mixed(first=0, *, a=1, b=2, new=3):
    """Says what it got."""
    return first, a, b, new


def warned(call, text):
    with pytest.warns(SOON, match=text) as caught:
        result = call()
    assert caught[0].filename in (__file__, asyncio.runners.__file__, asyncio.events.__file__)
    return result


def test_places_become_keywords():
    assert warned(lambda: mixed(5, 20), r"'b' to mixed\(\)") == (5, 1, 20, 3)
    assert warned(lambda: mixed(5, 20, 10, new=4), "'b', 'a'") == (5, 10, 20, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mixed() == (0, 1, 2, 3) and mixed(5, a=6) == (5, 6, 2, 3)


def test_calls_that_are_wrong():
    with pytest.raises(TypeError, match="'b' both"):
        mixed(5, 20, b=1)
    with pytest.raises(TypeError, match="3 arguments by their place at most, and 4"):
        mixed(1, 2, 3, 4)


def test_methods():
    class Made:
        @deprecate_posargs(SOON, ["a"])
        def __init__(self, *, a=0):
            self.a = a

        @deprecate_posargs(SOON, ["a"])
        def method(self, *, a):
            return self.a, a

        @classmethod
        @deprecate_posargs(SOON, ["a"])
        def of_class(cls, *, a):
            return cls.__name__, a

        @staticmethod
        @deprecate_posargs(SOON, ["a"])
        def static(*, a):
            return a

    assert warned(lambda: Made(3), r"Made\(\)").a == 3
    assert warned(lambda: Made().method(4), r"method\(\)") == (0, 4)
    assert warned(lambda: Made.of_class(4), r"of_class\(\)") == ("Made", 4)
    assert warned(lambda: Made().static(4), r"static\(\)") == 4


def test_coroutines():
    @deprecate_posargs(SOON, ["a"])
    async def answer(*, a):
        return a

    assert inspect.iscoroutinefunction(answer)
    assert warned(lambda: asyncio.run(answer(4)), "'a' to") == 4


def test_what_it_says_of_itself():
    assert mixed.__name__ == "mixed" and mixed.__doc__ == "Says what it got."
    assert list(inspect.signature(mixed).parameters) == ["first", "a", "b", "new"]


@pytest.mark.parametrize(
    ("target", "text"),
    [
        (lambda a, b=1: None, "keyword-only"),
        (lambda *args, b=1: None, r"\*args"),
        (lambda **b: None, "keyword-only"),
        (classmethod(lambda cls, *, b: None), "@classmethod"),
        (staticmethod(lambda *, b: None), "@staticmethod"),
        (type("Made", (), {}), "__init__"),
    ],
)
def test_where_it_cannot_be_applied(target, text):
    with pytest.raises(TypeError, match=text):
        deprecate_posargs(SOON, ["b"])(target)


def test_the_files_of_the_framework():
    (prefix,) = framework_file_prefixes()
    assert prefix.endswith(f"nuages{os.sep}") and inspect.getfile(deprecate_posargs).startswith(prefix)
