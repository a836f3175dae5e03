"""MySQL's and MariaDB's SQL."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from nuages.conf import settings
from nuages.i18n import timezone
from nuages.sql.dialects.operations import COMPARISONS, SQL, Operations, conflict_name, split_tzname_delta

_EXTRACT_UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "WEEK"})
_DATE_SHAPES = {"year": "%%Y-01-01", "month": "%%Y-%%m-01"}
_TIME_SHAPES = {"hour": "%%H:00:00", "minute": "%%H:%%i:00", "second": "%%H:%%i:%%s"}


class MySQLOperations(Operations):
    """MariaDB 10.11, MySQL 8.4 and later."""

    integer_field_ranges: ClassVar[dict[str, tuple[int, int]]] = Operations.integer_field_ranges | {
        f"Positive{size}Field": (0, 2**bits - 1) for size, bits in (("SmallInteger", 16), ("Integer", 32), ("BigInteger", 64))
    }
    cast_data_types: ClassVar[dict[str, str]] = {
        **{f"{size}{kind}Field": "signed integer" for size in ("Small", "", "Big") for kind in ("Integer", "Auto")},
        **{f"Positive{size}IntegerField": "unsigned integer" for size in ("Small", "", "Big")},
        "DurationField": "signed integer",
        "TextField": "char",
        "CharField": "char(%(max_length)s)",
        "DecimalField": "decimal(%(max_digits)s, %(decimal_places)s)",
    }
    cast_char_field_without_max_length = "char"
    explain_prefix = "EXPLAIN"
    operators: ClassVar[dict[str, str]] = COMPARISONS | {
        **dict.fromkeys(("iexact", "icontains", "istartswith", "iendswith"), "LIKE %s"),
        **dict.fromkeys(("contains", "startswith", "endswith"), "LIKE BINARY %s"),
    }
    # Patterns out of expressions, whose values the database itself has to escape.
    pattern_esc = r"REPLACE(REPLACE(REPLACE({}, '\\', '\\\\'), '%%', '\%%'), '_', '\_')"
    pattern_ops: ClassVar[dict[str, str]] = {
        f"{prefix}{name}": f"LIKE {binary}CONCAT({sides})"
        for prefix, binary in (("", "BINARY "), ("i", ""))
        for name, sides in (("contains", "'%%', {}, '%%'"), ("startswith", "{}, '%%'"), ("endswith", "'%%', {}"))
    }

    def quote_name(self, name: str) -> str:
        if name.startswith("`") and name.endswith("`"):
            return name
        return f"`{name}`"

    def max_name_length(self) -> int:
        return 64

    def lookup_cast(self, lookup_type: str, internal_type: str | None = None) -> str:
        if internal_type == "JSONField" and self.connection.mysql_is_mariadb and lookup_type == "exact":
            return "%s"
        return "JSON_UNQUOTE(%s)" if internal_type == "JSONField" and self.connection.mysql_is_mariadb else "%s"

    def regex_lookup(self, lookup_type: str) -> str:
        if self.connection.mysql_is_mariadb:
            return "%s REGEXP BINARY %s" if lookup_type == "regex" else "%s REGEXP %s"
        return f"REGEXP_LIKE(%s, %s, '{'c' if lookup_type == 'regex' else 'i'}')"

    # -- dates and times -------------------------------------------------------------------------------------------

    def _in_zone(self, sql: str, params: Any, tzname: str | None) -> SQL:
        if tzname and settings.USE_TZ and self.connection.timezone_name != tzname:
            zones = []
            for name in (self.connection.timezone_name, tzname):
                _, sign, offset = split_tzname_delta(name)
                zones.append(f"{sign}{offset}" if offset else name)
            return f"CONVERT_TZ({sql}, %s, %s)", (*params, *zones)
        return sql, params

    def date_extract_sql(self, lookup_type: str, sql: str, params: Any) -> SQL:
        special = {
            "week_day": f"DAYOFWEEK({sql})",
            "iso_week_day": f"WEEKDAY({sql}) + 1",
            "week": f"WEEK({sql}, 3)",
            "iso_year": f"TRUNCATE(YEARWEEK({sql}, 3), -2) / 100",
        }
        if lookup_type in special:
            return special[lookup_type], params
        unit = lookup_type.upper()
        if unit not in _EXTRACT_UNITS:
            raise ValueError(f"Invalid lookup type: {lookup_type!r}")
        return f"EXTRACT({unit} FROM {sql})", params

    def date_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        if lookup_type in _DATE_SHAPES:
            return f"CAST(DATE_FORMAT({sql}, '{_DATE_SHAPES[lookup_type]}') AS DATE)", params
        if lookup_type == "quarter":
            return f"MAKEDATE(YEAR({sql}), 1) + INTERVAL QUARTER({sql}) QUARTER - INTERVAL 1 QUARTER", (*params, *params)
        if lookup_type == "week":
            return f"DATE_SUB({sql}, INTERVAL WEEKDAY({sql}) DAY)", (*params, *params)
        return f"DATE({sql})", params

    def datetime_cast_date_sql(self, sql: str, params: Any, tzname: str | None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        return f"DATE({sql})", params

    def datetime_cast_time_sql(self, sql: str, params: Any, tzname: str | None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        return f"TIME({sql})", params

    def datetime_extract_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        return self.date_extract_sql(lookup_type, sql, params)

    def datetime_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        if lookup_type == "quarter":
            start = f"MAKEDATE(YEAR({sql}), 1) + INTERVAL QUARTER({sql}) QUARTER - INTERVAL 1 QUARTER"
            return f"CAST(DATE_FORMAT({start}, '%%Y-%%m-01 00:00:00') AS DATETIME)", (*params, *params)
        if lookup_type == "week":
            start = f"DATE_SUB({sql}, INTERVAL WEEKDAY({sql}) DAY)"
            return f"CAST(DATE_FORMAT({start}, '%%Y-%%m-%%d 00:00:00') AS DATETIME)", (*params, *params)
        shapes = {**{name: f"{shape} 00:00:00" for name, shape in _DATE_SHAPES.items()}, "day": "%%Y-%%m-%%d 00:00:00"}
        shapes.update({name: f"%%Y-%%m-%%d {shape}" for name, shape in _TIME_SHAPES.items()})
        if lookup_type not in shapes:
            raise ValueError(f"Invalid lookup type: {lookup_type!r}")
        return f"CAST(DATE_FORMAT({sql}, '{shapes[lookup_type]}') AS DATETIME)", params

    def time_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        if lookup_type in _TIME_SHAPES:
            return f"CAST(DATE_FORMAT({sql}, '{_TIME_SHAPES[lookup_type]}') AS TIME)", params
        return f"TIME({sql})", params

    def format_for_duration_arithmetic(self, sql: str) -> str:
        return f"INTERVAL {sql} MICROSECOND"

    def combine_expression(self, connector: str, sub_expressions: Sequence[str]) -> str:
        if connector == "^":
            return f"POW({','.join(sub_expressions)})"
        if connector in ("&", "|", "<<", "#"):
            return f"CONVERT({f' {connector} '.join(sub_expressions).replace(' # ', ' ^ ')}, SIGNED)"
        if connector == ">>":
            left, right = sub_expressions
            return f"FLOOR({left} / POW(2, {right}))"
        return super().combine_expression(connector, sub_expressions)

    def combine_duration_expression(self, connector: str, sub_expressions: Sequence[str], types: Any = None) -> str:
        left, right = sub_expressions
        if connector not in ("+", "-"):
            # A duration alone is a number: that of its microseconds.
            left, right = (side.removeprefix("INTERVAL ").removesuffix(" MICROSECOND") for side in sub_expressions)
        elif types is not None and types[0] == "DurationField":
            left, right = right, left
        return f"{left} {connector} {right}"

    def subtract_temporals(self, internal_type: str, lhs: SQL, rhs: SQL) -> SQL:
        (left, left_params), (right, right_params) = lhs, rhs
        if internal_type == "TimeField":
            if self.connection.mysql_is_mariadb:
                return (
                    f"CAST((TIME_TO_SEC({left}) - TIME_TO_SEC({right})) * 1000000 + MICROSECOND({left}) - MICROSECOND({right}) AS SIGNED)",
                    (*left_params, *right_params, *left_params, *right_params),
                )
            return (
                f"((TIME_TO_SEC({left}) * 1000000 + MICROSECOND({left})) - (TIME_TO_SEC({right}) * 1000000 + MICROSECOND({right})))",
                (*left_params, *left_params, *right_params, *right_params),
            )
        return f"TIMESTAMPDIFF(MICROSECOND, {right}, {left})", (*right_params, *left_params)

    # -- values ----------------------------------------------------------------------------------------------------

    def adapt_timefield_value(self, value: Any) -> Any:
        if isinstance(value, datetime.time) and value.tzinfo is None:
            return value.isoformat(timespec="microseconds")
        return super().adapt_timefield_value(value)

    def validate_autopk_value(self, value: Any) -> Any:
        if value == 0 and not self.connection.features.allows_auto_pk_0:
            raise ValueError("An AutoField cannot hold 0 here: the database would take it for the next number.")
        return value

    def get_db_converters(self, expression: Any) -> list[Any]:
        found = super().get_db_converters(expression)
        kind = expression.output_field.get_internal_type()
        if kind == "BooleanField":
            found.append(_to_bool)
        elif kind == "DateTimeField":
            found.append(_to_aware)
        elif kind == "UUIDField":
            found.append(_to_uuid)
        return found

    # -- clauses ---------------------------------------------------------------------------------------------------

    def force_no_ordering_sql(self) -> str:
        return "ORDER BY NULL"

    def no_limit_value(self) -> int:
        return 18446744073709551615

    def insert_statement(self, on_conflict: Any = None) -> str:
        return "INSERT IGNORE INTO" if conflict_name(on_conflict) == "ignore" else "INSERT INTO"

    def on_conflict_suffix_sql(self, fields: Any, on_conflict: Any, update_fields: Any, unique_fields: Any) -> str:
        if conflict_name(on_conflict) != "update":
            return ""
        if self.connection.mysql_is_mariadb:
            assigned = ", ".join(f"{name} = VALUE({name})" for name in update_fields)
            return f"ON DUPLICATE KEY UPDATE {assigned}"
        assigned = ", ".join(f"{name} = new.{name}" for name in update_fields)
        return f"AS new ON DUPLICATE KEY UPDATE {assigned}"

    def returning_columns(self, fields: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        if not fields:
            return "", ()
        return f"RETURNING {', '.join(self.quote_name(field.column) for field in fields)}", ()

    def explain_query_prefix(self, format: str | None = None, **options: Any) -> str:
        analyze = options.pop("analyze", False)
        if format and format.upper() == "TEXT":
            format = "TRADITIONAL"
        prefix = super().explain_query_prefix(format, **options)
        if analyze:
            prefix = "ANALYZE" if self.connection.mysql_is_mariadb else f"{prefix} ANALYZE"
        if format and not (analyze and not self.connection.mysql_is_mariadb):
            prefix += f" FORMAT={format}"
        return prefix

    # -- sessions --------------------------------------------------------------------------------------------------

    def sql_flush(self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False) -> list[str]:
        if not tables:
            return []
        word = "TRUNCATE" if reset_sequences else "DELETE FROM"
        statements = ["SET FOREIGN_KEY_CHECKS = 0;"]
        statements += [f"{style.SQL_KEYWORD(word)} {style.SQL_FIELD(self.quote_name(table))};" for table in tables]
        return [*statements, "SET FOREIGN_KEY_CHECKS = 1;"]

    def sequence_reset_by_name_sql(self, style: Any, sequences: Sequence[dict[str, Any]]) -> list[str]:
        return [f"ALTER TABLE {self.quote_name(item['table'])} AUTO_INCREMENT = 1;" for item in sequences]

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        sent = getattr(cursor, "_executed", None)
        if sent is None:
            return super().last_executed_query(cursor, sql, params)
        return sent.decode(errors="replace") if isinstance(sent, bytes) else str(sent)


def _to_bool(value: Any, expression: Any, connection: Any) -> Any:
    return bool(value) if value in (0, 1) else value


def _to_aware(value: Any, expression: Any, connection: Any) -> Any:
    # The server gives text where it compared moments with text.
    if not isinstance(value, datetime.datetime) or value.tzinfo is not None or not settings.USE_TZ:
        return value
    return timezone.make_aware(value, connection.timezone)


def _to_uuid(value: Any, expression: Any, connection: Any) -> Any:
    return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)
