"""What the columns of a result are: which of them make which model instance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class ModelPlan:
    """One model instance in a row: its class and the positions of its columns; ``related`` are instances that hang on it.

    ``set_on_parent(parent, instance)`` and ``set_on_self(instance, parent)`` fill the caches of the relation on both sides.
    """

    model: Any
    select_fields: list[int] = field(default_factory=list)
    related: list[ModelPlan] = field(default_factory=list)
    field: Any = None
    reverse: bool = False
    from_parent: bool = False
    set_on_parent: Callable[[Any, Any], None] | None = None
    set_on_self: Callable[[Any, Any], None] | None = None

    def walk(self) -> list[ModelPlan]:
        """This plan and all below it."""
        return [self, *(below for plan in self.related for below in plan.walk())]


def share_parent_columns(plan: ModelPlan) -> None:
    """A child model that is loaded through its parent takes the columns of the parent's instance too."""
    for below in plan.related:
        if below.from_parent:
            below.select_fields = [*plan.select_fields, *below.select_fields]
        share_parent_columns(below)
