"""A tree of conditions: leaves and subtrees under one connector, perhaps negated."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, ClassVar, Self

from nuages.text.hashable import make_hashable


class Node:
    """One level of a condition tree: ``children`` joined by ``connector``, the whole of it perhaps ``negated``."""

    default: ClassVar[str] = "DEFAULT"

    def __init__(self, children: Iterable[Any] | None = None, connector: str | None = None, negated: bool = False) -> None:
        self.children: list[Any] = list(children) if children else []
        self.connector: str = connector or self.default
        self.negated: bool = negated

    @classmethod
    def create(cls, children: Iterable[Any] | None = None, connector: str | None = None, negated: bool = False) -> Self:
        """A node of exactly this shape, without running the subclass's own ``__init__``."""
        made = cls.__new__(cls)
        Node.__init__(made, children, connector, negated)
        return made

    def __str__(self) -> str:
        inner = ", ".join(map(str, self.children))
        return f"(NOT ({self.connector}: {inner}))" if self.negated else f"({self.connector}: {inner})"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def __copy__(self) -> Self:
        twin = self.create(connector=self.connector, negated=self.negated)
        twin.children = self.children
        return twin

    copy = __copy__

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.create([deepcopy(child, memo) for child in self.children], self.connector, self.negated)

    def __len__(self) -> int:
        return len(self.children)

    def __bool__(self) -> bool:
        return bool(self.children)

    def __contains__(self, other: object) -> bool:
        return other in self.children

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        assert isinstance(other, Node)
        same_shape = self.connector == other.connector and self.negated == other.negated
        return same_shape and self.children == other.children

    def __hash__(self) -> int:
        return hash((type(self), self.connector, self.negated, make_hashable(tuple(self.children))))

    def add(self, data: Any, conn_type: str) -> Any:
        """Put ``data`` under this node with ``conn_type``, keeping the tree flat where that says the same. Returns what was added."""
        if self.connector != conn_type:
            below = self.copy()
            self.connector = conn_type
            self.negated = False
            self.children = [below, data]
            return data
        joinable = isinstance(data, Node) and not data.negated
        if joinable and (data.connector == conn_type or len(data) == 1):
            self.children.extend(data.children)
            return self
        self.children.append(data)
        return data

    def negate(self) -> None:
        """Turn this node into its opposite."""
        self.negated = not self.negated

