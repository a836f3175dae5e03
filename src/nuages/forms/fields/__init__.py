"""Form fields. See the fields reference."""

from nuages.forms.boundfield import BoundField
from nuages.forms.fields.choices import (
    ChoiceField, FilePathField, MultipleChoiceField, TypedChoiceField, TypedMultipleChoiceField,
)
from nuages.forms.fields.dates import (
    BaseTemporalField, DateField, DateTimeField, DateTimeFormatsIterator, DurationField, TimeField,
)
from nuages.forms.fields.field import Field
from nuages.forms.fields.files import FileField, ImageField
from nuages.forms.fields.multi import MultiValueField, SplitDateTimeField
from nuages.forms.fields.numbers import BooleanField, DecimalField, FloatField, IntegerField, NullBooleanField
from nuages.forms.fields.texts import (
    CharField, ComboField, EmailField, GenericIPAddressField, InvalidJSONInput, JSONField, JSONString, RegexField,
    SlugField, URLField, UUIDField,
)
from nuages.forms.widgets.files import FILE_INPUT_CONTRADICTION
from nuages.validators import EMPTY_VALUES

__all__ = [
    "EMPTY_VALUES", "FILE_INPUT_CONTRADICTION", "BaseTemporalField", "BooleanField", "BoundField", "CharField",
    "ChoiceField", "ComboField", "DateField", "DateTimeField", "DateTimeFormatsIterator", "DecimalField",
    "DurationField", "EmailField", "Field", "FileField", "FilePathField", "FloatField", "GenericIPAddressField",
    "ImageField", "IntegerField", "InvalidJSONInput", "JSONField", "JSONString", "MultiValueField",
    "MultipleChoiceField", "NullBooleanField", "RegexField", "SlugField", "SplitDateTimeField", "TimeField",
    "TypedChoiceField", "TypedMultipleChoiceField", "URLField", "UUIDField",
]
