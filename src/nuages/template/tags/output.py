"""Tags that put out one value: ``firstof``, ``now``, ``url``, ``widthratio``, ``csrf_token``, ``querystring`` and so on."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pprint import pformat
from typing import TYPE_CHECKING, Any

from nuages.conf import settings
from nuages.http.querydict import QueryDict
from nuages.i18n.timezone import get_current_timezone
from nuages.template.errors import TemplateSyntaxError
from nuages.template.filters.dates import date
from nuages.template.nodes import CompiledNode, Node
from nuages.template.parser import kwarg_re
from nuages.template.tags.registry import register
from nuages.text.html import escape, format_html
from nuages.text.lorem import paragraphs, words
from nuages.urls import NoReverseMatch, reverse
from nuages.urls.current import PreparedReversal

if TYPE_CHECKING:
    from nuages.template.codegen import Code, Path
    from nuages.template.context import Context
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = [
    "CsrfTokenNode",
    "DebugNode",
    "FirstOfNode",
    "LoremNode",
    "NowNode",
    "TemplateTagNode",
    "URLNode",
    "WidthRatioNode",
    "csp_nonce_attr",
    "querystring",
]


class CsrfTokenNode(Node):
    """``{% csrf_token %}``: the hidden input that protects a form."""

    child_nodelists = ()

    def render(self, context: Context) -> str:
        """Return the input; warn in debug mode when the context has no token."""
        token = context.get("csrf_token")
        if not token:
            if settings.DEBUG:
                warnings.warn(
                    "A {% csrf_token %} found no token in its context: render with the request, so that context processors run."
                )
            return ""
        if token == "NOTPROVIDED":
            return format_html("")
        return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


class DebugNode(Node):
    """``{% debug %}``: the context and the loaded modules, in debug mode."""

    child_nodelists = ()

    def render(self, context: Context) -> str:
        """Return the dump."""
        if not settings.DEBUG:
            return ""
        layers = [escape(pformat(layer)) for layer in context]
        return "\n\n".join(["".join(layers), escape(pformat(sys.modules))])


class FirstOfNode(CompiledNode):
    """``{% firstof a b "fallback" as name %}``"""

    child_nodelists = ()

    def __init__(self, variables: list[Any], asvar: str | None = None) -> None:
        self.vars = variables
        self.asvar = asvar

    def compile(self, code: Code) -> None:
        result = code.temp()
        code.line(f"{result} = ''")
        self._try(code, result, 0)
        if self.asvar:
            code.line(f"context[{self.asvar!r}] = {result}")
        else:
            code.add(result)

    def _try(self, code: Code, result: str, index: int) -> None:
        if index == len(self.vars):
            return
        value = code.resolve(self.vars[index], ignore_failures=True)
        with code.block(f"if {value}:"):
            code.line(f"{result} = {code.shown(value)}")
        with code.block("else:"):
            self._try(code, result, index + 1)

    def reads(self) -> set[Path] | None:
        return None if self.asvar else _reads(self.vars)


class LoremNode(Node):
    """``{% lorem count method random %}``"""

    child_nodelists = ()

    def __init__(self, count: Any, method: str, common: bool) -> None:
        self.count = count
        self.method = method
        self.common = common

    def render(self, context: Context) -> str:
        """Return words, paragraphs or HTML paragraphs."""
        try:
            count = int(self.count.resolve(context))
        except (ValueError, TypeError):
            count = 1
        if self.method == "w":
            return words(count, common=self.common)
        texts = paragraphs(count, common=self.common)
        return "\n\n".join(f"<p>{text}</p>" if self.method == "p" else text for text in texts)


class NowNode(Node):
    """``{% now "format" as name %}``"""

    child_nodelists = ()

    def __init__(self, format_string: str, asvar: str | None = None) -> None:
        self.format_string = format_string
        self.asvar = asvar

    def render(self, context: Context) -> str:
        """Return the current time in the current time zone."""
        zone = get_current_timezone() if settings.USE_TZ else None
        formatted = str(date(datetime.now(tz=zone), self.format_string))
        if self.asvar:
            context[self.asvar] = formatted
            return ""
        return formatted


class TemplateTagNode(CompiledNode):
    """``{% templatetag openblock %}``: the characters that templates are made of."""

    child_nodelists = ()
    mapping = {
        "openblock": "{%",
        "closeblock": "%}",
        "openvariable": "{{",
        "closevariable": "}}",
        "openbrace": "{",
        "closebrace": "}",
        "opencomment": "{#",
        "closecomment": "#}",
    }

    def __init__(self, tagtype: str) -> None:
        self.tagtype = tagtype

    def compile(self, code: Code) -> None:
        code.text(self.mapping.get(self.tagtype, ""))

    def reads(self) -> set[Path] | None:
        return set()


def application(context: Context) -> str | None:
    """Return the application instance that ``{% url %}`` prefers: the one that the request says, else the one that it came to."""
    request = getattr(context, "request", None)
    try:
        return request.current_app  # type: ignore[union-attr,no-any-return]
    except AttributeError:
        return getattr(getattr(request, "resolver_match", None), "namespace", None)


def link_to(context: Context, view_name: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return the URL of a view that a variable names."""
    return reverse(view_name, args=args, kwargs=kwargs, current_app=application(context))


def link_in_namespace(name: str) -> Callable[[Context, tuple[Any, ...], dict[str, Any]], str]:
    """Return a function that gives the URL of a view in a namespace, which a template names literally."""
    prepared = PreparedReversal(name)
    return lambda context, args, kwargs: prepared(args, kwargs, application(context))


class URLNode(CompiledNode):
    """``{% url 'name' arg key=value as name %}``"""

    child_nodelists = ()

    def __init__(self, view_name: Any, args: list[Any], kwargs: dict[str, Any], asvar: str | None) -> None:
        self.view_name = view_name
        self.args = args
        self.kwargs = kwargs
        self.asvar = asvar

    def __repr__(self) -> str:
        return (
            f"<{type(self).__qualname__} view_name='{self.view_name}' args={self.args!r} "
            f"kwargs={self.kwargs!r} as={self.asvar!r}>"
        )

    def compile(self, code: Code) -> None:
        call, result = self._call(code), code.temp()
        if self.asvar is None:
            code.line(f"{result} = {call}")
            code.add(code.shown(result))
            return
        with code.indented("try:"):
            code.line(f"{result} = {call}")
        with code.indented(f"except {code.const(NoReverseMatch)}:"):
            code.line(f"{result} = ''")
        code.line(f"context[{self.asvar!r}] = {result}")

    def _call(self, code: Code) -> str:
        """Write what the call needs; return the call. A name that stands in the template is looked up when it first comes."""
        args = "".join(f"{code.resolve(argument)}, " for argument in self.args)
        kwargs = ", ".join(f"{name!r}: {code.resolve(value)}" for name, value in self.kwargs.items())
        given = f"({args}), {{{kwargs}}}"
        if self.view_name.filters or not isinstance(self.view_name.var, str):
            return f"{code.const(link_to)}(context, {code.resolve(self.view_name)}, {given})"
        name = str(self.view_name.var)
        if ":" in name:
            return f"{code.const(link_in_namespace(name))}(context, {given})"
        return f"{code.const(PreparedReversal(name))}({given})"

    def reads(self) -> set[Path] | None:
        return None if self.asvar else _reads([self.view_name, *self.args, *self.kwargs.values()])


class WidthRatioNode(Node):
    """``{% widthratio value max_value max_width as name %}``"""

    child_nodelists = ()

    def __init__(self, val_expr: Any, max_expr: Any, max_width: Any, asvar: str | None = None) -> None:
        self.val_expr = val_expr
        self.max_expr = max_expr
        self.max_width = max_width
        self.asvar = asvar

    def render(self, context: Context) -> str:
        """Return the rounded ratio; empty when a value is no number, 0 for a division by zero."""
        try:
            width = int(self.max_width.resolve(context))
        except (ValueError, TypeError):
            raise TemplateSyntaxError("widthratio final argument must be a number")
        try:
            value = float(self.val_expr.resolve(context))
            maximum = float(self.max_expr.resolve(context))
            result = str(round(value / maximum * width)) if maximum else "0"
        except (ValueError, TypeError, OverflowError):
            result = ""
        if not self.asvar:
            return result
        context[self.asvar] = result
        return ""


def _reads(expressions: Iterable[Any]) -> set[Path] | None:
    found: set[Path] = set()
    for expression in expressions:
        paths = expression.reads()
        if paths is None:
            return None
        found |= paths
    return found


def _as_name(bits: list[str]) -> tuple[list[str], str | None]:
    if len(bits) >= 2 and bits[-2] == "as":
        return bits[:-2], bits[-1]
    return bits, None


@register.tag
def csrf_token(parser: Parser, token: Token) -> CsrfTokenNode:
    """Put out the hidden input that protects a form."""
    return CsrfTokenNode()


@register.tag
def debug(parser: Parser, token: Token) -> DebugNode:
    """Dump the context, in debug mode."""
    return DebugNode()


@register.tag
def firstof(parser: Parser, token: Token) -> FirstOfNode:
    """Put out the first value that is true."""
    bits, asvar = _as_name(token.split_contents()[1:])
    if not bits:
        raise TemplateSyntaxError("'firstof' statement requires at least one argument")
    return FirstOfNode([parser.compile_filter(bit) for bit in bits], asvar)


@register.tag
def lorem(parser: Parser, token: Token) -> LoremNode:
    """Put out the placeholder text that printers use."""
    bits = token.split_contents()
    name = bits.pop(0)
    common = not bits or bits[-1] != "random"
    if not common:
        bits.pop()
    method = bits.pop() if bits and bits[-1] in ("w", "p", "b") else "b"
    count = parser.compile_filter(bits.pop() if bits else "1")
    if bits:
        raise TemplateSyntaxError(f"Incorrect format for '{name}' tag")
    return LoremNode(count, method, common)


@register.tag
def now(parser: Parser, token: Token) -> NowNode:
    """Put out the current date or time in a format."""
    bits, asvar = _as_name(token.split_contents())
    if len(bits) != 2:
        raise TemplateSyntaxError("'now' statement takes one argument")
    return NowNode(bits[1][1:-1], asvar)


@register.tag
def templatetag(parser: Parser, token: Token) -> TemplateTagNode:
    """Put out one of the pieces of template syntax."""
    bits = token.contents.split()
    if len(bits) != 2:
        raise TemplateSyntaxError("'templatetag' statement takes one argument")
    if bits[1] not in TemplateTagNode.mapping:
        known = list(TemplateTagNode.mapping)
        raise TemplateSyntaxError(f"Invalid templatetag argument: '{bits[1]}'. Must be one of: {known}")
    return TemplateTagNode(bits[1])


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Put out the URL of a view."""
    bits = token.split_contents()
    if len(bits) < 2:
        raise TemplateSyntaxError(f"'{bits[0]}' takes at least one argument, a URL pattern name.")
    view_name = parser.compile_filter(bits[1])
    rest, asvar = _as_name(bits[2:])
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for bit in rest:
        if (match := kwarg_re.match(bit)) is None:
            raise TemplateSyntaxError("Malformed arguments to url tag")
        name, value = match[1], parser.compile_filter(match[2])
        if name:
            kwargs[name] = value
        else:
            args.append(value)
    return URLNode(view_name, args, kwargs, asvar)


@register.tag
def widthratio(parser: Parser, token: Token) -> WidthRatioNode:
    """Put out a value's share of a maximum, scaled to a width."""
    bits = token.split_contents()
    if len(bits) not in (4, 6):
        raise TemplateSyntaxError("widthratio takes at least three arguments")
    if len(bits) == 6 and bits[4] != "as":
        raise TemplateSyntaxError("Invalid syntax in widthratio tag. Expecting 'as' keyword")
    asvar = bits[5] if len(bits) == 6 else None
    value, maximum, width = (parser.compile_filter(bit) for bit in bits[1:4])
    return WidthRatioNode(value, maximum, width, asvar)


@register.simple_tag(takes_context=True)
def querystring(context: Any, *args: Any, **kwargs: Any) -> str:
    """Put out the query string of the request, or of mappings, with changes.

    A value of None takes the parameter out, an iterable sets all its values.
    """
    params = QueryDict(mutable=True)
    for mapping in (*(args or (context.request.GET,)), kwargs):
        if not isinstance(mapping, Mapping):
            raise TemplateSyntaxError(f"querystring requires mappings for positional arguments (got {mapping!r} instead).")
        items = mapping.lists() if isinstance(mapping, QueryDict) else mapping.items()
        for key, value in items:
            if not isinstance(key, str):
                raise TemplateSyntaxError(f"querystring requires strings for mapping keys (got {key!r} instead).")
            if value is None:
                params.pop(key, None)
            elif isinstance(value, Iterable) and not isinstance(value, str):
                values = list(value)
                if any(item is not None for item in values):
                    params.setlist(key, values)
                else:
                    params.pop(key, None)
            else:
                params[key] = value
    return f"?{params.urlencode() if params else ''}"


@register.simple_tag(takes_context=True)
def csp_nonce_attr(context: Any, media: Any = None) -> Any:
    """Put out the attribute ``nonce`` of the content security policy, or a form's media with it."""
    nonce = context.get("csp_nonce")
    if media is not None:
        return media.render() if nonce is None else media.render(attrs={"nonce": nonce})
    return "" if nonce is None else format_html('nonce="{}"', nonce)


