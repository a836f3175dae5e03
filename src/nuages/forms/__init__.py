"""Forms: HTML forms that render, read and validate themselves. See the forms documentation.

Model forms stand one floor up, in ``nuages.modelforms``; their names are handed on from here when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nuages.conf import names
from nuages.exceptions import ValidationError
from nuages.forms.boundfield import BoundField
from nuages.forms.errors import ErrorDict, ErrorList
from nuages.forms.fields.choices import (
    ChoiceField, FilePathField, MultipleChoiceField, TypedChoiceField, TypedMultipleChoiceField,
)
from nuages.forms.fields.dates import (
    DateField,
    DateTimeField,
    DurationField,
    TimeField,
)
from nuages.forms.fields.field import (
    Field,
)
from nuages.forms.fields.files import (
    FileField,
    ImageField,
)
from nuages.forms.fields.multi import (
    MultiValueField,
    SplitDateTimeField,
)
from nuages.forms.fields.numbers import (
    BooleanField, DecimalField, FloatField, IntegerField, NullBooleanField,
)
from nuages.forms.fields.texts import (
    CharField, ComboField, EmailField, GenericIPAddressField, JSONField, RegexField, SlugField, URLField, UUIDField,
)
from nuages.forms.form import BaseForm, DeclarativeFieldsMetaclass, Form
from nuages.forms.formsets import BaseFormSet, all_valid, formset_factory
from nuages.forms.media import (
    Media, MediaAsset, MediaDefiningClass, Script, Stylesheet, media_property,
)
from nuages.forms.widgets.choices import (
    CheckboxSelectMultiple, NullBooleanSelect, RadioSelect, Select, SelectMultiple,
)
from nuages.forms.widgets.dates import (
    SelectDateWidget,
)
from nuages.forms.widgets.files import (
    ClearableFileInput,
    FileInput,
)
from nuages.forms.widgets.multi import (
    MultipleHiddenInput,
    MultiWidget,
    SplitDateTimeWidget,
    SplitHiddenDateTimeWidget,
)
from nuages.forms.widgets.widget import (
    CheckboxInput, ColorInput, DateInput, DateTimeInput, EmailInput, HiddenInput, NumberInput, PasswordInput,
    SearchInput, TelInput, Textarea, TextInput, TimeInput, URLInput, Widget,
)

if TYPE_CHECKING:
    from nuages.modelforms import (
        ALL_FIELDS, BaseInlineFormSet, BaseModelForm, BaseModelFormSet, ModelChoiceField, ModelForm,
        ModelMultipleChoiceField, fields_for_model, inlineformset_factory, model_to_dict, modelform_factory,
        modelformset_factory,
    )

#: names of ``nuages.modelforms`` that the documentation places here
_MODEL_NAMES = (
    "ALL_FIELDS",
    "BaseInlineFormSet",
    "BaseModelForm",
    "BaseModelFormSet",
    "ModelChoiceField",
    "ModelForm",
    "ModelMultipleChoiceField",
    "fields_for_model",
    "inlineformset_factory",
    "model_to_dict",
    "modelform_factory",
    "modelformset_factory",
)


def __getattr__(name: str) -> Any:
    if name in _MODEL_NAMES:
        value = names.import_string(f"nuages.modelforms.{name}")
    elif name == "models":
        value = import_module("nuages.modelforms")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODEL_NAMES, "models"})


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
