"""Tells the SQL engine the field classes, by the names under which expressions ask for them."""

from __future__ import annotations

from nuages.models import conditions, fields, related
from nuages.sql import outputs, related_lookups, tuple_lookups

NAMES = (
    "AutoField", "BigAutoField", "BigIntegerField", "BinaryField", "BooleanField", "CharField", "CompositePrimaryKey", "DateField",
    "DateTimeField", "DecimalField", "DurationField", "EmailField", "Field", "FileField", "FilePathField", "FloatField",
    "GeneratedField", "GenericIPAddressField", "ImageField", "IntegerField", "JSONField", "PositiveBigIntegerField",
    "PositiveIntegerField", "PositiveSmallIntegerField", "SlugField", "SmallAutoField", "SmallIntegerField", "TextField",
    "TimeField", "URLField", "UUIDField",
)
RELATIONS = ("ForeignKey", "ForeignObject", "ManyToManyField", "OneToOneField", "RelatedField")

#: Look-ups attach themselves to the classes when these come.
LOOKUPS = (related_lookups, tuple_lookups, conditions)

for name in NAMES:
    outputs.register(name, getattr(fields, name))
for name in RELATIONS:
    outputs.register(name, getattr(related, name))
