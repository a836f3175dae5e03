"""Finds the operations that lead from one state to another (``makemigrations``)."""

from __future__ import annotations

from typing import Any

from nuages.migrations.detection.arranging import Arranging
from nuages.migrations.detection.comparing import OperationDependency, parse_number
from nuages.migrations.detection.fields import FieldChanges
from nuages.migrations.detection.models import ModelChanges
from nuages.migrations.detection.options import OptionChanges

__all__ = ["MigrationAutodetector", "OperationDependency"]


class MigrationAutodetector(ModelChanges, FieldChanges, OptionChanges, Arranging):
    """Compares two ``ProjectState`` objects. A ``questioner`` decides what the difference cannot tell."""

    def changes(
        self, graph: Any, trim_to_apps: Any = None, convert_apps: Any = None, migration_name: str | None = None
    ) -> dict[str, list[Any]]:
        """The new migrations by app, numbered and named to follow those of ``graph``; only of ``trim_to_apps`` if given."""
        changes = self._detect_changes(convert_apps, graph)
        changes = self.arrange_for_graph(changes, graph, migration_name)
        return self._trim_to_apps(changes, trim_to_apps) if trim_to_apps else changes

    def _detect_changes(self, convert_apps: Any = None, graph: Any = None) -> dict[str, list[Any]]:
        """The new migrations by app, with names of their own still."""
        self.generated_operations = {}
        self._collect_keys(convert_apps)
        self.from_state.resolve_fields_and_relations()
        self.to_state.resolve_fields_and_relations()
        self.find_renamed_models()
        self._collect_kept()
        self._collect_through()
        self._generate()
        self._sort_migrations()
        self._build_migration_list(graph)
        self._optimize_migrations()
        return self.migrations

    def _generate(self) -> None:
        """Find all operations. Their order is that in which they stand where no dependency says otherwise."""
        self.find_deleted_models()
        self.find_created_models()
        self.find_deleted_proxies()
        self.find_created_proxies()
        self.find_altered_options()
        self.find_altered_managers()
        self.match_renamed_fields()
        self.compare_indexes()
        self.compare_constraints()
        self.find_removed_constraints()
        self.find_removed_indexes()
        self.find_renamed_fields()
        self.find_renamed_indexes()
        self.find_removed_unique_together()
        self.find_removed_fields()
        self.find_added_fields()
        self.find_altered_fields()
        self.find_altered_order()
        self.find_added_unique_together()
        self.find_added_indexes()
        self.find_altered_constraints()
        self.find_added_constraints()
        self.find_altered_db_table()
        self.find_altered_db_table_comment()

    @classmethod
    def parse_number(cls, name: str) -> int | None:
        """The number at the beginning of a migration's name, of the last one for a squashed migration."""
        return parse_number(name)
