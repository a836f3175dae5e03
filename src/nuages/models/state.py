"""What an instance knows about itself: its database, whether it was saved, and its related objects."""

from __future__ import annotations

from typing import Any

from nuages.models.fetch_modes import FETCH_ONE


class LazyCache:
    """Makes the dictionary of related objects when it is first asked for: most instances never need one."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        cache: dict[str, Any] = {}
        instance.fields_cache = cache
        return cache


class ModelState:
    """``instance._state``."""

    db: str | None = None
    adding = True
    fetch_mode: Any = FETCH_ONE
    peers: Any = ()
    fields_cache: Any = LazyCache()

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        state.pop("peers", None)
        if "fields_cache" in state:
            state["fields_cache"] = dict(state["fields_cache"])
        if state.get("fetch_mode") is FETCH_ONE:
            del state["fetch_mode"]
        return state
