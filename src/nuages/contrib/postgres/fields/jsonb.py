"""The JSON field that only PostgreSQL had; it exists for old migrations only."""

from __future__ import annotations

from nuages import models
from nuages.models.fields.checking import removed_details


class JSONField(models.JSONField):
    """A JSON document, as all databases have it by now."""

    system_check_removed_details = removed_details("JSONField of PostgreSQL is", "the JSONField of all models", "E904")
