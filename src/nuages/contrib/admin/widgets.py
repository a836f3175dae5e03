"""The widgets of the back office."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from nuages import forms
from nuages.conf import settings
from nuages.contrib.admin.keys import possible_keys
from nuages.contrib.admin.options.constants import IS_POPUP_VAR, TO_FIELD_VAR
from nuages.exceptions import ValidationError
from nuages.i18n.prose import Truncator
from nuages.i18n.translation import get_language
from nuages.i18n.translation import gettext as _
from nuages.models.deletion import CASCADE
from nuages.text.html import smart_urlquote
from nuages.text.http import urlencode
from nuages.urls import NoReverseMatch, reverse
from nuages.validators import URLValidator


class FilteredSelectMultiple(forms.SelectMultiple):
    """Two lists, what can be chosen and what is, with a search box. Without scripts it is a plain list."""

    class Media:
        js = ("admin/js/selecting.js",)

    def __init__(self, verbose_name: Any, is_stacked: bool, attrs: Any = None, choices: Any = ()) -> None:
        self.verbose_name = verbose_name
        self.is_stacked = is_stacked
        super().__init__(attrs, choices)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With what the script looks for."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        widget_attrs = context["widget"]["attrs"]
        widget_attrs["class"] = "selectfilterstacked" if self.is_stacked else "selectfilter"
        widget_attrs["data-field-name"] = self.verbose_name
        widget_attrs["data-is-stacked"] = int(self.is_stacked)
        return context


class AdminDateWidget(forms.DateInput):
    """A date with a calendar."""

    class Media:
        js = ("admin/js/dates.js",)

    def __init__(self, attrs: Any = None, format: str | None = None) -> None:
        super().__init__(attrs={"class": "vDateField", "size": "10", **(attrs or {})}, format=format)


class AdminTimeWidget(forms.TimeInput):
    """A time of day with shortcuts."""

    class Media:
        js = ("admin/js/dates.js",)

    def __init__(self, attrs: Any = None, format: str | None = None) -> None:
        super().__init__(attrs={"class": "vTimeField", "size": "8", **(attrs or {})}, format=format)


class AdminSplitDateTime(forms.SplitDateTimeWidget):
    """A date and a time of day."""

    template_name = "admin/widgets/split_datetime.html"

    def __init__(self, attrs: Any = None) -> None:
        # Not through super().__init__: the two widgets are others.
        forms.MultiWidget.__init__(self, [AdminDateWidget, AdminTimeWidget], attrs)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the two titles."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["date_label"], context["time_label"] = _("Date:"), _("Time:")
        for widget in context["widget"]["subwidgets"]:
            widget["attrs"]["aria-describedby"] = f"id_{name}_timezone_warning_helptext"
        return context

    def id_for_label(self, id_: str) -> str:
        """The group has a legend; each part its own label."""
        return id_


class AdminRadioSelect(forms.RadioSelect):
    """Radio buttons in a list."""

    template_name = "admin/widgets/radio.html"


class AdminFileWidget(forms.ClearableFileInput):
    """A file with a link to the present one."""

    template_name = "admin/widgets/clearable_file_input.html"


def url_params_from_lookup_dict(lookups: Any) -> dict[str, str]:
    """Lookups (as in ``limit_choices_to``) as parameters of an address."""
    if not lookups or not isinstance(lookups, Mapping):
        return {}
    return {name: _lookup_text(value() if callable(value) else value) for name, value in lookups.items()}


def _lookup_text(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return "01"[value]
    return str(value)


class ForeignKeyRawIdWidget(forms.TextInput):
    """A key to be typed, or picked in a pop-up."""

    template_name = "admin/widgets/foreign_key_raw_id.html"

    def __init__(self, rel: Any, admin_site: Any, attrs: Any = None, using: str | None = None) -> None:
        self.rel, self.admin_site, self.db = rel, admin_site, using
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the address of the pop-up and the name of the present object."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        model = self.rel.model
        if self.admin_site.is_registered(model):
            opts = model._meta
            address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist", current_app=self.admin_site.name)
            parameters = self.url_parameters()
            if parameters:
                address += f"?{urlencode(parameters)}"
            context["related_url"] = address
            context["link_title"] = _("Lookup")
            # What the script looks for.
            context["widget"]["attrs"].setdefault("class", "vForeignKeyRawIdAdminField")
        else:
            context["related_url"] = None
        label, url = self.label_and_url_for_value(value) if context["widget"]["value"] else (None, None)
        context["link_label"], context["link_url"] = label, url
        return context

    def base_url_parameters(self) -> dict[str, str]:
        """What the list is limited to."""
        limits = self.rel.limit_choices_to
        return url_params_from_lookup_dict(limits() if callable(limits) else limits)

    def url_parameters(self) -> dict[str, str]:
        """The list's parameters."""
        return {**self.base_url_parameters(), TO_FIELD_VAR: self.rel.get_related_field().name}

    def label_and_url_for_value(self, value: Any) -> tuple[str, str]:
        """(name, address) of the present object, or empty texts."""
        key = self.rel.get_related_field().name
        try:
            obj = self.rel.model._default_manager.using(self.db).get(**{key: value})
        except (ValueError, self.rel.model.DoesNotExist, ValidationError):
            return "", ""
        opts = obj._meta
        try:
            address = reverse(
                f"{self.admin_site.name}:{opts.app_label}_{opts.object_name.lower()}_change", args=(obj.pk,)
            )
        except NoReverseMatch:
            address = ""
        return Truncator(obj).words(14), address


class ManyToManyRawIdWidget(ForeignKeyRawIdWidget):
    """Keys to be typed, separated by commas, or picked in a pop-up."""

    template_name = "admin/widgets/many_to_many_raw_id.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With what the script looks for."""
        context = super().get_context(name, value, attrs)
        if self.admin_site.is_registered(self.rel.model):
            context["widget"]["attrs"]["class"] = "vManyToManyRawIdAdminField"
        return context

    def url_parameters(self) -> dict[str, str]:
        """The list's parameters."""
        return self.base_url_parameters()

    def label_and_url_for_value(self, value: Any) -> tuple[str, str]:
        """Several objects have no one name."""
        return "", ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The keys."""
        value = data.get(name)
        return value.split(",") if value else None

    def format_value(self, value: Any) -> str:
        """The keys as they are typed."""
        return ",".join(str(key) for key in value) if value else ""


class RelatedFieldWidgetWrapper(forms.Widget):
    """A widget for a relation, with links that add, change, delete or view the related object in a pop-up."""

    template_name = "admin/widgets/related_widget_wrapper.html"

    class Media:
        js = ("admin/js/related.js",)

    def __init__(
        self,
        widget: Any,
        rel: Any,
        admin_site: Any,
        can_add_related: bool | None = None,
        can_change_related: bool = False,
        can_delete_related: bool = False,
        can_view_related: bool = False,
    ) -> None:
        self.needs_multipart_form = widget.needs_multipart_form
        self.attrs = widget.attrs
        self.widget = widget
        self.rel, self.admin_site = rel, admin_site
        # Unless told, whoever may see the related model's pages may add to it.
        self.can_add_related = admin_site.is_registered(rel.model) if can_add_related is None else can_add_related
        one = not getattr(widget, "allow_multiple_selected", False) and not isinstance(widget, AdminRadioSelect)
        self.can_change_related = one and can_change_related
        # A deletion that would take the object of the page along is not offered.
        cascades = getattr(rel, "on_delete", None) is CASCADE
        self.can_delete_related = one and not cascades and can_delete_related
        self.can_view_related = one and can_view_related

    def __deepcopy__(self, memo: dict[int, Any]) -> RelatedFieldWidgetWrapper:
        copied = copy.copy(self)
        copied.widget = copy.deepcopy(self.widget, memo)
        copied.attrs = copied.widget.attrs
        memo[id(self)] = copied
        return copied

    @property
    def is_hidden(self) -> bool:
        """As the widget inside."""
        return bool(self.widget.is_hidden)

    @property
    def media(self) -> Any:
        """The scripts of both."""
        return self.widget.media + forms.Media(js=["admin/js/related.js"])

    @property
    def choices(self) -> Any:
        """As the widget inside."""
        return self.widget.choices

    @choices.setter
    def choices(self, value: Any) -> None:
        self.widget.choices = value

    @property
    def use_fieldset(self) -> bool:  # type: ignore[override]
        """As the widget inside."""
        return bool(self.widget.use_fieldset)

    def get_related_url(self, info: tuple[str, str], action: str, *args: Any) -> str:
        """The address of a page of the related model."""
        return reverse(f"admin:{info[0]}_{info[1]}_{action}", current_app=self.admin_site.name, args=args)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The widget inside, rendered, and the links."""
        self.widget.choices = self.choices if hasattr(self.widget, "choices") else ()
        opts = self.rel.model._meta
        info = (opts.app_label, opts.model_name)
        key = getattr(self.rel, "get_related_field", None)
        parameters = {IS_POPUP_VAR: 1}
        if key is not None:
            parameters = {TO_FIELD_VAR: key().name, **parameters}
        context: dict[str, Any] = {
            "rendered_widget": self.widget.render(name, value, attrs),
            "is_hidden": self.is_hidden,
            "name": name,
            "url_params": "&".join(f"{param}={text}" for param, text in parameters.items()),
            "model": opts.verbose_name,
            "model_name": opts.model_name,
            "can_add_related": self.can_add_related,
            "can_change_related": self.can_change_related,
            "can_delete_related": self.can_delete_related,
            "can_view_related": self.can_view_related,
            "model_has_limit_choices_to": bool(self.rel.limit_choices_to),
        }
        if self.can_add_related:
            context["add_related_url"] = self.get_related_url(info, "add")
        if self.can_delete_related:
            context["delete_related_template_url"] = self.get_related_url(info, "delete", "__fk__")
        if self.can_view_related or self.can_change_related:
            context["view_related_url_params"] = f"{TO_FIELD_VAR}={parameters.get(TO_FIELD_VAR, '')}"
            context["change_related_template_url"] = self.get_related_url(info, "change", "__fk__")
        return context

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None, **kwargs: Any) -> Any:
        """As the widget inside."""
        self.attrs = self.widget.build_attrs(self.widget.attrs, extra_attrs)
        return self.attrs

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """As the widget inside."""
        return self.widget.value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """As the widget inside."""
        return bool(self.widget.value_omitted_from_data(data, files, name))

    def id_for_label(self, id_: str) -> Any:
        """As the widget inside."""
        return self.widget.id_for_label(id_)


class AdminTextareaWidget(forms.Textarea):
    """A large text."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs={"class": "vLargeTextField", **(attrs or {})})


class AdminTextInputWidget(forms.TextInput):
    """A line of text."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs={"class": "vTextField", **(attrs or {})})


class AdminEmailInputWidget(forms.EmailInput):
    """A mail address."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs={"class": "vTextField", **(attrs or {})})


class AdminURLFieldWidget(forms.URLInput):
    """An address, with a link to the present one if it is valid."""

    template_name = "admin/widgets/url.html"

    def __init__(self, attrs: Any = None, validator_class: Any = URLValidator) -> None:
        super().__init__(attrs={"class": "vURLField", **(attrs or {})})
        self.validator = validator_class()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the link."""
        try:
            self.validator(value if value else "")
            valid = True
        except ValidationError:
            valid = False
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context.update(
            current_label=_("Currently:"),
            change_label=_("Change:"),
            widget={**context["widget"], "href": smart_urlquote(context["widget"]["value"]) if valid else ""},
            url_valid=valid,
        )
        return context


class AdminIntegerFieldWidget(forms.NumberInput):
    """A whole number."""

    class_name = "vIntegerField"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs={"class": self.class_name, **(attrs or {})})


class AdminBigIntegerFieldWidget(AdminIntegerFieldWidget):
    """A whole number of up to 64 bits."""

    class_name = "vBigIntegerField"


class AdminUUIDInputWidget(forms.TextInput):
    """A UUID."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs={"class": "vUUIDField", **(attrs or {})})


class AutocompleteMixin:
    """A list that is searched on the server while one types."""

    url_name = "%s:autocomplete"

    def __init__(
        self, field: Any, admin_site: Any, attrs: Any = None, choices: Any = (), using: str | None = None
    ) -> None:
        self.field, self.admin_site, self.db = field, admin_site, using
        self.choices = choices
        self.attrs = {} if attrs is None else attrs.copy()
        self.i18n_name = _language_of_scripts()

    def get_url(self) -> str:
        """The address that answers the search."""
        return reverse(self.url_name % self.admin_site.name)

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        """With what the script looks for."""
        attrs: dict[str, Any] = super().build_attrs(base_attrs, extra_attrs=extra_attrs)  # type: ignore[misc]
        opts = self.field.model._meta
        request = {"cache": "true", "delay": 250, "type": "GET", "url": self.get_url()}
        source = {"field-name": self.field.name, "model-name": opts.model_name, "app-label": opts.app_label}
        look = {
            "allow-clear": json.dumps(not self.is_required),  # type: ignore[attr-defined]
            "placeholder": "",
            "theme": "admin-autocomplete",
        }
        attrs.update(
            {
                "class": " ".join(filter(None, (attrs.get("class"), "admin-autocomplete"))),
                "lang": self.i18n_name,
                **{f"data-ajax--{name}": value for name, value in request.items()},
                **{f"data-{name}": value for name, value in {**source, **look}.items()},
            }
        )
        return attrs

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list[Any]:
        """Only what is chosen: the rest is searched for."""
        group: tuple[Any, list[Any], int] = (None, [], 0)
        chosen = {str(item) for item in value if str(item) not in self.choices.field.empty_values}
        if not self.is_required and not self.allow_multiple_selected:  # type: ignore[attr-defined]
            group[1].append(self.create_option(name, "", "", False, 0))  # type: ignore[attr-defined]
        remote = self.field.remote_field
        to_field = getattr(remote, "field_name", None) or remote.model._meta.pk.name
        target = remote.model._meta.get_field(to_field)
        to_field = target.attname
        found = self.choices.queryset.using(self.db).filter(**{f"{to_field}__in": possible_keys(target, chosen)})
        for obj in found:
            key = getattr(obj, to_field)
            option = self.create_option(  # type: ignore[attr-defined]
                name, key, self.choices.field.label_from_instance(obj), True, len(group[1])
            )
            group[1].append(option)
        return [group]

    @property
    def media(self) -> forms.Media:
        """The script of the search."""
        return forms.Media(js=["admin/js/autocomplete.js"])


def _language_of_scripts() -> str | None:
    return get_language() if settings.USE_I18N else None


class AutocompleteSelect(AutocompleteMixin, forms.Select):
    """One object, searched for."""


class AutocompleteSelectMultiple(AutocompleteMixin, forms.SelectMultiple):
    """Several objects, searched for."""
