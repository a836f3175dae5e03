"""Column types, check constraints and operators of SQLite, as data (documentation: ref/databases)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def _varchar(attributes: Mapping[str, Any]) -> str:
    length = attributes["max_length"]
    return "varchar" if length is None else f"varchar({length})"


data_types: dict[str, Any] = {
    "AutoField": "integer",
    "BigAutoField": "integer",
    "BigIntegerField": "bigint",
    "BinaryField": "BLOB",
    "BooleanField": "bool",
    "CharField": _varchar,
    "DateField": "date",
    "DateTimeField": "datetime",
    "DecimalField": "decimal",
    "DurationField": "bigint",
    "FileField": "varchar(%(max_length)s)",
    "FilePathField": "varchar(%(max_length)s)",
    "FloatField": "real",
    "GenericIPAddressField": "char(39)",
    "IPAddressField": "char(15)",
    "IntegerField": "integer",
    "JSONField": "text",
    "PositiveBigIntegerField": "bigint unsigned",
    "PositiveIntegerField": "integer unsigned",
    "PositiveSmallIntegerField": "smallint unsigned",
    "SlugField": "varchar(%(max_length)s)",
    "SmallAutoField": "integer",
    "SmallIntegerField": "smallint",
    "TextField": "text",
    "TimeField": "time",
    "UUIDField": "char(32)",
}

data_types_suffix = dict.fromkeys(("AutoField", "BigAutoField", "SmallAutoField"), "AUTOINCREMENT")

data_type_check_constraints = {
    "JSONField": '(JSON_VALID("%(column)s") OR "%(column)s" IS NULL)',
    "PositiveBigIntegerField": '"%(column)s" >= 0',
    "PositiveIntegerField": '"%(column)s" >= 0',
    "PositiveSmallIntegerField": '"%(column)s" >= 0',
}

_LIKE = r"LIKE %s ESCAPE '\'"

operators = {
    "exact": "= %s",
    "iexact": _LIKE,
    "contains": _LIKE,
    "icontains": _LIKE,
    "regex": "REGEXP %s",
    "iregex": "REGEXP '(?i)' || %s",
    "gt": "> %s",
    "gte": ">= %s",
    "lt": "< %s",
    "lte": "<= %s",
    "startswith": _LIKE,
    "endswith": _LIKE,
    "istartswith": _LIKE,
    "iendswith": _LIKE,
}

# The right side is an expression here, whose value has to be escaped by the database itself.
pattern_esc = r"REPLACE(REPLACE(REPLACE({}, '\', '\\'), '%%', '\%%'), '_', '\_')"
pattern_ops = {
    "contains": r"LIKE '%%' || {} || '%%' ESCAPE '\'",
    "icontains": r"LIKE '%%' || UPPER({}) || '%%' ESCAPE '\'",
    "startswith": r"LIKE {} || '%%' ESCAPE '\'",
    "istartswith": r"LIKE UPPER({}) || '%%' ESCAPE '\'",
    "endswith": r"LIKE '%%' || {} ESCAPE '\'",
    "iendswith": r"LIKE '%%' || UPPER({}) ESCAPE '\'",
}

# What a declared type means to introspection, in lower case and without a length.
FIELD_TYPES = {
    "bool": "BooleanField",
    "boolean": "BooleanField",
    "smallint": "SmallIntegerField",
    "smallint unsigned": "PositiveSmallIntegerField",
    "smallinteger": "SmallIntegerField",
    "int": "IntegerField",
    "integer": "IntegerField",
    "bigint": "BigIntegerField",
    "integer unsigned": "PositiveIntegerField",
    "bigint unsigned": "PositiveBigIntegerField",
    "decimal": "DecimalField",
    "real": "FloatField",
    "text": "TextField",
    "char": "CharField",
    "varchar": "CharField",
    "blob": "BinaryField",
    "date": "DateField",
    "datetime": "DateTimeField",
    "time": "TimeField",
}
