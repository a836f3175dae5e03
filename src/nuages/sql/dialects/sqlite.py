"""SQLite's SQL. Functions called ``nu_…`` are Python functions of ``sqlite_functions``."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from nuages.conf import settings
from nuages.exceptions import FieldError
from nuages.i18n import timezone
from nuages.sql.dialects.operations import COMPARISONS, SQL, Operations, conflict_name
from nuages.sql.errors import NotSupportedError
from nuages.text.dateparse import parse_date, parse_datetime, parse_time

_FLOAT_CONTEXT = decimal.Context(prec=15)
_BITS = (0, 1)
_date_from = datetime.date.fromisoformat


class SQLiteOperations(Operations):
    """SQLite 3.37 and later."""

    cast_char_field_without_max_length = "text"
    cast_data_types: ClassVar[dict[str, str]] = {"DateField": "TEXT", "DateTimeField": "TEXT"}
    explain_prefix = "EXPLAIN QUERY PLAN"
    operators: ClassVar[dict[str, str]] = COMPARISONS | {
        **{
            case + name: r"LIKE %s ESCAPE '\'"
            for case in ("", "i")
            for name in ("contains", "startswith", "endswith")
        },
        "iexact": r"LIKE %s ESCAPE '\'", "regex": "REGEXP %s", "iregex": "REGEXP '(?i)' || %s",
    }
    # Patterns out of expressions, whose values the database itself has to escape.
    pattern_esc = r"REPLACE(REPLACE(REPLACE({}, '\', '\\'), '%%', '\%%'), '_', '\_')"
    pattern_ops: ClassVar[dict[str, str]] = {
        f"{prefix}{name}": rf"LIKE {sides.replace('X', value)} ESCAPE '\'"
        for prefix, value in (("", "{}"), ("i", "UPPER({})"))
        for name, sides in (("contains", "'%%' || X || '%%'"), ("startswith", "X || '%%'"), ("endswith", "'%%' || X"))
    }

    def integer_field_range(self, internal_type: str) -> tuple[int | None, int | None]:
        """All whole numbers are kept in 64 bits."""
        if "Positive" in internal_type:
            return 0, 9223372036854775807
        return -9223372036854775808, 9223372036854775807

    def check_expression_support(self, expression: Any) -> None:
        """Raises NotSupportedError for aggregates over dates and times, which are kept as text."""
        if type(expression).__name__ in ("Sum", "Avg", "Variance", "StdDev"):
            for source in expression.get_source_expressions():
                try:
                    kind = source.output_field.get_internal_type()
                except (AttributeError, FieldError):
                    continue
                if kind in ("DateField", "DateTimeField", "TimeField"):
                    raise NotSupportedError(
                        "SQLite keeps dates and times as text and cannot compute sums, averages, variances or deviations of them."
                    )

    # -- dates and times -------------------------------------------------------------------------------------------

    def _zone_params(self, tzname: str | None) -> tuple[Any, Any]:
        return (tzname, self.connection.timezone_name) if tzname and settings.USE_TZ else (None, None)

    def date_extract_sql(self, lookup_type: str, sql: str, params: Any) -> SQL:
        return f"nu_moment_extract(%s, {sql}, NULL, NULL)", (lookup_type.lower(), *params)

    def date_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> SQL:
        return f"nu_date_start(%s, {sql}, %s, %s)", (lookup_type.lower(), *params, *self._zone_params(tzname))

    def time_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> SQL:
        return f"nu_time_start(%s, {sql}, %s, %s)", (lookup_type.lower(), *params, *self._zone_params(tzname))

    def datetime_cast_date_sql(self, sql: str, params: Any, tzname: str | None) -> SQL:
        return f"nu_moment_date({sql}, %s, %s)", (*params, *self._zone_params(tzname))

    def datetime_cast_time_sql(self, sql: str, params: Any, tzname: str | None) -> SQL:
        return f"nu_moment_time({sql}, %s, %s)", (*params, *self._zone_params(tzname))

    def datetime_extract_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> SQL:
        return f"nu_moment_extract(%s, {sql}, %s, %s)", (lookup_type.lower(), *params, *self._zone_params(tzname))

    def datetime_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> SQL:
        return f"nu_moment_start(%s, {sql}, %s, %s)", (lookup_type.lower(), *params, *self._zone_params(tzname))

    def time_extract_sql(self, lookup_type: str, sql: str, params: Any) -> SQL:
        return f"nu_time_extract(%s, {sql})", (lookup_type.lower(), *params)

    def combine_expression(self, connector: str, sub_expressions: Sequence[str]) -> str:
        """SQLite has no power and no exclusive OR."""
        if connector == "^":
            return f"POWER({','.join(sub_expressions)})"
        if connector == "#":
            return f"nu_bitxor({','.join(sub_expressions)})"
        return super().combine_expression(connector, sub_expressions)

    def combine_duration_expression(self, connector: str, sub_expressions: Sequence[str], types: Any = None) -> str:
        """Raises DatabaseError for operators other than + - * /."""
        if connector not in ("+", "-", "*", "/"):
            raise self.connection.errors.DatabaseError(f"Invalid connector for timedelta: {connector}.")
        return f"nu_duration_math('{connector}', {', '.join(sub_expressions)})"

    def subtract_temporals(self, internal_type: str, lhs: SQL, rhs: SQL) -> SQL:
        name = "nu_time_difference" if internal_type == "TimeField" else "nu_moment_difference"
        return f"{name}({lhs[0]}, {rhs[0]})", (*lhs[1], *rhs[1])

    # -- values ----------------------------------------------------------------------------------------------------

    def get_db_converters(self, expression: Any) -> list[Any]:
        found = super().get_db_converters(expression)
        kind = expression.output_field.get_internal_type()
        if kind == "DecimalField":
            found.append(_decimal_converter(expression))
        else:
            found.extend(_CONVERTERS.get(kind, ()))
        return found

    # -- clauses ---------------------------------------------------------------------------------------------------

    def no_limit_value(self) -> int:
        return -1

    def pk_default_value(self) -> str:
        return "NULL"

    def insert_statement(self, on_conflict: Any = None) -> str:
        if conflict_name(on_conflict) == "ignore":
            return "INSERT OR IGNORE INTO"
        return super().insert_statement(on_conflict)

    def on_conflict_suffix_sql(self, fields: Any, on_conflict: Any, update_fields: Any, unique_fields: Any) -> str:
        if conflict_name(on_conflict) == "ignore":
            return ""
        return super().on_conflict_suffix_sql(fields, on_conflict, update_fields, unique_fields)

    def returning_columns(self, fields: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """SQLite names no tables in RETURNING."""
        if not fields:
            return "", ()
        return f"RETURNING {', '.join(self.quote_name(field.column) for field in fields)}", ()

    def for_update_sql(self, nowait: bool = False, skip_locked: bool = False, of: Sequence[str] = (), no_key: bool = False) -> str:
        """SQLite locks whole files."""
        return ""

    # -- sessions --------------------------------------------------------------------------------------------------

    def sql_flush(self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False) -> list[str]:
        if allow_cascade:
            tables = self._with_referring(tables)
        statements = [f"{style.SQL_KEYWORD('DELETE')} {style.SQL_KEYWORD('FROM')} {style.SQL_FIELD(self.quote_name(table))};" for table in tables]
        if reset_sequences and tables:
            statements.extend(self.sequence_reset_by_name_sql(style, [{"table": table} for table in tables]))
        return statements

    def _with_referring(self, tables: Sequence[str]) -> list[str]:
        """These tables, and those whose foreign keys lead to them, directly or not."""
        introspection = self.connection.introspection
        with self.connection.cursor() as cursor:
            targets = {
                name: {target for _, target, *_ in introspection.get_relations(cursor, name).values()}
                for name in introspection.table_names(cursor)
            }
        found = list(tables)
        for table in found:
            found.extend(name for name in targets if table in targets[name] and name not in found)
        return found

    def sequence_reset_by_name_sql(self, style: Any, sequences: Sequence[dict[str, Any]]) -> list[str]:
        if not sequences:
            return []
        names = ", ".join(f"'{item['table']}'" for item in sequences)
        quoted = self.quote_name("sqlite_sequence")
        return [
            f"{style.SQL_KEYWORD('UPDATE')} {style.SQL_TABLE(quoted)} {style.SQL_KEYWORD('SET')} {style.SQL_FIELD(self.quote_name('seq'))} = 0 "
            f"{style.SQL_KEYWORD('WHERE')} {style.SQL_FIELD(self.quote_name('name'))} {style.SQL_KEYWORD('IN')} ({names});"
        ]

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The statement with literals in place of parameters."""
        if not params:
            return sql
        if hasattr(params, "items"):
            return sql % {key: _literal(value) for key, value in params.items()}
        return sql % tuple(_literal(value) for value in params)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"X'{bytes(value).hex().upper()}'"
    return "'{}'".format(str(value).replace("'", "''"))


def _to_datetime(value: Any, expression: Any, connection: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, datetime.datetime):
        value = parse_datetime(value)
    if settings.USE_TZ and value is not None and value.tzinfo is None:
        zone = connection.timezone
        return value.replace(tzinfo=zone) if zone is datetime.UTC else timezone.make_aware(value, zone)
    return value


def _to_date(value: Any, expression: Any, connection: Any) -> Any:
    if value is None:
        return None
    try:
        return _date_from(value)
    except (TypeError, ValueError):  # a date already, or text in another form
        return value if isinstance(value, datetime.date) else parse_date(value)


def _to_time(value: Any, expression: Any, connection: Any) -> Any:
    if value is None or isinstance(value, datetime.time):
        return value
    return parse_time(value)


def _to_uuid(value: Any, expression: Any, connection: Any) -> Any:
    return None if value is None else uuid.UUID(value)


def _to_bool(value: Any, expression: Any, connection: Any) -> Any:
    return value == 1 if value in _BITS else value


def _plain_decimal(value: Any, expression: Any, connection: Any) -> Any:
    return None if value is None else _FLOAT_CONTEXT.create_decimal(value)


@lru_cache(maxsize=256)
def _quantizer(max_digits: int | None, decimal_places: int) -> Any:
    unit = decimal.Decimal(1).scaleb(-decimal_places)
    context = decimal.Context(prec=max_digits or 28)
    exact = _FLOAT_CONTEXT.create_decimal_from_float
    # A float that is the nearest one to a number of so few digits stands for that number, which its text then is.
    form = f"%.{decimal_places}f"
    limit = 10.0 ** (max_digits - decimal_places) if max_digits and max_digits <= 15 else 0.0
    made = decimal.Decimal

    def convert(value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, float):
            return made(value).quantize(unit, None, context)
        if -limit < value < limit and float(text := form % value) == value:
            return made(text)
        return exact(value).quantize(unit, None, context)

    return convert


def _decimal_converter(expression: Any) -> Any:
    field = getattr(expression, "target", None)
    if field is not None and getattr(field, "decimal_places", None) is not None:
        return _quantizer(field.max_digits, field.decimal_places)
    return _plain_decimal


_CONVERTERS: dict[str, tuple[Any, ...]] = {
    "DateTimeField": (_to_datetime,),
    "DateField": (_to_date,),
    "TimeField": (_to_time,),
    "UUIDField": (_to_uuid,),
    "BooleanField": (_to_bool,),
}
