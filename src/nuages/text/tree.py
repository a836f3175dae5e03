"""A tree node with a connector and a negation: what conditions are made of."""

import copy
from typing import Any, Self

from nuages.text.hashable import make_hashable


class Node:
    """A node of a tree of conditions. ``children`` are leaves or nodes, joined by ``connector``; ``negated`` turns it over."""

    default = "DEFAULT"

    def __init__(self, children: Any = None, connector: str | None = None, negated: bool = False) -> None:
        self.children: list[Any] = list(children) if children else []
        self.connector = connector or self.default
        self.negated = negated

    @classmethod
    def create(cls, children: Any = None, connector: str | None = None, negated: bool = False) -> Self:
        """Make a node of this class, without calling the ``__init__`` of a subclass, which may have another signature."""
        node = cls.__new__(cls)
        Node.__init__(node, children, connector, negated)
        return node

    def __str__(self) -> str:
        template = "(NOT (%s: %s))" if self.negated else "(%s: %s)"
        return template % (self.connector, ", ".join(map(str, self.children)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def __copy__(self) -> Self:
        twin = self.create(connector=self.connector, negated=self.negated)
        twin.children = self.children
        return twin

    copy = __copy__

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = self.create(connector=self.connector, negated=self.negated)
        twin.children = copy.deepcopy(self.children, memo)
        return twin

    def __len__(self) -> int:
        return len(self.children)

    def __bool__(self) -> bool:
        return bool(self.children)

    def __contains__(self, other: object) -> bool:
        return other in self.children

    def _identity(self) -> tuple[Any, ...]:
        return type(self), self.connector, self.negated

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node) or type(other) is not type(self):
            return NotImplemented
        return self._identity() == other._identity() and self.children == other.children

    def __hash__(self) -> int:
        return hash((*self._identity(), *(make_hashable(child) for child in self.children)))

    def add(self, data: Any, conn_type: str) -> Any:
        """Put ``data`` under this node with the connector ``conn_type``; return what stands in the tree for it.

        A node of the same connector, not negated and with more than nothing to say, is dissolved into this one.
        """
        if self.connector != conn_type:
            own = self.copy()
            self.connector = conn_type
            self.children = [own, data]
            return data
        joins = isinstance(data, Node) and not data.negated and (data.connector == conn_type or len(data) == 1)
        if joins:
            self.children.extend(data.children)
            return self
        self.children.append(data)
        return data

    def negate(self) -> None:
        """Turn the negation over."""
        self.negated = not self.negated
