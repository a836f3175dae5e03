"""What a submitted page did, for the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nuages.i18n.translation import override as translation_override


def construct_change_message(form: Any, formsets: Any, add: bool) -> list[dict[str, Any]]:
    """What a submitted page did, as data that a ``LogEntry`` stores in English and shows in any language."""
    changed = form.changed_data
    with translation_override(None):
        labels = _changed_labels(form, changed)
    message: list[dict[str, Any]] = []
    if add:
        message.append({"added": {}})
    elif changed:
        message.append({"changed": {"fields": labels}})
    with translation_override(None):
        for formset in formsets or ():
            for obj in formset.new_objects:
                message.append({"added": _named(obj)})
            for obj, fields in formset.changed_objects:
                changes = _named(obj)
                changes["fields"] = _changed_labels(formset.forms[0], fields)
                message.append({"changed": changes})
            for obj in formset.deleted_objects:
                message.append({"deleted": _named(obj)})
    return message


def _named(obj: Any) -> dict[str, Any]:
    return {"name": str(obj._meta.verbose_name), "object": str(obj)}


def _changed_labels(form: Any, names: Iterable[str]) -> list[str]:
    labels = []
    for name in names:
        try:
            labels.append(str(form.fields[name].label or name))
        except KeyError:
            labels.append(name)
    return labels
