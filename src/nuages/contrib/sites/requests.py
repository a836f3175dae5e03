"""RequestSite: what a Site offers, taken from the request; for projects without the table."""

from __future__ import annotations

from typing import Any, NoReturn


class RequestSite:
    """Domain and name are the request's host."""

    def __init__(self, request: Any) -> None:
        self.domain = self.name = request.get_host()

    def __str__(self) -> str:
        return str(self.domain)

    def save(self, force_insert: bool = False, force_update: bool = False) -> NoReturn:
        """There is nothing to save."""
        raise NotImplementedError("RequestSite cannot be saved.")

    def delete(self) -> NoReturn:
        """There is nothing to delete."""
        raise NotImplementedError("RequestSite cannot be deleted.")
