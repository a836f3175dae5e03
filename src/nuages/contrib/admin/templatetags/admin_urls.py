"""Addresses that keep the filters of the list one came from."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from nuages.contrib.admin.addresses import quote
from nuages.template import Library
from nuages.text.http import urlencode
from nuages.urls import Resolver404, get_script_prefix, resolve

register = Library()


@register.filter
def admin_urlname(value: Any, arg: str) -> str:
    """The name of a page of a model."""
    return f"admin:{value.app_label}_{value.model_name}_{arg}"


@register.filter
def admin_urlquote(value: Any) -> Any:
    """A key as part of an address."""
    return quote(value)


@register.simple_tag(takes_context=True)
def add_preserved_filters(context: Any, url: str, popup: bool = False, to_field: str | None = None) -> str:
    """The address with the filters: as they are on the list itself, packed into one parameter elsewhere."""
    opts, preserved = context.get("opts"), context.get("preserved_filters")
    kept_parameters = context.get("preserved_qsl")
    parts = list(urlsplit(url))
    query = dict(parse_qsl(parts[3]))
    merged: dict[str, Any] = dict(kept_parameters or ())
    if preserved:
        packed = dict(parse_qsl(preserved))
        path = f"/{unquote(url).partition(get_script_prefix())[2]}"
        try:
            match = resolve(urlsplit(path).path)
        except Resolver404:
            on_list = False
        else:
            list_name = f"admin:{opts.app_label}_{opts.model_name}_changelist" if opts else ""
            on_list = f"{match.app_names[0] if match.app_names else ''}:{match.url_name}" == list_name
        if on_list and "_changelist_filters" in packed:
            packed = dict(parse_qsl(packed["_changelist_filters"]))
        merged.update(packed)
    if popup:
        merged["_popup"] = 1
    if to_field:
        merged["_to_field"] = to_field
    merged.update(query)
    parts[3] = urlencode(merged)
    return urlunsplit(parts)
