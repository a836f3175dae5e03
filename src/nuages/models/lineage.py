"""The ancestors of a model, and the ways to them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from nuages.text.lazy import cached_property


class Lineage:
    """What ``Model._meta`` knows of the models that its model inherits from."""

    model: Any
    concrete_model: Any
    parents: dict[Any, Any]

    @cached_property
    def all_parents(self) -> tuple[Any, ...]:
        """All ancestors that have a table or a proxy, nearest last to come from several sides once."""
        found: dict[Any, None] = {}
        for parent in self.parents:
            found[parent] = None
            found.update(dict.fromkeys(parent._meta.all_parents))
        return tuple(found)

    def get_parent_list(self) -> list[Any]:
        """All ancestors."""
        return list(self.all_parents)

    def get_base_chain(self, model: Any) -> list[Any]:
        """The parents on the way to `model`, nearest first; empty if there is no way."""
        if not self.parents:
            return []
        if model in self.parents:
            return [model]
        for parent in self.parents:
            chain = parent._meta.get_base_chain(model)
            if chain:
                return [parent, *chain]
        return []

    def get_ancestor_link(self, ancestor: Any) -> Any:
        """The field that leads to `ancestor`, or to the parent on the way to it; None if there is none."""
        if ancestor in self.parents:
            return self.parents[ancestor]
        for parent in self.parents:
            link = parent._meta.get_ancestor_link(ancestor)
            if link:
                # A proxy parent has no link of its own: then the way itself is the answer.
                return self.parents[parent] or link
        return None

    def get_path_to_parent(self, parent: Any) -> list[Any]:
        """PathInfo steps from this model up to `parent`."""
        if self.model is parent:
            return []
        links, model = [], self.concrete_model
        for step in self.get_base_chain(parent):
            link = model._meta.parents.get(step)
            if link:
                links.append(link)
            model = step
        return [path for link in links for path in link.path_infos]

    def get_path_from_parent(self, parent: Any) -> list[Any]:
        """PathInfo steps from `parent` down to this model."""
        if self.model is parent:
            return []
        model = self.concrete_model
        chain = [*reversed(model._meta.get_base_chain(parent)), model]
        found: list[Any] = []
        for upper, lower in pairwise(chain):
            link = lower._meta.get_ancestor_link(upper)
            found.extend(link.reverse_path_infos)
        return found
