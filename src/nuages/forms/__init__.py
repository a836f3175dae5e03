"""Forms: HTML forms that render, read and validate themselves. See the forms documentation.

Model forms stand one floor up, in ``nuages.modelforms``; their names are handed on from here when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuages.exceptions import ValidationError
from nuages.forms.boundfield import BoundField
from nuages.forms.errors import ErrorDict, ErrorList
from nuages.forms.fields.choices import (
    ChoiceField, FilePathField, MultipleChoiceField, TypedChoiceField, TypedMultipleChoiceField,
)
from nuages.forms.fields.dates import DateField, DateTimeField, DurationField, TimeField
from nuages.forms.fields.field import Field
from nuages.forms.fields.files import FileField, ImageField
from nuages.forms.fields.multi import MultiValueField, SplitDateTimeField
from nuages.forms.fields.numbers import BooleanField, DecimalField, FloatField, IntegerField, NullBooleanField
from nuages.forms.fields.texts import (
    CharField, ComboField, EmailField, GenericIPAddressField, JSONField, RegexField, SlugField, URLField, UUIDField,
)
from nuages.forms.form import BaseForm, DeclarativeFieldsMetaclass, Form
from nuages.forms.formsets import BaseFormSet, all_valid, formset_factory
from nuages.forms.media import Media, MediaAsset, MediaDefiningClass, Script, Stylesheet, media_property
from nuages.forms.widgets.choices import CheckboxSelectMultiple, NullBooleanSelect, RadioSelect, Select, SelectMultiple
from nuages.forms.widgets.dates import SelectDateWidget
from nuages.forms.widgets.files import ClearableFileInput, FileInput
from nuages.forms.widgets.multi import MultipleHiddenInput, MultiWidget, SplitDateTimeWidget, SplitHiddenDateTimeWidget
from nuages.forms.widgets.widget import (
    CheckboxInput, ColorInput, DateInput, DateTimeInput, EmailInput, HiddenInput, NumberInput, PasswordInput,
    SearchInput, TelInput, Textarea, TextInput, TimeInput, URLInput, Widget,
)
from nuages.ondemand import on_demand

if TYPE_CHECKING:
    from nuages.modelforms import (
        ALL_FIELDS, BaseInlineFormSet, BaseModelForm, BaseModelFormSet, ModelChoiceField, ModelForm,
        ModelMultipleChoiceField, fields_for_model, inlineformset_factory, model_to_dict, modelform_factory,
        modelformset_factory,
    )
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "nuages.modelforms": (
                "ALL_FIELDS BaseInlineFormSet BaseModelForm BaseModelFormSet ModelChoiceField ModelForm "
                "ModelMultipleChoiceField fields_for_model inlineformset_factory model_to_dict modelform_factory "
                "modelformset_factory"
            ),
        },
        modules={"models": "nuages.modelforms"},
    )

__all__ = [
    "ALL_FIELDS", "BaseForm", "BaseFormSet", "BaseInlineFormSet", "BaseModelForm", "BaseModelFormSet", "BooleanField",
    "BoundField", "CharField", "CheckboxInput", "CheckboxSelectMultiple", "ChoiceField", "ClearableFileInput",
    "ColorInput", "ComboField", "DateField", "DateInput", "DateTimeField", "DateTimeInput", "DecimalField",
    "DeclarativeFieldsMetaclass", "DurationField", "EmailField", "EmailInput", "ErrorDict", "ErrorList", "Field",
    "FileField", "FileInput", "FilePathField", "FloatField", "Form", "GenericIPAddressField", "HiddenInput",
    "ImageField", "IntegerField", "JSONField", "Media", "MediaAsset", "MediaDefiningClass", "ModelChoiceField",
    "ModelForm", "ModelMultipleChoiceField", "MultiValueField", "MultiWidget", "MultipleChoiceField",
    "MultipleHiddenInput", "NullBooleanField", "NullBooleanSelect", "NumberInput", "PasswordInput", "RadioSelect",
    "RegexField", "Script", "SearchInput", "Select", "SelectDateWidget", "SelectMultiple", "SlugField",
    "SplitDateTimeField", "SplitDateTimeWidget", "SplitHiddenDateTimeWidget", "Stylesheet", "TelInput", "TextInput",
    "Textarea", "TimeField", "TimeInput", "TypedChoiceField", "TypedMultipleChoiceField", "URLField", "URLInput",
    "UUIDField", "ValidationError", "Widget", "all_valid", "fields_for_model", "formset_factory",
    "inlineformset_factory", "media_property", "model_to_dict", "modelform_factory", "modelformset_factory",
]
