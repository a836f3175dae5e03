"""Assertions that compare values: markup, JSON, XML, query sets, numbers of queries, messages of errors and warnings."""

import difflib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import TestCase
from unittest.util import safe_repr

from nuages.db import DEFAULT_DB_ALIAS, connections
from nuages.exceptions import ValidationError
from nuages.forms.fields import CharField
from nuages.test.capturing import CaptureQueriesContext
from nuages.test.html import Element, HTMLParseError, parse_html
from nuages.test.xml import compare_xml

__unittest = True  # unittest leaves the frames of this module out of tracebacks


def assert_and_parse_html(self: Any, html: str, user_msg: str | None, msg: str) -> Element:
    """The tree of *html*; the test fails with *msg* and the reason if there is none."""
    try:
        return parse_html(html)
    except HTMLParseError as error:
        raise self.failureException(self._formatMessage(user_msg, f"{msg}\n{error}")) from None


class _AssertNumQueriesContext(CaptureQueriesContext):
    def __init__(self, test_case: TestCase, num: int, connection: Any) -> None:
        self.test_case = test_case
        self.num = num
        super().__init__(connection)

    def __exit__(self, *exc_info: Any) -> None:
        super().__exit__(*exc_info)
        if exc_info[0] is not None:
            return
        executed = len(self)
        listing = "\n".join(f"{i}. {query['sql']}" for i, query in enumerate(self.captured_queries, start=1))
        self.test_case.assertEqual(
            executed,
            self.num,
            f"{executed} queries executed, {self.num} expected\nCaptured queries were:\n{listing}",
        )


class ComparingAssertions(TestCase):
    """The assertions about values."""

    def _fail_unless(self, same: bool, left: str, right: str, diff: Callable[[], str], msg: str | None) -> None:
        if not same:
            standard = f"{safe_repr(left, True)} != {safe_repr(right, True)}"
            self.fail(self._formatMessage(msg, self._truncateMessage(standard, diff())))  # type: ignore[attr-defined]

    def assertHTMLEqual(self, html1: str, html2: str, msg: str | None = None) -> None:
        """Both pieces of HTML mean the same; white space, order of attributes, quotes and references don't matter."""
        first = assert_and_parse_html(self, html1, msg, "First argument is not valid HTML:")
        second = assert_and_parse_html(self, html2, msg, "Second argument is not valid HTML:")
        if first != second:
            lines = difflib.ndiff(str(first).splitlines(), str(second).splitlines())
            standard = f"{_shown(first)} != {_shown(second)}"
            message = self._truncateMessage(standard, "\n" + "\n".join(lines))  # type: ignore[attr-defined]
            self.fail(self._formatMessage(msg, message))

    def assertHTMLNotEqual(self, html1: str, html2: str, msg: str | None = None) -> None:
        """The pieces of HTML mean different things."""
        first = assert_and_parse_html(self, html1, msg, "First argument is not valid HTML:")
        second = assert_and_parse_html(self, html2, msg, "Second argument is not valid HTML:")
        if first == second:
            self.fail(self._formatMessage(msg, f"{_shown(first)} == {_shown(second)}"))

    def _count_in_html(self, needle: str, haystack: str, msg_prefix: str) -> tuple[int, str, str]:
        parsed = assert_and_parse_html(self, needle, None, "First argument is not valid HTML:")
        document = assert_and_parse_html(self, haystack, None, "Second argument is not valid HTML:")
        return document.count(parsed), f"{msg_prefix}: " if msg_prefix else "", f"\n{haystack!r}"

    def assertInHTML(self, needle: str, haystack: str, count: int | None = None, msg_prefix: str = "") -> None:
        """The HTML *needle* occurs in *haystack*, *count* times if that is given."""
        found, prefix, shown = self._count_in_html(needle, haystack, msg_prefix)
        if count is None:
            self.assertTrue(found != 0, f"{prefix}Couldn't find {needle!r} in the following response{shown}")
        elif count == 0:
            self.assertEqual(found, 0, f"{prefix}{needle!r} unexpectedly found in the following response{shown}")
        else:
            self.assertEqual(
                found,
                count,
                f"{prefix}Found {found} instances of {needle!r} (expected {count}) in the following response{shown}",
            )

    def assertNotInHTML(self, needle: str, haystack: str, msg_prefix: str = "") -> None:
        """The HTML *needle* does not occur in *haystack*."""
        self.assertInHTML(needle, haystack, count=0, msg_prefix=msg_prefix)

    def _json(self, raw: Any, which: str) -> Any:
        try:
            return json.loads(raw)
        except json.JSONDecodeError:
            self.fail(f"{which} argument is not valid JSON: {raw!r}")

    def assertJSONEqual(self, raw: Any, expected_data: Any, msg: str | None = None) -> None:
        """The JSON text *raw* holds *expected_data* (data, or JSON text in turn)."""
        data = self._json(raw, "First")
        if isinstance(expected_data, str):
            expected_data = self._json(expected_data, "Second")
        self.assertEqual(data, expected_data, msg=msg)

    def assertJSONNotEqual(self, raw: Any, expected_data: Any, msg: str | None = None) -> None:
        """The JSON text *raw* holds something else than *expected_data*."""
        data = self._json(raw, "First")
        if isinstance(expected_data, str):
            expected_data = self._json(expected_data, "Second")
        self.assertNotEqual(data, expected_data, msg=msg)

    def _same_xml(self, xml1: str, xml2: str, msg: str | None) -> bool:
        try:
            return compare_xml(xml1, xml2)
        except Exception as error:
            self.fail(self._formatMessage(msg, f"First or second argument is not valid XML\n{error}"))

    def assertXMLEqual(self, xml1: str, xml2: str, msg: str | None = None) -> None:
        """Both pieces of XML mean the same; order of attributes doesn't matter."""

        def diff() -> str:
            return "\n" + "\n".join(difflib.ndiff(xml1.splitlines(), xml2.splitlines()))

        self._fail_unless(self._same_xml(xml1, xml2, msg), xml1, xml2, diff, msg)

    def assertXMLNotEqual(self, xml1: str, xml2: str, msg: str | None = None) -> None:
        """The pieces of XML mean different things."""
        if self._same_xml(xml1, xml2, msg):
            self.fail(self._formatMessage(msg, f"{safe_repr(xml1, True)} == {safe_repr(xml2, True)}"))

    def assertQuerySetEqual(
        self,
        qs: Any,
        values: Any,
        transform: Callable[[Any], Any] | None = None,
        ordered: bool = True,
        msg: str | None = None,
    ) -> None:
        """The query set yields *values*, each passed through *transform* before, in that order unless not *ordered*.

        Raises ValueError for an unordered query set where the order would matter.
        """
        values = list(values)
        items: Iterable[Any] = qs if transform is None else map(transform, qs)
        if not ordered:
            self.assertDictEqual(Counter(items), Counter(values), msg=msg)
            return
        if len(values) > 1 and not getattr(qs, "ordered", True):
            raise ValueError(
                "The query set has no order, so it cannot be compared with a list: order it, or pass ordered=False."
            )
        self.assertEqual(list(items), values, msg=msg)

    def assertNumQueries(
        self,
        num: int,
        func: Callable[..., Any] | None = None,
        *args: Any,
        using: str = DEFAULT_DB_ALIAS,
        **kwargs: Any,
    ) -> Any:
        """*func*, or the block, runs *num* queries on the database *using*."""
        context = _AssertNumQueriesContext(self, num, connections[using])
        if func is None:
            return context
        with context:
            func(*args, **kwargs)
        return None

    @contextmanager
    def _expects_message(self, manager: Any, attribute: str, expected_message: str) -> Iterator[Any]:
        with manager as context:
            yield context
        self.assertIn(expected_message, str(getattr(context, attribute)))

    def assertRaisesMessage(self, expected_exception: Any, expected_message: str, *args: Any, **kwargs: Any) -> Any:
        """The callable, or the block, raises *expected_exception* with *expected_message* in its text."""
        return self._with_message(self.assertRaises(expected_exception), "exception", expected_message, args, kwargs)

    def assertWarnsMessage(self, expected_warning: Any, expected_message: str, *args: Any, **kwargs: Any) -> Any:
        """The callable, or the block, warns of *expected_warning* with *expected_message* in its text."""
        return self._with_message(self.assertWarns(expected_warning), "warning", expected_message, args, kwargs)

    def _with_message(
        self, manager: Any, attribute: str, expected_message: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        context = self._expects_message(manager, attribute, expected_message)
        if not args:
            return context
        function, *arguments = args
        with context:
            function(*arguments, **kwargs)
        return None

    def assertFieldOutput(
        self,
        fieldclass: Any,
        valid: dict[Any, Any],
        invalid: dict[Any, list[str]],
        field_args: list[Any] | None = None,
        field_kwargs: dict[str, Any] | None = None,
        empty_value: Any = "",
    ) -> None:
        """The form field cleans the keys of *valid* to their values, and refuses those of *invalid* with their messages."""
        args, kwargs = field_args or [], field_kwargs or {}
        required = fieldclass(*args, **kwargs)
        optional = fieldclass(*args, **{**kwargs, "required": False})
        for given, output in valid.items():
            self.assertEqual(required.clean(given), output)
            self.assertEqual(optional.clean(given), output)
        for given, errors in invalid.items():
            self._refuses(required, given, errors)
            self._refuses(optional, given, errors)
        for empty in required.empty_values:
            self._refuses(required, empty, [str(required.error_messages["required"])])
            self.assertEqual(optional.clean(empty), empty_value)
        if issubclass(fieldclass, CharField):
            kwargs = {**kwargs, "min_length": 2, "max_length": 20}
            self.assertIsInstance(fieldclass(*args, **kwargs), fieldclass)

    def _refuses(self, field: Any, given: Any, messages: list[str]) -> None:
        with self.assertRaises(ValidationError) as context:
            field.clean(given)
        self.assertEqual(context.exception.messages, messages)


def _shown(element: Element) -> str:
    return str(element)
