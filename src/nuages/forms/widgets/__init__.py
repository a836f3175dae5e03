"""Widgets: the HTML side of fields. See the widgets reference."""

from nuages.forms.media import (
    MEDIA_TYPES, Media, MediaAsset, MediaDefiningClass, MediaOrderConflictWarning, Script, Stylesheet, media_property,
)
from nuages.forms.widgets.choices import (
    CheckboxSelectMultiple, ChoiceWidget, NullBooleanSelect, RadioSelect, Select, SelectMultiple,
)
from nuages.forms.widgets.dates import SelectDateWidget
from nuages.forms.widgets.files import FILE_INPUT_CONTRADICTION, ClearableFileInput, FileInput
from nuages.forms.widgets.multi import MultipleHiddenInput, MultiWidget, SplitDateTimeWidget, SplitHiddenDateTimeWidget
from nuages.forms.widgets.widget import (
    CheckboxInput, ColorInput, DateInput, DateTimeBaseInput, DateTimeInput, EmailInput, HiddenInput, Input,
    NumberInput, PasswordInput, SearchInput, TelInput, Textarea, TextInput, TimeInput, URLInput, Widget,
    boolean_check,
)

__all__ = [
    "FILE_INPUT_CONTRADICTION", "MEDIA_TYPES", "CheckboxInput", "CheckboxSelectMultiple", "ChoiceWidget",
    "ClearableFileInput", "ColorInput", "DateInput", "DateTimeBaseInput", "DateTimeInput", "EmailInput", "FileInput",
    "HiddenInput", "Input", "Media", "MediaAsset", "MediaDefiningClass", "MediaOrderConflictWarning", "MultiWidget",
    "MultipleHiddenInput", "NullBooleanSelect", "NumberInput", "PasswordInput", "RadioSelect", "Script",
    "SearchInput", "Select", "SelectDateWidget", "SelectMultiple", "SplitDateTimeWidget", "SplitHiddenDateTimeWidget",
    "Stylesheet", "TelInput", "TextInput", "Textarea", "TimeInput", "URLInput", "Widget", "boolean_check",
    "media_property",
]
