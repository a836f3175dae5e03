"""``Library``: how tags and filters are registered (howto/custom-template-tags)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from functools import wraps
from importlib import import_module
from inspect import FullArgSpec, getfullargspec, unwrap
from typing import TYPE_CHECKING, Any, TypeVar, overload

from nuages.template.errors import InvalidTemplateLibrary, TemplateSyntaxError
from nuages.template.nodes import Node, NodeList
from nuages.template.parser import Parser, token_kwargs
from nuages.template.template import Template
from nuages.text.html import conditional_escape

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.expressions import FilterExpression
    from nuages.template.lexer import Token

__all__ = [
    "InclusionNode",
    "InvalidTemplateLibrary",
    "Library",
    "SimpleBlockNode",
    "SimpleNode",
    "TagHelperNode",
    "import_library",
    "parse_bits",
]

F = TypeVar("F", bound=Callable[..., Any])

_FLAGS = ("expects_localtime", "is_safe", "needs_autoescape")


class Library:
    """The tags and filters of one module, which calls its instance ``register``."""

    def __init__(self) -> None:
        self.filters: dict[str, Callable[..., Any]] = {}
        self.tags: dict[str, Callable[..., Any]] = {}

    @overload
    def tag(self, name: F, compile_function: None = None) -> F: ...
    @overload
    def tag(self, name: str | None = None, compile_function: None = None) -> Callable[[F], F]: ...
    @overload
    def tag(self, name: str, compile_function: F) -> F: ...
    def tag(self, name: Any = None, compile_function: Any = None) -> Any:
        """Register a compilation function; also as a decorator, with or without a name."""
        if compile_function is None:
            if name is None:
                return self.tag_function
            if callable(name):
                return self.tag_function(name)
            return lambda function: self.tag(name, function)
        if name is None:
            raise ValueError(f"Unsupported arguments to Library.tag: ({name!r}, {compile_function!r})")
        self.tags[name] = compile_function
        return compile_function

    def tag_function(self, func: F) -> F:
        """Register a compilation function under its own name."""
        self.tags[func.__name__] = func
        return func

    @overload
    def filter(self, name: F, filter_func: None = None) -> F: ...
    @overload
    def filter(self, name: str | None = None, filter_func: None = None, **flags: bool) -> Callable[[F], F]: ...
    @overload
    def filter(self, name: str, filter_func: F, **flags: bool) -> F: ...
    def filter(self, name: Any = None, filter_func: Any = None, **flags: Any) -> Any:
        """Register a filter; also as a decorator. Flags: ``is_safe``, ``needs_autoescape``, ``expects_localtime``."""
        if filter_func is None:
            if name is None:
                return lambda function: self.filter_function(function, **flags)
            if callable(name):
                return self.filter_function(name, **flags)
            return lambda function: self.filter(name, function, **flags)
        if name is None:
            raise ValueError(f"Unsupported arguments to Library.filter: ({name!r}, {filter_func!r})")
        self.filters[name] = filter_func
        for flag in _FLAGS:
            if flag in flags:
                setattr(filter_func, flag, flags[flag])
                # A filter that was decorated tells it to whoever unwraps it, too.
                inner = unwrap(filter_func)
                if inner is not filter_func:
                    setattr(inner, flag, flags[flag])
        filter_func._filter_name = name
        return filter_func

    def filter_function(self, func: F, **flags: bool) -> F:
        """Register a filter under its own name."""
        return self.filter(_name_of(func), func, **flags)

    @overload
    def simple_tag(self, func: F) -> F: ...
    @overload
    def simple_tag(self, func: None = None, takes_context: bool | None = None, name: str | None = None) -> Callable[[F], F]: ...
    def simple_tag(self, func: Any = None, takes_context: bool | None = None, name: str | None = None) -> Any:
        """Register a function as a tag: its result is put out, escaped, or stored by ``as name``."""

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            signature = _signature(function)
            tag_name = name or _name_of(function)
            if takes_context:
                _check_context(signature[0], tag_name)

            @wraps(function)
            def compile_tag(parser: Parser, token: Token) -> SimpleNode:
                bits, target = _as_target(token.split_contents()[1:])
                args, kwargs = parse_bits(parser, bits, *signature[:6], takes_context, tag_name)
                return SimpleNode(function, takes_context, args, kwargs, target)

            self.tag(tag_name, compile_tag)
            return function

        return _decorator(func, decorate, "simple_tag")

    @overload
    def simple_block_tag(self, func: F) -> F: ...
    @overload
    def simple_block_tag(
        self, func: None = None, takes_context: bool | None = None, name: str | None = None, end_name: str | None = None
    ) -> Callable[[F], F]: ...
    def simple_block_tag(
        self, func: Any = None, takes_context: bool | None = None, name: str | None = None, end_name: str | None = None
    ) -> Any:
        """Register a function as a tag with a body: it gets the rendered body as its argument ``content``."""

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            signature = _signature(function)
            tag_name = name or _name_of(function)
            end = end_name or f"end{tag_name}"

            @wraps(function)
            def compile_tag(parser: Parser, token: Token) -> SimpleBlockNode:
                bits, target = _as_target(token.split_contents()[1:])
                nodelist = parser.parse((end,))
                parser.delete_first_token()
                params = _without_content(tag_name, signature[0], takes_context)
                args, kwargs = parse_bits(parser, bits, params, *signature[1:6], takes_context, tag_name)
                return SimpleBlockNode(nodelist, function, takes_context, args, kwargs, target)

            _without_content(tag_name, signature[0], takes_context)
            self.tag(tag_name, compile_tag)
            return function

        return _decorator(func, decorate, "simple_block_tag")

    def inclusion_tag(
        self, filename: Any, func: Any = None, takes_context: bool | None = None, name: str | None = None
    ) -> Callable[[F], F]:
        """Register a function as a tag that renders the template ``filename`` with the dictionary it returns."""

        def decorate(function: F) -> F:
            signature = _signature(function)
            tag_name = name or _name_of(function)
            if takes_context:
                _check_context(signature[0], tag_name)

            @wraps(function)
            def compile_tag(parser: Parser, token: Token) -> InclusionNode:
                bits = token.split_contents()[1:]
                args, kwargs = parse_bits(parser, bits, *signature[:6], takes_context, tag_name)
                return InclusionNode(function, takes_context, args, kwargs, filename)

            self.tag(tag_name, compile_tag)
            return function

        return decorate


def _name_of(function: Any) -> str:
    return str(getattr(function, "_decorated_function", function).__name__)


def _signature(function: Callable[..., Any]) -> FullArgSpec:
    return getfullargspec(unwrap(function))


def _decorator(function: Any, decorate: Callable[[Any], Any], kind: str) -> Any:
    if function is None:
        return decorate
    if callable(function):
        return decorate(function)
    raise ValueError(f"Invalid arguments provided to {kind}")


def _as_target(bits: list[str]) -> tuple[list[str], str | None]:
    if len(bits) >= 2 and bits[-2] == "as":
        return bits[:-2], bits[-1]
    return bits, None


def _check_context(params: list[str], name: str) -> None:
    if not params or params[0] != "context":
        raise TemplateSyntaxError(f"'{name}' is decorated with takes_context=True so it must have a first argument of 'context'")


def _without_content(name: str, params: list[str], takes_context: bool | None) -> list[str]:
    """Return the parameters of a block tag without ``content``, which the body fills."""
    wanted = ["context", "content"] if takes_context else ["content"]
    if params[: len(wanted)] != wanted:
        if takes_context:
            problem = "is decorated with takes_context=True so it must have a first argument of 'context' and a second argument of 'content'"
            raise TemplateSyntaxError(f"'{name}' {problem}")
        raise TemplateSyntaxError(f"'{name}' must have a first argument of 'content'")
    return [param for param in params if param != "content"]


class TagHelperNode(Node):
    """The base of the nodes below: a function and the arguments written in the tag."""

    def __init__(self, func: Callable[..., Any], takes_context: bool | None, args: list[Any], kwargs: dict[str, Any]) -> None:
        self.func = func
        self.takes_context = takes_context
        self.args = args
        self.kwargs = kwargs

    def get_resolved_arguments(self, context: Context) -> tuple[list[Any], dict[str, Any]]:
        """Return the values of the arguments in ``context``."""
        args = [argument.resolve(context) for argument in self.args]
        if self.takes_context:
            args.insert(0, context)
        return args, {name: argument.resolve(context) for name, argument in self.kwargs.items()}


class SimpleNode(TagHelperNode):
    """The node of a ``simple_tag``."""

    child_nodelists = ()

    def __init__(
        self, func: Callable[..., Any], takes_context: bool | None, args: list[Any], kwargs: dict[str, Any], target_var: str | None
    ) -> None:
        super().__init__(func, takes_context, args, kwargs)
        self.target_var = target_var

    def render(self, context: Context) -> str:
        """Call the function; put its result out, or store it under the name after ``as``."""
        args, kwargs = self.get_resolved_arguments(context)
        return self._put(self.func(*args, **kwargs), context)

    def _put(self, output: Any, context: Context) -> str:
        if self.target_var is not None:
            context[self.target_var] = output
            return ""
        return conditional_escape(output) if context.autoescape else output  # type: ignore[no-any-return]


class SimpleBlockNode(SimpleNode):
    """The node of a ``simple_block_tag``."""

    child_nodelists = ("nodelist",)  # type: ignore[assignment]

    def __init__(self, nodelist: NodeList, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nodelist = nodelist

    def get_resolved_arguments(self, context: Context) -> tuple[list[Any], dict[str, Any]]:
        """Return the values of the arguments, with the rendered body before those written in the tag."""
        args, kwargs = super().get_resolved_arguments(context)
        args.insert(1 if self.takes_context else 0, self.nodelist.render(context))
        return args, kwargs


class InclusionNode(TagHelperNode):
    """The node of an ``inclusion_tag``."""

    child_nodelists = ()

    def __init__(
        self, func: Callable[..., Any], takes_context: bool | None, args: list[Any], kwargs: dict[str, Any], filename: Any
    ) -> None:
        super().__init__(func, takes_context, args, kwargs)
        self.filename = filename

    def render(self, context: Context) -> str:
        """Call the function and render the template with what it returns."""
        args, kwargs = self.get_resolved_arguments(context)
        values = self.func(*args, **kwargs)
        included = context.new(values)
        # A form in the included template needs the token of this request.
        token = context.get("csrf_token")
        if token is not None:
            included["csrf_token"] = token
        return str(self._template(context).render(included))

    def _template(self, context: Context) -> Any:
        cache = context.render_context.dicts[0]
        template = cache.get(self)
        if template is None:
            template = cache[self] = self._find(context.template.engine)  # type: ignore[union-attr]
        return template

    def _find(self, engine: Any) -> Any:
        if isinstance(self.filename, Template):
            return self.filename
        if isinstance(getattr(self.filename, "template", None), Template):
            return self.filename.template
        if not isinstance(self.filename, str) and isinstance(self.filename, Iterable):
            return engine.select_template(self.filename)
        return engine.get_template(self.filename)


def parse_bits(
    parser: Parser,
    bits: list[str],
    params: list[str],
    varargs: str | None,
    varkw: str | None,
    defaults: tuple[Any, ...] | None,
    kwonly: list[str],
    kwonly_defaults: dict[str, Any] | None,
    takes_context: bool | None,
    name: str,
) -> tuple[list[FilterExpression], dict[str, FilterExpression]]:
    """Compile the arguments of a tag and check them against the parameters of its function. Raises TemplateSyntaxError."""
    if takes_context:
        _check_context(params, name)
        params = params[1:]
    args: list[FilterExpression] = []
    kwargs: dict[str, FilterExpression] = {}
    unfilled = list(params)
    keyword_only = [param for param in kwonly if param not in (kwonly_defaults or {})]
    for bit in bits:
        named = token_kwargs([bit], parser)
        if named:
            ((param, value),) = named.items()
            if param not in params and param not in kwonly and varkw is None:
                raise TemplateSyntaxError(f"'{name}' received unexpected keyword argument '{param}'")
            if param in kwargs or (param in params and param not in unfilled):
                raise TemplateSyntaxError(f"'{name}' received multiple values for keyword argument '{param}'")
            kwargs[param] = value
            _discard(unfilled, param)
            _discard(keyword_only, param)
        elif kwargs:
            raise TemplateSyntaxError(f"'{name}' received some positional argument(s) after some keyword argument(s)")
        else:
            args.append(parser.compile_filter(bit))
            if unfilled:
                unfilled.pop(0)
            elif varargs is None:
                raise TemplateSyntaxError(f"'{name}' received too many positional arguments")
    if defaults:
        optional = set(params[-len(defaults) :])
        unfilled = [param for param in unfilled if param not in optional]
    if unfilled or keyword_only:
        lacking = ", ".join(f"'{param}'" for param in itertools.chain(unfilled, keyword_only))
        raise TemplateSyntaxError(f"'{name}' did not receive value(s) for the argument(s): {lacking}")
    return args, kwargs


def _discard(names: list[str], name: str) -> None:
    if name in names:
        names.remove(name)


def import_library(name: str) -> Library:
    """Import a module and return its ``register``. Raises InvalidTemplateLibrary."""
    try:
        module = import_module(name)
    except ImportError as error:
        raise InvalidTemplateLibrary(f"Invalid template library specified. ImportError raised when trying to load '{name}': {error}") from error
    try:
        return module.register  # type: ignore[no-any-return]
    except AttributeError:
        raise InvalidTemplateLibrary(f"Module {name} does not have a variable named 'register'")


