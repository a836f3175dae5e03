"""Migrations as nodes of a directed graph: parents must be applied first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import total_ordering
from typing import Any

from nuages.migrations.exceptions import CircularDependencyError, NodeNotFoundError
from nuages.migrations.state import ProjectState

Key = tuple[str, str]


@total_ordering
class Node:
    """One migration in the graph."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.children: set[Node] = set()
        self.parents: set[Node] = set()

    def __eq__(self, other: object) -> bool:
        return bool(self.key == other)

    def __lt__(self, other: Any) -> bool:
        return bool(self.key < other)

    def __hash__(self) -> int:
        return hash(self.key)

    def __getitem__(self, item: int) -> str:
        return self.key[item]

    def __str__(self) -> str:
        return str(self.key)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: ({self.key[0]!r}, {self.key[1]!r})>"

    def add_child(self, child: Node) -> None:
        """Say that ``child`` depends on this."""
        self.children.add(child)

    def add_parent(self, parent: Node) -> None:
        """Say that this depends on ``parent``."""
        self.parents.add(parent)


class DummyNode(Node):
    """Stands for a migration that something depends on and that does not exist, yet or at all."""

    def __init__(self, key: Key, origin: Any, error_message: str) -> None:
        super().__init__(key)
        self.origin, self.error_message = origin, error_message

    def raise_error(self) -> None:
        """Say who wants it."""
        raise NodeNotFoundError(self.error_message, self.key, origin=self.origin)


class MigrationGraph:
    """``node_map`` holds the nodes, ``nodes`` the migrations, both by ``(app_label, name)``."""

    def __init__(self) -> None:
        self.node_map: dict[Key, Node] = {}
        self.nodes: dict[Key, Any] = {}

    def add_node(self, key: Key, migration: Any) -> None:
        """Add a migration."""
        if key in self.node_map:
            raise AssertionError(f"The migration {key} is in the graph already.")
        self.node_map[key] = Node(key)
        self.nodes[key] = migration

    def add_dummy_node(self, key: Key, origin: Any, error_message: str) -> None:
        """Add a place for a migration that is not there."""
        self.node_map[key] = DummyNode(key, origin, error_message)
        self.nodes[key] = None

    def add_dependency(self, migration: Any, child: Key, parent: Key, skip_validation: bool = False) -> None:
        """Make ``child`` depend on ``parent``; a missing one raises ``NodeNotFoundError``, now or at ``validate_consistency``."""
        for key, which in ((child, "child"), (parent, "parent")):
            if key not in self.nodes:
                message = f"Migration {migration} dependencies reference nonexistent {which} node {key!r}"
                self.add_dummy_node(key, migration, message)
        self.node_map[child].add_parent(self.node_map[parent])
        self.node_map[parent].add_child(self.node_map[child])
        if not skip_validation:
            self.validate_consistency()

    def remove_replaced_nodes(self, replacement: Key, replaced: Iterable[Key]) -> None:
        """A squashed migration takes over what those that it replaces were tied to."""
        gone = set(replaced)
        try:
            node = self.node_map[replacement]
        except KeyError as error:
            raise NodeNotFoundError(
                f"Unable to find replacement node {replacement!r}: the graph has no such migration, or no longer.",
                replacement,
            ) from error
        for key in gone:
            self.nodes.pop(key, None)
            old = self.node_map.pop(key, None)
            if old is None:
                continue
            for child in old.children:
                child.parents.remove(old)
                if child.key not in gone and child is not node:
                    node.add_child(child)
                    child.add_parent(node)
            for parent in old.parents:
                parent.children.remove(old)
                if parent.key not in gone and parent is not node:
                    node.add_parent(parent)
                    parent.add_child(node)

    def remove_replacement_node(self, replacement: Key, replaced: Iterable[Key]) -> None:
        """The migrations that a squashed one replaces take over what it was tied to: the inverse."""
        self.nodes.pop(replacement, None)
        try:
            node = self.node_map.pop(replacement)
        except KeyError as error:
            raise NodeNotFoundError(
                f"Unable to remove replacement node {replacement!r}: the graph has no such migration, or no longer.",
                replacement,
            ) from error
        olds = {self.node_map[key] for key in replaced if key in self.node_map}
        ancestors = {parent for old in olds for parent in old.parents}
        last = olds - ancestors
        for child in node.children:
            child.parents.remove(node)
            for old in last:
                old.add_child(child)
                child.add_parent(old)
        for parent in node.parents:
            # The replaced ones state their own parents.
            parent.children.remove(node)

    def validate_consistency(self) -> None:
        """Raise ``NodeNotFoundError`` where something depends on what is not there."""
        for node in self.node_map.values():
            if isinstance(node, DummyNode):
                node.raise_error()

    # --- plans -------------------------------------------------------------------------------------------------------------

    def forwards_plan(self, target: Key) -> list[Key]:
        """What must be applied to have ``target`` applied, in order, itself last."""
        self._require(target)
        return self.iterative_dfs(self.node_map[target])

    def backwards_plan(self, target: Key) -> list[Key]:
        """What must be undone to have ``target`` undone, in order, itself last."""
        self._require(target)
        return self.iterative_dfs(self.node_map[target], forwards=False)

    def _require(self, target: Key) -> None:
        if target not in self.nodes:
            raise NodeNotFoundError(f"Node {target!r} not a valid node", target)

    def iterative_dfs(self, start: Node, forwards: bool = True) -> list[Key]:
        """The node and all that it depends on (or that depends on it), the farthest first."""
        visited: list[Key] = []
        seen: set[Node] = set()
        waiting: list[tuple[Node, bool]] = [(start, False)]
        while waiting:
            node, processed = waiting.pop()
            if node in seen:
                continue
            if processed:
                seen.add(node)
                visited.append(node.key)
                continue
            waiting.append((node, True))
            waiting.extend((each, False) for each in sorted(node.parents if forwards else node.children))
        return visited

    def root_nodes(self, app: str | None = None) -> list[Key]:
        """Migrations that depend on none of their own app."""
        return self._without("parents", app)

    def leaf_nodes(self, app: str | None = None) -> list[Key]:
        """Migrations that none of their own app depends on; more than one are a conflict."""
        return self._without("children", app)

    def _without(self, side: str, app: str | None) -> list[Key]:
        return sorted(
            key
            for key, node in self.node_map.items()
            if (not app or key[0] == app) and all(each.key[0] != key[0] for each in getattr(node, side))
        )

    def ensure_not_cyclic(self) -> None:
        """Raise ``CircularDependencyError`` that names the circle."""
        unvisited = set(self.nodes)
        while unvisited:
            stack = [unvisited.pop()]
            while stack:
                for child in sorted(self.node_map[stack[-1]].children):
                    if child.key in stack:
                        circle = stack[stack.index(child.key) :]
                        raise CircularDependencyError(", ".join(".".join(key) for key in circle))
                    if child.key in unvisited:
                        stack.append(child.key)
                        unvisited.remove(child.key)
                        break
                else:
                    stack.pop()

    # --- states ------------------------------------------------------------------------------------------------------------

    def _generate_plan(self, nodes: Iterable[Key], at_end: bool) -> list[Key]:
        plan: dict[Key, None] = {}
        for node in nodes:
            for migration in self.forwards_plan(node):
                if at_end or migration not in nodes:
                    plan[migration] = None
        return list(plan)

    def make_state(self, nodes: Any = None, at_end: bool = True, real_apps: set[str] | None = None) -> ProjectState:
        """The state after (or, with ``at_end`` off, before) the given migrations, after all of them by default."""
        wanted = self.leaf_nodes() if nodes is None else nodes
        if not wanted:
            return ProjectState()
        nodes = list(wanted) if isinstance(wanted[0], tuple) else [wanted]
        state = ProjectState(real_apps=real_apps)
        for key in self._generate_plan(nodes, at_end):
            state = self.nodes[key].mutate_state(state, preserve=False)
        return state

    def __contains__(self, node: object) -> bool:
        return node in self.nodes

    def __iter__(self) -> Iterator[Key]:
        return iter(self.nodes)

    def __str__(self) -> str:
        nodes, edges = self._nodes_and_edges()
        return f"Graph: {nodes} nodes, {edges} edges"

    def __repr__(self) -> str:
        nodes, edges = self._nodes_and_edges()
        return f"<{type(self).__name__}: nodes={nodes}, edges={edges}>"

    def _nodes_and_edges(self) -> tuple[int, int]:
        return len(self.nodes), sum(len(node.parents) for node in self.node_map.values())
