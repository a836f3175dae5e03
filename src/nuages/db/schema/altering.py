"""Single columns: adding, removing and altering them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from nuages.db.schema.fragments import Action, Fragments
from nuages.db.schema.references import Statement
from nuages.db.schema.tables import FK_SUFFIX
from nuages.sql.naming import split_identifier


@dataclass
class Change:
    """An alteration of one column, as the steps of ``alter_field`` see it."""

    model: Any
    old_field: Any
    new_field: Any
    old_db_params: Any
    new_db_params: Any
    strict: bool
    dropped_keys: set[Any] = attribute(default_factory=set)
    referring: list[tuple[Any, Any]] = attribute(default_factory=list)
    actions: list[Action] = attribute(default_factory=list)
    null_actions: list[Action] = attribute(default_factory=list)
    post_actions: list[Action] = attribute(default_factory=list)

    @property
    def old_type(self) -> Any:
        return self.old_db_params["type"]

    @property
    def new_type(self) -> Any:
        return self.new_db_params["type"]


class Altering(Fragments):
    """What an editor does with columns of existing tables."""

    # --- adding ------------------------------------------------------------------------------------------------------------

    def add_field(self, model: Any, field: Any) -> None:
        """Add a column; existing rows get the field's default. A many-to-many field gets its table."""
        if field.many_to_many and field.remote_field.through._meta.auto_created:
            self.create_model(field.remote_field.through)
            return
        definition, params = self.column_sql(model, field, include_default=True)
        if definition is None:
            return
        definition = self._added(model, field, definition)
        table, column = self.quote_name(model._meta.db_table), self.quote_name(field.column)
        sql = self.sql_create_column % {"table": table, "column": column, "definition": definition}
        self.execute(sql, params or None)
        if not (field.generated or field.has_db_default() or self.skip_default_on_alter(field)):
            if self.effective_default(field) is not None:
                changes, extra = self._alter_column_default_sql(model, None, field, drop=True)
                self.execute(self.sql_alter_column % {"table": table, "changes": changes}, extra)
        features = self.connection.features
        if field.db_comment and features.supports_comments and not features.supports_comments_inline:
            column_type = field.db_parameters(connection=self.connection)["type"]
            self.execute(*self._alter_column_comment_sql(model, field, column_type, field.db_comment))
        self.deferred_sql.extend(self._field_indexes_sql(model, field))
        if features.connection_persists_old_columns:
            self.connection.close()

    def _added(self, model: Any, field: Any, definition: str) -> str:
        suffix = field.db_type_suffix(connection=self.connection)
        if suffix:
            definition += f" {suffix}"
        check = self._field_db_check(field, field.db_parameters(connection=self.connection))
        if check:
            definition += f" {check}"
        if not (field.remote_field and self.connection.features.supports_foreign_keys and field.db_constraint):
            return definition
        if not self.sql_create_column_inline_fk:
            self.deferred_sql.append(self._create_fk_sql(model, field, FK_SUFFIX))
            return definition
        to_table, to_column = self._target_names(field)
        namespace, _ = split_identifier(model._meta.db_table)
        return (
            definition
            + " "
            + self.sql_create_column_inline_fk
            % {
                "name": self._fk_constraint_name(model, field, FK_SUFFIX),
                "namespace": f"{self.quote_name(namespace)}." if namespace else "",
                "column": self.quote_name(field.column),
                "to_table": self.quote_name(to_table),
                "to_column": self.quote_name(to_column),
                "deferrable": self.connection.ops.deferrable_sql(),
                "on_delete_db": self._create_on_delete_sql(model, field),
            }
        )

    # --- removing ------------------------------------------------------------------------------------------------------------

    def remove_field(self, model: Any, field: Any) -> None:
        """Drop a column with its foreign key, or the table of a many-to-many field."""
        if field.many_to_many and field.remote_field.through._meta.auto_created:
            self.delete_model(field.remote_field.through)
            return
        if field.db_parameters(connection=self.connection)["type"] is None:
            return
        if field.remote_field:
            for name in self._constraint_names(model, [field.column], foreign_key=True):
                self.execute(self._delete_fk_sql(model, name))
        table = model._meta.db_table
        self.execute(
            self.sql_delete_column % {"table": self.quote_name(table), "column": self.quote_name(field.column)}
        )
        if self.connection.features.connection_persists_old_columns:
            self.connection.close()
        self._forget_deferred(lambda statement: statement.references_column(table, field.column))

    # --- altering ------------------------------------------------------------------------------------------------------------

    def alter_field(self, model: Any, old_field: Any, new_field: Any, strict: bool = False) -> None:
        """Make a column what the new field says: name, type, null, default, keys, indexes, constraints.

        Raises ``ValueError`` between a field with a column and one without; such a change is a removal and an addition.
        """
        if not self._field_should_be_altered(old_field, new_field):
            return
        old_params = old_field.db_parameters(connection=self.connection)
        new_params = new_field.db_parameters(connection=self.connection)
        old_type, new_type = old_params["type"], new_params["type"]
        if (old_type is None and old_field.remote_field is None) or (
            new_type is None and new_field.remote_field is None
        ):
            raise ValueError(
                f"Cannot alter field {old_field} into {new_field} - they do not properly define db_type (are you using a "
                "badly-written custom field?)"
            )
        if old_type is None and new_type is None:
            if self._both_through(old_field, new_field, auto_created=True):
                self._alter_many_to_many(model, old_field, new_field, strict)
                return
            if self._both_through(old_field, new_field, auto_created=False):
                return
        if old_type is None or new_type is None:
            raise ValueError(
                f"Cannot alter field {old_field} into {new_field} - they are not compatible types (you cannot alter to or "
                "from M2M fields, or add or remove through= on M2M fields)"
            )
        if old_field.generated != new_field.generated or (
            new_field.generated and old_field.db_persist != new_field.db_persist
        ):
            self._refuse_generated(old_field, new_field)
        self._alter_field(model, old_field, new_field, old_type, new_type, old_params, new_params, strict)

    @staticmethod
    def _refuse_generated(old_field: Any, new_field: Any) -> None:
        kinds = [
            f"GeneratedField {field}" if field.generated else f"field {field}" for field in (old_field, new_field)
        ]
        if old_field.generated and new_field.generated:
            raise ValueError(
                f"Modifying GeneratedFields is not supported - the field {new_field} must be removed and re-added with the "
                "new definition."
            )
        raise ValueError(
            f"Cannot alter {kinds[0]} into {kinds[1]}: a generated column can only be removed and added anew."
        )

    @staticmethod
    def _both_through(old_field: Any, new_field: Any, auto_created: bool) -> bool:
        return all(
            getattr(field.remote_field, "through", None) is not None
            and bool(field.remote_field.through._meta.auto_created) == auto_created
            for field in (old_field, new_field)
        )

    def _field_should_be_altered(self, old_field: Any, new_field: Any, ignore: Any = None) -> bool:
        if old_field.many_to_many and new_field.many_to_many:
            tables = [
                getattr(getattr(field.remote_field.through, "_meta", None), "db_table", None)
                for field in (old_field, new_field)
            ]
            if tables[0] != tables[1]:
                return True
        elif not old_field.concrete and not new_field.concrete:
            return False
        ignored = set(ignore or ())
        compared = []
        for field in (old_field, new_field):
            _, path, args, kwargs = field.deconstruct()
            kept = {
                name: value for name, value in kwargs.items() if name not in field.non_db_attrs and name not in ignored
            }
            if "db_default" in kept and hasattr(field, "model"):
                # A plain value and the expression that it becomes are the same to the database.
                kept["db_default"] = self.db_default_sql(field)
            # What the database does on deletion is its own affair, unlike what the framework does.
            on_delete = self._create_on_delete_sql(None, field) if field.remote_field else ""
            compared.append((path, args, kept, on_delete))
        renamed = self.quote_name(old_field.column or "") != self.quote_name(new_field.column or "")
        return renamed or compared[0] != compared[1]

    def _alter_field(
        self,
        model: Any,
        old_field: Any,
        new_field: Any,
        old_type: str,
        new_type: str,
        old_db_params: Any,
        new_db_params: Any,
        strict: bool = False,
    ) -> None:
        change = Change(model, old_field, new_field, old_db_params, new_db_params, strict)
        self._drop_what_stands_in_the_way(change)
        if old_field.column != new_field.column:
            self._rename_column(change)
        self._collect_actions(change)
        four_ways = self._needs_four_ways(change)
        self._run_actions(change, four_ways)
        for sql, params in change.post_actions:
            self.execute(sql, params)
        self._make_new_keys(change)
        if self._needs_drop_of_default(change, four_ways):
            changes, params = self._alter_column_default_sql(model, old_field, new_field, drop=True)
            table = self.quote_name(model._meta.db_table)
            self.execute(self.sql_alter_column % {"table": table, "changes": changes}, params)
        if self.connection.features.connection_persists_old_columns:
            self.connection.close()

    # Before: keys, unique constraints and indexes that forbid the change or will not fit afterwards.

    def _drop_what_stands_in_the_way(self, change: Change) -> None:
        model, old, new = change.model, change.old_field, change.new_field
        features = self.connection.features
        if features.supports_foreign_keys and old.remote_field and old.db_constraint and self._field_should_be_altered(
            old, new, ignore={"db_comment"}
        ):
            self._drop_own_keys(change)
        if old.unique and (not new.unique or self._became_primary_key(old, new)):
            self._drop_unique(change)
        self._collect_referring(change)
        if old.db_index and not old.unique and not (new.db_index and not new.unique):
            self._drop_index(change)
        old_check = change.old_db_params["check"]
        if old_check and not self._same_check(change):
            meta = model._meta
            named = {constraint.name for constraint in meta.constraints}
            names = self._constraint_names(model, [old.column], check=True, exclude=named)
            self._require_one(change, names, "check")
            for name in names:
                self.execute(self._delete_check_sql(model, name))

    def _same_check(self, change: Change) -> bool:
        """Whether the column's own check stays: its text may differ by the column's name, which the database follows."""
        old_check, new_check = change.old_db_params["check"], change.new_db_params["check"]
        if not old_check or not new_check:
            return bool(old_check == new_check)
        old, new = (self.quote_name(field.column) for field in (change.old_field, change.new_field))
        return bool(old_check.replace(old, new) == new_check)

    def _drop_own_keys(self, change: Change) -> None:
        names = self._constraint_names(change.model, [change.old_field.column], foreign_key=True)
        if change.strict and len(names) != 1:
            raise ValueError(
                f"Found wrong number ({len(names)}) of foreign key constraints for "
                f"{change.model._meta.db_table}.{change.old_field.column}"
            )
        for name in names:
            change.dropped_keys.add((change.old_field.column,))
            self.execute(self._delete_fk_sql(change.model, name))

    def _drop_unique(self, change: Change) -> None:
        model, old = change.model, change.old_field
        named = {constraint.name for constraint in model._meta.constraints}
        names = self._constraint_names(model, [old.column], unique=True, primary_key=False, exclude=named)
        self._require_one(change, names, "unique")
        for name in names:
            self.execute(self._delete_unique_sql(model, name))

    def _drop_index(self, change: Change) -> None:
        model, old = change.model, change.old_field
        named = {index.name for index in model._meta.indexes}
        for name in self._constraint_names(
            model, [old.column], index=True, type_="idx", exclude=named
        ):
            # A unique constraint's own index is not this field's.
            self.execute(self._delete_index_sql(model, name))

    def _require_one(self, change: Change, names: list[str], kind: str) -> None:
        if change.strict and len(names) != 1:
            raise ValueError(
                f"Found wrong number ({len(names)}) of {kind} constraints for "
                f"{change.model._meta.db_table}.{change.old_field.column}"
            )

    def _became_primary_key(self, old_field: Any, new_field: Any) -> bool:
        return bool(not old_field.primary_key and new_field.primary_key)

    def _ceased_to_be_primary_key(self, old_field: Any, new_field: Any) -> bool:
        return bool(old_field.primary_key and not new_field.primary_key)

    def _collect_referring(self, change: Change) -> None:
        """Keys of other tables that refer to the column must be gone while its type or its own key changes."""
        old, new = change.old_field, change.new_field
        collations = change.old_db_params.get("collation") != change.new_db_params.get("collation")
        altered = change.old_type != change.new_type or collations or self._ceased_to_be_primary_key(old, new)
        if not (
            self.connection.features.supports_foreign_keys
            and old.primary_key | old.unique
            and new.primary_key | new.unique
            and altered
        ):
            return
        change.referring = related_objects(old, new)
        for _, relation in change.referring:
            names = self._constraint_names(relation.related_model, [relation.field.column], foreign_key=True)
            for name in names:
                self.execute(self._delete_fk_sql(relation.related_model, name))

    def _rename_column(self, change: Change) -> None:
        model, old, new = change.model, change.old_field, change.new_field
        table = model._meta.db_table
        self.execute(self._rename_field_sql(table, old, new, change.new_type))
        for statement in self.deferred_sql:
            if isinstance(statement, Statement):
                statement.rename_column_references(table, old.column, new.column)

    def _rename_field_sql(self, table: str, old_field: Any, new_field: Any, new_type: str) -> str:
        return self.sql_rename_column % {
            "table": self.quote_name(table),
            "old_column": self.quote_name(old_field.column),
            "new_column": self.quote_name(new_field.column),
            "type": new_type,
        }

    # Collecting what one ALTER TABLE can do.

    def _collect_actions(self, change: Change) -> None:
        model, old, new = change.model, change.old_field, change.new_field
        old_collation, new_collation = change.old_db_params.get("collation"), change.new_db_params.get("collation")
        features = self.connection.features
        suffixes_differ = old.db_type_suffix(connection=self.connection) != new.db_type_suffix(
            connection=self.connection
        )
        comment_inline = features.supports_comments_inline and old.db_comment != new.db_comment
        if change.old_type != change.new_type or suffixes_differ or old_collation != new_collation or comment_inline:
            fragment, others = self._alter_column_type_sql(
                model, old, new, change.new_type, old_collation, new_collation
            )
            change.actions.append(fragment)
            change.post_actions.extend(others)
        elif features.supports_comments and not features.supports_comments_inline and old.db_comment != new.db_comment:
            change.post_actions.append(self._alter_column_comment_sql(model, new, change.new_type, new.db_comment))
        if new.has_db_default():
            if not old.has_db_default() or new.db_default != old.db_default:
                change.actions.append(self._alter_column_database_default_sql(model, old, new))
        elif old.has_db_default():
            change.actions.append(self._alter_column_database_default_sql(model, old, new, drop=True))
        if old.null != new.null:
            null_fragment = self._alter_column_null_sql(model, old, new)
            if null_fragment:
                change.null_actions.append(null_fragment)

    def _needs_four_ways(self, change: Change) -> bool:
        """Set a default, fill NULLs with it, forbid NULL, take the default away: where NULLs must vanish."""
        old, new = change.old_field, change.new_field
        if not (old.null and not new.null):
            return False
        if new.has_db_default():
            return True
        return not self.skip_default_on_alter(new) and self.effective_default(new) is not None

    def _needs_drop_of_default(self, change: Change, four_ways: bool) -> bool:
        return four_ways and not change.new_field.has_db_default()

    def _run_actions(self, change: Change, four_ways: bool) -> None:
        model, old, new = change.model, change.old_field, change.new_field
        actions = list(change.actions)
        if four_ways and not new.has_db_default():
            actions.append(self._alter_column_default_sql(model, old, new))
        if not four_ways:
            actions.extend(change.null_actions)
        self._alter_column(model, actions)
        if not four_ways:
            return
        if new.has_db_default():
            default, params = self.db_default_sql(new)
        else:
            default, params = "%s", [self.effective_default(new)]
        self.execute(
            self.sql_update_with_default
            % {
                "table": self.quote_name(model._meta.db_table),
                "column": self.quote_name(new.column),
                "default": default,
            },
            params,
        )
        self._alter_column(model, change.null_actions)

    def _alter_column(self, model: Any, actions: list[Action]) -> None:
        """Run fragments in one ALTER TABLE where the database combines them, else in one each."""
        if not actions:
            return
        if self.connection.features.supports_combined_alters:
            actions = [(", ".join(sql for sql, _ in actions), [value for _, params in actions for value in params])]
        table = self.quote_name(model._meta.db_table)
        for sql, params in actions:
            self.execute(self.sql_alter_column % {"table": table, "changes": sql}, params)

    # After: keys, unique constraints and indexes of the new field.

    def _make_new_keys(self, change: Change) -> None:
        model, old, new = change.model, change.old_field, change.new_field
        if self._unique_should_be_added(old, new):
            self.execute(self._create_unique_sql(model, [new]))
        if self._ceased_to_be_primary_key(old, new):
            for name in self._constraint_names(model, [new.column], primary_key=True):
                self.execute(self._delete_primary_key_sql(model, name))
        indexed_before = old.db_index and not old.unique
        if not indexed_before and new.db_index and not new.unique:
            self.execute(self._create_index_sql(model, fields=[new]))
        referring = list(change.referring)
        if self._became_primary_key(old, new):
            self._delete_primary_key(model, change.strict)
            self.execute(self._create_primary_key_sql(model, new))
            referring.extend(related_objects(old, new))
        self._retype_referring(referring, change)
        self._add_own_key(change)
        self._add_referring_keys(change)
        self._add_check(change)

    def _unique_should_be_added(self, old_field: Any, new_field: Any) -> bool:
        return bool(
            not new_field.primary_key
            and new_field.unique
            and (not old_field.unique or old_field.primary_key)
        )

    def _retype_referring(self, referring: list[tuple[Any, Any]], change: Change) -> None:
        """The columns that refer to this one follow its type."""
        for old_relation, new_relation in referring:
            relation_params = new_relation.field.db_parameters(connection=self.connection)
            old_params = old_relation.field.db_parameters(connection=self.connection)
            fragment, others = self._alter_column_type_sql(
                new_relation.related_model,
                old_relation.field,
                new_relation.field,
                relation_params["type"],
                old_params.get("collation"),
                relation_params.get("collation"),
            )
            table = self.quote_name(new_relation.related_model._meta.db_table)
            self.execute(self.sql_alter_column % {"table": table, "changes": fragment[0]}, fragment[1])
            for sql, params in others:
                self.execute(sql, params)

    def _add_own_key(self, change: Change) -> None:
        old, new = change.old_field, change.new_field
        if not (self.connection.features.supports_foreign_keys and new.remote_field and new.db_constraint):
            return
        if change.dropped_keys or not old.remote_field or not old.db_constraint:
            self.execute(self._create_fk_sql(change.model, new, FK_SUFFIX))

    def _add_referring_keys(self, change: Change) -> None:
        for _, relation in change.referring:
            if self.connection.features.supports_foreign_keys and relation.field.db_constraint:
                self.execute(self._create_fk_sql(relation.related_model, relation.field, "_fk"))

    def _add_check(self, change: Change) -> None:
        new_check = change.new_db_params["check"]
        if new_check and not self._same_check(change):
            name = self._create_index_name(
                change.model._meta.db_table, [change.new_field.column], suffix="_check"
            )
            self.execute(self._create_check_sql(change.model, name, new_check))

    # --- many-to-many ----------------------------------------------------------------------------------------------------------

    def _alter_many_to_many(self, model: Any, old_field: Any, new_field: Any, strict: bool) -> None:
        """The table between follows the new names and keys."""
        old_through, new_through = old_field.remote_field.through, new_field.remote_field.through
        if old_through._meta.db_table != new_through._meta.db_table:
            self.alter_db_table(old_through, old_through._meta.db_table, new_through._meta.db_table)
        for name_of in ("m2m_reverse_field_name", "m2m_field_name"):
            self.alter_field(
                new_through,
                old_through._meta.get_field(getattr(old_field, name_of)()),
                new_through._meta.get_field(getattr(new_field, name_of)()),
            )


def related_objects(old_field: Any, new_field: Any) -> list[tuple[Any, Any]]:
    """The relations that refer to a column, and to what they became, those that refer to these included."""
    olds = _pointing_at(old_field)
    news = {_identity(relation): relation for relation in _pointing_at(new_field)}
    found: list[tuple[Any, Any]] = []
    for relation in olds:
        successor = news.get(_identity(relation), relation)
        found.append((relation, successor))
        if successor.field is not new_field and successor.field.primary_key:
            found.extend(related_objects(relation.field, successor.field))
    return found


def _pointing_at(field: Any) -> list[Any]:
    meta = field.model._meta
    relations = [
        relation
        for relation in meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
        and relation.field.db_parameters
        and field in (relation.field.foreign_related_fields or ())
    ]
    return sorted(relations, key=lambda relation: relation.field.model._meta.db_table)


def _identity(relation: Any) -> tuple[str, str]:
    return relation.related_model._meta.label_lower, relation.field.name

