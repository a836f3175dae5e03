"""Time zones: the default one, the current one, and moving moments between them (documented as "utils.timezone")."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from contextlib import ContextDecorator
from contextvars import ContextVar
from typing import Any

from nuages.conf import settings
from nuages.signals import receiver, setting_changed

__all__ = [
    "activate",
    "deactivate",
    "get_current_timezone",
    "get_current_timezone_name",
    "get_default_timezone",
    "get_default_timezone_name",
    "get_fixed_timezone",
    "is_aware",
    "is_naive",
    "localdate",
    "localtime",
    "make_aware",
    "make_naive",
    "now",
    "override",
    "template_localtime",
]

_active: ContextVar[dt.tzinfo | None] = ContextVar("timezone", default=None)


def get_fixed_timezone(offset: int | dt.timedelta) -> dt.timezone:
    """Return the zone with a fixed offset from UTC, given as a timedelta or in minutes."""
    minutes = int(offset.total_seconds() // 60) if isinstance(offset, dt.timedelta) else offset
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return dt.timezone(dt.timedelta(minutes=minutes), f"{sign}{hours:02d}{rest:02d}")


@functools.lru_cache
def get_default_timezone() -> dt.tzinfo:
    """Return the zone of TIME_ZONE."""
    return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def get_default_timezone_name() -> str:
    """Return the name of the default zone."""
    return _get_timezone_name(get_default_timezone())


def get_current_timezone() -> dt.tzinfo:
    """Return the zone in force."""
    return _active.get() or get_default_timezone()


def get_current_timezone_name() -> str:
    """Return the name of the zone in force."""
    return _get_timezone_name(get_current_timezone())


def _get_timezone_name(zone: dt.tzinfo) -> str:
    return zone.tzname(None) or str(zone)


def _zone(timezone: Any) -> dt.tzinfo:
    if isinstance(timezone, dt.tzinfo):
        return timezone
    if isinstance(timezone, str):
        return zoneinfo.ZoneInfo(timezone)
    raise ValueError(f"Invalid timezone: {timezone!r}")


def activate(timezone: Any) -> None:
    """Use ``timezone`` (a tzinfo or a name) in this context. Raises ValueError for anything else."""
    _active.set(_zone(timezone))


def deactivate() -> None:
    """Go back to the default zone."""
    _active.set(None)


class override(ContextDecorator):
    """Context manager and decorator: use ``timezone`` inside; None means the default zone."""

    def __init__(self, timezone: Any) -> None:
        self.timezone = timezone

    def __enter__(self) -> None:
        self.old_timezone = _active.get()
        _active.set(None if self.timezone is None else _zone(self.timezone))

    def __exit__(self, *exc_info: object) -> None:
        _active.set(self.old_timezone)


def template_localtime(value: Any, use_tz: bool | None = None) -> Any:
    """Return ``value`` in the current zone if it is an aware datetime that templates should convert."""
    if not isinstance(value, dt.datetime) or value.utcoffset() is None:
        return value
    wanted = settings.USE_TZ if use_tz is None else use_tz
    return value.astimezone(get_current_timezone()) if wanted and getattr(value, "convert_to_local_time", True) else value


def localtime(value: dt.datetime | None = None, timezone: dt.tzinfo | None = None) -> dt.datetime:
    """Return an aware datetime (now by default) in another zone (the current one). Raises ValueError for a naive one."""
    moment = now() if value is None else value
    if is_naive(moment):
        raise ValueError("localtime() cannot be applied to a naive datetime")
    return moment.astimezone(timezone or get_current_timezone())


def localdate(value: dt.datetime | None = None, timezone: dt.tzinfo | None = None) -> dt.date:
    """Return the date of an aware datetime (now by default) in another zone. Raises ValueError for a naive one."""
    return localtime(value, timezone).date()


def now() -> dt.datetime:
    """Return the present: aware, in UTC, with USE_TZ; else naive, in local time."""
    return dt.datetime.now(tz=dt.UTC if settings.USE_TZ else None)


def is_aware(value: dt.datetime | dt.time) -> bool:
    """Tell whether a datetime knows its offset from UTC."""
    return value.utcoffset() is not None


def is_naive(value: dt.datetime | dt.time) -> bool:
    """Tell whether a datetime does not know its offset from UTC."""
    return value.utcoffset() is None


def make_aware(value: dt.datetime, timezone: dt.tzinfo | None = None) -> dt.datetime:
    """Read a naive datetime as one of ``timezone`` (the current zone). Raises ValueError for an aware one."""
    if is_aware(value):
        raise ValueError(f"make_aware expects a naive datetime, got {value}")
    return value.replace(tzinfo=timezone or get_current_timezone())


def make_naive(value: dt.datetime, timezone: dt.tzinfo | None = None) -> dt.datetime:
    """Return the wall clock in ``timezone`` (the current zone) at an aware datetime. Raises ValueError for a naive one."""
    if is_naive(value):
        raise ValueError("make_naive() cannot be applied to a naive datetime")
    return value.astimezone(timezone or get_current_timezone()).replace(tzinfo=None)


def _datetime_ambiguous_or_imaginary(value: dt.datetime, zone: dt.tzinfo) -> bool:
    """Tell whether the wall clock shows ``value`` twice, or never, in ``zone``."""
    return zone.utcoffset(value.replace(tzinfo=None, fold=0)) != zone.utcoffset(value.replace(tzinfo=None, fold=1))


@receiver(setting_changed)
def _follow_settings(*, setting: str, **kwargs: Any) -> None:
    if setting in {"TIME_ZONE", "USE_TZ"}:
        get_default_timezone.cache_clear()
