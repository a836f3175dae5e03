"""PostgreSQL's SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from nuages.conf import settings
from nuages.sql.dialects.operations import COMPARISONS, SQL, Operations, split_tzname_delta
from nuages.sql.keeping import keeps_all

try:
    from psycopg.types.json import Jsonb
except ImportError:
    Jsonb = None  # type: ignore[assignment, misc]

_TEXT_LOOKUPS = frozenset({"iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "regex", "iregex"})
_UPPER_LOOKUPS = frozenset({"iexact", "icontains", "istartswith", "iendswith"})
_EXTRACT = {"week_day": "DOW", "iso_week_day": "ISODOW", "iso_year": "ISOYEAR"}
_UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "DOW", "ISODOW", "ISOYEAR"})


class PostgreSQLOperations(Operations):
    """PostgreSQL 15 and later."""

    cast_char_field_without_max_length = "varchar"
    explain_prefix = "EXPLAIN"
    explain_options: ClassVar[frozenset[str]] = frozenset(
        {"ANALYZE", "BUFFERS", "COSTS", "GENERIC_PLAN", "MEMORY", "SETTINGS", "SERIALIZE", "SUMMARY", "TIMING", "VERBOSE", "WAL"}
    )
    cast_data_types: ClassVar[dict[str, str]] = {"AutoField": "integer", "BigAutoField": "bigint", "SmallAutoField": "smallint"}
    operators: ClassVar[dict[str, str]] = COMPARISONS | {
        **dict.fromkeys(("contains", "startswith", "endswith"), "LIKE %s"),
        **dict.fromkeys(("icontains", "istartswith", "iendswith"), "LIKE UPPER(%s)"),
        "iexact": "= UPPER(%s)", "regex": "~ %s", "iregex": "~* %s",
    }
    # Patterns out of expressions, whose values the database itself has to escape.
    pattern_esc = r"REPLACE(REPLACE(REPLACE({}, E'\\', E'\\\\'), E'%%', E'\\%%'), E'_', E'\\_')"
    pattern_ops: ClassVar[dict[str, str]] = {
        f"{prefix}{name}": f"LIKE {sides.replace('X', value)}"
        for prefix, value in (("", "{}"), ("i", "UPPER({})"))
        for name, sides in (("contains", "'%%' || X || '%%'"), ("startswith", "X || '%%'"), ("endswith", "'%%' || X"))
    }

    def unification_cast_sql(self, output_field: Any) -> str:
        """Branches of type unknown are cast where PostgreSQL would take them for text."""
        if output_field.get_internal_type() in ("GenericIPAddressField", "IPAddressField", "TimeField", "UUIDField"):
            return f"CAST(%s AS {output_field.db_type(self.connection).split('(')[0]})"
        return "%s"

    def max_name_length(self) -> int:
        return 63

    def tablespace_sql(self, tablespace: str, inline: bool = False) -> str:
        prefix = "USING INDEX TABLESPACE" if inline else "TABLESPACE"
        return f"{prefix} {self.quote_name(tablespace)}"

    def prep_for_iexact_query(self, value: Any) -> Any:  # type: ignore[override]
        """Nothing is escaped: the comparison is no LIKE."""
        return value

    def lookup_cast(self, lookup_type: str, internal_type: str | None = None) -> str:
        template = "%s"
        if lookup_type in _TEXT_LOOKUPS:
            address = internal_type in ("IPAddressField", "GenericIPAddressField")
            template = "HOST(%s)" if address else "%s::text"
            if lookup_type in _UPPER_LOOKUPS:
                template = f"UPPER({template})"
        return template

    # -- dates and times -------------------------------------------------------------------------------------------

    def _in_zone(self, sql: str, params: Any, tzname: str | None) -> SQL:
        if tzname and settings.USE_TZ:
            name, sign, offset = split_tzname_delta(tzname)
            if offset:
                tzname = f"{name}{'-' if sign == '+' else '+'}{offset}"
            return f"{sql} AT TIME ZONE %s", (*params, tzname)
        return sql, params

    def _unit(self, lookup_type: str) -> str:
        unit = _EXTRACT.get(lookup_type, lookup_type.upper())
        if unit not in _UNITS:
            raise ValueError(f"Invalid lookup type: {lookup_type!r}")
        return unit

    def date_extract_sql(self, lookup_type: str, sql: str, params: Any) -> SQL:
        unit = self._unit(lookup_type)
        if unit == "DOW":
            return f"EXTRACT(DOW FROM {sql}) + 1", params
        if unit == "SECOND":
            return f"EXTRACT(SECOND FROM DATE_TRUNC('second', {sql}))", params
        return f"EXTRACT({unit} FROM {sql})", params

    def date_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        return f"DATE_TRUNC(%s, {sql})", (lookup_type, *params)

    def datetime_cast_date_sql(self, sql: str, params: Any, tzname: str | None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        return f"({sql})::date", params

    def datetime_cast_time_sql(self, sql: str, params: Any, tzname: str | None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        return f"({sql})::time", params

    def datetime_extract_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        return self.date_extract_sql(lookup_type, sql, params)

    def datetime_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None) -> SQL:
        return self.date_trunc_sql(lookup_type, sql, params, tzname)

    def time_extract_sql(self, lookup_type: str, sql: str, params: Any) -> SQL:
        if lookup_type == "second":
            return f"EXTRACT(SECOND FROM DATE_TRUNC('second', {sql}))", params
        return self.date_extract_sql(lookup_type, sql, params)

    def time_trunc_sql(self, lookup_type: str, sql: str, params: Any, tzname: str | None = None) -> SQL:
        sql, params = self._in_zone(sql, params, tzname)
        return f"DATE_TRUNC(%s, {sql})::time", (lookup_type, *params)

    def equal_columns_sql(self, left: str, left_field: Any, right: str, right_field: Any) -> str:
        """Keys that are kept as text (generic ones, for instance) are compared as text: the server converts nothing itself."""
        texts = [(field.db_type(self.connection) or "").startswith(("varchar", "text")) for field in (left_field, right_field)]
        if texts == [True, False]:
            right = f"{right}::text"
        elif texts == [False, True]:
            left = f"{left}::text"
        return f"{left} = {right}"

    def subtract_temporals(self, internal_type: str, lhs: SQL, rhs: SQL) -> SQL:
        if internal_type == "DateField":
            return f"(interval '1 day' * ({lhs[0]} - {rhs[0]}))", (*lhs[1], *rhs[1])
        return super().subtract_temporals(internal_type, lhs, rhs)

    # -- values: psycopg knows these types -------------------------------------------------------------------------

    @keeps_all
    def adapt_datefield_value(self, value: Any) -> Any:
        return value

    def adapt_datetimefield_value(self, value: Any) -> Any:
        return value

    def adapt_timefield_value(self, value: Any) -> Any:
        return value

    def adapt_decimalfield_value(self, value: Any, max_digits: int | None = None, decimal_places: int | None = None) -> Any:
        return value

    def adapt_ipaddressfield_value(self, value: Any) -> Any:
        return value or None

    def adapt_json_value(self, value: Any, encoder: Any) -> Any:
        return Jsonb(value, dumps=partial(json.dumps, cls=encoder) if encoder else None)

    # -- clauses ---------------------------------------------------------------------------------------------------

    def distinct_sql(self, fields: Sequence[str], params: Sequence[Any]) -> tuple[list[str], list[Any]]:
        if fields:
            return [f"DISTINCT ON ({', '.join(fields)})"], list(params)
        return ["DISTINCT"], []

    def check_explain_options(self, options: dict[str, Any]) -> None:
        unknown = {name for name in options if name.upper() not in self.explain_options}
        if unknown:
            super().check_explain_options({name: options[name] for name in unknown})

    def explain_query_prefix(self, format: str | None = None, **options: Any) -> str:
        prefix = super().explain_query_prefix(format, **options)
        extra = {name.upper(): "true" if value else "false" for name, value in options.items()}
        if format:
            extra["FORMAT"] = format.upper()
        return f"{prefix} ({', '.join(f'{name} {value}' for name, value in extra.items())})" if extra else prefix

    # -- sessions --------------------------------------------------------------------------------------------------

    def set_time_zone_sql(self) -> str:
        return "SELECT set_config('TimeZone', %s, false)"

    def deferrable_sql(self) -> str:
        return " DEFERRABLE INITIALLY DEFERRED"

    def sql_flush(self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False) -> list[str]:
        if not tables:
            return []
        names = ", ".join(style.SQL_FIELD(self.quote_name(table)) for table in tables)
        parts = [style.SQL_KEYWORD("TRUNCATE"), names]
        if reset_sequences:
            parts.append(style.SQL_KEYWORD("RESTART IDENTITY"))
        if allow_cascade:
            parts.append(style.SQL_KEYWORD("CASCADE"))
        return [" ".join(parts) + ";"]

    def sequence_reset_by_name_sql(self, style: Any, sequences: Sequence[dict[str, Any]]) -> list[str]:
        statements: list[str] = []
        for item in sequences:
            table, column = item["table"], item.get("column") or "id"
            statements.append(
                f"{style.SQL_KEYWORD('SELECT')} setval(pg_get_serial_sequence('{self.quote_name(table)}','{column}'), 1, false);"
            )
        return statements

    def sequence_reset_sql(self, style: Any, model_list: Sequence[Any]) -> list[str]:
        statements: list[str] = []
        for model in model_list:
            for field in model._meta.local_fields:
                if "AutoField" not in field.get_internal_type():
                    continue
                table = self.quote_name(model._meta.db_table)
                column = self.quote_name(field.column)
                statements.append(
                    f"SELECT setval(pg_get_serial_sequence('{table}','{field.column}'), coalesce(max({column}), 1), "
                    f"max({column}) IS NOT null) FROM {table};"
                )
                break
        return statements

    def prepare_sql_script(self, sql: str) -> list[str]:
        """PostgreSQL takes a script as it is."""
        return [sql]

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """As the driver sent it, where it knows."""
        sent = getattr(getattr(cursor, "_query", None), "query", None)
        if sent is not None and b"$1" not in sent:
            return sent.decode()  # type: ignore[no-any-return]
        return super().last_executed_query(cursor, sql, params)
