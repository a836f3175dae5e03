"""Parts of the pages on which an object is changed."""

from __future__ import annotations

import json
from typing import Any

from nuages.contrib.admin.templatetags.replacing import flat, replaceable
from nuages.template import Library

register = Library()


@replaceable(register, "prepopulated_fields_js", "prepopulated_fields_js.html")
def prepopulated_fields_js(context: Any) -> dict[str, Any]:
    """What the script needs that fills fields from others: in the form and in its inlines."""
    fields = []
    if "adminform" in context:
        fields.extend(context["adminform"].prepopulated_fields)
    for formset in context.get("inline_admin_formsets", ()):
        for row in formset:
            if row.original is None:
                fields.extend(row.prepopulated_fields)
    described = [
        {
            "id": f"#{entry['field'].auto_id}",
            "name": entry["field"].name,
            "dependency_ids": [f"#{source.auto_id}" for source in entry["dependencies"]],
            "dependency_list": [source.name for source in entry["dependencies"]],
            "maxLength": entry["field"].field.max_length or 50,
            "allowUnicode": getattr(entry["field"].field, "allow_unicode", False),
        }
        for entry in fields
    ]
    return {
        **flat(context),
        "prepopulated_fields": fields,
        "prepopulated_fields_json": json.dumps(described),
    }


@replaceable(register, "submit_row", "submit_line.html")
def submit_row(context: Any) -> dict[str, Any]:
    """Which buttons are shown."""
    add, change = context["add"], context["change"]
    is_popup, save_as = context["is_popup"], context["save_as"]
    may_add, may_change = context["has_add_permission"], context["has_change_permission"]
    editable = context["has_editable_inline_admin_formsets"]
    can_save = (may_change and change) or (may_add and add) or editable
    can_add_another = may_add and not is_popup and (not save_as or add) and can_save
    can_continue = (
        not is_popup and context["has_view_permission"] and can_save and context.get("show_save_and_continue", True)
    )
    flags = {
        "can_change": may_change or editable,
        "show_delete_link": not is_popup
        and context["has_delete_permission"]
        and change
        and context.get("show_delete", True),
        "show_save_as_new": not is_popup and may_add and may_change and change and save_as,
        "show_save_and_add_another": can_add_another and context.get("show_save_and_add_another", True),
        "show_save_and_continue": can_continue,
        "show_save": context.get("show_save", True) and can_save,
        "show_close": not (context.get("show_save", True) and can_save),
    }
    return {**flat(context), **flags}


@replaceable(register, "change_form_object_tools", "change_form_object_tools.html")
def change_form_object_tools(context: Any) -> dict[str, Any]:
    """The links beside the title."""
    return flat(context)


@register.filter
def cell_count(inline_admin_form: Any) -> int:
    """How many columns a row of a table of an inline has."""
    count = 1  # the hidden cell with the key
    for fieldset in inline_admin_form:
        for line in fieldset:
            count += sum(1 for _ in line)
    if inline_admin_form.formset.can_delete:
        count += 1
    return count


@replaceable(register, "change_form_actions", "change_form_actions.html")
def change_form_actions(context: Any) -> dict[str, Any]:
    """The menu of actions for the object of the page."""
    return flat(context)
