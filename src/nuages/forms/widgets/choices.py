"""Widgets that offer choices: select boxes, radio buttons and sets of checkboxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any, Self

from nuages.forms.widgets.widget import Attrs, Widget
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.choices import normalize_choices

OptionGroup = tuple[Any, list[dict[str, Any]], int]


class ChoiceWidget(Widget):
    """What the widgets with choices share. ``choices`` are pairs of value and label, maybe in named groups."""

    allow_multiple_selected = False
    input_type: Any = None
    option_template_name: Any = None
    add_id_index = True
    checked_attribute: dict[str, Any] = {"checked": True}
    option_inherits_attrs = True

    def __init__(self, attrs: Attrs = None, choices: Any = ()) -> None:
        super().__init__(attrs)
        self.choices = choices

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        duplicate = self._twin()
        duplicate.attrs = self.attrs.copy()
        if type(self).choices is ChoiceWidget.choices:
            duplicate._choices = copy(self._choices)  # normal already: not through the setter again
        else:
            duplicate.choices = copy(self.choices)
        memo[id(self)] = duplicate
        return duplicate

    @property
    def choices(self) -> Any:
        """Pairs of value and label, or of a group's name and such pairs."""
        return self._choices

    @choices.setter
    def choices(self, value: Any) -> None:
        self._choices = normalize_choices(value)

    def subwidgets(self, name: str, value: Any, attrs: Attrs = None) -> Iterator[dict[str, Any]]:
        """The context of each option."""
        yield from self.options(name, self.format_value(value), attrs)

    def options(self, name: str, value: Any, attrs: Attrs = None) -> Iterator[dict[str, Any]]:
        """All options, without their groups."""
        for group in self.optgroups(name, value, attrs):
            yield from group[1]

    def optgroups(self, name: str, value: Any, attrs: Attrs = None) -> list[OptionGroup]:
        """Groups of options, as ``(name or None, options, index)``; ``value`` lists the selected ones as text."""
        groups: list[OptionGroup] = []
        chosen_already = False
        for index, (key, label) in enumerate(self.choices):
            options: list[dict[str, Any]] = []
            if isinstance(label, (list, tuple)):
                title, members, subindex = key, label, 0
            else:
                title, members, subindex = None, ((key, label),), None
            groups.append((title, options, index))
            for member, text in members:
                member = "" if member is None else member
                selected = (not chosen_already or self.allow_multiple_selected) and str(member) in value
                chosen_already = chosen_already or selected
                options.append(self.create_option(name, member, text, selected, index, subindex=subindex, attrs=attrs))
                if subindex is not None:
                    subindex += 1
        return groups

    def create_option(
        self,
        name: str,
        value: Any,
        label: Any,
        selected: bool,
        index: int,
        subindex: int | None = None,
        attrs: Attrs = None,
    ) -> dict[str, Any]:
        """The context of one option."""
        position = str(index) if subindex is None else f"{index}_{subindex}"
        option_attrs = self.build_attrs(self.attrs, attrs) if self.option_inherits_attrs else {}
        if selected:
            option_attrs.update(self.checked_attribute)
        if "id" in option_attrs:
            option_attrs["id"] = self.id_for_label(option_attrs["id"], position)
        return {
            "name": name,
            "value": value,
            "label": label,
            "selected": selected,
            "index": position,
            "attrs": option_attrs,
            "type": self.input_type,
            "template_name": self.option_template_name,
            "wrap_label": True,
        }

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """Adds ``optgroups``."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["optgroups"] = self.optgroups(name, widget["value"], attrs)
        return context

    def id_for_label(self, id_: str, index: str = "0") -> str:
        """The ``id`` of an option, where options have one of their own."""
        return f"{id_}_{index}" if id_ and self.add_id_index else id_

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """One value, or a list of all where several may be selected."""
        getter = data.get
        if self.allow_multiple_selected:
            getter = getattr(data, "getlist", getter)
        return getter(name)

    def format_value(self, value: Any) -> list[str]:
        """The selected values as a list of texts."""
        if value is None and self.allow_multiple_selected:
            return []
        if not isinstance(value, (tuple, list)):
            value = [value]
        return ["" if member is None else str(member) for member in value]


class Select(ChoiceWidget):
    """``<select>``."""

    template_name = "django/forms/widgets/select.html"
    option_template_name = "django/forms/widgets/select_option.html"
    input_type = "select"
    checked_attribute = {"selected": True}
    option_inherits_attrs = add_id_index = False

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """Adds ``multiple`` where several options may be selected."""
        context = super().get_context(name, value, attrs)
        if self.allow_multiple_selected:
            context["widget"]["attrs"]["multiple"] = True
        return context

    @staticmethod
    def _choice_has_empty_value(choice: tuple[Any, Any]) -> bool:
        return choice[0] is None or choice[0] == ""

    def use_required_attribute(self, initial: Any) -> bool:
        """Only if the first option is empty, as HTML demands of a required box with one visible row."""
        allowed = super().use_required_attribute(initial)
        if self.allow_multiple_selected:
            return allowed
        first = next(iter(self.choices), None)
        return allowed and first is not None and self._choice_has_empty_value(first)


class NullBooleanSelect(Select):
    """``<select>`` of unknown, yes and no."""

    def __init__(self, attrs: Attrs = None) -> None:
        super().__init__(attrs, (("unknown", _("Unknown")), ("true", _("Yes")), ("false", _("No"))))

    _shown = {True: "true", False: "false", "true": "true", "false": "false", "2": "true", "3": "false"}
    _read = {True: True, "True": True, "true": True, "2": True, "False": False, "false": False, "3": False, False: False}

    def format_value(self, value: Any) -> Any:
        """The option that stands for the value."""
        try:
            return self._shown[value]
        except (KeyError, TypeError):
            return "unknown"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool | None:
        """``True``, ``False`` or, for all else, ``None``."""
        return self._read.get(data.get(name))  # type: ignore[arg-type]


class SelectMultiple(Select):
    """``<select multiple>``."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The list of selected values."""
        return getattr(data, "getlist", data.get)(name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Never: browsers send nothing for a box without a selection."""
        return False


class RadioSelect(ChoiceWidget):
    """Radio buttons."""

    input_type = "radio"
    template_name = "django/forms/widgets/radio.html"
    option_template_name = "django/forms/widgets/radio_option.html"
    use_fieldset = True

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Empty for the whole: no label should choose the first button."""
        return "" if index is None else super().id_for_label(id_, index)


class CheckboxSelectMultiple(RadioSelect):
    """Checkboxes, any number of which may be checked."""

    allow_multiple_selected = True
    input_type = "checkbox"
    template_name = "django/forms/widgets/checkbox_select.html"
    option_template_name = "django/forms/widgets/checkbox_option.html"

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: browsers would then demand each box."""
        return False

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Never: browsers send nothing for unchecked boxes."""
        return False


