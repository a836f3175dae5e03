"""A JSON encoder for dates, times, durations, decimals, UUIDs and lazy strings."""

import datetime
import decimal
import json
import uuid
from typing import Any

from nuages.text.duration import duration_iso_string
from nuages.text.lazy import Promise


class JSONEncoder(json.JSONEncoder):
    """``json.JSONEncoder`` that knows date and time types (ECMA-262 form), Decimal, UUID and lazy strings."""

    def default(self, o: Any) -> Any:
        """Return a string for ``o``; raises TypeError for unknown types, ValueError for a time with a time zone."""
        if isinstance(o, datetime.datetime):
            text = o.isoformat()
            if o.microsecond:
                text = text[:23] + text[26:]
            return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
        if isinstance(o, datetime.date):
            return o.isoformat()
        if isinstance(o, datetime.time):
            if o.utcoffset() is not None or o.tzinfo is not None:
                raise ValueError("JSON can't represent timezone-aware times.")
            text = o.isoformat()
            return text[:12] if o.microsecond else text
        if isinstance(o, datetime.timedelta):
            return duration_iso_string(o)
        if isinstance(o, decimal.Decimal | uuid.UUID | Promise):
            return str(o)
        return super().default(o)
