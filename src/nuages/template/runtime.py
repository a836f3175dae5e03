"""What generated code calls: look-ups, callables, conversion of values to output.

The generated code handles the common types itself and comes here for the rest, so that each function below may take its time to
follow the documented rules in full (ref/templates/language, "Variables"; ref/templates/api, "How invalid variables are handled").
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from inspect import signature
from typing import Any, Final

from nuages.conf import settings
from nuages.i18n.formats import localize, number_format
from nuages.i18n.timezone import template_localtime
from nuages.loggers import get_logger
from nuages.template.context import BaseContext
from nuages.template.errors import VariableDoesNotExist
from nuages.text.html import conditional_escape, documented_quotes, escape_inner, escape_text
from nuages.text.lazy import SimpleLazyObject, unwrapped
from nuages.text.safestring import SafeData, SafeString, mark_safe

__all__ = [
    "INERT",
    "MISSING",
    "ONCE",
    "PLAIN",
    "RAISE",
    "SafeData",
    "SafeString",
    "VariableDoesNotExist",
    "absent",
    "datetime",
    "documented_quotes",
    "escape_inner",
    "failed",
    "follow",
    "localtime",
    "mark_safe",
    "settings",
    "settle",
    "show",
    "show_escaped",
    "step",
]

logger = get_logger("template")


class _Mark:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


#: The raw value of a name that the context does not have.
MISSING: Final = _Mark("MISSING")
#: What a loop of one round goes through.
ONCE: Final = (None,)
#: What ``failed`` returns when the exception must go on.
RAISE: Final = _Mark("RAISE")

#: Types whose instances are never callable: nothing to settle.
INERT: Final = frozenset(
    {str, SafeString, int, float, bool, type(None), list, tuple, dict, set, frozenset, bytes, Decimal, date, datetime, time}
)
#: Types whose instances are neither subscriptable nor callable: the first way that works is the attribute. Filled by ``step``.
PLAIN: Final[set[type]] = set()
#: Types that ``step`` has found to be no such types.
_OTHERS: Final[set[type]] = set()
_MOST_TYPES = 5000

_SEQUENCES = frozenset({list, tuple, str, SafeString})
_LOOKUP_ERRORS = (TypeError, AttributeError, KeyError, ValueError, IndexError)

localtime = template_localtime


def settle(value: Any, invalid: str) -> Any:
    """Return ``value``, called if it is callable (documentation: "If any part of the variable is callable").

    ``invalid`` stands for what may not be called, needs arguments or fails silently.
    """
    if not callable(value) or getattr(value, "do_not_call_in_templates", False):
        return value
    if getattr(value, "alters_data", False):
        return invalid
    try:
        return value()
    except TypeError:
        if _takes_no_arguments(value):
            raise
        return invalid
    except Exception as error:
        if getattr(error, "silent_variable_failure", False):
            return invalid
        raise


def _takes_no_arguments(function: Any) -> bool:
    """Say whether a call without arguments suits the signature, so that a TypeError came from inside."""
    try:
        signature(function).bind()
    except (TypeError, ValueError):
        return False
    return True


def step(value: Any, bit: str, invalid: str) -> Any:
    """Look ``bit`` up in ``value``: as a key, as an attribute, as an index. Raises VariableDoesNotExist."""
    kind = type(value)
    if kind not in INERT:
        if kind in PLAIN:
            return _attribute(value, bit)
        if value is MISSING:
            raise VariableDoesNotExist("Failed lookup for key [%s]", (bit,))
        if kind is SimpleLazyObject:
            wrapped = unwrapped(value)
            if type(wrapped) in PLAIN or _is_plain(type(wrapped)):
                return _attribute(wrapped, bit)
        elif _is_plain(kind):
            return _attribute(value, bit)
        value = settle(value, invalid)
    if kind in _SEQUENCES and bit.isdecimal():
        # These have neither keys nor attributes of such names.
        try:
            return value[int(bit)]
        except IndexError:
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (bit, value))
    if isinstance(value, type) and not hasattr(type(value), "__getitem__"):
        # list["x"] makes a type, it looks nothing up.
        return _attribute(value, bit)
    try:
        return value[bit]
    except _LOOKUP_ERRORS:
        return _attribute(value, bit)


def _is_plain(kind: type) -> bool:
    """Say whether a type belongs into ``PLAIN``, where it then is."""
    if kind in PLAIN:
        return True
    if kind in _OTHERS or kind in INERT:
        return False
    plain = not issubclass(kind, (type, BaseContext)) and not any(
        "__getitem__" in cls.__dict__ or "__call__" in cls.__dict__ for cls in kind.__mro__
    )
    found = PLAIN if plain else _OTHERS
    if len(found) >= _MOST_TYPES:
        found.clear()
    found.add(kind)
    return plain


def _attribute(value: Any, bit: str) -> Any:
    try:
        if isinstance(value, BaseContext) and getattr(type(value), bit, MISSING) is not MISSING:
            # The methods of a context are no variables.
            raise AttributeError(bit)
        return getattr(value, bit)
    except (TypeError, AttributeError):
        return _index(value, bit)


def _lists(value: Any, bit: str) -> bool:
    """Say whether ``bit`` is in ``dir(value)``, which takes long to make."""
    kind: Any = type(value)
    if kind.__dir__ is not object.__dir__:
        return bit in dir(value)
    return bit in getattr(value, "__dict__", ()) or any(bit in cls.__dict__ for cls in kind.__mro__)


def _index(value: Any, bit: str) -> Any:
    """The third way. Called while an exception of the second one is handled, which goes on when the attribute exists."""
    if not isinstance(value, BaseContext) and _lists(value, bit):
        # The attribute is there: what failed is the code of a property.
        raise
    try:
        if not bit[:1].isdigit() or (isinstance(value, type) and not hasattr(type(value), "__getitem__")):
            raise TypeError(bit)
        return value[int(bit)]
    except (IndexError, ValueError, KeyError, TypeError):
        raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (bit, value))


class Deferred:
    """A first name to be looked up in an object that is no context."""

    def __init__(self, holder: Any, name: str) -> None:
        self.holder = holder
        self.name = name


def follow(value: Any, lookups: Sequence[str], context: Any) -> Any:
    """Look up a whole variable, of which ``value`` is the raw value of the first name. Raises VariableDoesNotExist."""
    invalid = _invalid(context)
    bit = lookups[0]
    try:
        if value is MISSING:
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (bit, context))
        if type(value) is Deferred:
            value = step(value.holder, value.name, invalid)
        for bit in lookups[1:]:
            value = step(value, bit, invalid)
        return settle(value, invalid)
    except Exception as error:
        _log(bit, context)
        if getattr(error, "silent_variable_failure", False):
            return invalid
        raise


def _invalid(context: Any) -> str:
    template = getattr(context, "template", None)
    return "" if template is None else str(template.engine.string_if_invalid)


def _log(bit: str, context: Any) -> None:
    if logger.isEnabledFor(logging.DEBUG):
        name = getattr(context, "template_name", None) or "unknown"
        logger.debug("Exception while resolving variable '%s' in template '%s'.", bit, name, exc_info=True)


def absent(name: str, default: Any, context: Any) -> Any:
    """Log that the context has no ``name``, and return ``default``."""
    if logger.isEnabledFor(logging.DEBUG):
        try:
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (name, context))
        except VariableDoesNotExist:
            _log(name, context)
    return default


def failed(error: Exception, holders: Sequence[Any], bits: Sequence[str], default: Any, invalid: str, context: Any) -> Any:
    """Decide on an exception of a chain of look-ups: ``default``, ``invalid`` when it is a silent one, or RAISE.

    ``holders`` are the values in which ``bits`` were looked up; those that were not reached are MISSING.
    """
    reached = next((index for index, holder in enumerate(holders[1:]) if holder is MISSING), len(holders) - 1)
    holder, bit = holders[reached], bits[reached]
    if type(holder) in PLAIN and isinstance(error, (AttributeError, TypeError)) and not _lists(holder, bit):
        # Plain types have no index either: the attribute was the only way.
        return absent(bit, default, context)
    _log(bit, context)
    if isinstance(error, VariableDoesNotExist):
        return default
    return invalid if getattr(error, "silent_variable_failure", False) else RAISE


def show(value: Any, context: Any) -> str:
    """Return the text of a value: local time, localized, as a string; not escaped."""
    kind = type(value)
    if kind is str or kind is SafeString:
        return value  # type: ignore[no-any-return]
    if kind is int and not settings.USE_THOUSAND_SEPARATOR:
        return str(value)
    if kind is Decimal or kind is float:
        return str(value) if context.use_l10n is False else number_format(value, use_l10n=context.use_l10n)
    if kind is SimpleLazyObject:
        return show(unwrapped(value), context)
    value = template_localtime(value, use_tz=context.use_tz)
    value = localize(value, use_l10n=context.use_l10n)
    return value if isinstance(value, str) else str(value)


def show_escaped(value: Any, context: Any) -> str:
    """Return the text of a value as ``show`` does, escaped unless it is safe."""
    text = show(value, context)
    return escape_text(text) if type(text) is str else conditional_escape(text)
