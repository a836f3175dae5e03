"""Column types, check constraints and operators of SQLite, as data (documentation: ref/databases)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nuages.db.backends.columns import spread


def _varchar(attributes: Mapping[str, Any]) -> str:
    length = attributes["max_length"]
    return "varchar" if length is None else f"varchar({length})"


data_types = spread(
    {
        "integer": "AutoField BigAutoField IntegerField SmallAutoField",
        "smallint": "SmallIntegerField",
        "bigint": "BigIntegerField DurationField",
        "smallint unsigned": "PositiveSmallIntegerField",
        "integer unsigned": "PositiveIntegerField",
        "bigint unsigned": "PositiveBigIntegerField",
        "bool": "BooleanField",
        "real": "FloatField",
        "decimal": "DecimalField",
        "date": "DateField",
        "datetime": "DateTimeField",
        "time": "TimeField",
        "text": "JSONField TextField",
        "varchar(%(max_length)s)": "FileField FilePathField SlugField",
        "char(15)": "IPAddressField",
        "char(32)": "UUIDField",
        "char(39)": "GenericIPAddressField",
        "BLOB": "BinaryField",
    }
) | {"CharField": _varchar}

data_types_suffix = dict.fromkeys(("AutoField", "BigAutoField", "SmallAutoField"), "AUTOINCREMENT")

data_type_check_constraints = {
    "JSONField": '(JSON_VALID("%(column)s") OR "%(column)s" IS NULL)',
    "PositiveBigIntegerField": '"%(column)s" >= 0',
    "PositiveIntegerField": '"%(column)s" >= 0',
    "PositiveSmallIntegerField": '"%(column)s" >= 0',
}

# What a declared type means to introspection, in lower case and without a length.
FIELD_TYPES = {
    declared: field
    for field, types in {
        "BigIntegerField": ["bigint"],
        "BinaryField": ["blob"],
        "BooleanField": ["bool", "boolean"],
        "CharField": ["char", "varchar"],
        "DateField": ["date"],
        "DateTimeField": ["datetime"],
        "DecimalField": ["decimal"],
        "FloatField": ["real"],
        "IntegerField": ["int", "integer"],
        "PositiveBigIntegerField": ["bigint unsigned"],
        "PositiveIntegerField": ["integer unsigned"],
        "PositiveSmallIntegerField": ["smallint unsigned"],
        "SmallIntegerField": ["smallint", "smallinteger"],
        "TextField": ["text"],
        "TimeField": ["time"],
    }.items()
    for declared in types
}
