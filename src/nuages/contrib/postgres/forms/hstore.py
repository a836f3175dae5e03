"""A form field for mappings of text to text."""

from __future__ import annotations

import json
from typing import Any

from nuages import forms
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _


class HStoreField(forms.CharField):
    """A mapping, written as JSON; its values become text or stay None."""

    widget = forms.Textarea
    default_error_messages = {
        "invalid_json": _("Could not load JSON data."),
        "invalid_format": _("Input must be a JSON dictionary."),
    }

    def prepare_value(self, value: Any) -> Any:
        """The mapping as JSON."""
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> dict[str, str | None]:
        """The mapping; ``ValidationError`` (``invalid_json``, ``invalid_format``) for what is none."""
        if not value:
            return {}
        if not isinstance(value, dict):
            try:
                value = json.loads(value)
            except json.JSONDecodeError:
                raise self._error("invalid_json") from None
        if not isinstance(value, dict):
            raise self._error("invalid_format")
        return {key: None if item is None else str(item) for key, item in value.items()}

    def _error(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether a key or a value is another, however they are written."""
        return super().has_changed(self.to_python(initial), data)
