"""Column types, check constraints and operators of MariaDB and MySQL, as data (documentation: ref/databases)."""

from __future__ import annotations

from nuages.db.backends.columns import numbered, spread

data_types = spread(
    {
        "smallint": "SmallIntegerField",
        "integer": "IntegerField",
        "bigint": "BigIntegerField DurationField",
        "smallint UNSIGNED": "PositiveSmallIntegerField",
        "integer UNSIGNED": "PositiveIntegerField",
        "bigint UNSIGNED": "PositiveBigIntegerField",
        "smallint AUTO_INCREMENT": "SmallAutoField",
        "integer AUTO_INCREMENT": "AutoField",
        "bigint AUTO_INCREMENT": "BigAutoField",
        "bool": "BooleanField",
        "double precision": "FloatField",
        "numeric(%(max_digits)s, %(decimal_places)s)": "DecimalField",
        "date": "DateField",
        "datetime(6)": "DateTimeField",
        "time(6)": "TimeField",
        "longtext": "TextField",
        "varchar(%(max_length)s)": "CharField FileField FilePathField SlugField",
        "char(15)": "IPAddressField",
        "char(32)": "UUIDField",
        "char(39)": "GenericIPAddressField",
        "json": "JSONField",
        "longblob": "BinaryField",
    }
)

data_type_check_constraints = dict.fromkeys(
    ("PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField"), "`%(column)s` >= 0"
)

LIMITED_DATA_TYPES = (*(f"{size}{kind}" for kind in ("blob", "text") for size in ("tiny", "", "medium", "long")), "json")
"""Types that can have neither an index nor a default."""

# Type numbers of the protocol, as introspection meets them.
FIELD_TYPES = numbered(
    {
        "BigIntegerField": (8,),
        "CharField": (253, 254),
        "DateField": (10,),
        "DateTimeField": (7, 12),
        "DecimalField": (0, 246),
        "FloatField": (4, 5),
        "IntegerField": (1, 3, 9),
        "JSONField": (245,),
        "SmallIntegerField": (2,),
        "TextField": (249, 250, 251, 252),
        "TimeField": (11,),
    }
)

AUTO_FIELDS = {"IntegerField": "AutoField", "BigIntegerField": "BigAutoField", "SmallIntegerField": "SmallAutoField"}
UNSIGNED_FIELDS = {
    "BigIntegerField": "PositiveBigIntegerField",
    "IntegerField": "PositiveIntegerField",
    "SmallIntegerField": "PositiveSmallIntegerField",
}
