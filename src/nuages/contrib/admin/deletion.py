"""What a deletion takes along, and what stands in its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from nuages import models
from nuages.contrib.admin.addresses import quote
from nuages.db import router
from nuages.models.deletion import Collector
from nuages.text.formatting import capfirst
from nuages.text.html import format_html
from nuages.urls import NoReverseMatch, reverse


class NestedObjects(Collector):
    """Collects what a deletion takes along, as a tree."""

    def __init__(self, *args: Any, force_collection: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, force_collection=force_collection, **kwargs)  # type: ignore[misc]
        self.edges: dict[Any, list[Any]] = defaultdict(list)
        self.protected: set[Any] = set()
        self.model_objs: dict[Any, set[Any]] = defaultdict(set)

    def add_edge(self, source: Any, target: Any) -> None:
        """``target`` goes because ``source`` goes (``None``: because it was asked for)."""
        self.edges[source].append(target)

    def collect(  # type: ignore[override]
        self, objs: Any, source: Any = None, source_attr: str | None = None, **kwargs: Any
    ) -> None:
        """Collect the objects and what depends on them; what protects them is noted instead of raised."""
        for obj in objs:
            if source_attr and not source_attr.endswith("+"):
                related = source_attr % {
                    "class": source._meta.model_name,
                    "app_label": source._meta.app_label,
                }
                self.add_edge(getattr(obj, related), obj)
            else:
                self.add_edge(None, obj)
            self.model_objs[obj._meta.model].add(obj)
        try:
            super().collect(objs, source_attr=source_attr, **kwargs)
        except models.ProtectedError as error:
            self.protected.update(error.protected_objects)
        except models.RestrictedError as error:
            self.protected.update(error.restricted_objects)

    def _has_signal_listeners(self, model: Any) -> bool:
        """As if there were some: whole objects are needed, for their texts."""
        return True

    def related_objects(self, related_model: Any, related_fields: Any, objs: Any) -> Any:
        """With the objects that point at, which the tree needs."""
        found = super().related_objects(related_model, related_fields, objs)
        return found.select_related(*[field.name for field in related_fields])

    def _nested(self, obj: Any, seen: set[Any], format_callback: Callable[[Any], Any] | None) -> list[Any]:
        if obj in seen:
            return []
        seen.add(obj)
        children = [item for child in self.edges.get(obj, ()) for item in self._nested(child, seen, format_callback)]
        shown = [format_callback(obj) if format_callback else obj]
        return [*shown, children] if children else shown

    def nested(self, format_callback: Callable[[Any], Any] | None = None) -> list[Any]:
        """The tree as nested lists: each object is followed by the list of those that go with it."""
        seen: set[Any] = set()
        return [item for root in self.edges.get(None, ()) for item in self._nested(root, seen, format_callback)]

    def can_fast_delete(self, *args: Any, **kwargs: Any) -> bool:
        """Never: every object is to be shown."""
        return False


def get_deleted_objects(
    objs: Any, request: Any, admin_site: Any
) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
    """(tree of texts, counts by model name, names of models that may not be deleted, objects in the way) of a deletion."""
    try:
        first = objs[0]
    except IndexError:
        return [], {}, set(), []
    collector = NestedObjects(using=router.db_for_write(first._meta.model), origin=objs)
    collector.collect(objs)
    forbidden: set[Any] = set()

    def describe(obj: Any) -> Any:
        model = type(obj)
        opts = obj._meta
        plain = f"{capfirst(opts.verbose_name)}: {obj}"
        if not admin_site.is_registered(model):
            return plain
        if not admin_site.get_model_admin(model).has_delete_permission(request, obj):
            forbidden.add(opts.verbose_name)
        try:
            address = reverse(f"{admin_site.name}:{opts.app_label}_{opts.model_name}_change", None, (quote(obj.pk),))
        except NoReverseMatch:
            return plain
        return format_html('{}: <a href="{}">{}</a>', capfirst(opts.verbose_name), address, obj)

    tree = collector.nested(describe)
    protected = [describe(obj) for obj in collector.protected]
    counts = {model._meta.verbose_name_plural: len(found) for model, found in collector.model_objs.items()}
    return tree, counts, forbidden, protected
