"""A date in three select boxes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nuages.forms.widgets.choices import Select
from nuages.forms.widgets.widget import Attrs, Widget
from nuages.i18n import formats
from nuages.i18n.dates import MONTHS

_ISO = re.compile(r"(\d{4}|0)-(\d\d?)-(\d\d?)$")
# The letters of a date format that stand for each part, as the format reference lists them.
_LETTERS = {**dict.fromkeys("yYo", "year"), **dict.fromkeys("bEFMmNn", "month"), **dict.fromkeys("dj", "day")}


class SelectDateWidget(Widget):
    """Select boxes for month, day and year, in the order of the active locale's date format.

    ``years`` and ``months`` limit what they offer; ``empty_label`` is the text of the empty option, or three of them
    (year, month, day).
    """

    template_name = "django/forms/widgets/select_date.html"
    input_type = "select"
    use_fieldset = True
    select_widget = Select
    none_value = ("", "---")
    date_re = _ISO
    year_field, month_field, day_field = "%s_year", "%s_month", "%s_day"

    def __init__(
        self,
        attrs: Attrs = None,
        years: Any = None,
        months: Mapping[int, Any] | None = None,
        empty_label: Any = None,
    ) -> None:
        super().__init__(attrs)
        if years:
            self.years = years
        else:
            this_year = datetime.date.today().year
            self.years = range(this_year, this_year + 10)
        self.months: Mapping[int, Any] | dict[int, str] = months or MONTHS
        if isinstance(empty_label, (list, tuple)):
            if len(empty_label) != 3:
                raise ValueError("empty_label list/tuple must have 3 elements.")
            self.year_none_value, self.month_none_value, self.day_none_value = (("", label) for label in empty_label)
        else:
            if empty_label is not None:
                self.none_value = ("", empty_label)
            self.year_none_value = self.month_none_value = self.day_none_value = self.none_value

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """Adds ``subwidgets``: the context of each box, in the locale's order."""
        context = super().get_context(name, value, attrs)
        choices = {
            "year": ([(year, str(year)) for year in self.years], self.year_none_value),
            "month": (list(self.months.items()), self.month_none_value),
            "day": ([(day, day) for day in range(1, 32)], self.day_none_value),
        }
        shared = context["widget"]["attrs"]
        chosen = context["widget"]["value"]
        parts = []
        for part in self._parse_date_fmt():
            options, nothing = choices[part]
            box_name = getattr(self, f"{part}_field") % name
            own = {**shared, "id": f"id_{box_name}"}
            if not self.is_required:
                options = [nothing, *options]
            box = self.select_widget(attrs, choices=options)
            parts.append(box.get_context(box_name, chosen[part], own)["widget"])
        context["widget"]["subwidgets"] = parts
        return context

    def format_value(self, value: Any) -> dict[str, Any]:
        """Year, month and day; from text too, also when there is no such date."""
        found: dict[str, Any] = dict.fromkeys(("year", "month", "day"))
        if isinstance(value, (datetime.date, datetime.datetime)):
            return {"year": value.year, "month": value.month, "day": value.day}
        if isinstance(value, str):
            match = self.date_re.match(value)
            if match:
                # Zeros stand for the parts that were left empty.
                return {part: int(digits) or "" for part, digits in zip(found, match.groups(), strict=True)}
            try:
                parsed = datetime.datetime.strptime(value, formats.get_format("DATE_INPUT_FORMATS")[0])
            except ValueError:
                return found
            return {"year": parsed.year, "month": parsed.month, "day": parsed.day}
        return found

    @staticmethod
    def _parse_date_fmt() -> Iterator[str]:
        escaped = False
        seen: set[str] = set()
        for letter in formats.get_format("DATE_FORMAT"):
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            else:
                part = _LETTERS.get(letter)
                if part and part not in seen:
                    seen.add(part)
                    yield part

    def id_for_label(self, id_: str) -> str:
        """The ``id`` of the first box."""
        for part in self._parse_date_fmt():
            return f"{id_}_{part}"
        return f"{id_}_month"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The date as the locale writes it; as ISO text with zeros for what is missing or impossible."""
        year, month, day = (data.get(field % name) for field in (self.year_field, self.month_field, self.day_field))
        if year == month == day == "":
            return None
        if year is None or month is None or day is None:
            return data.get(name)
        written = formats.sanitize_strftime_format(formats.get_format("DATE_INPUT_FORMATS")[0])
        try:
            return datetime.date(int(year), int(month), int(day)).strftime(written)
        except ValueError:
            return f"{year or 0}-{month or 0}-{day or 0}"
        except OverflowError:
            return "0-0-0"

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether all three boxes are left out."""
        return not any(field % name in data for field in (self.year_field, self.month_field, self.day_field))
