"""Assertions about responses, URLs, templates and forms."""

import asyncio
import inspect
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from copy import copy
from typing import Any
from unittest import TestCase
from urllib.parse import parse_qsl, urlencode, urljoin, urlparse, urlsplit, urlunparse

from nuages.conf import names, settings
from nuages.http import QueryDict
from nuages.http.hosts import split_domain_port, validate_host
from nuages.template.template import PartialTemplate
from nuages.test.capturing import ContextList
from nuages.test.comparing import assert_and_parse_html
from nuages.test.signals import template_rendered
from nuages.text.encoding import force_str

__unittest = True  # unittest leaves the frames of this module out of tracebacks


def to_list(value: Any) -> list[Any]:
    """*value* as a list: None is empty, anything but a list or tuple the only member."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _normal_url(url: Any) -> str:
    parts = urlparse(str(url))
    query = urlencode(sorted(parse_qsl(parts.query), key=lambda pair: pair[0]))
    return urlunparse((parts.scheme, parts.netloc, parts.path, parts.params, query, parts.fragment))


def _names(templates: Any) -> list[str]:
    """The names of templates; that of a part is ``template.html#part``."""
    return [
        f"{template.origin.template_name}#{template.name}" if isinstance(template, PartialTemplate) else template.name
        for template in templates
        if template.name is not None
    ]


def _settled(response: Any) -> Any:
    """The response itself; that of an async client comes from a loop in another thread, as this one's may be busy."""
    if not inspect.isawaitable(response):
        return response

    async def wait() -> Any:
        return await response

    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(copy_context().run, asyncio.run, wait()).result()


class _AssertTemplateUsedContext:
    """Collects the templates that are rendered inside the block, and checks them at its end."""

    def __init__(self, test_case: Any, template_name: str, msg_prefix: str = "", count: int | None = None) -> None:
        self.test_case = test_case
        self.template_name = template_name
        self.msg_prefix = msg_prefix
        self.count = count
        self.rendered_templates: list[Any] = []
        self.context = ContextList()

    def on_template_render(self, sender: Any, signal: Any, template: Any, context: Any, **kwargs: Any) -> None:
        """Note one rendering."""
        self.rendered_templates.append(template)
        self.context.append(copy(context))

    def test(self) -> None:
        """Fail unless the template is among those rendered."""
        self.test_case._assert_template_used(
            self.template_name,
            _names(self.rendered_templates),
            self.msg_prefix,
            self.count,
        )

    def __enter__(self) -> "_AssertTemplateUsedContext":
        template_rendered.connect(self.on_template_render)
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        template_rendered.disconnect(self.on_template_render)
        if kind is None:
            self.test()


class _AssertTemplateNotUsedContext(_AssertTemplateUsedContext):
    def test(self) -> None:
        self.test_case.assertFalse(
            self.template_name in _names(self.rendered_templates),
            f"{self.msg_prefix}Template '{self.template_name}' was rendered, which was not expected.",
        )


class ResponseAssertions(TestCase):
    """The assertions about responses and forms."""

    client: Any

    def assertRedirects(
        self,
        response: Any,
        expected_url: Any,
        status_code: int = 302,
        target_status_code: int = 200,
        msg_prefix: str = "",
        fetch_redirect_response: bool = True,
    ) -> None:
        """*response* redirects to *expected_url*, and that page answers with *target_status_code*.

        Works for a response fetched with ``follow``, too; then the end of its chain is checked.
        """
        prefix = f"{msg_prefix}: " if msg_prefix else ""
        if hasattr(response, "redirect_chain"):
            self.assertTrue(
                response.redirect_chain,
                f"{prefix}Response didn't redirect as expected: Response code was {response.status_code} (expected {status_code})",
            )
            self.assertEqual(
                response.redirect_chain[0][1],
                status_code,
                f"{prefix}Initial response didn't redirect as expected: Response code was {response.redirect_chain[0][1]} (expected {status_code})",
            )
            url, _ = response.redirect_chain[-1]
            self.assertEqual(
                response.status_code,
                target_status_code,
                f"{prefix}Response didn't redirect as expected: Final Response code was {response.status_code} (expected {target_status_code})",
            )
        else:
            self.assertEqual(
                response.status_code,
                status_code,
                f"{prefix}Response didn't redirect as expected: Response code was {response.status_code} (expected {status_code})",
            )
            url = self._redirect_target(response)
            if fetch_redirect_response:
                self._check_redirect_target(response, url, target_status_code, prefix)
        self.assertEqual(
            _normal_url(url),
            _normal_url(expected_url),
            f"{prefix}Response redirected to '{url}', expected '{expected_url}'",
        )

    def _redirect_target(self, response: Any) -> str:
        """The absolute path (or URL, for another host) that the redirect means."""
        url: str = response.url
        if not urlsplit(url).path.startswith("/"):
            url = urljoin(response.request["PATH_INFO"], url) if not urlsplit(url).netloc else url
        return url

    def _check_redirect_target(self, response: Any, url: str, expected: int, prefix: str) -> None:
        scheme, netloc, path, query, _ = urlsplit(url)
        domain = split_domain_port(netloc)[0]
        if domain and not validate_host(domain, settings.ALLOWED_HOSTS):
            raise ValueError(
                f"The redirect leads to another site ({url}), which the test client cannot fetch; "
                "pass fetch_redirect_response=False."
            )
        client = response.client
        target = _settled(
            client.get(path, QueryDict(query), secure=scheme == "https", headers=client.headers, **client.extra)
        )
        self.assertEqual(
            target.status_code,
            expected,
            f"{prefix}Couldn't retrieve redirection page '{path}': response code was {target.status_code} "
            f"(expected {expected})",
        )

    def assertURLEqual(self, url1: Any, url2: Any, msg_prefix: str = "") -> None:
        """Both URLs are the same but for the order of query parameters of different names."""
        prefix = f"{msg_prefix}: " if msg_prefix else ""
        self.assertEqual(_normal_url(url1), _normal_url(url2), f"{prefix}Expected '{url1}' to equal '{url2}'")

    def _text_of(
        self, response: Any, text: Any, status_code: int, msg_prefix: str, html: bool
    ) -> tuple[int, str, str, bytes]:
        """How often *text* stands in the response; the prefix of messages, *text* and content as they are shown."""
        if hasattr(response, "render") and callable(response.render) and not response.is_rendered:
            response.render()
        prefix = f"{msg_prefix}: " if msg_prefix else ""
        self.assertEqual(
            response.status_code,
            status_code,
            f"{prefix}Couldn't retrieve content: Response code was {response.status_code} (expected {status_code})",
        )
        content = self._content(response)
        shown = f"'{text}'" if isinstance(text, str) else repr(text)
        body: Any = content
        if not isinstance(text, bytes) or html:
            text = force_str(text, encoding=response.charset)
            body = content.decode(response.charset)
        if html:
            body = assert_and_parse_html(self, body, None, "Response's content is not valid HTML:")
            text = assert_and_parse_html(self, text, None, "Second argument is not valid HTML:")
        return body.count(text), prefix, shown, content

    @staticmethod
    def _content(response: Any) -> bytes:
        """The body; that of a streaming response stays readable."""
        if not response.streaming:
            return bytes(response.content)
        content = b"".join(response.streaming_content)
        response.streaming_content = [content]
        return content

    def assertContains(
        self,
        response: Any,
        text: Any,
        count: int | None = None,
        status_code: int = 200,
        msg_prefix: str = "",
        html: bool = False,
    ) -> None:
        """*response* has *status_code* and contains *text*, *count* times if that is given; as HTML if *html*."""
        found, prefix, shown, content = self._text_of(response, text, status_code, msg_prefix, html)
        where = f"in the following response\n{content!r}"
        if count is None:
            self.assertTrue(found != 0, f"{prefix}Couldn't find {shown} {where}")
        else:
            self.assertEqual(found, count, f"{prefix}Found {found} instances of {shown} (expected {count}) {where}")

    def assertNotContains(
        self, response: Any, text: Any, status_code: int = 200, msg_prefix: str = "", html: bool = False
    ) -> None:
        """*response* has *status_code* and does not contain *text*."""
        found, prefix, shown, content = self._text_of(response, text, status_code, msg_prefix, html)
        self.assertEqual(found, 0, f"{prefix}{shown} unexpectedly found in the following response\n{content!r}")

    def _template_arguments(
        self, response: Any, template_name: str | None, msg_prefix: str, method: str
    ) -> tuple[str | None, list[str] | None, str]:
        """Template name, names of the rendered templates (None for use as a context manager), prefix."""
        if response is None and template_name is None:
            raise TypeError("response and/or template_name argument must be provided")
        prefix = f"{msg_prefix}: " if msg_prefix else ""
        if template_name is not None and response is not None and not hasattr(response, "templates"):
            client = "the Django test Client" if names.installed() else "the test Client"
            raise ValueError(f"{method}() is only usable on responses fetched using {client}.")
        if not hasattr(response, "templates") or (response is None and template_name):
            return (response if response is not None else template_name), None, prefix
        return template_name, _names(response.templates), prefix

    def _assert_template_used(
        self, template_name: Any, template_names: list[str], msg_prefix: str, count: int | None
    ) -> None:
        if not template_names or not template_name:
            self.fail(f"{msg_prefix}No templates used to render the response")
        self.assertTrue(
            template_name in template_names,
            f"{msg_prefix}Template '{template_name}' was not rendered. Actual template(s) used: {', '.join(template_names)}",
        )
        if count is not None:
            actual = template_names.count(template_name)
            self.assertEqual(
                actual, count, f"{msg_prefix}Template '{template_name}' was rendered {actual} time(s), not {count}."
            )

    def assertTemplateUsed(
        self, response: Any = None, template_name: str | None = None, msg_prefix: str = "", count: int | None = None
    ) -> Any:
        """The template was rendered for *response*; without a response, a context manager for the block."""
        name, used, prefix = self._template_arguments(response, template_name, msg_prefix, "assertTemplateUsed")
        if used is None:
            return _AssertTemplateUsedContext(self, str(name), prefix, count)
        self._assert_template_used(name, used, prefix, count)
        return None

    def assertTemplateNotUsed(
        self, response: Any = None, template_name: str | None = None, msg_prefix: str = ""
    ) -> Any:
        """The template was not rendered for *response*; without a response, a context manager for the block."""
        name, used, prefix = self._template_arguments(response, template_name, msg_prefix, "assertTemplateNotUsed")
        if used is None:
            return _AssertTemplateNotUsedContext(self, str(name), prefix)
        self.assertFalse(name in used, f"{prefix}Template '{name}' was rendered, which was not expected.")
        return None

    def assertFormError(self, form: Any, field: str | None, errors: Any, msg_prefix: str = "") -> None:
        """The errors of *field* (None: those of no field) on *form* are exactly *errors*."""
        self._assert_form_error(form, field, to_list(errors), f"{msg_prefix}: " if msg_prefix else "", f"form {form!r}")

    def assertFormSetError(
        self, formset: Any, form_index: int | None, field: str | None, errors: Any, msg_prefix: str = ""
    ) -> None:
        """The errors on one form of *formset* (or, with *form_index* None, of the formset itself) are exactly *errors*."""
        if form_index is None and field is not None:
            raise ValueError("You must use field=None with form_index=None.")
        prefix = f"{msg_prefix}: " if msg_prefix else ""
        if not formset.is_bound:
            self.fail(f"{prefix}The formset {formset!r} is not bound, so it can have no errors.")
        if form_index is None:
            self.assertEqual(
                formset.non_form_errors(),
                to_list(errors),
                f"{prefix}The non-form errors of formset {formset!r} don't match.",
            )
            return
        count = formset.total_form_count()
        if form_index >= count:
            self.fail(f"{prefix}The formset {formset!r} only has {count} form{'' if count == 1 else 's'}.")
        self._assert_form_error(
            formset.forms[form_index], field, to_list(errors), prefix, f"form {form_index} of formset {formset!r}"
        )

    def _assert_form_error(self, form: Any, field: str | None, errors: list[Any], prefix: str, name: str) -> None:
        if not form.is_bound:
            self.fail(f"{prefix}The {name} is not bound, so it can have no errors.")
        if field is not None and field not in form.fields:
            self.fail(f"{prefix}The {name} does not contain the field {field!r}.")
        if field is None:
            actual, message = form.non_field_errors(), f"The non-field errors of {name} don't match."
        else:
            actual, message = form.errors.get(field, []), f"The errors of field {field!r} on {name} don't match."
        self.assertEqual(actual, errors, prefix + message)
