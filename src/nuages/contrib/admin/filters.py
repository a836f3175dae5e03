"""The filters beside a list (documentation: ref/contrib/admin/filters).

A filter reads its parameters from the address, offers choices and narrows the QuerySet.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from nuages import models
from nuages.contrib.admin.addresses import (
    build_q_object_from_lookup_parameters,
    get_last_value_from_parameters,
    prepare_lookup_value,
)
from nuages.contrib.admin.exceptions import IncorrectLookupParameters
from nuages.contrib.admin.inspection import get_model_from_relation, reverse_field_path
from nuages.exceptions import ImproperlyConfigured, ValidationError
from nuages.i18n import timezone
from nuages.i18n.translation import gettext_lazy as _

Choice = dict[str, Any]


class ListFilter:
    """What all filters share. A subclass defines ``has_output``, ``choices``, ``queryset`` and ``expected_parameters``."""

    title: Any = None
    template = "admin/filter.html"

    def __init__(self, request: Any, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        self.request = request
        # The parameters that are in use; each filter takes its own out of ``params``.
        self.used_parameters: dict[str, Any] = {}
        if self.title is None:
            raise ImproperlyConfigured(f"The list filter '{type(self).__name__}' does not specify a 'title'.")

    def has_output(self) -> bool:
        """Whether there is anything to choose from."""
        raise _missing("a has_output()")

    def choices(self, changelist: Any) -> Iterator[Choice]:
        """The choices, each with ``selected``, ``query_string`` and ``display``."""
        raise _missing("a choices()")

    def queryset(self, request: Any, queryset: Any) -> Any:
        """The narrowed QuerySet."""
        raise _missing("a queryset()")

    def expected_parameters(self) -> list[str | None]:
        """The parameters that are this filter's."""
        raise _missing("an expected_parameters()")


def _missing(method: str) -> NotImplementedError:
    return NotImplementedError(f"subclasses of ListFilter must provide {method} method")


class FacetsMixin:
    """Counts beside the choices."""

    def get_facet_counts(self, pk_attname: str, filtered_qs: Any) -> dict[str, Any]:
        """Aggregates, one for each choice."""
        raise NotImplementedError("subclasses of FacetsMixin must provide a get_facet_counts() method.")

    def get_facet_queryset(self, changelist: Any) -> dict[str, Any]:
        """The counts, in one query over what the other filters leave."""
        rest = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters())  # type: ignore[attr-defined]
        counts: dict[str, Any] = rest.aggregate(**self.get_facet_counts(changelist.pk_attname, rest))
        return counts


class SimpleListFilter(FacetsMixin, ListFilter):
    """A filter with choices of its own: ``lookups`` names them, ``queryset`` applies ``value()``."""

    parameter_name: str | None = None

    def __init__(self, request: Any, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        if self.parameter_name is None:
            raise ImproperlyConfigured(f"The list filter '{type(self).__name__}' does not specify a 'parameter_name'.")
        if self.parameter_name in params:
            value = params.pop(self.parameter_name)
            self.used_parameters[self.parameter_name] = value[-1]
        self.lookup_choices = list(self.lookups(request, model_admin) or ())

    def has_output(self) -> bool:
        """Whether there are choices."""
        return bool(self.lookup_choices)

    def value(self) -> Any:
        """What the address asks for, or ``None``."""
        return self.used_parameters.get(str(self.parameter_name))

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """The choices: (text of the address, title) pairs."""
        raise NotImplementedError(
            "The SimpleListFilter.lookups() method must be overridden to return a list of tuples (value, verbose value)."
        )

    def expected_parameters(self) -> list[str | None]:
        """The one parameter."""
        return [self.parameter_name]

    def get_facet_counts(self, pk_attname: str, filtered_qs: Any) -> dict[str, Any]:
        """How many objects each choice leaves."""
        original = self.used_parameters.get(str(self.parameter_name))
        counts = {}
        for number, choice in enumerate(self.lookup_choices):
            self.used_parameters[str(self.parameter_name)] = choice[0]
            narrowed = self.queryset(self.request, filtered_qs)
            if narrowed is not None:
                counts[f"{number}__c"] = models.Count(pk_attname, filter=models.Q(pk__in=narrowed))
        self.used_parameters[str(self.parameter_name)] = original
        return counts

    def choices(self, changelist: Any) -> Iterator[Choice]:
        """ "All", then the choices."""
        counts = self.get_facet_queryset(changelist) if changelist.add_facets else None
        yield _choice(self.value() is None, changelist.get_query_string(remove=[self.parameter_name]), _("All"))
        for number, (lookup, title) in enumerate(self.lookup_choices):
            if counts is not None:
                count = counts.get(f"{number}__c", -1)
                title = f"{title} ({count})" if count != -1 else f"{title} (-)"
            query = changelist.get_query_string({self.parameter_name: lookup})
            yield _choice(self.value() == str(lookup), query, title)


def _choice(selected: bool, query_string: str, display: Any) -> Choice:
    return {"selected": selected, "query_string": query_string, "display": display}


class FieldListFilter(FacetsMixin, ListFilter):
    """A filter by a field; ``create`` finds the class that fits the field."""

    _field_list_filters: ClassVar[list[tuple[Callable[[Any], bool], type[FieldListFilter]]]] = []
    _take_priority_index = 0
    list_separator = ","

    def __init__(
        self, field: Any, request: Any, params: dict[str, Any], model: Any, model_admin: Any, field_path: str
    ) -> None:
        self.field = field
        self.field_path = field_path
        self.title = getattr(field, "verbose_name", field_path)
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            if name in params:
                self.used_parameters[name] = prepare_lookup_value(name, params.pop(name), self.list_separator)

    def has_output(self) -> bool:
        """Always."""
        return True

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Apply the lookups of the address; ``IncorrectLookupParameters`` when they make no sense."""
        try:
            return queryset.filter(build_q_object_from_lookup_parameters(self.used_parameters))
        except (ValueError, ValidationError) as error:
            # A value in the address that the field cannot take.
            raise IncorrectLookupParameters(error) from error

    @classmethod
    def register(cls, test: Callable[[Any], bool], list_filter_class: Any, take_priority: bool = False) -> None:
        """Use the class for the fields that pass the test; before the built-in ones with ``take_priority``."""
        entry = (test, list_filter_class)
        if take_priority:
            cls._field_list_filters.insert(cls._take_priority_index, entry)
            FieldListFilter._take_priority_index += 1
        else:
            cls._field_list_filters.append(entry)

    @classmethod
    def create(
        cls, field: Any, request: Any, params: dict[str, Any], model: Any, model_admin: Any, field_path: str
    ) -> Any:
        """A filter for the field."""
        for test, list_filter_class in cls._field_list_filters:
            if test(field):
                return list_filter_class(field, request, params, model, model_admin, field_path=field_path)
        return None

    def _with_count(self, title: Any, counts: dict[str, Any] | None, key: str) -> Any:
        return title if counts is None else f"{title} ({counts[key]})"


class RelatedFieldListFilter(FieldListFilter):
    """By the object that a relation leads to."""

    def __init__(
        self, field: Any, request: Any, params: dict[str, Any], model: Any, model_admin: Any, field_path: str
    ) -> None:
        other_model = get_model_from_relation(field)
        target = field.target_field.name if hasattr(field, "target_field") else "pk"
        self.lookup_kwarg = f"{field_path}__{target}__exact"
        self.lookup_kwarg_isnull = f"{field_path}__isnull"
        self.lookup_val = params.get(self.lookup_kwarg)
        self.lookup_val_isnull = get_last_value_from_parameters(params, self.lookup_kwarg_isnull)
        super().__init__(field, request, params, model, model_admin, field_path)
        self.lookup_choices = self.field_choices(field, request, model_admin)
        self.lookup_title = getattr(field, "verbose_name", None) or other_model._meta.verbose_name
        self.title = self.lookup_title
        self.empty_value_display = model_admin.get_empty_value_display()

    @property
    def include_empty_choice(self) -> bool:
        """Whether the relation may lead nowhere."""
        return bool(self.field.null or (self.field.is_relation and self.field.many_to_many))

    def has_output(self) -> bool:
        """Whether there are at least two choices."""
        return len(self.lookup_choices) + int(self.include_empty_choice) > 1

    def expected_parameters(self) -> list[str | None]:
        """The object, or none."""
        return [self.lookup_kwarg, self.lookup_kwarg_isnull]

    def field_admin_ordering(self, field: Any, request: Any, model_admin: Any) -> Any:
        """The order in which the related model's admin lists its objects."""
        try:
            related_admin = model_admin.admin_site.get_model_admin(field.remote_field.model)
        except Exception:  # not registered
            return ()
        return related_admin.get_ordering(request)

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> list[tuple[Any, Any]]:
        """All objects the relation can lead to."""
        ordering = self.field_admin_ordering(field, request, model_admin)
        return list(field.get_choices(include_blank=False, ordering=ordering))

    def get_facet_counts(self, pk_attname: str, filtered_qs: Any) -> dict[str, Any]:
        """How many objects each choice leaves."""
        counts: dict[str, Any] = {
            f"{pk}__c": models.Count(pk_attname, filter=models.Q(**{self.lookup_kwarg: pk}))
            for pk, _title in self.lookup_choices
        }
        if self.include_empty_choice:
            counts["__c"] = models.Count(pk_attname, filter=models.Q((self.lookup_kwarg_isnull, True)))
        return counts

    def choices(self, changelist: Any) -> Iterator[Choice]:
        """ "All", then the objects, then none."""
        counts = self.get_facet_queryset(changelist) if changelist.add_facets else None
        query = changelist.get_query_string
        clean = query(remove=[self.lookup_kwarg, self.lookup_kwarg_isnull])
        yield _choice(self.lookup_val is None and not self.lookup_val_isnull, clean, _("All"))
        for pk, title in self.lookup_choices:
            selected = self.lookup_val is not None and str(pk) in self.lookup_val
            address = query({self.lookup_kwarg: pk}, [self.lookup_kwarg_isnull])
            yield _choice(selected, address, self._with_count(title, counts, f"{pk}__c"))
        if self.include_empty_choice:
            address = query({self.lookup_kwarg_isnull: "True"}, [self.lookup_kwarg])
            title = self._with_count(self.empty_value_display, counts, "__c")
            yield _choice(bool(self.lookup_val_isnull), address, title)


class BooleanFieldListFilter(FieldListFilter):
    """By yes, no and unknown."""

    def __init__(
        self, field: Any, request: Any, params: dict[str, Any], model: Any, model_admin: Any, field_path: str
    ) -> None:
        self.lookup_kwarg = f"{field_path}__exact"
        self.lookup_kwarg2 = f"{field_path}__isnull"
        self.lookup_val = get_last_value_from_parameters(params, self.lookup_kwarg)
        self.lookup_val2 = get_last_value_from_parameters(params, self.lookup_kwarg2)
        super().__init__(field, request, params, model, model_admin, field_path)
        same = self.used_parameters.get(self.lookup_kwarg)
        if same and same[-1] in ("1", "0"):
            self.used_parameters[self.lookup_kwarg] = [bool(int(same[-1]))]

    def expected_parameters(self) -> list[str | None]:
        """The value, or none."""
        return [self.lookup_kwarg, self.lookup_kwarg2]

    def get_facet_counts(self, pk_attname: str, filtered_qs: Any) -> dict[str, Any]:
        """How many objects each choice leaves."""
        conditions = {
            "true__c": models.Q((self.field_path, True)),
            "false__c": models.Q((self.field_path, False)),
            "null__c": models.Q((self.lookup_kwarg2, True)),
        }
        return {name: models.Count(pk_attname, filter=condition) for name, condition in conditions.items()}

    def choices(self, changelist: Any) -> Iterator[Choice]:
        """ "All", yes, no, and unknown for fields that may be."""
        texts = dict(self.field.flatchoices)
        counts = self.get_facet_queryset(changelist) if changelist.add_facets else None
        entries = (
            (None, _("All"), None),
            ("1", texts.get(True, _("Yes")), "true__c"),
            ("0", texts.get(False, _("No")), "false__c"),
        )
        for lookup, title, key in entries:
            query = changelist.get_query_string({self.lookup_kwarg: lookup}, [self.lookup_kwarg2])
            selected = self.lookup_val == lookup and not self.lookup_val2
            yield _choice(selected, query, title if key is None else self._with_count(title, counts, key))
        if self.field.null:
            query = changelist.get_query_string({self.lookup_kwarg2: "True"}, [self.lookup_kwarg])
            title = self._with_count(texts.get(None, _("Unknown")), counts, "null__c")
            yield _choice(self.lookup_val2 == "True", query, title)


def _value_facets(chosen: Any, pk_attname: str, values: Iterable[Any]) -> dict[str, Any]:
    """Counts of what each value would leave; ``None`` asks for objects without one."""
    return {
        f"{number}__c": models.Count(
            pk_attname,
            filter=models.Q((chosen.lookup_kwarg_isnull, True) if value is None else (chosen.lookup_kwarg, value)),
        )
        for number, value in enumerate(values)
    }


class ChoicesFieldListFilter(FieldListFilter):
    """By the field's choices."""

    def __init__(
        self, field: Any, request: Any, params: dict[str, Any], model: Any, model_admin: Any, field_path: str
    ) -> None:
        self.lookup_kwarg = f"{field_path}__exact"
        self.lookup_kwarg_isnull = f"{field_path}__isnull"
        self.lookup_val = params.get(self.lookup_kwarg)
        self.lookup_val_isnull = get_last_value_from_parameters(params, self.lookup_kwarg_isnull)
        super().__init__(field, request, params, model, model_admin, field_path)

    def expected_parameters(self) -> list[str | None]:
        """The choice, or none."""
        return [self.lookup_kwarg, self.lookup_kwarg_isnull]

    def get_facet_counts(self, pk_attname: str, filtered_qs: Any) -> dict[str, Any]:
        """How many objects each choice leaves."""
        return _value_facets(self, pk_attname, (lookup for lookup, _title in self.field.flatchoices))

    def choices(self, changelist: Any) -> Iterator[Choice]:
        """ "All", then the choices."""
        counts = self.get_facet_queryset(changelist) if changelist.add_facets else None
        query = changelist.get_query_string
        yield _choice(self.lookup_val is None, query(remove=[self.lookup_kwarg, self.lookup_kwarg_isnull]), _("All"))
        none_title: Any = None
        for number, (lookup, title) in enumerate(self.field.flatchoices):
            shown = self._with_count(title, counts, f"{number}__c")
            if lookup is None:
                none_title = shown
                continue
            selected = self.lookup_val is not None and str(lookup) in self.lookup_val
            yield _choice(selected, query({self.lookup_kwarg: lookup}, [self.lookup_kwarg_isnull]), shown)
        if none_title:
            address = query({self.lookup_kwarg_isnull: "True"}, [self.lookup_kwarg])
            yield _choice(bool(self.lookup_val_isnull), address, none_title)


class DateFieldListFilter(FieldListFilter):
    """By today, the last days, this month, this year."""

    def __init__(
        self, field: Any, request: Any, params: dict[str, Any], model: Any, model_admin: Any, field_path: str
    ) -> None:
        self.field_generic = f"{field_path}__"
        self.date_params = {key: value[-1] for key, value in params.items() if key.startswith(self.field_generic)}
        self.lookup_kwarg_since = f"{field_path}__gte"
        self.lookup_kwarg_until = f"{field_path}__lt"
        self.lookup_kwarg_isnull = f"{field_path}__isnull"
        self.links = self._links(field)
        super().__init__(field, request, params, model, model_admin, field_path)

    def _links(self, field: Any) -> tuple[tuple[Any, dict[str, str]], ...]:
        now = timezone.now()
        if timezone.is_aware(now):
            now = timezone.localtime(now)
        today: Any = now.date()
        if isinstance(field, models.DateTimeField):
            today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        tomorrow = today + datetime.timedelta(days=1)
        first = today.replace(day=1)
        next_month = (first + datetime.timedelta(days=31)).replace(day=1)
        next_year = today.replace(year=today.year + 1, month=1, day=1)

        def span(since: Any, until: Any) -> dict[str, str]:
            return {self.lookup_kwarg_since: str(since), self.lookup_kwarg_until: str(until)}

        links: list[tuple[Any, dict[str, str]]] = [
            (_("Any date"), {}),
            (_("Today"), span(today, tomorrow)),
            (_("Past 7 days"), span(today - datetime.timedelta(days=7), tomorrow)),
            (_("This month"), span(first, next_month)),
            (_("This year"), span(today.replace(month=1, day=1), next_year)),
        ]
        if field.null:
            links += [
                (_("No date"), {self.lookup_kwarg_isnull: "True"}),
                (_("Has date"), {self.lookup_kwarg_isnull: "False"}),
            ]
        return tuple(links)

    def expected_parameters(self) -> list[str | None]:
        """The span, or whether there is a date."""
        names: list[str | None] = [self.lookup_kwarg_since, self.lookup_kwarg_until]
        return [*names, self.lookup_kwarg_isnull] if self.field.null else names

    def get_facet_counts(self, pk_attname: str, filtered_qs: Any) -> dict[str, Any]:
        """How many objects each choice leaves."""
        return {
            f"{number}__c": models.Count(
                pk_attname,
                filter=models.Q(
                    *(
                        (name, value == "True" if name == self.lookup_kwarg_isnull else value)
                        for name, value in lookups.items()
                    )
                ),
            )
            for number, (_title, lookups) in enumerate(self.links)
        }

    def choices(self, changelist: Any) -> Iterator[Choice]:
        """The spans."""
        counts = self.get_facet_queryset(changelist) if changelist.add_facets else None
        for number, (title, lookups) in enumerate(self.links):
            query = changelist.get_query_string(lookups, [self.field_generic])
            yield _choice(self.date_params == lookups, query, self._with_count(title, counts, f"{number}__c"))


class AllValuesFieldListFilter(FieldListFilter):
    """By the values that occur. For use only where these are few: it asks for all of them."""

    def __init__(
        self, field: Any, request: Any, params: dict[str, Any], model: Any, model_admin: Any, field_path: str
    ) -> None:
        self.lookup_kwarg = field_path
        self.lookup_kwarg_isnull = f"{field_path}__isnull"
        self.lookup_val = params.get(self.lookup_kwarg)
        self.lookup_val_isnull = get_last_value_from_parameters(params, self.lookup_kwarg_isnull)
        self.empty_value_display = model_admin.get_empty_value_display()
        parent_model, _reverse_path = reverse_field_path(model, field_path)
        # From this list's own QuerySet, if it is this model: what the user may not see is not offered.
        source = model_admin.get_queryset(request) if model == parent_model else parent_model._default_manager.all()
        self.lookup_choices = source.distinct().order_by(field.name).values_list(field.name, flat=True)
        super().__init__(field, request, params, model, model_admin, field_path)

    def expected_parameters(self) -> list[str | None]:
        """The value, or none."""
        return [self.lookup_kwarg, self.lookup_kwarg_isnull]

    def get_facet_counts(self, pk_attname: str, filtered_qs: Any) -> dict[str, Any]:
        """How many objects each choice leaves."""
        return _value_facets(self, pk_attname, self.lookup_choices)

    def choices(self, changelist: Any) -> Iterator[Choice]:
        """ "All", then the values, then none."""
        counts = self.get_facet_queryset(changelist) if changelist.add_facets else None
        query = changelist.get_query_string
        clean = query(remove=[self.lookup_kwarg, self.lookup_kwarg_isnull])
        yield _choice(self.lookup_val is None and self.lookup_val_isnull is None, clean, _("All"))
        empty_title: Any = None
        for number, value in enumerate(self.lookup_choices):
            key = f"{number}__c"
            if value is None:
                empty_title = self._with_count(self.empty_value_display, counts, key)
                continue
            text = str(value)
            selected = self.lookup_val is not None and text in self.lookup_val
            address = query({self.lookup_kwarg: text}, [self.lookup_kwarg_isnull])
            yield _choice(selected, address, self._with_count(text, counts, key))
        if empty_title is not None:
            address = query({self.lookup_kwarg_isnull: "True"}, [self.lookup_kwarg])
            yield _choice(bool(self.lookup_val_isnull), address, empty_title)


class RelatedOnlyFieldListFilter(RelatedFieldListFilter):
    """By the objects that a relation does lead to."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> list[tuple[Any, Any]]:
        """The objects that occur."""
        used = model_admin.get_queryset(request).distinct().values_list(f"{self.field_path}__pk", flat=True)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return list(field.get_choices(include_blank=False, limit_choices_to={"pk__in": used}, ordering=ordering))


class EmptyFieldListFilter(FieldListFilter):
    """By whether there is a value at all."""

    def __init__(
        self, field: Any, request: Any, params: dict[str, Any], model: Any, model_admin: Any, field_path: str
    ) -> None:
        if not field.empty_strings_allowed and not field.null:
            raise ImproperlyConfigured(
                f"The list filter '{type(self).__name__}' cannot be used with field '{field.name}' which doesn't allow empty "
                "strings and nulls."
            )
        self.lookup_kwarg = f"{field_path}__isempty"
        self.lookup_val = get_last_value_from_parameters(params, self.lookup_kwarg)
        super().__init__(field, request, params, model, model_admin, field_path)

    def get_lookup_condition(self) -> models.Q:
        """The condition for "empty"."""
        empty = models.Q()
        if self.field.empty_strings_allowed:
            empty |= models.Q((self.field_path, ""))
        if self.field.null:
            empty |= models.Q((f"{self.field_path}__isnull", True))
        return empty

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Apply it; ``IncorrectLookupParameters`` for something else than 0 and 1."""
        if self.lookup_kwarg not in self.used_parameters:
            return queryset
        if self.lookup_val not in ("0", "1"):
            raise IncorrectLookupParameters
        condition = self.get_lookup_condition()
        return queryset.filter(condition) if self.lookup_val == "1" else queryset.exclude(condition)

    def expected_parameters(self) -> list[str | None]:
        """The one parameter."""
        return [self.lookup_kwarg]

    def get_facet_counts(self, pk_attname: str, filtered_qs: Any) -> dict[str, Any]:
        """How many objects each choice leaves."""
        condition = self.get_lookup_condition()
        return {
            "empty__c": models.Count(pk_attname, filter=condition),
            "not_empty__c": models.Count(pk_attname, filter=~condition),
        }

    def choices(self, changelist: Any) -> Iterator[Choice]:
        """ "All", empty, not empty."""
        counts = self.get_facet_queryset(changelist) if changelist.add_facets else None
        for lookup, title, key in (
            (None, _("All"), None),
            ("1", _("Empty"), "empty__c"),
            ("0", _("Not empty"), "not_empty__c"),
        ):
            query = changelist.get_query_string({self.lookup_kwarg: lookup})
            yield _choice(
                self.lookup_val == lookup, query, title if key is None else self._with_count(title, counts, key)
            )


FieldListFilter.register(lambda field: bool(field.remote_field), RelatedFieldListFilter)
FieldListFilter.register(lambda field: isinstance(field, models.BooleanField), BooleanFieldListFilter)
FieldListFilter.register(lambda field: bool(field.choices), ChoicesFieldListFilter)
FieldListFilter.register(lambda field: isinstance(field, models.DateField), DateFieldListFilter)
FieldListFilter.register(lambda field: True, AllValuesFieldListFilter)
