"""The fields of models."""

from nuages.models.fields.binary import BinaryField
from nuages.models.fields.composite import CompositePrimaryKey
from nuages.models.fields.field import Field
from nuages.models.fields.files import FileField, ImageField
from nuages.models.fields.generated import GeneratedField
from nuages.models.fields.json import JSONField
from nuages.models.fields.markers import BLANK_CHOICE_DASH, NOT_PROVIDED
from nuages.models.fields.numbers import (
    AutoField, AutoFieldMixin, BigAutoField, BigIntegerField, BooleanField, DecimalField, FloatField, IntegerField,
    NullBooleanField, PositiveBigIntegerField, PositiveIntegerField, PositiveSmallIntegerField, SmallAutoField,
    SmallIntegerField,
)
from nuages.models.fields.text import (
    CharField, CommaSeparatedIntegerField, EmailField, FilePathField, GenericIPAddressField, IPAddressField,
    SlugField, TextField, URLField, UUIDField,
)
from nuages.models.fields.times import DateField, DateTimeField, DurationField, TimeField

__all__ = [
    "BLANK_CHOICE_DASH", "NOT_PROVIDED", "AutoField", "AutoFieldMixin", "BigAutoField", "BigIntegerField",
    "BinaryField", "BooleanField", "CharField", "CommaSeparatedIntegerField", "CompositePrimaryKey", "DateField",
    "DateTimeField", "DecimalField", "DurationField", "EmailField", "Field", "FileField", "FilePathField",
    "FloatField", "GeneratedField", "GenericIPAddressField", "IPAddressField", "ImageField", "IntegerField",
    "JSONField", "NullBooleanField", "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField",
    "SlugField", "SmallAutoField", "SmallIntegerField", "TextField", "TimeField", "URLField", "UUIDField",
]
