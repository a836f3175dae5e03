"""``{% load tz %}``: time zones in templates (topics/i18n/timezones, "Time zone aware output in templates")."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from nuages.i18n import timezone
from nuages.template.errors import TemplateSyntaxError
from nuages.template.library import Library
from nuages.template.nodes import Node, NodeList

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["GetCurrentTimezoneNode", "LocalTimeNode", "TimezoneNode", "do_timezone", "localtime", "register", "utc"]

register = Library()


class datetimeobject(datetime):
    """A time that was converted on purpose: it is put out as it stands."""

    convert_to_local_time = True


@register.filter
def localtime(value: Any) -> Any:
    """Convert to the current time zone."""
    return do_timezone(value, timezone.get_current_timezone())


@register.filter
def utc(value: Any) -> Any:
    """Convert to UTC."""
    return do_timezone(value, UTC)


@register.filter("timezone")
def do_timezone(value: Any, arg: Any) -> Any:
    """Convert to a time zone, given as an object or by name; empty when that fails.

    A time without a zone is taken to be in the default one.
    """
    if not isinstance(value, datetime):
        return ""
    zone = _zone(arg)
    if zone is None:
        return ""
    try:
        if timezone.is_naive(value):
            value = timezone.make_aware(value, timezone.get_default_timezone())
        moment = timezone.localtime(value, zone)
    except Exception:
        # A filter must not fail on odd dates, whatever the zone's implementation raises.
        return ""
    converted = datetimeobject(
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond, moment.tzinfo, fold=moment.fold
    )
    converted.convert_to_local_time = False
    return converted


def _zone(arg: Any) -> tzinfo | None:
    if isinstance(arg, tzinfo):
        return arg
    if not isinstance(arg, str):
        return None
    try:
        return zoneinfo.ZoneInfo(arg)
    except zoneinfo.ZoneInfoNotFoundError:
        return None


class LocalTimeNode(Node):
    """``{% localtime on %}…{% endlocaltime %}``"""

    def __init__(self, nodelist: NodeList, use_tz: bool) -> None:
        self.nodelist = nodelist
        self.use_tz = use_tz

    def render(self, context: Context) -> str:
        """Render the body with conversion to the current time zone on or off."""
        before = context.use_tz
        context.use_tz = self.use_tz
        try:
            return self.nodelist.render(context)
        finally:
            context.use_tz = before


class TimezoneNode(Node):
    """``{% timezone name %}…{% endtimezone %}``"""

    def __init__(self, nodelist: NodeList, tz: Any) -> None:
        self.nodelist = nodelist
        self.tz = tz

    def render(self, context: Context) -> str:
        """Render the body in the time zone; None means the default one."""
        with timezone.override(self.tz.resolve(context)):
            return self.nodelist.render(context)


class GetCurrentTimezoneNode(Node):
    """``{% get_current_timezone as name %}``"""

    child_nodelists = ()

    def __init__(self, variable: str) -> None:
        self.variable = variable

    def render(self, context: Context) -> str:
        """Store the name; nothing is put out."""
        context[self.variable] = timezone.get_current_timezone_name()
        return ""


@register.tag("localtime")
def localtime_tag(parser: Parser, token: Token) -> LocalTimeNode:
    """Switch conversion to the current time zone for the body."""
    words = token.split_contents()
    if len(words) > 2 or (len(words) == 2 and words[1] not in ("on", "off")):
        raise TemplateSyntaxError(f"{words[0]!r} argument should be 'on' or 'off'")
    nodelist = parser.parse(("endlocaltime",))
    parser.delete_first_token()
    return LocalTimeNode(nodelist, words[-1] != "off")


@register.tag("timezone")
def timezone_tag(parser: Parser, token: Token) -> TimezoneNode:
    """Switch the time zone for the body."""
    words = token.split_contents()
    if len(words) != 2:
        raise TemplateSyntaxError(f"'{words[0]}' takes one argument (timezone)")
    zone = parser.compile_filter(words[1])
    nodelist = parser.parse(("endtimezone",))
    parser.delete_first_token()
    return TimezoneNode(nodelist, zone)


@register.tag("get_current_timezone")
def get_current_timezone_tag(parser: Parser, token: Token) -> GetCurrentTimezoneNode:
    """Store the name of the current time zone."""
    words = token.contents.split()
    if len(words) != 3 or words[1] != "as":
        raise TemplateSyntaxError(f"'get_current_timezone' requires 'as variable' (got {words!r})")
    return GetCurrentTimezoneNode(words[2])
