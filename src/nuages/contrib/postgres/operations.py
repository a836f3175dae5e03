"""Operations of migrations that only PostgreSQL has (documentation: ref/contrib/postgres/operations)."""

from __future__ import annotations

from typing import Any, ClassVar

from nuages.contrib.postgres.adapting import adapt_types
from nuages.db import NotSupportedError
from nuages.db.routers import router
from nuages.migrations import AddConstraint, AddIndex, RemoveIndex
from nuages.migrations.operations.operation import Operation, OperationCategory
from nuages.models import CheckConstraint

__all__ = [
    "AddConstraintNotValid",
    "AddIndexConcurrently",
    "BloomExtension",
    "BtreeGinExtension",
    "BtreeGistExtension",
    "CITextExtension",
    "CreateCollation",
    "CreateExtension",
    "CryptoExtension",
    "HStoreExtension",
    "RemoveCollation",
    "RemoveIndexConcurrently",
    "TrigramExtension",
    "UnaccentExtension",
    "ValidateConstraint",
]


class _DatabaseOperation(Operation):
    """A change of the database that no model shows."""

    reversible = True
    hints: dict[str, Any] | None = None

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The state stays as it is."""

    def _concerns(self, app_label: str, schema_editor: Any) -> bool:
        connection = schema_editor.connection
        return connection.vendor == "postgresql" and router.allow_migrate(
            connection.alias, app_label, **(self.hints or {})
        )


class CreateExtension(_DatabaseOperation):
    """Install an extension, unless it is there; ``hints`` are for routers."""

    category = OperationCategory.ADDITION

    def __init__(self, name: str, hints: dict[str, Any] | None = None) -> None:
        self.name = name
        self.hints = hints or {}

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not self._concerns(app_label, schema_editor):
            return
        if not self._exists(schema_editor):
            schema_editor.execute(f"CREATE EXTENSION IF NOT EXISTS {schema_editor.quote_name(self.name)}")
            # The connection must know the types that have come with it, for the operations that follow.
            adapt_types(schema_editor.connection)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self._concerns(app_label, schema_editor) and self._exists(schema_editor):
            schema_editor.execute(f"DROP EXTENSION IF EXISTS {schema_editor.quote_name(self.name)}")

    def _exists(self, schema_editor: Any) -> bool:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [self.name])
            return bool(cursor.fetchone())

    def describe(self) -> str:
        return f"Creates extension {self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"create_extension_{self.name}"


class _KnownExtension(CreateExtension):
    extension: ClassVar[str]

    def __init__(self, hints: dict[str, Any] | None = None) -> None:
        super().__init__(self.extension, hints)


class BloomExtension(_KnownExtension):
    """Install ``bloom``, for ``BloomIndex``."""

    extension = "bloom"


class BtreeGinExtension(_KnownExtension):
    """Install ``btree_gin``, for ``GinIndex`` of plain types."""

    extension = "btree_gin"


class BtreeGistExtension(_KnownExtension):
    """Install ``btree_gist``, for ``GistIndex`` and ``ExclusionConstraint`` of plain types."""

    extension = "btree_gist"


class CITextExtension(_KnownExtension):
    """Install ``citext``, text without regard to case."""

    extension = "citext"


class CryptoExtension(_KnownExtension):
    """Install ``pgcrypto``, functions of cryptography."""

    extension = "pgcrypto"


class HStoreExtension(_KnownExtension):
    """Install ``hstore``, for ``HStoreField``."""

    extension = "hstore"


class TrigramExtension(_KnownExtension):
    """Install ``pg_trgm``, for similarity by trigrams."""

    extension = "pg_trgm"


class UnaccentExtension(_KnownExtension):
    """Install ``unaccent``, for the look-up of that name."""

    extension = "unaccent"


# -- collations -------------------------------------------------------------------------------------------------


class _CollationOperation(_DatabaseOperation):
    def __init__(self, name: str, locale: str, *, provider: str = "libc", deterministic: bool = True) -> None:
        self.name = name
        self.locale = locale
        self.provider = provider
        self.deterministic = deterministic

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs: dict[str, Any] = {"name": self.name, "locale": self.locale}
        if self.provider != "libc":
            kwargs["provider"] = self.provider
        if not self.deterministic:
            kwargs["deterministic"] = False
        return type(self).__name__, [], kwargs

    def _create(self, app_label: str, schema_editor: Any) -> None:
        if not self._concerns(app_label, schema_editor):
            return
        quote = schema_editor.quote_name
        options = [f"locale={quote(self.locale)}"]
        if self.provider != "libc":
            options.append(f"provider={quote(self.provider)}")
        if not self.deterministic:
            options.append("deterministic=false")
        schema_editor.execute(f"CREATE COLLATION {quote(self.name)} ({', '.join(options)})")

    def _drop(self, app_label: str, schema_editor: Any) -> None:
        if self._concerns(app_label, schema_editor):
            schema_editor.execute(f"DROP COLLATION {schema_editor.quote_name(self.name)}")


class CreateCollation(_CollationOperation):
    """Create a collation, which text fields may then name as ``db_collation``."""

    category = OperationCategory.ADDITION

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._create(app_label, schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._drop(app_label, schema_editor)

    def describe(self) -> str:
        return f"Create collation {self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"create_collation_{self.name.lower()}"


class RemoveCollation(_CollationOperation):
    """Remove a collation; what else is given of it makes it again when the migration is undone."""

    category = OperationCategory.REMOVAL

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._drop(app_label, schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._create(app_label, schema_editor)

    def describe(self) -> str:
        return f"Remove collation {self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"remove_collation_{self.name.lower()}"


# -- indexes and constraints of tables in use -------------------------------------------------------------------


class _Concurrently:
    """A schema editor that leaves tables unlocked; there must be no transaction."""

    def __init__(self, schema_editor: Any, operation: str) -> None:
        self.connection = schema_editor.connection
        self.editor = schema_editor
        if self.connection.in_atomic_block:
            raise NotSupportedError(f"{operation} needs a migration without a transaction: set atomic = False on it.")

    def add_index(self, model: Any, index: Any) -> None:
        """Create the index."""
        self.editor.add_index(model, index, concurrently=True)

    def remove_index(self, model: Any, index: Any) -> None:
        """Drop the index."""
        self.editor.remove_index(model, index, concurrently=True)


class _UnlockedMixin:
    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Do it without a lock."""
        editor = _Concurrently(schema_editor, type(self).__name__)
        super().database_forwards(app_label, editor, from_state, to_state)  # type: ignore[misc]

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Undo it without a lock."""
        editor = _Concurrently(schema_editor, type(self).__name__)
        super().database_backwards(app_label, editor, from_state, to_state)  # type: ignore[misc]

    def describe(self) -> str:
        """What the plain operation says, and how."""
        text: str = super().describe()  # type: ignore[misc]
        return f"Concurrently {text[0].lower()}{text[1:]}"


class AddIndexConcurrently(_UnlockedMixin, AddIndex):
    """Create an index while the table is written to."""


class RemoveIndexConcurrently(_UnlockedMixin, RemoveIndex):
    """Drop an index while the table is written to."""


class AddConstraintNotValid(AddConstraint):
    """Add a check that holds for new rows; ``ValidateConstraint``, in a later migration, looks at the others."""

    def __init__(self, model_name: str, constraint: Any) -> None:
        if not isinstance(constraint, CheckConstraint):
            raise TypeError("AddConstraintNotValid.constraint must be a check constraint.")
        super().__init__(model_name, constraint)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            sql = self.constraint.create_sql(model, schema_editor)
            if sql:
                # Nothing is to be put into the text: a % in it is one.
                schema_editor.execute(f"{sql} NOT VALID", params=None)

    def describe(self) -> str:
        return f"Create not valid constraint {self.constraint.name} on model {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{super().migration_name_fragment}_not_valid"


class ValidateConstraint(_DatabaseOperation):
    """Check the rows that ``AddConstraintNotValid`` left unchecked."""

    category = OperationCategory.ALTERATION

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name = model_name
        self.name = name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"model_name": self.model_name, "name": self.name}

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            quote = schema_editor.quote_name
            schema_editor.execute(f"ALTER TABLE {quote(model._meta.db_table)} VALIDATE CONSTRAINT {quote(self.name)}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Rows that were checked stay so."""

    def describe(self) -> str:
        return f"Validate constraint {self.name} on model {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name.lower()}_validate_{self.name.lower()}"
