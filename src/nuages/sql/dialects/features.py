"""What a database can do, as flags (documentation: ref/databases; ``connection.features``).

``Features`` holds the values of a plain SQL database; each back end overrides what differs. Flags that depend on the
server's version or settings are computed at the first look, so that reading the others opens no connection.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from nuages.sql.errors import InterfaceError, ProgrammingError


class Features:
    """Flags of one connection. ``connection`` may be ``None`` where only the fixed ones are read."""

    # Limits of the server
    minimum_database_version: Any = None
    max_query_params: Any = None
    time_cast_precision = 6
    gis_enabled = False

    # Inserting, updating and deleting
    allows_auto_pk_0: Any = True
    can_return_columns_from_insert: Any = False
    can_return_rows_from_bulk_insert: Any = False
    can_return_rows_from_update: Any = False
    delete_can_self_reference_subquery = True
    has_bulk_insert = True
    requires_casted_case_in_updates = False
    supports_default_keyword_in_bulk_insert = True
    supports_default_keyword_in_insert = True
    supports_ignore_conflicts = True
    supports_unspecified_pk = False
    supports_update_conflicts = False
    supports_update_conflicts_with_target = False
    update_can_self_select: Any = True

    # Reading
    allow_sliced_subqueries_with_in = True
    allows_group_by_lob = True
    allows_group_by_select_index = True
    allows_group_by_selected_pks: Any = False
    having_sees_dependent_columns = True
    """Whether HAVING may name columns that depend on a primary key in GROUP BY."""
    bare_select_suffix = ""
    can_distinct_on_fields = False
    can_use_chunked_reads = True
    empty_fetchmany_value: Any = []
    for_update_after_from = False
    has_select_for_no_key_update = False
    has_select_for_update = False
    has_select_for_update_nowait = False
    has_select_for_update_of: Any = False
    has_select_for_update_skip_locked: Any = False
    ignores_unnecessary_order_by_in_subqueries = True
    nulls_order_largest = False
    order_by_nulls_first = False
    requires_compound_order_by_subquery = False
    requires_explicit_null_ordering_when_grouping = False
    select_for_update_of_column = False
    supported_explain_formats: Any = frozenset()
    supports_explaining_query_execution: Any = True
    supports_order_by_nulls_modifier = True
    supports_parentheses_in_compound = True
    supports_select_difference = True
    supports_select_for_update_with_limit = True
    supports_select_intersection = True
    supports_select_union = True
    supports_slicing_ordering_in_compound = False
    supports_subqueries_in_group_by = True
    supports_tuple_comparison_against_subquery = True
    supports_tuple_lookups = True

    # Expressions and functions
    greatest_least_ignores_nulls = False
    has_case_insensitive_like = False
    has_json_object_function: Any = True
    has_json_operators = False
    implied_column_null = False
    interprets_empty_strings_as_nulls = False
    json_key_contains_list_matching_requires_list = False
    only_supports_unbounded_with_preceding_and_following = False
    pattern_lookup_needs_param_pattern = True
    rounds_to_even = False
    supports_aggregate_distinct_multiple_argument = True
    supports_aggregate_filter_clause = False
    supports_aggregate_order_by_clause: Any = False
    supports_any_value: Any = False
    supports_bit_aggregations = True
    supports_boolean_expr_in_select_clause = True
    supports_cast_with_precision = True
    supports_comparing_boolean_expr = True
    supports_date_lookup_using_string = True
    supports_default_in_bit_aggregations = True
    supports_default_in_lead_lag: Any = True
    supports_frame_exclusion = False
    supports_frame_range_fixed_distance = False
    supports_json_field_contains = True
    supports_json_negative_indexing = True
    supports_logical_xor = False
    supports_over_clause = False
    supports_regex_backreferencing = True
    supports_temporal_subtraction = False
    supports_timezones = True
    supports_uuid4_function: Any = False
    supports_uuid4_function_in_default: Any = False
    supports_uuid7_function: Any = False
    supports_uuid7_function_shift: Any = False

    # Column types
    has_native_boolean_field = False
    has_native_duration_field = False
    has_native_json_field = False
    has_native_uuid_field: Any = False
    has_real_datatype = False
    has_zoneinfo_database: Any = True
    related_fields_match_type = False
    supports_json_field: Any = True
    supports_no_precision_decimalfield = False
    supports_primitives_in_json_field = True
    supports_stored_generated_columns = False
    supports_unlimited_charfield = False
    supports_virtual_generated_columns: Any = False

    # Schema
    allows_multiple_constraints_on_same_fields = True
    can_create_inline_fk = True
    can_rename_index: Any = False
    can_rollback_ddl = False
    collate_as_index_expression = False
    connection_persists_old_columns = False
    ignores_table_name_case: Any = False
    indexes_foreign_keys = True
    requires_literal_defaults = False
    schema_editor_uses_clientside_param_binding = False
    supports_alter_generated_column_data_type = True
    supports_collation_on_charfield = True
    supports_collation_on_textfield = True
    supports_column_check_constraints = True
    supports_combined_alters = False
    supports_comments = False
    supports_comments_inline = False
    supports_covering_indexes = False
    supports_deferrable_unique_constraints = False
    supports_expression_defaults = True
    supports_expression_indexes: Any = True
    supports_foreign_keys = True
    supports_forward_references = True
    supports_functions_in_partial_indexes = True
    supports_index_column_ordering: Any = True
    supports_index_on_text_field = True
    supports_non_deterministic_collations = True
    supports_nullable_unique_constraints = True
    supports_nulls_distinct_unique_constraints = False
    supports_on_delete_db_cascade = True
    supports_on_delete_db_default = True
    supports_on_delete_db_null = True
    supports_partial_indexes = True
    supports_partially_nullable_unique_constraints = True
    supports_sequence_reset = True
    supports_table_check_constraints = True
    supports_tablespaces = False
    truncates_names = False

    # Transactions and cursors
    atomic_transactions = True
    can_defer_constraint_checks = False
    can_release_savepoints = False
    closed_cursor_error_class: type[Exception] = ProgrammingError
    prohibits_null_characters_in_text_exception: Any = None
    supports_callproc_kwargs = False
    supports_paramstyle_pyformat = True
    supports_transactions: Any = True
    uses_savepoints = True

    # Introspection
    can_introspect_check_constraints = True
    can_introspect_default = True
    can_introspect_foreign_keys: Any = True
    can_introspect_json_field: Any = True
    can_introspect_materialized_views = False
    introspected_field_types: Any = {
        name: name
        for name in (
            "AutoField",
            "BigAutoField",
            "BigIntegerField",
            "BinaryField",
            "BooleanField",
            "CharField",
            "DurationField",
            "GenericIPAddressField",
            "IntegerField",
            "PositiveBigIntegerField",
            "PositiveIntegerField",
            "PositiveSmallIntegerField",
            "SmallAutoField",
            "SmallIntegerField",
            "TimeField",
        )
    }
    supports_inspectdb = True

    # What test suites ask
    can_clone_databases = False
    create_test_procedure_with_int_param_sql: str | None = None
    create_test_procedure_without_params_sql: str | None = None
    disallowed_simple_test_case_connection_methods: ClassVar[list[tuple[str, str]]] = [
        ("connect", "connections"),
        ("temporary_connection", "connections"),
        ("cursor", "queries"),
        ("chunked_cursor", "queries"),
        ("rows", "queries"),
        ("execute", "queries"),
        ("chunks", "queries"),
    ]
    insert_test_table_with_defaults: str | None = None
    test_collations: Any = {"ci": None, "cs": None, "non_default": None, "swedish_ci": None, "virtual": None}
    test_db_allows_multiple_connections = True
    test_now_utc_template: str | None = None

    def __init__(self, connection: Any = None) -> None:
        self.connection = connection

    def allows_group_by_selected_pks_on_model(self, model: Any) -> bool:
        """Whether grouping by the primary key alone stands for all of the model's columns."""
        return bool(self.allows_group_by_selected_pks) and bool(model._meta.managed)


class SQLiteFeatures(Features):
    """SQLite 3.37 and later."""

    minimum_database_version = (3, 37)
    time_cast_precision = 3

    can_return_columns_from_insert = True
    can_return_rows_from_bulk_insert = True
    can_return_rows_from_update = True
    supports_default_keyword_in_insert = False
    supports_unspecified_pk = True
    supports_update_conflicts = True
    supports_update_conflicts_with_target = True

    order_by_nulls_first = True
    supports_parentheses_in_compound = False

    has_case_insensitive_like = True
    supports_aggregate_distinct_multiple_argument = False
    supports_aggregate_filter_clause = True
    supports_any_value = True
    supports_cast_with_precision = False
    supports_frame_exclusion = True
    supports_frame_range_fixed_distance = True
    supports_json_field_contains = False
    supports_over_clause = True
    supports_temporal_subtraction = True
    supports_timezones = False
    supports_uuid4_function = True
    supports_uuid4_function_in_default = True

    supports_no_precision_decimalfield = True
    supports_stored_generated_columns = True
    supports_unlimited_charfield = True
    supports_virtual_generated_columns = True

    can_create_inline_fk = False
    can_rollback_ddl = True
    ignores_table_name_case = True
    requires_literal_defaults = True

    atomic_transactions = False
    can_defer_constraint_checks = True
    can_release_savepoints = True

    introspected_field_types: Any = Features.introspected_field_types | {
        "BigAutoField": "AutoField",
        "DurationField": "BigIntegerField",
        "GenericIPAddressField": "CharField",
        "SmallAutoField": "AutoField",
    }

    can_clone_databases = True
    insert_test_table_with_defaults = 'INSERT INTO {} ("null") VALUES (1)'
    test_collations: Any = {"ci": "nocase", "cs": "binary", "non_default": "nocase", "virtual": "nocase"}
    test_db_allows_multiple_connections = False

    @property
    def max_query_params(self) -> int:  # type: ignore[override]
        """The most place-holders in one statement, as this connection's library was built or told."""
        if self.connection is None:
            return 999
        return int(self.connection.variable_limit())

    @cached_property
    def supports_aggregate_order_by_clause(self) -> bool:
        """``ORDER BY`` inside an aggregate came with SQLite 3.44."""
        return self.connection is not None and self.connection.server_version >= (3, 44)


class PostgreSQLFeatures(Features):
    """PostgreSQL 15 and later, with psycopg 3."""

    minimum_database_version = (15,)

    can_return_columns_from_insert = True
    can_return_rows_from_bulk_insert = True
    can_return_rows_from_update = True
    requires_casted_case_in_updates = True
    supports_update_conflicts = True
    supports_update_conflicts_with_target = True

    allows_group_by_selected_pks = True
    can_distinct_on_fields = True
    has_select_for_no_key_update = True
    has_select_for_update = True
    has_select_for_update_nowait = True
    has_select_for_update_of = True
    has_select_for_update_skip_locked = True
    nulls_order_largest = True
    supported_explain_formats: Any = frozenset({"JSON", "TEXT", "XML", "YAML"})
    supports_slicing_ordering_in_compound = True

    greatest_least_ignores_nulls = True
    has_json_operators = True
    json_key_contains_list_matching_requires_list = True
    only_supports_unbounded_with_preceding_and_following = True
    supports_aggregate_filter_clause = True
    supports_aggregate_order_by_clause = True
    supports_frame_exclusion = True
    supports_over_clause = True
    supports_temporal_subtraction = True
    supports_uuid4_function = True
    supports_uuid4_function_in_default = True

    has_native_boolean_field = True
    has_native_duration_field = True
    has_native_json_field = True
    has_native_uuid_field = True
    has_real_datatype = True
    supports_no_precision_decimalfield = True
    supports_stored_generated_columns = True
    supports_unlimited_charfield = True

    can_rename_index = True
    can_rollback_ddl = True
    schema_editor_uses_clientside_param_binding = True
    supports_combined_alters = True
    supports_comments = True
    supports_covering_indexes = True
    supports_deferrable_unique_constraints = True
    supports_nulls_distinct_unique_constraints = True
    supports_tablespaces = True

    can_defer_constraint_checks = True
    can_release_savepoints = True
    closed_cursor_error_class = InterfaceError

    can_introspect_materialized_views = True
    introspected_field_types: Any = Features.introspected_field_types | {
        "PositiveBigIntegerField": "BigIntegerField",
        "PositiveIntegerField": "IntegerField",
        "PositiveSmallIntegerField": "SmallIntegerField",
    }

    can_clone_databases = True
    create_test_procedure_with_int_param_sql = (
        "CREATE FUNCTION test_procedure (P_I INTEGER) RETURNS void AS $$\n"
        "DECLARE V_I INTEGER;\nBEGIN\n    V_I := P_I;\nEND;\n$$ LANGUAGE plpgsql;"
    )
    create_test_procedure_without_params_sql = (
        "CREATE FUNCTION test_procedure () RETURNS void AS $$\n"
        "DECLARE V_I INTEGER;\nBEGIN\n    V_I := 1;\nEND;\n$$ LANGUAGE plpgsql;"
    )
    insert_test_table_with_defaults = "INSERT INTO {} DEFAULT VALUES"
    test_collations: Any = {
        "deterministic": "C",
        "non_default": "sv-x-icu",
        "swedish_ci": "sv-x-icu",
        "virtual": "sv-x-icu",
    }
    test_now_utc_template = "STATEMENT_TIMESTAMP() AT TIME ZONE 'UTC'"

    def _since(self, major: int) -> bool:
        return self.connection is not None and self.connection.server_version >= (major,)

    @cached_property
    def is_postgresql_16(self) -> bool:
        """Whether the server is PostgreSQL 16 or later."""
        return self._since(16)

    @cached_property
    def is_postgresql_17(self) -> bool:
        """Whether the server is PostgreSQL 17 or later."""
        return self._since(17)

    @cached_property
    def is_postgresql_18(self) -> bool:
        """Whether the server is PostgreSQL 18 or later."""
        return self._since(18)

    @cached_property
    def supports_any_value(self) -> bool:
        """``ANY_VALUE`` came with PostgreSQL 16."""
        return self._since(16)

    @cached_property
    def supports_uuid7_function(self) -> bool:
        """``uuidv7()`` came with PostgreSQL 18."""
        return self._since(18)

    @cached_property
    def supports_uuid7_function_shift(self) -> bool:
        """``uuidv7(interval)`` came with PostgreSQL 18."""
        return self._since(18)

    @cached_property
    def supports_virtual_generated_columns(self) -> bool:
        """``VIRTUAL`` generated columns came with PostgreSQL 18."""
        return self._since(18)

    @cached_property
    def uses_server_side_binding(self) -> bool:
        """Whether parameters travel apart from the statement (``OPTIONS["server_side_binding"]``)."""
        return self.connection is not None and bool(self.connection.server_side_binding)

    @cached_property
    def max_query_params(self) -> int | None:
        """The protocol counts parameters in 16 bits when they travel apart from the statement."""
        return 2**16 - 1 if self.uses_server_side_binding else None

    @cached_property
    def prohibits_null_characters_in_text_exception(self) -> tuple[type[Exception], str]:
        """The error that a NUL character in a text raises, and its message."""
        return self.connection.errors.DataError, "PostgreSQL text fields cannot contain NUL (0x00) bytes"


class MySQLFeatures(Features):
    """MariaDB 10.11 and MySQL 8.4, and later. The fixed flags are those that both share."""

    can_return_rows_from_update = False
    delete_can_self_reference_subquery = False
    supports_update_conflicts = True

    allow_sliced_subqueries_with_in = False
    empty_fetchmany_value: Any = ()
    having_sees_dependent_columns = False
    has_select_for_update = True
    has_select_for_update_nowait = True
    has_select_for_update_skip_locked = True
    order_by_nulls_first = True
    requires_explicit_null_ordering_when_grouping = True
    supports_order_by_nulls_modifier = False
    supports_slicing_ordering_in_compound = True

    supports_aggregate_order_by_clause = True
    supports_date_lookup_using_string = False
    supports_default_in_bit_aggregations = False
    supports_frame_range_fixed_distance = True
    supports_json_negative_indexing = False
    supports_logical_xor = True
    supports_over_clause = True
    supports_regex_backreferencing = False
    supports_temporal_subtraction = True
    supports_timezones = False

    related_fields_match_type = True
    supports_stored_generated_columns = True
    supports_virtual_generated_columns = True

    can_rename_index = True
    collate_as_index_expression = True
    supports_comments = True
    supports_comments_inline = True
    supports_forward_references = False
    supports_index_on_text_field = False
    supports_on_delete_db_default = False
    supports_partial_indexes = False

    atomic_transactions = False

    introspected_field_types: Any = Features.introspected_field_types | {
        "BinaryField": "TextField",
        "BooleanField": "IntegerField",
        "DurationField": "BigIntegerField",
        "GenericIPAddressField": "CharField",
    }

    can_clone_databases = True
    create_test_procedure_with_int_param_sql = (
        "CREATE PROCEDURE test_procedure (P_I INTEGER)\nBEGIN\n    DECLARE V_I INTEGER;\n    SET V_I = P_I;\nEND;"
    )
    create_test_procedure_without_params_sql = (
        "CREATE PROCEDURE test_procedure ()\nBEGIN\n    DECLARE V_I INTEGER;\n    SET V_I = 1;\nEND;"
    )
    insert_test_table_with_defaults = "INSERT INTO {} () VALUES ()"
    test_now_utc_template = "UTC_TIMESTAMP(6)"

    @cached_property
    def _mariadb(self) -> bool:
        return self.connection is None or bool(self.connection.mysql_is_mariadb)

    def _since(self, *version: int) -> bool:
        return self.connection is not None and self.connection.server_version >= version

    @cached_property
    def minimum_database_version(self) -> tuple[int, ...]:
        """The oldest server that is supported: two products with two numberings."""
        return (10, 11) if self._mariadb else (8, 4)

    @cached_property
    def allows_auto_pk_0(self) -> bool:
        """A zero in an auto-increment column is kept only under ``NO_AUTO_VALUE_ON_ZERO``."""
        return self.connection is not None and "NO_AUTO_VALUE_ON_ZERO" in self.connection.sql_mode

    @cached_property
    def allows_group_by_selected_pks(self) -> bool:
        """The server sees the dependence of other columns unless ``ONLY_FULL_GROUP_BY`` forbids it."""
        return self.connection is None or "ONLY_FULL_GROUP_BY" not in self.connection.sql_mode

    @cached_property
    def can_return_columns_from_insert(self) -> bool:
        """``INSERT … RETURNING`` exists in MariaDB only."""
        return self._mariadb

    @cached_property
    def can_return_rows_from_bulk_insert(self) -> bool:
        """``INSERT … RETURNING`` exists in MariaDB only."""
        return self._mariadb

    @cached_property
    def has_native_uuid_field(self) -> bool:
        """The ``uuid`` type exists in MariaDB only."""
        return self._mariadb

    @cached_property
    def has_select_for_update_of(self) -> bool:
        """``FOR UPDATE OF`` exists in MySQL only."""
        return not self._mariadb

    @cached_property
    def has_zoneinfo_database(self) -> bool:
        """Whether the server's time zone tables are filled."""
        return self.connection is not None and bool(self.connection.has_time_zones)

    @cached_property
    def ignores_table_name_case(self) -> bool:
        """As ``lower_case_table_names`` says."""
        return self.connection is not None and bool(self.connection.lower_case_table_names)

    @cached_property
    def is_sql_auto_is_null_enabled(self) -> bool:
        """Whether ``WHERE column IS NULL`` may find the last inserted row (``SQL_AUTO_IS_NULL``)."""
        return self.connection is not None and bool(self.connection.sql_auto_is_null)

    @cached_property
    def _mysql_storage_engine(self) -> str:
        return "InnoDB" if self.connection is None else str(self.connection.storage_engine)

    @cached_property
    def can_introspect_foreign_keys(self) -> bool:
        """MyISAM keeps no foreign keys."""
        return self._mysql_storage_engine != "MyISAM"

    @cached_property
    def supports_transactions(self) -> bool:
        """MyISAM has no transactions."""
        return self._mysql_storage_engine != "MyISAM"

    @cached_property
    def supported_explain_formats(self) -> set[str]:
        """The formats of ``QuerySet.explain()``."""
        return {"JSON", "TEXT", "TRADITIONAL"} | (set() if self._mariadb else {"TREE"})

    @cached_property
    def supports_any_value(self) -> bool:
        """``ANY_VALUE`` exists in MySQL only."""
        return not self._mariadb

    @cached_property
    def supports_default_in_lead_lag(self) -> bool:
        """MariaDB's ``LEAD`` and ``LAG`` take no third argument."""
        return not self._mariadb

    @cached_property
    def supports_expression_indexes(self) -> bool:
        """Indexes on expressions exist in MySQL only."""
        return not self._mariadb and self._mysql_storage_engine != "MyISAM"

    @cached_property
    def supports_index_column_ordering(self) -> bool:
        """Descending indexes, not in MyISAM."""
        return self._mysql_storage_engine == "InnoDB"

    @cached_property
    def supports_uuid4_function(self) -> bool:
        """``UUID_v4()`` came with MariaDB 11.7."""
        return self._mariadb and self._since(11, 7)

    @cached_property
    def supports_uuid4_function_in_default(self) -> bool:
        """A default may call ``UUID_v4()`` where the function exists."""
        return self.supports_uuid4_function

    @cached_property
    def supports_uuid7_function(self) -> bool:
        """``UUID_v7()`` came with MariaDB 11.7."""
        return self._mariadb and self._since(11, 7)

    @cached_property
    def test_collations(self) -> dict[str, str | None]:
        """Collations that exist in every server, by role."""
        return {
            "ci": "utf8mb4_general_ci",
            "non_default": "utf8mb4_esperanto_ci",
            "swedish_ci": "utf8mb4_swedish_ci",
            "virtual": "utf8mb4_esperanto_ci",
        }

    @cached_property
    def update_can_self_select(self) -> bool:
        """MySQL cannot read in a subquery the table that it updates."""
        return self._mariadb


FEATURES: dict[str, type[Features]] = {
    "sqlite": SQLiteFeatures,
    "postgresql": PostgreSQLFeatures,
    "mysql": MySQLFeatures,
}

__all__ = ["FEATURES", "Features", "MySQLFeatures", "PostgreSQLFeatures", "SQLiteFeatures"]
