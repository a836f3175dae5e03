"""Tools of tests that need no database."""

import unittest
import warnings
from io import StringIO
from typing import Any

import pytest

from nuages.conf import settings
from nuages.http import HttpResponse
from nuages.test import SimpleTestCase, modify_settings, override_settings, tag
from nuages.test.capturing import Approximate, ContextList, captured_stdout
from nuages.test.html import HTMLParseError, parse_html
from nuages.test.ordering import Shuffler, filter_tests_by_tags, iter_test_cases, reorder_tests
from nuages.test.overriding import TestContextDecorator, ignore_warnings
from nuages.test.runner import DiscoverRunner
from nuages.test.xml import compare_xml


class MarkupTests(SimpleTestCase):
    def test_html(self) -> None:
        self.assertHTMLEqual('<input id="a" type="text" checked>', "<input checked='checked' type='text' id='a' />")
        self.assertHTMLEqual("<p> a \n b</p>", "<p>a b")
        self.assertHTMLNotEqual("<p>a\xa0b</p>", "<p>a b</p>")
        self.assertInHTML("<b>x</b>", "<p><b>x</b><b>x</b></p>", count=2)
        self.assertNotInHTML("<i>x</i>", "<p>x</p>")
        with self.assertRaises(HTMLParseError):
            parse_html("</p>")

    def test_count_of_sequences(self) -> None:
        assert parse_html("<div><p>a</p><p>b</p><p>a</p><p>b</p></div>").count(parse_html("<p>a</p><p>b</p>")) == 2

    def test_json_and_xml(self) -> None:
        self.assertJSONEqual('{"a": 1, "b": 2}', {"b": 2, "a": 1})
        self.assertJSONNotEqual("[1]", "[2]")
        self.assertXMLEqual("<a x='1' y='2'><!-- no --></a>", "<a y='2' x='1'/>")
        assert not compare_xml("<a>x</a>", "<a>y</a>")

    def test_responses(self) -> None:
        response = HttpResponse("<p class='b a'>Hello</p>")
        self.assertContains(response, "Hello", count=1)
        self.assertContains(response, '<p class="a b">Hello</p>', html=True)
        self.assertNotContains(response, "Bye")
        with self.assertRaisesMessage(AssertionError, "Couldn't find 'Bye'"):
            self.assertContains(response, "Bye")

    def test_messages_of_warnings(self) -> None:
        with self.assertWarnsMessage(UserWarning, "[care]"):
            warnings.warn("take [care]", UserWarning, stacklevel=1)

    def test_urls(self) -> None:
        self.assertURLEqual("/a/?x=1&y=2", "/a/?y=2&x=1")
        with self.assertRaises(AssertionError):
            self.assertURLEqual("/a/?x=1&x=2", "/a/?x=2&x=1")


@override_settings(ONE=1)
@modify_settings(LIST={"append": "b"})
@override_settings(LIST=["a"])
class SettingsTests(SimpleTestCase):
    def test_of_the_class(self) -> None:
        assert (settings.ONE, settings.LIST) == (1, ["a", "b"])

    @override_settings(ONE=2)
    def test_of_the_method(self) -> None:
        assert settings.ONE == 2
        with self.settings(ONE=3), self.modify_settings(LIST={"remove": "a", "prepend": "c"}):
            assert (settings.ONE, settings.LIST) == (3, ["c", "b"])
        assert settings.ONE == 2

    async def test_async(self) -> None:
        with self.settings(ONE=4):
            assert settings.ONE == 4


def test_settings_are_gone() -> None:
    assert not hasattr(settings, "ONE")


def test_decorator_of_classes_and_functions() -> None:
    class Count(TestContextDecorator):
        depth = 0

        def enable(self) -> int:
            self.depth += 1
            return self.depth

        def disable(self) -> None:
            self.depth -= 1

    count = Count(kwarg_name="depth")

    @count
    def function(depth: int = 0) -> int:
        return depth

    assert function() == 1 and count.depth == 0
    with pytest.raises(TypeError):
        count(3)


def test_ignored_warnings() -> None:
    with warnings.catch_warnings(), ignore_warnings(category=UserWarning):
        warnings.warn("x", UserWarning, stacklevel=1)


def test_small_things() -> None:
    assert Approximate(1.0) == 1.00000001
    contexts = ContextList([{"a": 1}, {"b": 2}])
    assert contexts["b"] == 2 and "a" in contexts and contexts.get("c") is None


class Sample(SimpleTestCase):
    __test__ = False

    @tag("fast")
    def test_one(self) -> None:
        pass

    def test_two(self) -> None:
        self.fail("on purpose")


def suite(*classes: type[Any]) -> unittest.TestSuite:
    return unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(cls) for cls in classes)


def test_order_and_tags() -> None:
    tests = list(iter_test_cases(suite(Sample)))
    names = [test._testMethodName for test in reorder_tests(tests * 2, [SimpleTestCase], reverse=True)]
    assert names == ["test_two", "test_one"]
    assert [t._testMethodName for t in filter_tests_by_tags(tests, {"fast"}, set())] == ["test_one"]
    shuffler = Shuffler(1)
    whole = shuffler.shuffle(["a", "b", "c", "d"], str)
    assert [item for item in whole if item != "b"] == shuffler.shuffle(["a", "c", "d"], str)


def test_runner_counts_failures() -> None:
    runner = DiscoverRunner(verbosity=0)
    runner.test_runner = lambda **kwargs: unittest.TextTestRunner(stream=StringIO())
    assert runner.suite_result(None, runner.run_suite(suite(Sample))) == 1
    with captured_stdout() as output:
        DiscoverRunner().log("message")
    assert output.getvalue() == "message\n"
