"""Messages from class-based views."""

from __future__ import annotations

from typing import Any

from nuages.contrib.messages import api


class SuccessMessageMixin:
    """Leaves ``success_message``, formatted with the cleaned data, when the form is valid."""

    success_message = ""

    def form_valid(self, form: Any) -> Any:
        """Leave the message after the view has done its work."""
        response = super().form_valid(form)  # type: ignore[misc]
        if text := self.get_success_message(form.cleaned_data):
            api.success(self.request, text)  # type: ignore[attr-defined]
        return response

    def get_success_message(self, cleaned_data: dict[str, Any]) -> str:
        """The text."""
        return self.success_message % cleaned_data
