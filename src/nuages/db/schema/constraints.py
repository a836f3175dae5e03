"""Constraints: unique, check, foreign and primary keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nuages.db.schema.compiling import expression_compiler
from nuages.db.schema.indexes import Indexes
from nuages.db.schema.references import Columns, Expressions, ForeignKeyName, IndexName, Statement, Table
from nuages.sql.naming import split_identifier


class Constraints(Indexes):
    """What an editor does with constraints."""

    def add_constraint(self, model: Any, constraint: Any) -> None:
        """Create a constraint of ``Meta.constraints``."""
        sql = constraint.create_sql(model, self)
        if sql:
            self.execute(sql, params=None)

    def remove_constraint(self, model: Any, constraint: Any) -> None:
        """Drop a constraint of ``Meta.constraints``."""
        sql = constraint.remove_sql(model, self)
        if sql:
            self.execute(sql)

    def _delete_constraint_sql(self, template: str, model: Any, name: str) -> Statement:
        return Statement(template, table=Table(model._meta.db_table, self.quote_name), name=self.quote_name(name))

    # --- unique ----------------------------------------------------------------------------------------------------------

    def _deferrable_constraint_sql(self, deferrable: Any) -> str:
        name = getattr(deferrable, "name", None)
        if name == "DEFERRED":
            return " DEFERRABLE INITIALLY DEFERRED"
        if name == "IMMEDIATE":
            return " DEFERRABLE INITIALLY IMMEDIATE"
        return ""

    def _unique_index_nulls_distinct_sql(self, nulls_distinct: bool | None) -> str:
        if nulls_distinct is None:
            return ""
        return " NULLS DISTINCT" if nulls_distinct else " NULLS NOT DISTINCT"

    def _unique_supported(
        self,
        condition: Any = None,
        deferrable: Any = None,
        include: Any = None,
        expressions: Any = None,
        nulls_distinct: bool | None = None,
    ) -> bool:
        features = self.connection.features
        return bool(
            (not condition or features.supports_partial_indexes)
            and (not deferrable or features.supports_deferrable_unique_constraints)
            and (not include or features.supports_covering_indexes)
            and (not expressions or features.supports_expression_indexes)
            and (nulls_distinct is None or features.supports_nulls_distinct_unique_constraints)
        )

    def _unique_sql(
        self,
        model: Any,
        fields: Sequence[Any],
        name: str,
        condition: str | None = None,
        deferrable: Any = None,
        include: Sequence[str] | None = None,
        opclasses: Sequence[str] | None = None,
        expressions: Any = None,
        nulls_distinct: bool | None = None,
    ) -> str | None:
        """A unique constraint inside CREATE TABLE; one that only an index can be is deferred (and ``None`` returned)."""
        given = (condition, deferrable, include, expressions, nulls_distinct)
        if not self._unique_supported(*given):
            return None
        if condition or include or opclasses or expressions or nulls_distinct is not None:
            statement = self._create_unique_sql(
                model,
                fields,
                name=name,
                condition=condition,
                deferrable=deferrable,
                include=include,
                opclasses=opclasses,
                expressions=expressions,
                nulls_distinct=nulls_distinct,
            )
            if statement:
                self.deferred_sql.append(statement)
            return None
        constraint = self.sql_unique_constraint % {
            "columns": self._quoted(field.column for field in fields),
            "deferrable": self._deferrable_constraint_sql(deferrable),
        }
        return self.sql_constraint % {"name": self.quote_name(name), "constraint": constraint}

    def _create_unique_sql(
        self,
        model: Any,
        fields: Sequence[Any],
        name: str | None = None,
        condition: str | None = None,
        deferrable: Any = None,
        include: Sequence[str] | None = None,
        opclasses: Sequence[str] | None = None,
        expressions: Any = None,
        nulls_distinct: bool | None = None,
    ) -> Statement | None:
        """The statement for a unique constraint or, where only that can do it, a unique index."""
        if not self._unique_supported(condition, deferrable, include, expressions, nulls_distinct):
            return None
        table = model._meta.db_table
        columns = [field.column for field in fields]
        as_index = condition or include or opclasses or expressions
        listed: Any
        if columns:
            listed = self._index_columns(table, columns, col_suffixes=(), opclasses=opclasses or ())
        else:
            compiler = expression_compiler(self.connection, model, alias_cols=False)
            listed = Expressions(table, expressions, compiler, self.quote_value)
        return Statement(
            self.sql_create_unique_index if as_index else self.sql_create_unique,
            table=Table(table, self.quote_name),
            name=self._unique_constraint_name(table, columns) if name is None else self.quote_name(name),
            columns=listed,
            condition=self._index_condition_sql(condition),
            deferrable=self._deferrable_constraint_sql(deferrable),
            include=self._index_include_sql(model, include),
            nulls_distinct=self._unique_index_nulls_distinct_sql(nulls_distinct),
        )

    def _unique_constraint_name(self, table: str, columns: Sequence[str], quote: bool = True) -> IndexName | str:
        if quote:
            return IndexName(
                table, columns, "_uniq", lambda *args: self.quote_name(self._create_index_name(*args))
            )
        return self._create_index_name(table, columns, suffix="_uniq")

    def _delete_unique_sql(
        self,
        model: Any,
        name: str,
        condition: Any = None,
        deferrable: Any = None,
        include: Any = None,
        opclasses: Any = None,
        expressions: Any = None,
        nulls_distinct: bool | None = None,
    ) -> Statement | None:
        if not self._unique_supported(condition, deferrable, include, expressions, nulls_distinct):
            return None
        as_index = condition or include or opclasses or expressions
        return self._delete_constraint_sql(self.sql_delete_index if as_index else self.sql_delete_unique, model, name)

    # --- check -------------------------------------------------------------------------------------------------------------

    def _check_sql(self, name: str, check: str) -> str:
        constraint = self.sql_check_constraint % {"check": check}
        return self.sql_constraint % {"name": self.quote_name(name), "constraint": constraint}

    def _create_check_sql(self, model: Any, name: str, check: str) -> Statement | None:
        if not self.connection.features.supports_table_check_constraints:
            return None
        table = Table(model._meta.db_table, self.quote_name)
        return Statement(self.sql_create_check, table=table, name=self.quote_name(name), check=check)

    def _delete_check_sql(self, model: Any, name: str) -> Statement | None:
        if not self.connection.features.supports_table_check_constraints:
            return None
        return self._delete_constraint_sql(self.sql_delete_check, model, name)

    # --- foreign keys --------------------------------------------------------------------------------------------------------

    def _create_on_delete_sql(self, model: Any, field: Any) -> str:
        on_delete = getattr(field.remote_field, "on_delete", None)
        make = getattr(on_delete, "on_delete_sql", None)
        return str(make(self)) if make is not None else ""

    def _target(self, field: Any) -> tuple[str, str]:
        remote = field.remote_field
        target = remote.model._meta.get_field(remote.field_name) if remote.field_name else field.target_field
        return remote.model._meta.db_table, target.column

    def _create_fk_sql(self, model: Any, field: Any, suffix: str) -> Statement:
        table = Table(model._meta.db_table, self.quote_name)
        to_table, to_column = field.target_field.model._meta.db_table, field.target_field.column
        assert self.sql_create_fk is not None
        return Statement(
            self.sql_create_fk,
            table=table,
            name=self._fk_constraint_name(model, field, suffix),
            column=Columns(model._meta.db_table, [field.column], self.quote_name),
            to_table=Table(to_table, self.quote_name),
            to_column=Columns(to_table, [to_column], self.quote_name),
            deferrable=self.connection.ops.deferrable_sql(),
            on_delete_db=self._create_on_delete_sql(model, field),
        )

    def _fk_constraint_name(self, model: Any, field: Any, suffix: str) -> ForeignKeyName:
        def make(*args: Any, **kwargs: Any) -> str:
            return self.quote_name(self._create_index_name(*args, **kwargs))

        target = field.target_field
        return ForeignKeyName(
            model._meta.db_table,
            [field.column],
            split_identifier(target.model._meta.db_table)[1],
            [target.column],
            suffix,
            make,
        )

    def _delete_fk_sql(self, model: Any, name: str) -> Statement:
        return self._delete_constraint_sql(self.sql_delete_fk, model, name)

    # --- primary keys ----------------------------------------------------------------------------------------------------------

    def _pk_constraint_sql(self, columns: Iterable[str]) -> str:
        return self.sql_pk_constraint % {"columns": self._quoted(columns)}

    def _create_primary_key_sql(self, model: Any, field: Any) -> Statement:
        table = model._meta.db_table
        return Statement(
            self.sql_create_pk,
            table=Table(table, self.quote_name),
            name=self.quote_name(self._create_index_name(table, [field.column], suffix="_pk")),
            columns=Columns(table, [field.column], self.quote_name),
        )

    def _delete_primary_key_sql(self, model: Any, name: str) -> Statement:
        return self._delete_constraint_sql(self.sql_delete_pk, model, name)

    def _delete_primary_key(self, model: Any, strict: bool = False) -> None:
        names = self._constraint_names(model, primary_key=True)
        # It may have gone with its column already.
        if strict and len(names) > 1:
            raise ValueError(f"Found wrong number ({len(names)}) of PK constraints for {model._meta.db_table}")
        for name in names:
            self.execute(self._delete_primary_key_sql(model, name))

    # --- what exists ---------------------------------------------------------------------------------------------------------

    def _constraint_names(
        self,
        model: Any,
        column_names: Sequence[str] | None = None,
        unique: bool | None = None,
        primary_key: bool | None = None,
        index: bool | None = None,
        foreign_key: bool | None = None,
        check: bool | None = None,
        type_: str | None = None,
        exclude: Iterable[str] | None = None,
    ) -> list[str]:
        """The names of a table's constraints that fit all that is given."""
        introspection = self.connection.introspection
        if column_names is not None:
            column_names = [
                truncated if (truncated := introspection.identifier_converter(name)) else name for name in column_names
            ]
        with self.connection.cursor() as cursor:
            existing = introspection.get_constraints(cursor, model._meta.db_table)
        wanted = {"unique": unique, "primary_key": primary_key, "index": index, "check": check}
        skipped = set(exclude or ())
        return [
            name
            for name, found in existing.items()
            if (column_names is None or found["columns"] == column_names)
            and all(value is None or found[key] == value for key, value in wanted.items())
            and (foreign_key is None or bool(found["foreign_key"]) == foreign_key)
            and (type_ is None or found["type"] == type_)
            and name not in skipped
        ]

    def _delete_composed_index(self, model: Any, fields: Sequence[str], constraint_kwargs: Any, sql: str) -> None:
        """Drop the one unique constraint or index over ``fields`` that no ``Meta`` entry names."""
        meta = model._meta
        named = {constraint.name for constraint in meta.constraints} | {index.name for index in meta.indexes}
        columns = [meta.get_field(name).column for name in fields]
        names = self._constraint_names(model, columns, exclude=named, **constraint_kwargs)
        if constraint_kwargs.get("unique") and names and self.connection.features.allows_multiple_constraints_on_same_fields:
            # Several may cover the same columns; only the one that the rules name is ours.
            default_name = str(self._unique_constraint_name(meta.db_table, columns, quote=False))
            names = [default_name] if default_name in names else names
        if len(names) != 1:
            raise ValueError(
                f"Found wrong number ({len(names)}) of constraints for {meta.db_table}({', '.join(columns)})"
            )
        self.execute(self._delete_constraint_sql(sql, model, names[0]))


