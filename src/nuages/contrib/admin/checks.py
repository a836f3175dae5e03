"""System checks of the declarations of ``ModelAdmin`` and inlines; ids admin.E001 to E206 (ref/checks, "admin").

Each class names its checks in ``steps``. A check is a method that takes the object and returns messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from nuages import models
from nuages.checks import CheckMessage, Error
from nuages.conf.names import native_home
from nuages.contrib.admin.exceptions import NotRegistered
from nuages.contrib.admin.filters import FieldListFilter, ListFilter
from nuages.contrib.admin.inspection import NotRelationField, flatten, get_fields_from_path
from nuages.contrib.admin.options.constants import HORIZONTAL, VERTICAL
from nuages.exceptions import FieldDoesNotExist
from nuages.modelforms import BaseModelForm, BaseModelFormSet, _get_foreign_key
from nuages.models.constants import LOOKUP_SEP
from nuages.sql.expressions import Combinable

Messages = list[CheckMessage]


def must_be(what: str, option: str, obj: Any, id: str) -> Messages:
    """The error that an option has a value of the wrong kind."""
    return [Error(f"The value of '{option}' must be {what}.", obj=obj.__class__, id=id)]


def must_inherit_from(parent: str, option: str, obj: Any, id: str) -> Messages:
    """The error that an option is no subclass of what it has to be."""
    return [Error(f"The value of '{option}' must inherit from '{parent}'.", obj=obj.__class__, id=id)]


def refer_to_missing_field(field: Any, option: str, obj: Any, id: str) -> Messages:
    """The error that an option names a field that the model does not have."""
    text = f"'{option}' names '{field}', but '{obj.model._meta.label}' has no field of that name."
    return [Error(text, obj=obj.__class__, id=id)]


def _is_sequence(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _is_subclass(value: Any, parent: Any) -> bool:
    return isinstance(value, type) and issubclass(value, parent)


def _duplicates(names: Iterable[Any]) -> list[Any]:
    return [name for name, number in Counter(names).items() if number > 1]


def _find(obj: Any, name: Any) -> Any:
    """The model's field of exactly that name, or ``None``."""
    try:
        field = obj.model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if getattr(field, "name", name) == name or not hasattr(field, "attname") else None


def _each(obj: Any, option: str, id: str, check: Callable[[Any, str], Messages]) -> Messages:
    """Check that the option is a list or tuple, and its entries one by one."""
    value = getattr(obj, option)
    if not _is_sequence(value):
        return must_be("a list or tuple", option, obj, id)
    return [message for index, entry in enumerate(value) for message in check(entry, f"{option}[{index}]")]


class BaseModelAdminChecks:
    """What inlines and model admins have in common: admin.E001 to E041."""

    steps: ClassVar[tuple[str, ...]] = (
        "_check_autocomplete_fields",
        "_check_raw_id_fields",
        "_check_fields",
        "_check_fieldsets",
        "_check_exclude",
        "_check_form",
        "_check_filter_vertical",
        "_check_filter_horizontal",
        "_check_radio_fields",
        "_check_prepopulated_fields",
        "_check_view_on_site_url",
        "_check_ordering",
        "_check_readonly_fields",
        "_check_delete_confirmation_max_display",
    )

    def check(self, admin_obj: Any, **kwargs: Any) -> Messages:
        """All that is wrong with the object's declaration."""
        return [message for step in self.steps for message in getattr(self, step)(admin_obj)]

    # Widgets of relations

    def _check_autocomplete_fields(self, obj: Any) -> Messages:
        """E036 to E040."""

        def one(name: Any, label: str) -> Messages:
            field = _find(obj, name)
            if field is None:
                return refer_to_missing_field(name, label, obj, "admin.E037")
            if not (field.many_to_many or isinstance(field, models.ForeignKey)):
                return must_be("a foreign key or a many-to-many field", label, obj, "admin.E038")
            return self._check_autocomplete_target(obj, field.remote_field.model)

        return _each(obj, "autocomplete_fields", "admin.E036", one)

    def _check_autocomplete_target(self, obj: Any, model: Any) -> Messages:
        name = type(obj).__name__
        try:
            related_admin = obj.admin_site.get_model_admin(model)
        except NotRegistered:
            text = f"{name}.autocomplete_fields searches '{model.__name__}', so that model needs an admin of its own."
            return [Error(text, obj=obj.__class__, id="admin.E039")]
        if related_admin.search_fields:
            return []
        text = f"{type(related_admin).__name__} needs search_fields, as {name}.autocomplete_fields searches through it."
        return [Error(text, obj=obj.__class__, id="admin.E040")]

    def _check_raw_id_fields(self, obj: Any) -> Messages:
        """E001 to E003."""

        def one(name: Any, label: str) -> Messages:
            field = _find(obj, name)
            if field is None:
                return refer_to_missing_field(name, label, obj, "admin.E002")
            if not (field.many_to_many or isinstance(field, models.ForeignKey)):
                return must_be("a foreign key or a many-to-many field", label, obj, "admin.E003")
            return []

        return _each(obj, "raw_id_fields", "admin.E001", one)

    def _check_filter_vertical(self, obj: Any) -> Messages:
        """E017, E019, E020."""
        return self._check_filter_widget(obj, "filter_vertical", "admin.E017")

    def _check_filter_horizontal(self, obj: Any) -> Messages:
        """E018 to E020."""
        return self._check_filter_widget(obj, "filter_horizontal", "admin.E018")

    def _check_filter_widget(self, obj: Any, option: str, id: str) -> Messages:
        def one(name: Any, label: str) -> Messages:
            field = _find(obj, name)
            if field is None:
                return refer_to_missing_field(name, label, obj, "admin.E019")
            if not field.many_to_many or field.auto_created:
                return must_be("a many-to-many field", label, obj, "admin.E020")
            return self._check_through(obj, field, label)

        return _each(obj, option, id, one)

    def _check_through(self, obj: Any, field: Any, label: str) -> Messages:
        """E013: the rows of a through model of one's own can hold more than a form with a list can fill."""
        if not isinstance(field, models.ManyToManyField) or field.remote_field.through._meta.auto_created:
            return []
        text = (
            f"'{label}' must leave out the ManyToManyField '{field.name}': "
            "its relationship model is declared by hand, use an inline for it."
        )
        return [Error(text, obj=obj.__class__, id="admin.E013")]

    # Which fields are shown

    def _check_fields(self, obj: Any) -> Messages:
        """E004 to E006, E013."""
        if obj.fields is None:
            return []
        if not _is_sequence(obj.fields):
            return must_be("a list or tuple", "fields", obj, "admin.E004")
        if obj.fieldsets:
            text = "Both 'fieldsets' and 'fields' are specified."
            return [Error(text, obj=obj.__class__, id="admin.E005")]
        if twice := _duplicates(flatten(obj.fields)):
            return [self._duplicate("The value of 'fields' contains duplicate field(s).", twice, obj, "admin.E006")]
        return [message for entry in obj.fields for message in self._check_field_spec(obj, entry, "fields")]

    def _duplicate(self, text: str, names: list[Any], obj: Any, id: str) -> CheckMessage:
        hint = f"Remove duplicates of {', '.join(map(repr, names))}."
        return Error(text, hint=hint, obj=obj.__class__, id=id)

    def _check_fieldsets(self, obj: Any) -> Messages:
        """E007 to E013."""
        if obj.fieldsets is None:
            return []
        seen: list[Any] = []
        return _each(obj, "fieldsets", "admin.E007", lambda entry, label: self._check_fieldset(obj, entry, label, seen))

    def _check_fieldset(self, obj: Any, fieldset: Any, label: str, seen: list[Any]) -> Messages:
        if not _is_sequence(fieldset):
            return must_be("a list or tuple", label, obj, "admin.E008")
        if len(fieldset) != 2:
            return must_be("of length 2", label, obj, "admin.E009")
        options = fieldset[1]
        if not isinstance(options, dict):
            return must_be("a dictionary", f"{label}[1]", obj, "admin.E010")
        if "fields" not in options:
            text = f"The value of '{label}[1]' must contain the key 'fields'."
            return [Error(text, obj=obj.__class__, id="admin.E011")]
        if not _is_sequence(options["fields"]):
            return must_be("a list or tuple", f"{label}[1]['fields']", obj, "admin.E008")
        seen.extend(flatten(options["fields"]))
        if twice := _duplicates(seen):
            return [self._duplicate(f"There are duplicate field(s) in '{label}[1]'.", twice, obj, "admin.E012")]
        where = f"{label}[1]['fields']"
        return [message for entry in options["fields"] for message in self._check_field_spec(obj, entry, where)]

    def _check_field_spec(self, obj: Any, entry: Any, label: str) -> Messages:
        """An entry of ``fields``: a name, or a tuple of names for one line. Unknown names may be the form's own."""
        names = entry if _is_sequence(entry) else [entry]
        return [
            message
            for name in names
            if name not in obj.readonly_fields and isinstance(name, str)
            for message in self._check_through(obj, _find(obj, name), label)
        ]

    def _check_exclude(self, obj: Any) -> Messages:
        """E014, E015."""
        if obj.exclude is None:
            return []
        if not _is_sequence(obj.exclude):
            return must_be("a list or tuple", "exclude", obj, "admin.E014")
        if twice := _duplicates(obj.exclude):
            return [self._duplicate("The value of 'exclude' contains duplicate field(s).", twice, obj, "admin.E015")]
        return []

    def _check_form(self, obj: Any) -> Messages:
        """E016."""
        if _is_subclass(obj.form, BaseModelForm):
            return []
        return must_inherit_from("BaseModelForm", "form", obj, "admin.E016")

    def _check_readonly_fields(self, obj: Any) -> Messages:
        """E034, E035."""

        def one(name: Any, label: str) -> Messages:
            if callable(name) or hasattr(obj, name) or hasattr(obj.model, name):
                return []
            try:
                obj.model._meta.get_field(name)
            except FieldDoesNotExist:
                places = f"'{type(obj).__name__}' nor of '{obj.model._meta.label}'"
                text = f"'{label}' names '{name}', which is neither a callable nor an attribute of {places}."
                return [Error(text, obj=obj.__class__, id="admin.E035")]
            return []

        return _each(obj, "readonly_fields", "admin.E034", one)

    # How fields look

    def _check_radio_fields(self, obj: Any) -> Messages:
        """E021 to E024."""
        if not isinstance(obj.radio_fields, dict):
            return must_be("a dictionary", "radio_fields", obj, "admin.E021")
        found: Messages = []
        for name, style in obj.radio_fields.items():
            label = f'radio_fields["{name}"]'
            field = _find(obj, name)
            if field is None:
                found += refer_to_missing_field(name, "radio_fields", obj, "admin.E022")
            elif not (isinstance(field, models.ForeignKey) or field.choices):
                text = f"'radio_fields' names '{name}', which is neither a ForeignKey nor has 'choices'."
                found.append(Error(text, obj=obj.__class__, id="admin.E023"))
            if style not in (HORIZONTAL, VERTICAL):
                text = f"The value of '{label}' must be either admin.HORIZONTAL or admin.VERTICAL."
                found.append(Error(text, obj=obj.__class__, id="admin.E024"))
        return found

    def _check_view_on_site_url(self, obj: Any) -> Messages:
        """E025."""
        if callable(obj.view_on_site) or isinstance(obj.view_on_site, bool):
            return []
        return must_be("a callable or a boolean value", "view_on_site", obj, "admin.E025")

    def _check_prepopulated_fields(self, obj: Any) -> Messages:
        """E026 to E030."""
        if not isinstance(obj.prepopulated_fields, dict):
            return must_be("a dictionary", "prepopulated_fields", obj, "admin.E026")
        found: Messages = []
        for name, sources in obj.prepopulated_fields.items():
            label = f'prepopulated_fields["{name}"]'
            field = _find(obj, name)
            if field is None:
                found += refer_to_missing_field(name, "prepopulated_fields", obj, "admin.E027")
            elif isinstance(field, (models.DateTimeField, models.ForeignKey, models.ManyToManyField)):
                text = f"'prepopulated_fields' cannot fill '{name}': dates with times and relations hold no text."
                found.append(Error(text, obj=obj.__class__, id="admin.E028"))
            if not _is_sequence(sources):
                found += must_be("a list or tuple", label, obj, "admin.E029")
                continue
            for index, source in enumerate(sources):
                if _find(obj, source) is None:
                    found += refer_to_missing_field(source, f"{label}[{index}]", obj, "admin.E030")
        return found

    def _check_ordering(self, obj: Any) -> Messages:
        """E031 to E033."""
        if obj.ordering is None:
            return []
        return _each(obj, "ordering", "admin.E031", lambda entry, label: self._check_ordering_item(obj, entry, label))

    def _check_ordering_item(self, obj: Any, entry: Any, label: str) -> Messages:
        if isinstance(entry, (Combinable, models.OrderBy)):
            inner = entry.expression if isinstance(entry, models.OrderBy) else entry
            if not isinstance(inner, models.F):
                return []
            entry = inner.name
        if entry == "?":
            if len(obj.ordering) == 1:
                return []
            text = "'ordering' mixes the random marker '?' with other fields, which it would make useless."
            return [
                Error(
                    text, hint='Either remove the "?", or remove the other fields.', obj=obj.__class__, id="admin.E032"
                )
            ]
        name = entry.removeprefix("-")
        # Paths lead to other models or to lookups; "pk" is always there.
        if LOOKUP_SEP in name or name == "pk":
            return []
        try:
            obj.model._meta.get_field(name)
        except FieldDoesNotExist:
            return refer_to_missing_field(name, label, obj, "admin.E033")
        return []

    def _check_delete_confirmation_max_display(self, obj: Any) -> Messages:
        """E041."""
        limit = obj.delete_confirmation_max_display
        if limit is None or (isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0):
            return []
        return must_be("a non-negative integer or None", "delete_confirmation_max_display", obj, "admin.E041")


class ModelAdminChecks(BaseModelAdminChecks):
    """What only model admins have: admin.E101 to E130."""

    steps: ClassVar[tuple[str, ...]] = (
        *BaseModelAdminChecks.steps,
        "_check_save_as",
        "_check_save_on_top",
        "_check_inlines",
        "_check_list_display",
        "_check_list_display_links",
        "_check_list_filter",
        "_check_list_select_related",
        "_check_list_per_page",
        "_check_list_max_show_all",
        "_check_list_editable",
        "_check_search_fields",
        "_check_date_hierarchy",
        "_check_actions",
    )

    def _check_save_as(self, obj: Any) -> Messages:
        """E101."""
        return [] if isinstance(obj.save_as, bool) else must_be("a boolean", "save_as", obj, "admin.E101")

    def _check_save_on_top(self, obj: Any) -> Messages:
        """E102."""
        return [] if isinstance(obj.save_on_top, bool) else must_be("a boolean", "save_on_top", obj, "admin.E102")

    def _check_inlines(self, obj: Any) -> Messages:
        """E103 to E106, and what the inlines themselves find."""
        return _each(obj, "inlines", "admin.E103", lambda inline, label: self._check_inline(obj, inline))

    def _check_inline(self, obj: Any, inline: Any) -> Messages:
        if not isinstance(inline, type):
            return [Error(f"'{inline!r}' must inherit from 'InlineModelAdmin'.", obj=obj.__class__, id="admin.E104")]
        label = f"{inline.__module__}.{inline.__qualname__}"
        if not getattr(inline, "is_inline", False):
            return [Error(f"'{label}' must inherit from 'InlineModelAdmin'.", obj=obj.__class__, id="admin.E104")]
        model = getattr(inline, "model", None)
        if not model:
            return [Error(f"'{label}' must have a 'model' attribute.", obj=obj.__class__, id="admin.E105")]
        if not _is_subclass(model, models.Model):
            return must_be("a Model", f"{label}.model", obj, "admin.E106")
        found: Messages = inline(obj.model, obj.admin_site).check()
        return found

    # The list

    def _check_list_display(self, obj: Any) -> Messages:
        """E107 to E109."""
        return _each(obj, "list_display", "admin.E107", lambda item, label: self._check_column(obj, item, label))

    def _check_column(self, obj: Any, item: Any, label: str) -> Messages:
        if callable(item) or hasattr(obj, item):
            return []
        try:
            target = obj.model._meta.get_field(item)
        except FieldDoesNotExist:
            try:
                target = getattr(obj.model, item)
            except AttributeError:
                try:
                    target = get_fields_from_path(obj.model, item)[-1]
                except (FieldDoesNotExist, NotRelationField):
                    places = f"'{type(obj).__name__}' nor of '{obj.model._meta.label}'"
                    text = f"'{label}' names '{item}', which is neither callable nor an attribute or field of {places}."
                    return [Error(text, obj=obj.__class__, id="admin.E108")]
        relation = getattr(target, "rel", None)
        backwards = relation is not None and relation.field.many_to_one
        if isinstance(target, models.Field):
            backwards = False
        if backwards or getattr(target, "many_to_many", False) or getattr(target, "one_to_many", False):
            text = f"'{label}' cannot hold several objects: no many-to-many field and no reverse foreign key."
            return [Error(text, obj=obj.__class__, id="admin.E109")]
        return []

    def _check_list_display_links(self, obj: Any) -> Messages:
        """E110, E111. What ``get_list_display`` gives is only known with a request."""
        links = obj.list_display_links
        if links is None:
            return []
        if not _is_sequence(links):
            return must_be("a list, a tuple, or None", "list_display_links", obj, "admin.E110")
        if "get_list_display" in {name for kind in type(obj).__mro__ if not _is_ours(kind) for name in vars(kind)}:
            return []
        return [
            Error(
                f"'list_display_links[{index}]' names '{name}', which is missing in 'list_display'.",
                obj=obj.__class__,
                id="admin.E111",
            )
            for index, name in enumerate(links)
            if name not in obj.list_display
        ]

    def _check_list_filter(self, obj: Any) -> Messages:
        """E112 to E116."""
        return _each(obj, "list_filter", "admin.E112", lambda item, label: self._check_filter(obj, item, label))

    def _check_filter(self, obj: Any, item: Any, label: str) -> Messages:
        if callable(item) and not isinstance(item, models.Field):
            if not _is_subclass(item, ListFilter):
                return must_inherit_from("ListFilter", label, obj, "admin.E113")
            if issubclass(item, FieldListFilter):
                text = f"The value of '{label}' must not inherit from 'FieldListFilter'."
                return [Error(text, obj=obj.__class__, id="admin.E114")]
            return []
        if _is_sequence(item):
            if not _is_subclass(item[1], FieldListFilter):
                return must_inherit_from("FieldListFilter", f"{label}[1]", obj, "admin.E115")
            return []
        try:
            get_fields_from_path(obj.model, item)
        except (FieldDoesNotExist, NotRelationField):
            text = f"'{label}' names '{item}', which leads to no field."
            return [Error(text, obj=obj.__class__, id="admin.E116")]
        return []

    def _check_list_select_related(self, obj: Any) -> Messages:
        """E117."""
        if isinstance(obj.list_select_related, (bool, list, tuple)):
            return []
        return must_be("a boolean, tuple or list", "list_select_related", obj, "admin.E117")

    def _check_list_per_page(self, obj: Any) -> Messages:
        """E118."""
        return [] if isinstance(obj.list_per_page, int) else must_be("an integer", "list_per_page", obj, "admin.E118")

    def _check_list_max_show_all(self, obj: Any) -> Messages:
        """E119."""
        if isinstance(obj.list_max_show_all, int):
            return []
        return must_be("an integer", "list_max_show_all", obj, "admin.E119")

    def _check_list_editable(self, obj: Any) -> Messages:
        """E120 to E125."""
        return _each(obj, "list_editable", "admin.E120", lambda name, label: self._check_editable(obj, name, label))

    def _check_editable(self, obj: Any, name: Any, label: str) -> Messages:
        def error(text: str, number: int) -> Messages:
            return [Error(text, obj=obj.__class__, id=f"admin.E{number}")]

        try:
            field = obj.model._meta.get_field(name)
        except FieldDoesNotExist:
            return refer_to_missing_field(name, label, obj, "admin.E121")
        display, links = obj.list_display, obj.list_display_links
        if name not in display:
            return error(f"'{label}' names '{name}', which 'list_display' does not show.", 122)
        if links and name in links:
            return error(f"'{name}' cannot be in both 'list_editable' and 'list_display_links'.", 123)
        if display[0] == name and not links and links is not None:
            return error(
                f"'{label}' is '{name}', the first column, which links to the object; set 'list_display_links' "
                "to make another column the link.",
                124,
            )
        if not field.editable or field.primary_key:
            return error(f"'{label}' names '{name}', which the admin cannot edit.", 125)
        return []

    def _check_search_fields(self, obj: Any) -> Messages:
        """E126."""
        if _is_sequence(obj.search_fields):
            return []
        return must_be("a list or tuple", "search_fields", obj, "admin.E126")

    def _check_date_hierarchy(self, obj: Any) -> Messages:
        """E127, E128."""
        name = obj.date_hierarchy
        if not name:
            return []
        try:
            field = get_fields_from_path(obj.model, name)[-1]
        except (FieldDoesNotExist, NotRelationField):
            return [
                Error(f"'date_hierarchy' names '{name}', which leads to no field.", obj=obj.__class__, id="admin.E127")
            ]
        if isinstance(field, models.DateField):
            return []
        return must_be("a DateField or DateTimeField", "date_hierarchy", obj, "admin.E128")

    def _check_actions(self, obj: Any) -> Messages:
        """E129, E130."""
        name = type(obj).__name__
        actions = obj._get_base_actions()
        found: Messages = []
        for action in actions:
            for permission in getattr(action.func, "allowed_permissions", ()):
                method = f"has_{permission}_permission"
                if not hasattr(obj, method):
                    text = f"{name} must define a {method}() method for the {action.func.__name__} action."
                    found.append(Error(text, obj=obj.__class__, id="admin.E129"))
        for twice in _duplicates(action.name for action in actions):
            text = f"Two actions of {name} share the __name__ {twice!r}: give each its own."
            found.append(Error(text, obj=obj.__class__, id="admin.E130"))
        return found


def _is_ours(kind: type) -> bool:
    return kind is object or native_home(kind).startswith("nuages.contrib.admin.")


class InlineModelAdminChecks(BaseModelAdminChecks):
    """What only inlines have: admin.E201 to E206."""

    def check(self, inline_obj: Any, **kwargs: Any) -> Messages:  # type: ignore[override]
        """All that is wrong with the inline's declaration."""
        found = super().check(inline_obj, **kwargs)
        parent = inline_obj.parent_model
        found += self._check_relation(inline_obj, parent)
        found += self._check_exclude_of_parent_model(inline_obj, parent)
        found += self._check_extra(inline_obj)
        found += self._check_max_num(inline_obj)
        found += self._check_min_num(inline_obj)
        found += self._check_formset(inline_obj)
        return found

    def _check_exclude_of_parent_model(self, obj: Any, parent_model: Any) -> Messages:
        """E201. Without a relation there is a more useful message already."""
        if obj.exclude is None or not _is_sequence(obj.exclude) or self._check_relation(obj, parent_model):
            return []
        field = _get_foreign_key(parent_model, obj.model, fk_name=obj.fk_name)
        if field.name not in obj.exclude:
            return []
        text = f"The field '{field.name}' cannot be excluded: it is what points at the parent '{parent_model._meta.label}'."
        return [Error(text, obj=obj.__class__, id="admin.E201")]

    def _check_relation(self, obj: Any, parent_model: Any) -> Messages:
        """E202."""
        try:
            _get_foreign_key(parent_model, obj.model, fk_name=obj.fk_name)
        except ValueError as error:
            return [Error(str(error), obj=obj.__class__, id="admin.E202")]
        return []

    def _check_extra(self, obj: Any) -> Messages:
        """E203."""
        return [] if isinstance(obj.extra, int) else must_be("an integer", "extra", obj, "admin.E203")

    def _check_max_num(self, obj: Any) -> Messages:
        """E204."""
        if obj.max_num is None or isinstance(obj.max_num, int):
            return []
        return must_be("an integer", "max_num", obj, "admin.E204")

    def _check_min_num(self, obj: Any) -> Messages:
        """E205."""
        if obj.min_num is None or isinstance(obj.min_num, int):
            return []
        return must_be("an integer", "min_num", obj, "admin.E205")

    def _check_formset(self, obj: Any) -> Messages:
        """E206."""
        if _is_subclass(obj.formset, BaseModelFormSet):
            return []
        return must_inherit_from("BaseModelFormSet", "formset", obj, "admin.E206")
