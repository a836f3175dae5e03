"""Parts of the page with the list of a model's objects."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from nuages import models
from nuages.contrib.admin.inspection import get_fields_from_path, label_for_field, lookup_field
from nuages.contrib.admin.options.constants import IS_FACETS_VAR, IS_POPUP_VAR
from nuages.contrib.admin.showing import display_for_field, display_for_value
from nuages.contrib.admin.templatetags.admin_urls import add_preserved_filters
from nuages.contrib.admin.templatetags.replacing import flat, replaceable
from nuages.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from nuages.exceptions import ObjectDoesNotExist
from nuages.i18n import formats, timezone
from nuages.i18n.translation import gettext as _
from nuages.template import Library
from nuages.template.loader import get_template
from nuages.text.html import format_html
from nuages.text.safestring import SafeString, mark_safe
from nuages.urls import NoReverseMatch

register = Library()


# Pages


@register.simple_tag
def paginator_number(cl: Any, i: Any) -> Any:
    """A page number: a gap, the present page, or a link."""
    if i == cl.paginator.ELLIPSIS:
        return format_html("{} ", cl.paginator.ELLIPSIS)
    if i == cl.page_num:
        return format_html('<a role="button" href="" class="this-page" aria-current="page">{}</a> ', i)
    last = mark_safe(' class="end"' if i == cl.paginator.num_pages else "")
    return format_html('<a role="button" href="{}"{}>{}</a> ', cl.get_query_string({PAGE_VAR: i}), last, i)


@replaceable(register, "pagination", "pagination.html", takes_context=False)
def pagination(cl: Any) -> dict[str, Any]:
    """The page numbers; none when everything is shown."""
    required = (not cl.show_all or not cl.can_show_all) and cl.multi_page
    return {
        "cl": cl,
        "pagination_required": required,
        "show_all_url": cl.can_show_all and not cl.show_all and cl.multi_page and cl.get_query_string({ALL_VAR: ""}),
        "page_range": cl.paginator.get_elided_page_range(cl.page_num) if required else [],
        "previous_url": required and cl.page_num > 1 and cl.get_query_string({PAGE_VAR: cl.page_num - 1}),
        "next_url": required
        and cl.page_num < cl.paginator.num_pages
        and cl.get_query_string({PAGE_VAR: cl.page_num + 1}),
        "ALL_VAR": ALL_VAR,
        "1": 1,
    }


# The head of the table


def result_headers(cl: Any) -> Iterator[dict[str, Any]]:
    """The columns' titles, with the addresses that sort by them."""
    ordering = cl.get_ordering_field_columns()
    for index, name in enumerate(cl.list_display):
        text, attribute = label_for_field(name, cl.model, model_admin=cl.model_admin, return_attr=True)
        if attribute and name == "action_checkbox":
            label = _("Select all objects on this page for an action")
            yield {
                "text": format_html('<input type="checkbox" id="action-toggle" aria-label="{}">', label),
                "class_attrib": mark_safe(' class="action-checkbox-column"'),
                "sortable": False,
                "sorted": False,
            }
        elif name not in cl.sortable_by or (attribute and not cl.get_ordering_field(name)):
            yield {
                "text": text,
                "class_attrib": format_html(' class="column-{}"', _column(name, index)),
                "sortable": False,
                "sorted": False,
            }
        else:
            yield _sortable_header(cl, index, name, text, ordering)


def _column(name: Any, index: int) -> str:
    """The column's name in classes of CSS; functions without one are numbered."""
    if not callable(name):
        return str(name)
    return f"lambda{index}" if name.__name__ == "<lambda>" else str(name.__name__)


def _sortable_header(cl: Any, index: int, name: Any, text: Any, ordering: dict[int, str]) -> dict[str, Any]:
    """A title with three addresses: sort by it first, do not sort by it, turn its direction round."""
    direction = ordering.get(index)
    turned = f"-{index}" if direction == "asc" else str(index)
    parts = {column: f"-{column}" if kind == "desc" else str(column) for column, kind in ordering.items()}
    others = [part for column, part in parts.items() if column != index]
    toggled = [turned if column == index else part for column, part in parts.items()]
    classes = ["sortable", f"column-{_column(name, index)}"]
    if direction:
        classes += ["sorted", "ascending" if direction == "asc" else "descending"]
    return {
        "text": text,
        "sortable": True,
        "sorted": direction is not None,
        "ascending": direction == "asc",
        "sort_priority": list(ordering).index(index) + 1 if direction else 0,
        "url_primary": cl.get_query_string({ORDER_VAR: ".".join([turned, *others])}),
        "url_remove": cl.get_query_string({ORDER_VAR: ".".join(others)}),
        "url_toggle": cl.get_query_string({ORDER_VAR: ".".join(toggled)}),
        "class_attrib": format_html(' class="{}"', " ".join(classes)),
    }


# The rows


class ResultList(list[Any]):
    """The cells of a row; ``form`` is what the row is edited with."""

    def __init__(self, form: Any, *cells: Any) -> None:
        self.form = form
        super().__init__(*cells)


def items_for_result(cl: Any, result: Any, form: Any) -> Iterator[Any]:
    """The cells of an object."""
    first = True
    pk_name = cl.lookup_opts.pk.attname
    for index, name in enumerate(cl.list_display):
        classes = [f"field-{_column(name, index)}"]
        content = _content(cl, name, result, classes)
        links = name in (cl.list_display_links or ()) if cl.list_display_links is not None else False
        if links:
            yield _linked_cell(cl, result, first, classes, content)
            first = False
            continue
        # A field that can be edited in the list.
        if form and name in form.fields and not (name == pk_name and form[pk_name].is_hidden):
            field = form[name]
            # The heading of the column is no label that a screen reader would find.
            label = {} if field.use_fieldset else {"aria-label": f"{field.label}: {result}"}
            content = mark_safe(f"{field.errors}{field.as_widget(attrs=label)}")
        yield format_html('<td class="{}">{}</td>', " ".join(classes), content)
    if form and not form[cl.lookup_opts.pk.name].is_hidden:
        yield format_html("<td>{}</td>", form[cl.lookup_opts.pk.name])


def _content(cl: Any, name: Any, result: Any, classes: list[str]) -> Any:
    """A column's value as it is shown; ``classes`` are extended."""
    empty = cl.model_admin.get_empty_value_display()
    try:
        field, attribute, value = lookup_field(name, result, cl.model_admin)
    except ObjectDoesNotExist:
        return empty
    empty = getattr(attribute, "empty_value_display", empty)
    if field is None or field.auto_created:
        if name == "action_checkbox":
            classes[:] = ["action-checkbox"]
        if isinstance(value, (datetime.date, datetime.time)):
            classes.append("nowrap")
        return display_for_value(value, empty, getattr(attribute, "boolean", False))
    if isinstance(field, (models.DateField, models.TimeField, models.ForeignKey)):
        classes.append("nowrap")
    if isinstance(field.remote_field, models.ManyToOneRel):
        related = getattr(result, field.name) if attribute is None else value
        return empty if related is None else related
    return display_for_field(value, field, empty, avoid_link=True)


def _linked_cell(cl: Any, result: Any, first: bool, classes: list[str], content: Any) -> Any:
    """A cell that leads to the object's page; in a pop-up it picks the object."""
    tag = "th" if first else "td"
    try:
        address = cl.url_for_result(result)
    except NoReverseMatch:
        inner = content
    else:
        keep = {"preserved_filters": cl.preserved_filters, "opts": cl.opts}
        address = add_preserved_filters(keep, address)
        picked: Any = ""
        if cl.is_popup:
            key = str(cl.to_field) if cl.to_field else cl.pk_attname
            picked = format_html(' data-popup-opener="{}"', result.serializable_value(key))
        inner = format_html('<a href="{}"{}>{}</a>', address, picked, content)
    return format_html('<{} class="{}">{}</{}>', mark_safe(tag), " ".join(classes), inner, mark_safe(tag))


def results(cl: Any) -> Iterator[ResultList]:
    """The rows."""
    forms = cl.formset.forms if cl.formset else [None] * len(cl.result_list)
    for result, form in zip(cl.result_list, forms, strict=False):
        yield ResultList(form, items_for_result(cl, result, form))


def result_hidden_fields(cl: Any) -> Iterator[SafeString]:
    """The hidden keys of the rows that are edited."""
    if not cl.formset:
        return
    for _result, form in zip(cl.result_list, cl.formset.forms, strict=False):
        key = form[cl.model._meta.pk.name]
        if key.is_hidden:
            yield mark_safe(str(key))


@replaceable(register, "result_list", "change_list_results.html", takes_context=False)
def result_list(cl: Any) -> dict[str, Any]:
    """The table."""
    headers = list(result_headers(cl))
    return {
        "cl": cl,
        "result_hidden_fields": list(result_hidden_fields(cl)),
        "result_headers": headers,
        "num_sorted_fields": sum(1 for header in headers if header["sortable"] and header["sorted"]),
        "results": list(results(cl)),
    }


# Dates


@replaceable(register, "date_hierarchy", "date_hierarchy.html", takes_context=False)
def date_hierarchy(cl: Any) -> dict[str, Any] | None:
    """The years, months or days in which there are objects. Levels with a single choice are skipped."""
    if not cl.date_hierarchy:
        return None
    return _DateLinks(cl).page()


class _DateLinks:
    def __init__(self, cl: Any) -> None:
        self.cl, self.name = cl, cl.date_hierarchy
        field = get_fields_from_path(cl.model, self.name)[-1]
        self.is_datetime = isinstance(field, models.DateTimeField)
        keys = {unit: f"{self.name}__{unit}" for unit in ("year", "month", "day")}
        self.given = {unit: int(cl.params[key]) for unit, key in keys.items() if key in cl.params}

    def link(self, **parts: int) -> str:
        chosen = {f"{self.name}__{unit}": number for unit, number in parts.items()}
        return str(self.cl.get_query_string(chosen, [f"{self.name}__"]))

    def existing(self, unit: str) -> Any:
        queryset = self.cl.queryset
        return queryset.datetimes(self.name, unit) if self.is_datetime else queryset.dates(self.name, unit)

    def page(self) -> dict[str, Any]:
        given = self.given or self._common()
        back: dict[str, str] | None
        choices: list[dict[str, str]]
        match given:
            case {"year": year, "month": month, "day": day}:
                back = {"link": self.link(year=year, month=month), "title": _month(year, month)}
                title = formats.date_format(datetime.date(year, month, day), "MONTH_DAY_FORMAT")
                choices = [{"title": title}]
            case {"year": year, "month": month}:
                back = {"link": self.link(year=year), "title": str(year)}
                choices = [
                    {
                        "link": self.link(year=year, month=month, day=day.day),
                        "title": formats.date_format(day, "MONTH_DAY_FORMAT"),
                    }
                    for day in self.existing("day")
                ]
            case {"year": year}:
                back = {"link": self.link(), "title": _("All dates")}
                choices = [
                    {"link": self.link(year=year, month=month.month), "title": _month(month.year, month.month)}
                    for month in self.existing("month")
                ]
            case _:
                back = None
                choices = [
                    {"link": self.link(year=year.year), "title": str(year.year)} for year in self.existing("year")
                ]
        return {"show": True, "back": back, "choices": choices}

    def _common(self) -> dict[str, int]:
        """The year, and the month, in which all objects lie."""
        ends = self.cl.queryset.aggregate(first=models.Min(self.name), last=models.Max(self.name))
        first, last = ends["first"], ends["last"]
        if not first or not last:
            return {}
        if self.is_datetime and timezone.is_aware(first):
            first, last = timezone.localtime(first), timezone.localtime(last)
        if first.year != last.year:
            return {}
        if first.month != last.month:
            return {"year": first.year}
        return {"year": first.year, "month": first.month}


def _month(year: int, month: int) -> str:
    return formats.date_format(datetime.date(year, month, 1), "YEAR_MONTH_FORMAT")


# Other parts


@replaceable(register, "search_form", "search_form.html", takes_context=False)
def search_form(cl: Any) -> dict[str, Any]:
    """The search box."""
    return {
        **{"search_var": SEARCH_VAR, "is_popup_var": IS_POPUP_VAR, "is_facets_var": IS_FACETS_VAR},
        "show_result_count": cl.result_count != cl.full_result_count,
        "cl": cl,
    }


@register.simple_tag
def admin_list_filter(cl: Any, spec: Any) -> str:
    """A filter with its choices, in the filter's own template."""
    context = {"title": spec.title, "choices": list(spec.choices(cl)), "spec": spec}
    return str(get_template(spec.template).render(context))


@replaceable(register, "admin_actions", "actions.html")
def admin_actions(context: Any) -> dict[str, Any]:
    """The menu of actions. ``action_index`` counts the menus of the page."""
    context["action_index"] = context.get("action_index", -1) + 1
    return flat(context)


@replaceable(register, "change_list_object_tools", "change_list_object_tools.html")
def change_list_object_tools(context: Any) -> dict[str, Any]:
    """The links beside the title."""
    return flat(context)
