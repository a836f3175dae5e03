"""The checks of declarations: each wrong option is found under its documented id."""

from typing import Any

import pytest
from tests.contrib.models import Book, Chapter, Genre

from nuages import forms
from nuages.contrib import admin
from nuages.contrib.admin.templatetags.admin_filters import truncated_unordered_list

WRONG: list[tuple[str, dict[str, Any]]] = [
    ("E001", {"raw_id_fields": "writer"}),
    ("E002", {"raw_id_fields": ["nobody"]}),
    ("E003", {"raw_id_fields": ["title"]}),
    ("E004", {"fields": "title"}),
    ("E005", {"fields": ["title"], "fieldsets": [(None, {"fields": ["title"]})]}),
    ("E006", {"fields": ["title", ("title", "kind")]}),
    ("E008", {"fieldsets": ["x"]}),
    ("E009", {"fieldsets": [("x",)]}),
    ("E011", {"fieldsets": [(None, {})]}),
    ("E012", {"fieldsets": [(None, {"fields": ["title"]}), (None, {"fields": ["title"]})]}),
    ("E015", {"exclude": ["title", "title"]}),
    ("E016", {"form": forms.Form}),
    ("E020", {"filter_horizontal": ["title"]}),
    ("E023", {"radio_fields": {"title": admin.VERTICAL}}),
    ("E024", {"radio_fields": {"kind": 7}}),
    ("E025", {"view_on_site": "yes"}),
    ("E028", {"prepopulated_fields": {"writer": ["title"]}}),
    ("E030", {"prepopulated_fields": {"slug": ["nothing"]}}),
    ("E032", {"ordering": ["?", "title"]}),
    ("E033", {"ordering": ["nothing"]}),
    ("E035", {"readonly_fields": ["nothing"]}),
    ("E039", {"autocomplete_fields": ["writer"]}),
    ("E041", {"delete_confirmation_max_display": -1}),
    ("E101", {"save_as": 1}),
    ("E104", {"inlines": [object]}),
    ("E107", {"list_display": "title"}),
    ("E108", {"list_display": ["nothing"]}),
    ("E109", {"list_display": ["genres"]}),
    ("E111", {"list_display_links": ["title"]}),
    ("E113", {"list_filter": [int]}),
    ("E116", {"list_filter": ["nothing"]}),
    ("E118", {"list_per_page": "many"}),
    ("E122", {"list_editable": ["title"]}),
    ("E123", {"list_display": ["title"], "list_display_links": ["title"], "list_editable": ["title"]}),
    ("E124", {"list_display": ["title"], "list_editable": ["title"]}),
    ("E126", {"search_fields": "title"}),
    ("E127", {"date_hierarchy": "nothing"}),
    ("E128", {"date_hierarchy": "title"}),
]


@pytest.mark.parametrize(("code", "options"), WRONG, ids=[code for code, _options in WRONG])
def test_wrong_declarations(code: str, options: dict[str, Any]) -> None:
    kind = type("Wrong", (admin.ModelAdmin,), options)
    assert f"admin.{code}" in {message.id for message in kind(Book, admin.AdminSite()).check()}


def test_a_right_declaration_has_no_messages() -> None:
    class Inline(admin.TabularInline):
        model = Chapter

    class Right(admin.ModelAdmin):
        list_display = ("title", "writer__name")
        list_filter = ("kind", ("writer", admin.RelatedOnlyFieldListFilter))
        ordering = ("-title", "pk")
        inlines = (Inline,)

    assert Right(Book, admin.AdminSite()).check() == []


def test_inlines_need_one_foreign_key() -> None:
    class Inline(admin.StackedInline):
        model = Genre

    class Wrong(admin.ModelAdmin):
        inlines = (Inline,)

    assert [message.id for message in Wrong(Book, admin.AdminSite()).check()] == ["admin.E202"]


def test_actions_need_their_permission_and_a_name_of_their_own() -> None:
    @admin.action(permissions=["publish"])
    def one(modeladmin: Any, request: Any, queryset: Any) -> None: ...

    def other(modeladmin: Any, request: Any, queryset: Any) -> None: ...

    other.__name__ = "one"

    class Wrong(admin.ModelAdmin):
        actions = (one, other)

    assert {message.id for message in Wrong(Book, admin.AdminSite()).check()} == {"admin.E129", "admin.E130"}


def test_long_trees_are_cut_and_counted() -> None:
    tree = ["a", ["b", "<c>"], "d"]
    assert truncated_unordered_list(tree, None).count("<li>") == 4
    cut = truncated_unordered_list(tree, 2)
    assert "…and 2 more objects." in cut
    assert "d" not in cut.replace("and", "")
    assert truncated_unordered_list(tree, 0) == ""
    assert "&lt;c&gt;" in truncated_unordered_list(tree, 3)
