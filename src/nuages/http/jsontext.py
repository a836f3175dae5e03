"""JSON text for responses."""

from __future__ import annotations

import json
from typing import Any

from nuages.text.jsonencoder import JSONEncoder

PLAIN = JSONEncoder()


def dumps(data: Any, encoder: Any = JSONEncoder, params: dict[str, Any] | None = None) -> str:
    """Write ``data`` as JSON; the common case shares one encoder, with the separators of `json.dumps`."""
    if encoder is JSONEncoder and not params:
        return PLAIN.encode(data)
    return json.dumps(data, cls=encoder, **(params or {}))
