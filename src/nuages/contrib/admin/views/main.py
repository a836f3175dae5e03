"""The list of a model's objects: filters, search, order and pages, from the address to a QuerySet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from nuages import forms, models
from nuages.conf import settings
from nuages.contrib import messages
from nuages.contrib.admin.addresses import (
    build_q_object_from_lookup_parameters,
    lookup_spawns_duplicates,
    prepare_lookup_value,
    quote,
)
from nuages.contrib.admin.exceptions import (
    DisallowedModelAdminLookup,
    DisallowedModelAdminToField,
    IncorrectLookupParameters,
)
from nuages.contrib.admin.filters import FieldListFilter
from nuages.contrib.admin.inspection import get_fields_from_path
from nuages.contrib.admin.options.constants import (
    IS_FACETS_VAR,
    IS_POPUP_VAR,
    SOURCE_MODEL_VAR,
    TO_FIELD_VAR,
    ShowFacets,
)
from nuages.exceptions import FieldDoesNotExist, ImproperlyConfigured, SuspiciousOperation
from nuages.i18n.timezone import make_aware
from nuages.i18n.translation import gettext
from nuages.models.constants import LOOKUP_SEP
from nuages.sql.expressions import Combinable
from nuages.text.http import urlencode
from nuages.urls import reverse
from nuages.views.pagination import InvalidPage

ALL_VAR = "all"
ORDER_VAR = "o"
PAGE_VAR = "p"
SEARCH_VAR = "q"
ERROR_FLAG = "e"

IGNORED_PARAMS = (ALL_VAR, ORDER_VAR, SEARCH_VAR, IS_FACETS_VAR, IS_POPUP_VAR, SOURCE_MODEL_VAR, TO_FIELD_VAR)


class ChangeListSearchForm(forms.Form):
    """The search box."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The name of the parameter is a constant that projects may change.
        self.fields[SEARCH_VAR] = forms.CharField(required=False, strip=False)


class ChangeList:
    """One view of the list. ``queryset`` is what is to be seen, ``result_list`` the page of it."""

    search_form_class: Any = ChangeListSearchForm

    def __init__(
        self,
        request: Any,
        model: Any,
        list_display: Any,
        list_display_links: Any,
        list_filter: Any,
        date_hierarchy: str | None,
        search_fields: Any,
        list_select_related: Any,
        list_per_page: int,
        list_max_show_all: int,
        list_editable: Any,
        model_admin: Any,
        sortable_by: Any,
        search_help_text: Any,
    ) -> None:
        self.model, self.opts, self.lookup_opts = model, model._meta, model._meta
        self.root_queryset = model_admin.get_queryset(request)
        self.list_display, self.list_display_links, self.list_filter = list_display, list_display_links, list_filter
        self.has_filters: bool | None = None
        self.has_active_filters: bool | None = None
        self.clear_all_filters_qs: str | None = None
        self.date_hierarchy = date_hierarchy
        self.search_fields = search_fields
        self.model_admin = model_admin
        self.list_per_page, self.list_max_show_all = list_per_page, list_max_show_all
        self.list_select_related = list_select_related
        self.preserved_filters = model_admin.get_preserved_filters(request)
        self.sortable_by = sortable_by
        self.search_help_text = search_help_text
        self.formset: Any = None
        self._request = request
        self.list_editable: Any = ()
        self._read_address(request, list_editable)
        self.queryset = self.get_queryset(request)
        self.get_results(request)
        self.title = self._title_text() % self.opts.verbose_name
        self.pk_attname = self.lookup_opts.pk.attname

    def _read_address(self, request: Any, list_editable: Any) -> None:
        search = self.search_form_class(request.GET)
        if not search.is_valid():
            for error in search.errors.values():
                self.model_admin.message_user(request, ", ".join(error), messages.ERROR)
        self.query = search.cleaned_data.get(SEARCH_VAR) or ""
        try:
            self.page_num = int(request.GET.get(PAGE_VAR, 1))
        except ValueError:
            self.page_num = 1
        self.show_all = ALL_VAR in request.GET
        self.is_popup = IS_POPUP_VAR in request.GET
        facets = self.model_admin.show_facets
        self.add_facets = facets is ShowFacets.ALWAYS or (facets is ShowFacets.ALLOW and IS_FACETS_VAR in request.GET)
        self.is_facets_optional = facets is ShowFacets.ALLOW
        to_field = request.GET.get(TO_FIELD_VAR)
        if to_field and not self.model_admin.to_field_allowed(request, to_field):
            raise DisallowedModelAdminToField(f"The field {to_field} cannot be referenced.")
        self.to_field = to_field
        self.params = dict(request.GET.items())
        self.filter_params = dict(request.GET.lists())
        for name in (PAGE_VAR, ERROR_FLAG):
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        # Links of a pop-up go elsewhere, and nothing is changed in it.
        self.list_editable = () if self.is_popup else list_editable
        self.remove_facet_link = self.get_query_string(remove=[IS_FACETS_VAR])
        self.add_facet_link = self.get_query_string({IS_FACETS_VAR: True})

    def _title_text(self) -> str:
        if self.is_popup:
            return gettext("Select %s")
        if self.model_admin.has_change_permission(self._request):
            return gettext("Select %s to change")
        return gettext("Select %s to view")

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__}: model={self.model.__qualname__} model_admin={type(self.model_admin).__qualname__}>"

    # Filters

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """The parameters that are neither search, order nor page."""
        found = dict(self.filter_params if params is None else params)
        for name in IGNORED_PARAMS:
            found.pop(name, None)
        return found

    def get_filters(self, request: Any) -> tuple[list[Any], bool, dict[str, Any], bool, bool]:
        """(filters, whether there are any, remaining lookups, whether they give duplicates, whether any is active)."""
        lookups = self.get_filters_params()
        before = dict(lookups)
        duplicates = False
        for name, values in lookups.items():
            for value in values:
                if not self.model_admin.lookup_allowed(name, value, request):
                    raise DisallowedModelAdminLookup(f"Filtering by {name} not allowed")
        specs = []
        for entry in self.list_filter:
            spec, more_than_once = self._make_filter(entry, request, lookups)
            duplicates = duplicates or more_than_once
            if spec and spec.has_output():
                specs.append(spec)
        active = len(before) > len(lookups)
        if self.date_hierarchy:
            self._take_date_hierarchy(lookups)
        try:
            for name, value in lookups.items():
                lookups[name] = prepare_lookup_value(name, value)
                duplicates = duplicates or lookup_spawns_duplicates(self.lookup_opts, name)
        except FieldDoesNotExist as error:
            raise IncorrectLookupParameters(error) from error
        return specs, bool(specs), lookups, duplicates, active

    def _make_filter(self, entry: Any, request: Any, lookups: dict[str, Any]) -> tuple[Any, bool]:
        if callable(entry):  # a filter that is not bound to a field
            return entry(request, lookups, self.model, self.model_admin), False
        field, factory = entry if isinstance(entry, (tuple, list)) else (entry, FieldListFilter.create)
        path = field
        if not isinstance(field, models.Field):
            path = field
            field = get_fields_from_path(self.model, path)[-1]
        before = len(lookups)
        spec = factory(field, request, lookups, self.model, self.model_admin, field_path=path)
        duplicates = before > len(lookups) and lookup_spawns_duplicates(self.lookup_opts, path)
        return spec, duplicates

    def _take_date_hierarchy(self, lookups: dict[str, Any]) -> None:
        """Turn the year, month and day of the date hierarchy into a span, which an index can serve."""
        name = self.date_hierarchy
        parts = []
        for unit in ("year", "month", "day"):
            value = lookups.pop(f"{name}__{unit}", None)
            if value is not None:
                parts.append((unit, value[-1]))
        if not parts:
            return
        try:
            given = {unit: int(value) for unit, value in parts}
            since, until = _span(**given)
        except (TypeError, ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error
        if isinstance(get_fields_from_path(self.model, str(name))[-1], models.DateTimeField) and settings.USE_TZ:
            since, until = make_aware(since), make_aware(until)
        lookups[f"{name}__gte"] = [since]
        lookups[f"{name}__lt"] = [until]

    def get_query_string(self, new_params: dict[str, Any] | None = None, remove: Iterable[Any] | None = None) -> str:
        """The address's query with some parameters changed (``None`` removes one) and some prefixes removed."""
        kept = {
            key: value
            for key, value in self.filter_params.items()
            if not any(key.startswith(prefix) for prefix in remove or ())
        }
        for key, value in (new_params or {}).items():
            if value is None:
                kept.pop(key, None)
            else:
                kept[key] = value
        return f"?{urlencode(sorted(kept.items()), doseq=True)}"

    # Pages

    def get_results(self, request: Any) -> None:
        """Count, and fetch the page."""
        paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
        count = paginator.count
        # Counting everything may be dear: the setting of the admin decides.
        full = self.root_queryset.count() if self.model_admin.show_full_result_count else None
        can_show_all = count <= self.list_max_show_all
        multi_page = count > self.list_per_page
        if (self.show_all and can_show_all) or not multi_page:
            results = self.queryset._clone()
        else:
            try:
                results = paginator.page(self.page_num).object_list
            except InvalidPage:
                raise IncorrectLookupParameters from None
        self.result_count = count
        self.show_full_result_count = self.model_admin.show_full_result_count
        self.show_admin_actions = not self.show_full_result_count or bool(full)
        self.full_result_count = full
        self.result_list = results
        self.can_show_all = can_show_all
        self.multi_page = multi_page
        self.paginator = paginator

    # Order

    def _get_default_ordering(self) -> Any:
        return self.model_admin.ordering or self.lookup_opts.ordering or []

    def get_ordering_field(self, field_name: Any) -> Any:
        """What a column is sorted by: its field, what it says itself, or ``None``."""
        try:
            return self.lookup_opts.get_field(field_name).name
        except FieldDoesNotExist:
            pass
        if callable(field_name):
            attribute = field_name
        elif hasattr(self.model_admin, field_name):
            attribute = getattr(self.model_admin, field_name)
        else:
            attribute = getattr(self.model, field_name, None)
            if attribute is None:
                return field_name.replace(".", LOOKUP_SEP) if LOOKUP_SEP in field_name else None
        if isinstance(attribute, property):
            attribute = attribute.fget
        return getattr(attribute, "admin_order_field", None)

    def get_ordering(self, request: Any, queryset: Any) -> list[Any]:
        """The address's order, or the admin's, or the QuerySet's; always ended so that it is total."""
        ordering = list(self.model_admin.get_ordering(request) or self._get_default_ordering())
        if asked := self.params.get(ORDER_VAR):
            ordering = self._asked_ordering(asked)
        ordering.extend(queryset.query.order_by)
        return self._get_deterministic_ordering(ordering)

    def _asked_ordering(self, asked: str) -> list[Any]:
        ordering: list[Any] = []
        for part in asked.split("."):
            _empty, minus, number = part.rpartition("-")
            try:
                order_field = self.get_ordering_field(self.list_display[int(number)])
            except (IndexError, ValueError):
                continue  # somebody wrote the address by hand
            if not order_field:
                continue
            if isinstance(order_field, models.OrderBy):
                if minus:
                    order_field = order_field.copy()
                    order_field.reverse_ordering()
                ordering.append(order_field)
            elif hasattr(order_field, "resolve_expression"):
                ordering.append(order_field.desc() if minus else order_field.asc())
            elif minus:
                ordering.append(order_field[1:] if order_field.startswith("-") else f"-{order_field}")
            else:
                ordering.append(order_field)
        return ordering

    def _get_deterministic_ordering(self, ordering: list[Any]) -> list[Any]:
        """End with the primary key, unless what is there is unique already: else pages would overlap."""
        ordering = list(ordering)
        names: set[str] = set()
        attnames = {"pk"} | {
            name
            for field in self.lookup_opts.fields
            if field.unique and not field.null
            for name in (field.name, field.attname)
        }
        for part in ordering:
            name = _ordering_name(part)
            if name is None:
                continue
            if name in attnames:
                return ordering
            try:
                field = self.lookup_opts.get_field(name)
            except FieldDoesNotExist:
                continue
            if not field.remote_field or name == field.attname:
                names.add(field.attname)
        for constraint in [
            *map(tuple, self.lookup_opts.unique_together),
            *(c.fields for c in self.lookup_opts.total_unique_constraints),
        ]:
            fields = [self.lookup_opts.get_field(name) for name in constraint]
            if fields and all(not field.null and field.attname in names for field in fields):
                return ordering
        return [*ordering, "-pk"]

    def get_ordering_field_columns(self) -> dict[int, str]:
        """The sorted columns with their directions, "asc" or "desc"."""
        columns: dict[int, str] = {}
        if ORDER_VAR in self.params:
            for part in self.params[ORDER_VAR].split("."):
                _empty, minus, number = part.rpartition("-")
                try:
                    columns[int(number)] = "desc" if minus else "asc"
                except ValueError:
                    continue
            return columns
        for part in self._get_default_ordering():
            name, direction = _name_and_direction(part)
            if name is None:
                continue
            for index, column in enumerate(self.list_display):
                if self.get_ordering_field(column) == name:
                    columns[index] = direction
                    break
        return columns

    # The QuerySet

    def get_queryset(self, request: Any, exclude_parameters: Any = None) -> Any:
        """What is to be seen: filtered, sorted and searched. ``exclude_parameters`` leaves a filter's own out."""
        self.filter_specs, self.has_filters, remaining, duplicates, self.has_active_filters = self.get_filters(request)
        queryset = self.root_queryset
        for spec in self.filter_specs:
            if exclude_parameters is None or spec.expected_parameters() != exclude_parameters:
                narrowed = spec.queryset(request, queryset)
                if narrowed is not None:
                    queryset = narrowed
        try:
            queryset = queryset.filter(build_q_object_from_lookup_parameters(remaining))
        except (SuspiciousOperation, ImproperlyConfigured):
            raise
        except Exception as error:  # a value that a field cannot take, or a lookup that it does not have
            raise IncorrectLookupParameters(error) from error
        if not queryset.query.select_related:
            queryset = self.apply_select_related(queryset)
        ordering = self.get_ordering(request, queryset)
        queryset = queryset.order_by(*ordering)
        queryset, search_duplicates = self.model_admin.get_search_results(request, queryset, self.query)
        self.clear_all_filters_qs = self.get_query_string(new_params=remaining, remove=self.get_filters_params())
        if duplicates or search_duplicates:
            # As a subquery: DISTINCT would spoil deletion and some orders.
            unique = queryset.filter(pk=models.OuterRef("pk")).order_by()
            queryset = self.root_queryset.filter(models.Exists(unique))
            queryset = (queryset if queryset.query.select_related else self.apply_select_related(queryset)).order_by(
                *ordering
            )
        return queryset

    def apply_select_related(self, queryset: Any) -> Any:
        """Fetch related objects with the list, as ``list_select_related`` says."""
        if self.list_select_related is True:
            return queryset.select_related()
        names = self.list_select_related or self.get_select_related_fields()
        return queryset.select_related(*names) if names else queryset

    def get_select_related_fields(self) -> list[str]:
        """The foreign keys among the columns."""
        names = []
        for name in self.list_display:
            try:
                field = self.lookup_opts.get_field(name)
            except FieldDoesNotExist:
                continue
            if isinstance(field.remote_field, models.ManyToOneRel) and name != field.get_attname():
                names.append(name)
        return names

    def url_for_result(self, result: Any) -> str:
        """The page on which an object is changed."""
        pk = getattr(result, self.pk_attname)
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change",
            args=(quote(pk),),
            current_app=self.model_admin.admin_site.name,
        )


def _ordering_name(part: Any) -> str | None:
    """The field name in one part of an order."""
    if isinstance(part, str):
        return part.lstrip("-")
    if isinstance(part, models.F):
        return str(part.name)
    if isinstance(part, models.OrderBy) and isinstance(part.expression, models.F):
        return str(part.expression.name)
    return None


def _name_and_direction(part: Any) -> tuple[Any, str]:
    if isinstance(part, (Combinable, models.OrderBy)):
        expression: Any = part if isinstance(part, models.OrderBy) else part.asc()  # type: ignore[attr-defined]
        inner = expression.expression
        name = inner.name if isinstance(inner, models.F) else inner
        return name, "desc" if expression.descending else "asc"
    return part.removeprefix("-"), "desc" if part.startswith("-") else "asc"


def _span(year: int, month: int | None = None, day: int | None = None) -> tuple[datetime, datetime]:
    """The beginning of a year, month or day, and of the next one."""
    since = datetime(year, 1 if month is None else month, 1 if day is None else day)
    if day is not None:
        return since, since + timedelta(days=1)
    if month is not None:
        return since, (since + timedelta(days=32)).replace(day=1)
    return since, since.replace(year=year + 1)
