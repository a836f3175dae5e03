"""A fixed order for querysets whose own leaves several rows equal."""

from __future__ import annotations

from typing import Any


def fully_ordered(queryset: Any) -> Any:
    """The queryset in its own order, and then by primary key where that leaves rows equal; a slice stays as it is."""
    query = queryset.query
    if queryset.totally_ordered or query.is_sliced:
        return queryset
    ordering = query.order_by or (query.get_meta().ordering if query.default_ordering else ())
    return queryset.order_by(*ordering, "pk")
