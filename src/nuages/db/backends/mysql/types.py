"""Column types, check constraints and operators of MariaDB and MySQL, as data (documentation: ref/databases)."""

from __future__ import annotations

from typing import Any

data_types: dict[str, Any] = {
    "AutoField": "integer AUTO_INCREMENT",
    "BigAutoField": "bigint AUTO_INCREMENT",
    "BigIntegerField": "bigint",
    "BinaryField": "longblob",
    "BooleanField": "bool",
    "CharField": "varchar(%(max_length)s)",
    "DateField": "date",
    "DateTimeField": "datetime(6)",
    "DecimalField": "numeric(%(max_digits)s, %(decimal_places)s)",
    "DurationField": "bigint",
    "FileField": "varchar(%(max_length)s)",
    "FilePathField": "varchar(%(max_length)s)",
    "FloatField": "double precision",
    "GenericIPAddressField": "char(39)",
    "IPAddressField": "char(15)",
    "IntegerField": "integer",
    "JSONField": "json",
    "PositiveBigIntegerField": "bigint UNSIGNED",
    "PositiveIntegerField": "integer UNSIGNED",
    "PositiveSmallIntegerField": "smallint UNSIGNED",
    "SlugField": "varchar(%(max_length)s)",
    "SmallAutoField": "smallint AUTO_INCREMENT",
    "SmallIntegerField": "smallint",
    "TextField": "longtext",
    "TimeField": "time(6)",
    "UUIDField": "char(32)",
}

data_type_check_constraints = dict.fromkeys(
    ("PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField"), "`%(column)s` >= 0"
)

LIMITED_DATA_TYPES = (
    "tinyblob",
    "blob",
    "mediumblob",
    "longblob",
    "tinytext",
    "text",
    "mediumtext",
    "longtext",
    "json",
)
"""Types that can have neither an index nor a default."""

operators = {
    "exact": "= %s",
    "iexact": "LIKE %s",
    "contains": "LIKE BINARY %s",
    "icontains": "LIKE %s",
    "gt": "> %s",
    "gte": ">= %s",
    "lt": "< %s",
    "lte": "<= %s",
    "startswith": "LIKE BINARY %s",
    "endswith": "LIKE BINARY %s",
    "istartswith": "LIKE %s",
    "iendswith": "LIKE %s",
}

# The right side is an expression here, whose value has to be escaped by the database itself.
pattern_esc = r"REPLACE(REPLACE(REPLACE({}, '\\', '\\\\'), '%%', '\%%'), '_', '\_')"
pattern_ops = {
    "contains": "LIKE BINARY CONCAT('%%', {}, '%%')",
    "icontains": "LIKE CONCAT('%%', {}, '%%')",
    "startswith": "LIKE BINARY CONCAT({}, '%%')",
    "istartswith": "LIKE CONCAT({}, '%%')",
    "endswith": "LIKE BINARY CONCAT('%%', {})",
    "iendswith": "LIKE CONCAT('%%', {})",
}

# Type numbers of the protocol, as introspection meets them.
FIELD_TYPES = {
    0: "DecimalField",
    1: "IntegerField",
    2: "SmallIntegerField",
    3: "IntegerField",
    4: "FloatField",
    5: "FloatField",
    7: "DateTimeField",
    8: "BigIntegerField",
    9: "IntegerField",
    10: "DateField",
    11: "TimeField",
    12: "DateTimeField",
    245: "JSONField",
    246: "DecimalField",
    249: "TextField",
    250: "TextField",
    251: "TextField",
    252: "TextField",
    253: "CharField",
    254: "CharField",
}

AUTO_FIELDS = {"IntegerField": "AutoField", "BigIntegerField": "BigAutoField", "SmallIntegerField": "SmallAutoField"}
UNSIGNED_FIELDS = {
    "BigIntegerField": "PositiveBigIntegerField",
    "IntegerField": "PositiveIntegerField",
    "SmallIntegerField": "PositiveSmallIntegerField",
}
