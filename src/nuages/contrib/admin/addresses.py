"""What stands in the back office's addresses: keys of objects, and the lookups of filters."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from nuages import models
from nuages.exceptions import FieldDoesNotExist
from nuages.models.constants import LOOKUP_SEP
from nuages.text.regex import _lazy_re_compile

# Characters of a primary key that would mean something in an address.
_QUOTED = {ord(char): f"_{ord(char):02X}" for char in ':/_#?;@&=+$,"[]<>%\n\\'}
_UNQUOTE = _lazy_re_compile("_([0-9A-F]{2})")
_QUOTED_BACK = {value[1:]: chr(key) for key, value in _QUOTED.items()}

_FALSE_TEXTS = ("", "false", "0")


def quote(value: Any) -> Any:
    """A primary key as part of an address; what is no text stays as it is."""
    return value.translate(_QUOTED) if isinstance(value, str) else value


def unquote(text: str) -> str:
    """The reverse of ``quote``."""
    return str(_UNQUOTE.sub(lambda match: _QUOTED_BACK.get(match[1], match[0]), text))


def prepare_lookup_value(key: str, value: Any, separator: str = ",") -> Any:
    """The value of a filter from its text in the address."""
    if isinstance(value, list):
        return [prepare_lookup_value(key, item, separator=separator) for item in value]
    if key.endswith("__in"):
        return value.split(separator)
    if key.endswith("__isnull"):
        return value.lower() not in _FALSE_TEXTS
    return value


def build_q_object_from_lookup_parameters(parameters: dict[str, list[Any]]) -> models.Q:
    """All lookups, each with any of its values."""
    combined = models.Q()
    for name, values in parameters.items():
        combined &= reduce(or_, (models.Q((name, value)) for value in values))
    return combined


def lookup_spawns_duplicates(opts: Any, lookup_path: str) -> bool:
    """Whether filtering by the path may give an object several times."""
    for name in lookup_path.split(LOOKUP_SEP):
        if name == "pk":
            name = opts.pk.name
        try:
            field = opts.get_field(name)
        except FieldDoesNotExist:
            continue  # a lookup such as "exact"
        if hasattr(field, "path_infos"):
            path = field.path_infos
            opts = path[-1].to_opts
            if any(step.m2m for step in path):
                return True
    return False


def get_last_value_from_parameters(parameters: dict[str, Any], key: str) -> Any:
    """The last value of a parameter, whether it was given as a list or alone."""
    value = parameters.get(key)
    return value[-1] if isinstance(value, list) else value
