"""Durations as text and numbers."""

import datetime


def _parts(duration: datetime.timedelta) -> tuple[int, int, int, int, int]:
    minutes, seconds = divmod(duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return duration.days, hours, minutes, seconds, duration.microseconds


def duration_string(duration: datetime.timedelta) -> str:
    """Return ``[D ]HH:MM:SS[.ffffff]``."""
    days, hours, minutes, seconds, microseconds = _parts(duration)
    day_part = f"{days} " if days else ""
    fraction = f".{microseconds:06d}" if microseconds else ""
    return f"{day_part}{hours:02d}:{minutes:02d}:{seconds:02d}{fraction}"


def duration_iso_string(duration: datetime.timedelta) -> str:
    """Return the ISO 8601 form ``[-]PnDTnnHnnMnn[.ffffff]S``."""
    sign = "-" if duration < datetime.timedelta(0) else ""
    days, hours, minutes, seconds, microseconds = _parts(abs(duration))
    fraction = f".{microseconds:06d}" if microseconds else ""
    return f"{sign}P{days}DT{hours:02d}H{minutes:02d}M{seconds:02d}{fraction}S"


def duration_microseconds(delta: datetime.timedelta) -> int:
    """Return the whole number of microseconds of ``delta``."""
    return delta // datetime.timedelta(microseconds=1)
