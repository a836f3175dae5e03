"""GenericPrefetch: the querysets for a GenericForeignKey, one for each type."""

from __future__ import annotations

from typing import Any

from nuages.models.iteration import ModelIterable
from nuages.models.prefetch import Prefetch
from nuages.models.raw import RawQuerySet


class GenericPrefetch(Prefetch):
    """A Prefetch with several querysets."""

    def __init__(self, lookup: str, querysets: Any, to_attr: str | None = None) -> None:
        for queryset in querysets:
            if isinstance(queryset, RawQuerySet) or not issubclass(queryset._iterable_class, ModelIterable):
                message = "GenericPrefetch takes querysets of instances: not those of raw(), values() or values_list()."
                raise ValueError(message)
        self.querysets = querysets
        super().__init__(lookup, to_attr=to_attr)

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = self.__dict__.copy()
        state["querysets"] = []
        for queryset in self.querysets:
            queryset = queryset._chain()
            # An empty result keeps the queryset from running when it is pickled.
            queryset._result_cache = []
            state["querysets"].append(queryset)
        return state

    def get_current_querysets(self, level: int) -> Any:
        """The querysets for the last step of the path."""
        return self.querysets if self.get_current_prefetch_to(level) == self.prefetch_to else None
