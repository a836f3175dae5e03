"""Variables and filter expressions: what stands inside ``{{ }}`` and as arguments of tags."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from inspect import Parameter, signature, unwrap
from typing import TYPE_CHECKING, Any

from nuages.i18n.translation import gettext_lazy, pgettext_lazy
from nuages.template import runtime
from nuages.template.context import BaseContext
from nuages.template.errors import TemplateSyntaxError, VariableDoesNotExist
from nuages.text.deprecation import RemovedInNextVersionWarning
from nuages.text.formatting import unescape_string_literal
from nuages.text.safestring import SafeData, mark_safe

if TYPE_CHECKING:
    from nuages.template.codegen import Path
    from nuages.template.parser import Parser

__all__ = ["FilterExpression", "Variable", "VariableDoesNotExist", "filter_re", "render_value_in_context"]

FILTER_SEPARATOR = "|"
FILTER_ARGUMENT_SEPARATOR = ":"
VARIABLE_ATTRIBUTE_SEPARATOR = "."

_STRING = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


def _value_pattern(prefix: str) -> str:
    return (
        rf"(?:_\((?P<{prefix}i18n>{_STRING})\)|(?P<{prefix}constant>{_STRING})"
        rf"|(?P<{prefix}variable>{_NUMBER}(?![\w.])|[\w.]+))"
    )


#: One piece of a filter expression: its value, or a filter with its argument.
filter_re = re.compile(
    rf"^{_value_pattern('')}|\s*\|\s*(?P<filter_name>\w+)(?::{_value_pattern('argument_')})?"
)

_number_re = re.compile(rf"{_NUMBER}\Z")


class Variable:
    """A variable as a template names it (``article.author.0``), or a literal (``'text'``, ``42``, ``_('text')``).

    Raises TemplateSyntaxError for a name that starts with an underscore or holds ``+`` or ``-``, TypeError unless given a
    string or a number.
    """

    __slots__ = ("literal", "lookups", "message_context", "translate", "var")

    def __init__(self, var: str | int | float) -> None:
        self.var: Any = var
        self.literal: Any = None
        self.lookups: tuple[str, ...] | None = None
        self.translate: bool = False
        self.message_context: str | None = None
        if not isinstance(var, str):
            if not isinstance(var, (int, float)):
                raise TypeError(f"Variable must be a string or number, got {type(var)}")
            self.literal = var
            return
        self.literal = _number(var)
        if self.literal is None:
            self._parse(var)

    def _parse(self, text: str) -> None:
        if text.startswith("_(") and text.endswith(")"):
            self.translate = True
            text = text[2:-1]
        if text[:1] in ("'", '"') and len(text) > 1 and text[-1] == text[0]:
            self.literal = mark_safe(unescape_string_literal(text))
            return
        if text.startswith("_") or "._" in text:
            raise TemplateSyntaxError(f"Variables and attributes may not begin with underscores: '{text}'")
        for character in "+-":
            if character in text:
                raise TemplateSyntaxError(f"Invalid character ('{character}') in variable name: {text!r}")
        self.lookups = tuple(text.split("."))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.var!r}>"

    def __str__(self) -> str:
        return str(self.var)

    def resolve(self, context: Any) -> Any:
        """Return the value in ``context`` (a context or a mapping). Raises VariableDoesNotExist."""
        if self.lookups is None:
            value = self.literal
        else:
            value = runtime.follow(self._raw(context, self.lookups[0]), self.lookups, context)
        return self._translated(value) if self.translate else value

    @staticmethod
    def _raw(context: Any, root: str) -> Any:
        """Return the value of the first name in a context, a mapping, or any object."""
        if isinstance(context, (dict, BaseContext)):
            return context.get(root, runtime.MISSING)
        return runtime.Deferred(context, root)

    def _translated(self, value: Any) -> Any:
        message = str(value).replace("%", "%%")
        if not message:
            return ""
        safe = isinstance(value, SafeData)
        text: Any = mark_safe(message) if safe else message
        return pgettext_lazy(self.message_context, text) if self.message_context else gettext_lazy(text)

    def reads(self) -> set[Path]:
        """Return the paths that this variable reads."""
        return set() if self.lookups is None else {self.lookups}


def _number(text: str) -> int | float | None:
    """Return the number that ``text`` writes, or None. ``2.`` is none, so that ``{{ list.2.x }}`` stays a look-up."""
    if not _number_re.match(text) or text.endswith("."):
        return None
    return float(text) if set(text) & set(".eE") else int(text)


class FilterExpression:
    """A value and the filters it goes through: ``article.title|default:"-"|upper``.

    ``var`` is a ``Variable`` or a constant string, ``filters`` a list of ``(function, [(is a variable, argument)])``.
    Raises TemplateSyntaxError.
    """

    __slots__ = ("filters", "is_var", "token", "var")

    def __init__(self, token: str, parser: Parser) -> None:
        self.token: str = token
        self.filters: list[tuple[Callable[..., Any], list[tuple[bool, Any]]]] = []
        self.var: Any = None
        found = False
        upto = 0
        for match in filter_re.finditer(token):
            start = match.start()
            if upto != start:
                raise TemplateSyntaxError(f"Could not parse some characters: {token[:upto]}|{token[upto:start]}|{token[start:]}")
            if found:
                self._add_filter(match, parser)
            else:
                self.var = self._value(match, token)
                found = True
            upto = match.end()
        if upto != len(token):
            raise TemplateSyntaxError(f"Could not parse the remainder: '{token[upto:]}' from '{token}'")
        self.is_var: bool = isinstance(self.var, Variable)
        if isinstance(self.var, Variable) and self.var.lookups and "" in self.var.lookups[1:-1]:
            warnings.warn(
                f"A look-up by the empty string, written as '..', will be an error in a later version.{parser.place()}",
                RemovedInNextVersionWarning,
                stacklevel=2,
            )

    @staticmethod
    def _value(match: re.Match[str], token: str) -> Any:
        if (translated := match["i18n"]) is not None:
            return Variable(f"_({translated})").resolve({})
        if (constant := match["constant"]) is not None:
            return mark_safe(unescape_string_literal(constant))
        if (variable := match["variable"]) is not None:
            return Variable(variable)
        raise TemplateSyntaxError(f"Could not find variable at start of {token}.")

    def _add_filter(self, match: re.Match[str], parser: Parser) -> None:
        name = match["filter_name"]
        arguments: list[tuple[bool, Any]] = []
        if (translated := match["argument_i18n"]) is not None:
            arguments.append((True, Variable(f"_({translated})")))
        elif (constant := match["argument_constant"]) is not None:
            arguments.append((False, mark_safe(unescape_string_literal(constant))))
        elif (variable := match["argument_variable"]) is not None:
            arguments.append((True, Variable(variable)))
        function = parser.find_filter(name)
        self.args_check(name, function, arguments)
        self.filters.append((function, arguments))

    @staticmethod
    def args_check(name: str, func: Callable[..., Any], provided: list[Any]) -> bool:
        """Check the number of arguments given to a filter. Raises TemplateSyntaxError."""
        parameters = [
            parameter
            for parameter in signature(unwrap(func)).parameters.values()
            if parameter.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        ]
        required = sum(parameter.default is Parameter.empty for parameter in parameters)
        given = len(provided) + 1
        if given < required or given > len(parameters):
            raise TemplateSyntaxError(f"{name} requires {required} arguments, {given} provided")
        return True

    @property
    def var_object(self) -> Variable | None:
        """The variable at the start, or None for a constant."""
        return self.var if isinstance(self.var, Variable) else None

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        """Return the value in ``context``; a missing variable gives None or the engine's ``string_if_invalid``."""
        value = self.var
        if isinstance(value, Variable):
            try:
                value = value.resolve(context)
            except VariableDoesNotExist:
                if ignore_failures:
                    value = None
                else:
                    value = context.template.engine.string_if_invalid
                    if value:
                        return value % self.var if "%s" in value else value
        return self.apply_filters(value, context)

    def apply_filters(self, value: Any, context: Any) -> Any:
        """Return ``value`` after the filters of this expression."""
        for function, arguments in self.filters:
            value = self._apply(function, value, arguments, context)
        return value

    def _apply(self, function: Any, value: Any, arguments: list[tuple[bool, Any]], context: Any) -> Any:
        values = [argument.resolve(context) if is_variable else argument for is_variable, argument in arguments]
        if getattr(function, "expects_localtime", False):
            value = runtime.localtime(value, context.use_tz)
        if getattr(function, "needs_autoescape", False):
            result = function(value, *values, autoescape=context.autoescape)
        else:
            result = function(value, *values)
        if getattr(function, "is_safe", False) and isinstance(value, SafeData):
            return mark_safe(result)
        return result

    def reads(self) -> set[Path] | None:
        """Return the paths that the expression reads, or None when it needs the context itself (``block.super`` does)."""
        variables = [self.var] if isinstance(self.var, Variable) else []
        variables += [value for _, arguments in self.filters for is_variable, value in arguments if is_variable]
        paths: set[Path] = set().union(*(variable.reads() for variable in variables))
        return None if any(path[0] == "block" for path in paths) else paths

    def __str__(self) -> str:
        return self.token

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.token!r}>"


def render_value_in_context(value: Any, context: Any) -> str:
    """Return a value as it is put out: in local time, localized, and escaped where the context escapes."""
    return runtime.show_escaped(value, context) if context.autoescape else runtime.show(value, context)
