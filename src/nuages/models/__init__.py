"""Models: the tables of a project as classes (documentation: topics/db/models, ref/models)."""

from nuages.exceptions import ObjectDoesNotExist
from nuages.models import functions, registering, signals
from nuages.models.constraints import BaseConstraint, CheckConstraint, Deferrable, UniqueConstraint
from nuages.models.deletion import (
    CASCADE, DB_CASCADE, DB_SET_DEFAULT, DB_SET_NULL, DO_NOTHING, PROTECT, RESTRICT, SET, SET_DEFAULT, SET_NULL,
    ProtectedError, RestrictedError,
)
from nuages.models.enums import Choices, IntegerChoices, TextChoices
from nuages.models.fetch_modes import FETCH_ONE, FETCH_PEERS, FETCH_RAISE
from nuages.models.fields import (
    BLANK_CHOICE_DASH,
    NOT_PROVIDED, AutoField, BigAutoField, BigIntegerField, BinaryField, BooleanField, CharField,
    CommaSeparatedIntegerField, CompositePrimaryKey, DateField, DateTimeField, DecimalField, DurationField,
    EmailField, Field, FileField, FilePathField, FloatField, GeneratedField, GenericIPAddressField, ImageField,
    IntegerField, IPAddressField, JSONField, NullBooleanField, PositiveBigIntegerField, PositiveIntegerField,
    PositiveSmallIntegerField, SlugField, SmallAutoField, SmallIntegerField, TextField, TimeField, URLField,
    UUIDField,
)
from nuages.models.fields.json_keys import JSONNull
from nuages.models.indexes import Index
from nuages.models.manager import Manager
from nuages.models.model import DEFERRED, Model
from nuages.models.ordering import OrderWrt
from nuages.models.prefetch import Prefetch, aprefetch_related_objects, prefetch_related_objects
from nuages.models.queryset import QuerySet
from nuages.models.references import lazy_related_operation
from nuages.models.related import (
    ForeignKey, ForeignObject, ForeignObjectRel, ManyToManyField, ManyToManyRel, ManyToOneRel, OneToOneField,
    OneToOneRel,
)
from nuages.sql import aggregates, expressions, lookups
from nuages.sql.aggregates import (
    Aggregate, AnyValue, Avg, BitAnd, BitOr, BitXor, Count, Max, Min, StdDev, StringAgg, StringAggDelimiter, Sum,
    Variance,
)
from nuages.sql.expressions import (
    Case, Exists, Expression, ExpressionList, ExpressionWrapper, F, Func, OrderBy, OuterRef, RowRange, Subquery,
    Value, ValueRange, When, Window, WindowFrame, WindowFrameExclusion,
)
from nuages.sql.joins import FilteredRelation
from nuages.sql.lookups import Lookup, Transform
from nuages.sql.q import Q

__all__ = [
    "BLANK_CHOICE_DASH",
    "aggregates", "expressions", "lookups", "CASCADE", "DB_CASCADE", "DB_SET_DEFAULT", "DB_SET_NULL", "DEFERRED",
    "DO_NOTHING", "F", "FETCH_ONE", "FETCH_PEERS", "FETCH_RAISE", "NOT_PROVIDED", "PROTECT", "Q", "RESTRICT", "SET",
    "SET_DEFAULT", "SET_NULL", "Aggregate", "AnyValue", "AutoField", "Avg", "BaseConstraint", "BigAutoField",
    "BigIntegerField", "BinaryField", "BitAnd", "BitOr", "BitXor", "BooleanField", "Case", "CharField",
    "CheckConstraint", "Choices", "CommaSeparatedIntegerField", "CompositePrimaryKey", "Count", "DateField",
    "DateTimeField", "DecimalField", "Deferrable", "DurationField", "EmailField", "Exists", "Expression",
    "ExpressionList", "ExpressionWrapper", "Field", "FileField", "FilePathField", "FilteredRelation", "FloatField",
    "ForeignKey", "ForeignObject", "ForeignObjectRel", "Func", "GeneratedField", "GenericIPAddressField",
    "IPAddressField", "ImageField", "Index", "IntegerChoices", "IntegerField", "JSONField", "JSONNull", "Lookup",
    "Manager", "ManyToManyField", "ManyToManyRel", "ManyToOneRel", "Max", "Min", "Model", "NullBooleanField",
    "ObjectDoesNotExist", "OneToOneField", "OneToOneRel", "OrderBy", "OrderWrt", "OuterRef",
    "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField", "Prefetch", "ProtectedError",
    "QuerySet", "RestrictedError", "RowRange", "SlugField", "SmallAutoField", "SmallIntegerField", "StdDev",
    "StringAgg", "StringAggDelimiter", "Subquery", "Sum", "TextChoices", "TextField", "TimeField", "Transform",
    "URLField", "UUIDField", "UniqueConstraint", "Value", "ValueRange", "Variance", "When", "Window", "WindowFrame",
    "WindowFrameExclusion", "aprefetch_related_objects", "functions", "lazy_related_operation",
    "prefetch_related_objects", "registering", "signals",
]
