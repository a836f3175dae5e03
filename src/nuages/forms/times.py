"""Datetimes between forms, which show local time, and code, which keeps aware datetimes.

See "Time zone aware input in forms".
"""

from __future__ import annotations

import datetime
from typing import Any

from nuages.conf import settings
from nuages.exceptions import ValidationError
from nuages.i18n import timezone
from nuages.i18n.translation import gettext_lazy as _


def from_current_timezone(value: Any) -> Any:
    """A naive datetime as an aware one of the current time zone, where ``USE_TZ`` is on.

    Raises ``ValidationError`` (code ``ambiguous_timezone``) for a time that a clock change skips or repeats.
    """
    if not (settings.USE_TZ and value is not None and timezone.is_naive(value)):
        return value
    zone = timezone.get_current_timezone()
    try:
        if _imaginary_or_ambiguous(value, zone):
            raise ValueError("Ambiguous or non-existent time.")
        return timezone.make_aware(value, zone)
    except Exception as error:
        raise ValidationError(
            _("%(datetime)s falls on a clock change of the time zone %(current_timezone)s; it is ambiguous or is skipped."),
            code="ambiguous_timezone",
            params={"datetime": value, "current_timezone": zone},
        ) from error


def _imaginary_or_ambiguous(value: datetime.datetime, zone: datetime.tzinfo) -> bool:
    """Whether the two readings of a local time (PEP 495) have different offsets."""
    readings = [value.replace(tzinfo=None, fold=fold) for fold in (0, 1)]
    return zone.utcoffset(readings[0]) != zone.utcoffset(readings[1])


def to_current_timezone(value: Any) -> Any:
    """An aware datetime as a naive one of the current time zone, for display."""
    if settings.USE_TZ and value is not None and timezone.is_aware(value):
        return timezone.make_naive(value)
    return value
