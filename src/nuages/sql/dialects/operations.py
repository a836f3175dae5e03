"""How a database spells things: the emit functions and value adaptations behind ``connection.ops``.

``Operations`` is the SQL standard where there is one; ``sqlite``, ``postgresql`` and ``mysql`` override what differs. Nothing here
talks to a database.
"""

from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Iterable, Sequence
from types import NoneType
from typing import Any, ClassVar

from nuages.conf import settings
from nuages.i18n import timezone
from nuages.sql.errors import NotSupportedError
from nuages.sql.keeping import keeps_all

SQL = tuple[str, Any]

COMPARISONS = {"exact": "= %s", "gt": "> %s", "gte": ">= %s", "lt": "< %s", "lte": "<= %s"}
"""The operators that all databases share."""


def split_tzname_delta(tzname: str) -> tuple[str, str | None, str | None]:
    """``"UTC+05:30"`` → ``("UTC", "+", "05:30")``; names without an offset give None twice."""
    for sign in ("+", "-"):
        if sign in tzname:
            name, offset = tzname.rsplit(sign, 1)
            if offset and _is_time(offset):
                return name, sign, offset
    return tzname, None, None


def _is_time(text: str) -> bool:
    parts = text.split(":")
    return all(part.isdigit() for part in parts)


class Operations:
    """SQL of one kind of database. ``connection`` gives time zone, features and vendor."""

    integer_field_ranges: ClassVar[dict[str, tuple[int, int]]] = {
        name.format(size): (low * 2 ** (bits - 1), 2 ** (bits - 1) - 1)
        for size, bits in (("Small", 16), ("", 32), ("Big", 64))
        for name, low in (("{}IntegerField", -1), ("{}AutoField", -1), ("Positive{}IntegerField", 0))
    }
    set_operators: ClassVar[dict[str, str]] = {"union": "UNION", "intersection": "INTERSECT", "difference": "EXCEPT"}
    cast_data_types: ClassVar[dict[str, str]] = {}
    cast_char_field_without_max_length: ClassVar[str | None] = None
    operators: ClassVar[dict[str, str]] = {}
    pattern_ops: ClassVar[dict[str, str]] = {}
    pattern_esc: ClassVar[str] = ""
    PRECEDING = "PRECEDING"
    FOLLOWING = "FOLLOWING"
    UNBOUNDED_PRECEDING = "UNBOUNDED PRECEDING"
    UNBOUNDED_FOLLOWING = "UNBOUNDED FOLLOWING"
    CURRENT_ROW = "CURRENT ROW"
    explain_prefix: ClassVar[str | None] = None
    compiler_module = "nuages.sql.compiler"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__} vendor={getattr(self.connection, 'vendor', None)!r}>"

    # -- names -----------------------------------------------------------------------------------------------------

    def quote_name(self, name: str) -> str:
        """The name in quotes, unless it has them already."""
        if name.startswith('"') and name.endswith('"'):
            return name
        return f'"{name}"'

    def max_name_length(self) -> int | None:
        """The longest name, in characters; None without a limit."""
        return None

    def tablespace_sql(self, tablespace: str, inline: bool = False) -> str:
        """The clause that puts a table or index into a tablespace."""
        return ""

    # -- values ----------------------------------------------------------------------------------------------------

    def integer_field_range(self, internal_type: str) -> tuple[int | None, int | None]:
        """The least and greatest number of a column type."""
        return self.integer_field_ranges.get(internal_type, (None, None))

    @keeps_all
    def validate_autopk_value(self, value: Any) -> Any:
        """A primary key as it may be written. Raises ValueError where the database refuses it."""
        return value

    def adapt_unknown_value(self, value: Any) -> Any:
        """A value whose field is not known, by its Python type."""
        if isinstance(value, datetime.datetime):
            return self.adapt_datetimefield_value(value)
        if isinstance(value, datetime.date):
            return self.adapt_datefield_value(value)
        if isinstance(value, datetime.time):
            return self.adapt_timefield_value(value)
        if isinstance(value, decimal.Decimal):
            return self.adapt_decimalfield_value(value)
        return value

    @keeps_all
    def adapt_integerfield_value(self, value: Any, internal_type: str) -> Any:
        """A whole number for the driver."""
        return value

    def adapt_datefield_value(self, value: Any) -> Any:
        """A date for the driver."""
        return None if value is None else str(value)

    def adapt_datetimefield_value(self, value: Any) -> Any:
        """A moment for the driver. Raises ValueError for an aware one where neither database nor settings know zones."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return str(self._naive(value))

    def _naive(self, value: datetime.datetime) -> datetime.datetime:
        if value.tzinfo is None or value.utcoffset() is None:
            return value
        if not settings.USE_TZ:
            name = getattr(self.connection, "display_name", self.connection.vendor)
            raise ValueError(f"{name} backend does not support timezone-aware datetimes when USE_TZ is False.")
        return value.astimezone(self.connection.timezone).replace(tzinfo=None)

    def adapt_timefield_value(self, value: Any) -> Any:
        """A time of day for the driver. Raises ValueError for aware ones."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if value.tzinfo is not None:
            raise ValueError("Timezone-aware times are not supported.")
        return str(value)

    def adapt_decimalfield_value(self, value: Any, max_digits: int | None = None, decimal_places: int | None = None) -> Any:
        """A decimal for the driver, which takes them as they are: the column rounds."""
        return value

    def adapt_ipaddressfield_value(self, value: Any) -> Any:
        """An IP address for the driver."""
        return value or None

    def adapt_json_value(self, value: Any, encoder: Any) -> Any:
        """A JSON value for the driver."""
        return json.dumps(value, cls=encoder)

    def year_lookup_bounds_for_date_field(self, value: int, iso_year: bool = False) -> list[Any]:
        """The first and last day of a year."""
        if iso_year:
            first = datetime.date.fromisocalendar(value, 1, 1)
            second = datetime.date.fromisocalendar(value + 1, 1, 1) - datetime.timedelta(days=1)
        else:
            first, second = datetime.date(value, 1, 1), datetime.date(value, 12, 31)
        return [self.adapt_datefield_value(first), self.adapt_datefield_value(second)]

    def year_lookup_bounds_for_datetime_field(self, value: int, iso_year: bool = False) -> list[Any]:
        """The first and last moment of a year in the current time zone."""
        if iso_year:
            first = datetime.datetime.fromisocalendar(value, 1, 1)
            second = datetime.datetime.fromisocalendar(value + 1, 1, 1) - datetime.timedelta(microseconds=1)
        else:
            first = datetime.datetime(value, 1, 1)
            second = datetime.datetime(value, 12, 31, 23, 59, 59, 999999)
        if settings.USE_TZ:
            zone = self.current_zone()
            first, second = first.replace(tzinfo=zone), second.replace(tzinfo=zone)
        return [self.adapt_datetimefield_value(first), self.adapt_datetimefield_value(second)]

    def current_zone(self) -> Any:
        """The active time zone."""
        return timezone.get_current_timezone()

    def get_db_converters(self, expression: Any) -> list[Any]:
        """Functions that turn the driver's values into Python ones, by the expression's type."""
        return []

    def convert_durationfield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Microseconds to a timedelta."""
        return None if value is None else datetime.timedelta(0, 0, int(value))

    # -- lookups ---------------------------------------------------------------------------------------------------

    def lookup_cast(self, lookup_type: str, internal_type: str | None = None) -> str:
        """A template around the left-hand side of a lookup."""
        return "%s"

    def prep_for_like_query(self, value: Any) -> str:
        """A text with LIKE's own characters escaped."""
        return str(value).replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")

    prep_for_iexact_query = prep_for_like_query

    def regex_lookup(self, lookup_type: str) -> str:
        """A template of a regular expression match, with two place-holders for its sides."""
        raise NotImplementedError("This database has operators for regular expressions.")

    def max_in_list_size(self) -> int | None:
        """The longest list that IN takes."""
        return None

    def conditional_expression_supported_in_where_clause(self, expression: Any) -> bool:
        """Whether a boolean expression may stand alone as a condition."""
        return True

    def negated_sql(self, expression: Any, sql: str) -> str:
        """NOT of a condition."""
        return f"NOT {sql}"

    def format_for_select(self, field: Any, sql: str) -> str:
        """A condition in a SELECT list."""
        return sql

    # -- clauses ---------------------------------------------------------------------------------------------------

    def distinct_sql(self, fields: Sequence[str], params: Sequence[Any]) -> tuple[list[str], list[Any]]:
        """DISTINCT. Raises NotSupportedError for DISTINCT ON."""
        if fields:
            raise NotSupportedError("DISTINCT ON fields is not supported by this database backend")
        return ["DISTINCT"], []

    def force_no_ordering_sql(self) -> str:
        """What keeps GROUP BY from sorting."""
        return ""

    def for_update_sql(self, nowait: bool = False, skip_locked: bool = False, of: Sequence[str] = (), no_key: bool = False) -> str:
        """The row lock."""
        return "FOR{} UPDATE{}{}{}".format(
            " NO KEY" if no_key else "",
            f" OF {', '.join(of)}" if of else "",
            " NOWAIT" if nowait else "",
            " SKIP LOCKED" if skip_locked else "",
        )

    def check_lock_allowed(self, connection: Any) -> None:
        """Raises TransactionManagementError outside of a transaction, where a lock would end at once."""
        if connection.get_autocommit():
            raise connection.transaction_error("select_for_update cannot be used outside of a transaction.")

    def _limit_offset(self, low_mark: int, high_mark: int | None) -> tuple[int | None, int]:
        offset = low_mark or 0
        if high_mark is not None:
            return high_mark - offset, offset
        return (self.no_limit_value() if offset else None), offset

    def no_limit_value(self) -> int | None:
        """What LIMIT takes for all rows; None where OFFSET may stand alone."""
        return None

    def limit_offset_sql(self, low_mark: int, high_mark: int | None) -> str:
        """LIMIT and OFFSET."""
        limit, offset = self._limit_offset(low_mark, high_mark)
        return " ".join(part for part in (f"LIMIT {limit}" if limit is not None else "", f"OFFSET {offset}" if offset else "") if part)

    def nulls_ordering_template(self, template: str, nulls_first: bool, descending: bool) -> str:
        """The template of an ORDER BY term that says where NULL goes."""
        features = self.connection.features
        if features.supports_order_by_nulls_modifier:
            return f"{template} NULLS {'FIRST' if nulls_first else 'LAST'}"
        if nulls_first and not (features.order_by_nulls_first and not descending):
            return f"%(expression)s IS NOT NULL, {template}"
        if not nulls_first and not (descending and features.order_by_nulls_first):
            return f"%(expression)s IS NULL, {template}"
        return template

    def insert_statement(self, on_conflict: Any = None) -> str:
        """INSERT INTO, or what leaves out rows in conflict."""
        return "INSERT INTO"

    def on_conflict_suffix_sql(self, fields: Any, on_conflict: Any, update_fields: Iterable[str], unique_fields: Iterable[str]) -> str:
        """What happens to rows in conflict. ``on_conflict``: ``"ignore"``, ``"update"`` or None."""
        kind = conflict_name(on_conflict)
        if kind == "ignore":
            return "ON CONFLICT DO NOTHING"
        if kind == "update":
            assigned = ", ".join(f"{name} = EXCLUDED.{name}" for name in update_fields)
            return f"ON CONFLICT({', '.join(unique_fields)}) DO UPDATE SET {assigned}"
        return ""

    def returning_columns(self, fields: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """RETURNING, with parameters."""
        if not fields:
            return "", ()
        columns = [f"{self.quote_name(field.model._meta.db_table)}.{self.quote_name(field.column)}" for field in fields]
        return f"RETURNING {', '.join(columns)}", ()

    def pk_default_value(self) -> str:
        """The primary key of a row without values."""
        return "DEFAULT"

    def last_insert_id(self, cursor: Any, table_name: str, pk_name: str) -> Any:
        """The key that the last INSERT made."""
        return cursor.lastrowid

    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """How many rows one statement takes."""
        limit = self.connection.features.max_query_params
        if not limit or not fields:
            return len(objs)
        width = sum(len(getattr(field, "fields", ())) or 1 for field in fields)
        return max(1, int(limit) // max(1, width))

    def explain_query_prefix(self, format: str | None = None, **options: Any) -> str:
        """EXPLAIN. Raises NotSupportedError or ValueError for formats and options that are unknown."""
        features = self.connection.features
        if not features.supports_explaining_query_execution:
            message = "This backend does not support explaining query execution."
            raise NotSupportedError(message)
        if format:
            supported = features.supported_explain_formats
            if format.upper() not in supported:
                known = f" Allowed formats: {', '.join(sorted(supported))}" if supported else f" {self.connection.display_name} does not support any formats."
                raise ValueError(f"{format.upper()} is not a recognized format.{known}")
        if options:
            self.check_explain_options(options)
        return self.explain_prefix or "EXPLAIN"

    def check_explain_options(self, options: dict[str, Any]) -> None:
        """Raises ValueError for options that are unknown."""
        raise ValueError(f"Unknown options: {', '.join(sorted(options))}")

    # -- expressions -----------------------------------------------------------------------------------------------

    def equal_columns_sql(self, left: str, left_field: Any, right: str, right_field: Any) -> str:
        """The condition that joins two tables by a column of each."""
        return f"{left} = {right}"

    def check_expression_support(self, expression: Any) -> None:
        """Raises NotSupportedError for expressions that this database cannot compute."""

    def combine_expression(self, connector: str, sub_expressions: Sequence[str]) -> str:
        """Operands joined by an operator."""
        return f" {connector} ".join(sub_expressions)

    def combine_duration_expression(self, connector: str, sub_expressions: Sequence[str], types: Any = None) -> str:
        """Durations and moments joined by an operator."""
        return self.combine_expression(connector, sub_expressions)

    def format_for_duration_arithmetic(self, sql: str) -> str:
        """A duration as an operand."""
        return sql

    def subtract_temporals(self, internal_type: str, lhs: SQL, rhs: SQL) -> SQL:
        """The duration between two moments."""
        left, left_params = lhs
        right, right_params = rhs
        return f"({left} - {right})", (*left_params, *right_params)

    def unification_cast_sql(self, output_field: Any) -> str:
        """A template around expressions whose branches must have one type."""
        return "%s"

    def window_frame_start(self, start: Any) -> str:
        """The first bound of a window's frame."""
        return self._bound(start, self.UNBOUNDED_PRECEDING)

    def window_frame_end(self, end: Any) -> str:
        """The last bound of a window's frame."""
        return self._bound(end, self.UNBOUNDED_FOLLOWING)

    def _bound(self, value: Any, unbounded: str) -> str:
        if value is None:
            return unbounded
        if not isinstance(value, int):
            raise ValueError(f"A window frame is bounded by whole numbers or None, not by {value!r}.")
        if value == 0:
            return self.CURRENT_ROW
        return f"{abs(value)} {self.PRECEDING if value < 0 else self.FOLLOWING}"

    def window_frame_rows_start_end(self, start: Any = None, end: Any = None) -> tuple[str, str]:
        """The bounds of a frame of rows. Raises NotSupportedError or ValueError for frames that cannot be."""
        if isinstance(start, int) and isinstance(end, int) and start > end:
            raise ValueError("start cannot be greater than end.")
        for name, bound in (("start", start), ("end", end)):
            if not isinstance(bound, (int, NoneType)):
                raise ValueError(f"{name} argument must be an integer, zero, or None, but got '{bound}'.")
        return self.window_frame_start(start), self.window_frame_end(end)

    def window_frame_range_start_end(self, start: Any = None, end: Any = None) -> tuple[str, str]:
        """The bounds of a frame of values."""
        if start is not None and (not isinstance(start, int) or start > 0):
            raise ValueError(f"start argument must be a negative integer, zero, or None, but got '{start}'.")
        if end is not None and (not isinstance(end, int) or end < 0):
            raise ValueError(f"end argument must be a positive integer, zero, or None, but got '{end}'.")
        features = self.connection.features
        bounds = self.window_frame_start(start), self.window_frame_end(end)
        if features.only_supports_unbounded_with_preceding_and_following and ((start and start < 0) or (end and end > 0)):
            raise NotSupportedError(
                f"{self.connection.display_name} only supports UNBOUNDED together with PRECEDING and FOLLOWING."
            )
        return bounds

    # -- dates and times: each takes and gives (sql, params) -----------------------------------------------------------

    def date_extract_sql(self, lookup_type: str, sql: str, params: Any) -> SQL:
        """A part of a date as a number."""
        raise NotImplementedError

    def date_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> SQL:
        """The first day of a date's year, month, …"""
        raise NotImplementedError

    def datetime_cast_date_sql(self, sql: str, params: Any, tzname: str | None) -> SQL:
        """The date of a moment in a time zone."""
        raise NotImplementedError

    def datetime_cast_time_sql(self, sql: str, params: Any, tzname: str | None) -> SQL:
        """The time of day of a moment in a time zone."""
        raise NotImplementedError

    def datetime_extract_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> SQL:
        """A part of a moment as a number."""
        raise NotImplementedError

    def datetime_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> SQL:
        """The first moment of a moment's year, month, …"""
        raise NotImplementedError

    def time_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> SQL:
        """The first moment of a time's hour, minute or second."""
        raise NotImplementedError

    def time_extract_sql(self, lookup_type: str, sql: str, params: Any) -> SQL:
        """A part of a time of day as a number."""
        return self.date_extract_sql(lookup_type, sql, params)

    # -- sessions and scripts ------------------------------------------------------------------------------------------

    def savepoint_create_sql(self, sid: str) -> str:
        """SAVEPOINT."""
        return f"SAVEPOINT {self.quote_name(sid)}"

    def savepoint_commit_sql(self, sid: str) -> str:
        """RELEASE SAVEPOINT."""
        return f"RELEASE SAVEPOINT {self.quote_name(sid)}"

    def savepoint_rollback_sql(self, sid: str) -> str:
        """ROLLBACK TO SAVEPOINT."""
        return f"ROLLBACK TO SAVEPOINT {self.quote_name(sid)}"

    def set_time_zone_sql(self) -> str:
        """What sets the session's time zone; empty where there is none."""
        return ""

    def start_transaction_sql(self) -> str:
        """BEGIN."""
        return "BEGIN;"

    def end_transaction_sql(self, success: bool = True) -> str:
        """COMMIT or ROLLBACK."""
        return "COMMIT;" if success else "ROLLBACK;"

    def deferrable_sql(self) -> str:
        """The end of a foreign key's definition that checks it at COMMIT."""
        return ""

    def autoinc_sql(self, table: str, column: str) -> list[str] | None:
        """Statements that make a column count by itself."""
        return None

    def sql_flush(self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False) -> list[str]:
        """Statements that empty tables."""
        raise NotImplementedError

    def execute_sql_flush(self, sql_list: Sequence[str]) -> None:
        """Run the statements of ``sql_flush`` in one transaction."""
        with self.connection.atomic():
            for sql in sql_list:
                self.connection.execute(sql)

    def sequence_reset_by_name_sql(self, style: Any, sequences: Sequence[dict[str, Any]]) -> list[str]:
        """Statements that set sequences back to their start."""
        return []

    def sequence_reset_sql(self, style: Any, model_list: Sequence[Any]) -> list[str]:
        """Statements that set sequences to the greatest key of their tables."""
        return []

    def prepare_sql_script(self, sql: str) -> list[str]:
        """A script as single statements, without comments."""
        return [statement + ";" for statement in split_statements(sql)]

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The statement with its parameters, for the log."""
        if not params:
            return str(sql)
        values = {key: str(value) for key, value in params.items()} if hasattr(params, "items") else tuple(str(value) for value in params)
        return f"QUERY = {sql!r} - PARAMS = {values!r}"

    def compose_sql(self, sql: str, params: Any) -> str:
        """The statement with its parameters put in."""
        raise NotImplementedError

    def format_debug_sql(self, sql: str) -> str:
        """A statement for the log of queries."""
        return sql

    def process_clob(self, value: Any) -> Any:
        """A long text as the driver gives it."""
        return value


def conflict_name(on_conflict: Any) -> str | None:
    """``"ignore"`` or ``"update"``, from the name itself or an enumeration of it."""
    if on_conflict is None:
        return None
    return str(getattr(on_conflict, "value", on_conflict)).lower()


def split_statements(script: str) -> list[str]:
    """The statements of a script; semicolons in quotes and comments do not count, comments are dropped."""
    found: list[str] = []
    current: list[str] = []
    position, size = 0, len(script)
    while position < size:
        char = script[position]
        if char in "'\"`":
            end = script.find(char, position + 1)
            end = size if end < 0 else end + 1
            current.append(script[position:end])
            position = end
        elif script.startswith("--", position):
            end = script.find("\n", position)
            position = size if end < 0 else end
        elif script.startswith("/*", position):
            end = script.find("*/", position)
            position = size if end < 0 else end + 2
        elif char == ";":
            found.append("".join(current).strip())
            current = []
            position += 1
        else:
            current.append(char)
            position += 1
    found.append("".join(current).strip())
    return [statement for statement in found if statement]


__all__ = ["COMPARISONS", "Operations", "conflict_name", "split_statements", "split_tzname_delta"]
