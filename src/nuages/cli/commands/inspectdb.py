"""Write models for the tables of a database."""

import keyword
import re
from collections.abc import Iterator
from typing import Any

from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.conf import names
from nuages.db import DEFAULT_DB_ALIAS, connections
from nuages.sql.constants import LOOKUP_SEP

GUESS = "This field type is a guess."


class Command(BaseCommand):
    """``inspectdb``: prints a ``models.py`` for the tables, as far as the database tells."""

    help = "Looks at the tables of the database and prints models for them."
    requires_system_checks = []
    stealth_options = ("table_name_filter",)

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("table", nargs="*", help="Tables or views to look at (default: all tables).")
        add("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to look at.")
        add("--include-partitions", action="store_true", help="Write models for partitions, too.")
        add("--include-views", action="store_true", help="Write models for views, too.")

    @property
    def db_module(self) -> str:
        """The package from which the models import ``models``."""
        return names.public("nuages.models").rpartition(".")[0]

    def handle(self, **options: Any) -> None:
        """Print."""
        try:
            for line in self.handle_inspection(options):
                self.stdout.write(line)
        except NotImplementedError:
            raise CommandError(
                "Database inspection isn't supported for the currently selected database backend."
            ) from None

    def handle_inspection(self, options: dict[str, Any]) -> Iterator[str]:
        """The lines of the module."""
        self.homes: set[str] = set()
        models = list(self._models(connections[options["database"]], options))
        yield "# Models of an existing database, as far as it tells. What is left to do by hand:"
        yield "#   * put the models into an order in which each comes after those it refers to"
        yield "#   * see that each has one field with primary_key=True"
        yield "#   * see that each ForeignKey and OneToOneField has the on_delete that you want"
        yield "#   * remove `managed = False` to have migrations create, change and delete the table"
        yield "# Models and fields may be renamed, but not db_table and db_column."
        for home in sorted(self.homes):
            yield f"import {home}"
        yield f"from {self.db_module} import models"
        yield from models

    def _models(self, connection: Any, options: dict[str, Any]) -> Iterator[str]:
        table_filter = options.get("table_name_filter")
        with connection.cursor() as cursor:
            info = connection.introspection.get_table_list(cursor)
            kinds = {"t"} | ({"p"} if options["include_partitions"] else set()) | ({"v"} if options["include_views"] else set())
            known: list[str] = []
            wanted = options["table"] or sorted(entry.name for entry in info if entry.type in kinds)
            for table in wanted:
                if table_filter is not None and callable(table_filter) and not table_filter(table):
                    continue
                try:
                    yield from self._model(connection, cursor, table, known, info)
                except Exception as error:
                    yield f"# Unable to inspect table '{table}'"
                    yield f"# The error was: {error}"
                    continue
                known.append(self.normalize_table_name(table))

    def _model(self, connection: Any, cursor: Any, table: str, known: list[str], info: Any) -> Iterator[str]:
        introspection = connection.introspection
        try:
            relations = introspection.get_relations(cursor, table)
        except NotImplementedError:
            relations = {}
        try:
            constraints = introspection.get_constraints(cursor, table)
        except NotImplementedError:
            constraints = {}
        primary = introspection.get_primary_key_columns(cursor, table)
        unique = [
            c["columns"][0] for c in constraints.values() if c["unique"] and not c["primary_key"] and len(c["columns"]) == 1
        ]
        table_info = introspection.get_table_description(cursor, table)
        name = self.normalize_table_name(table)
        lines = ["", "", f"class {name}(models.Model):"]
        used: list[str] = []
        columns_to_fields: dict[str, str] = {}
        if primary and len(primary) > 1:
            listed = ", ".join(repr(self.normalize_col_name(column, [], False)[0]) for column in primary)
            lines.append(f"    pk = models.CompositePrimaryKey({listed})")
        for row in table_info:
            lines += self._field(connection, cursor, table, row, relations, unique, primary, used, columns_to_fields, (name, known))
        comment = next((entry.comment for entry in info if entry.name == table and getattr(entry, "comment", None)), None)
        is_view = any(entry.name == table and entry.type == "v" for entry in info)
        is_partition = any(entry.name == table and entry.type == "p" for entry in info)
        lines += self.get_meta(table, constraints, columns_to_fields, is_view, is_partition, comment)
        yield from lines

    def _field(
        self,
        connection: Any,
        cursor: Any,
        table: str,
        row: Any,
        relations: dict[str, Any],
        unique: list[str],
        primary: Any,
        used: list[str],
        columns_to_fields: dict[str, str],
        models: tuple[str, list[str]],
    ) -> list[str]:
        column = row.name
        is_relation = column in relations
        attribute, params, notes = self.normalize_col_name(column, used, is_relation)
        used.append(attribute)
        columns_to_fields[column] = attribute
        extra: dict[str, Any] = dict(params)
        if primary and column in primary and len(primary) == 1:
            extra["primary_key"] = True
        elif column in unique:
            extra["unique"] = True
        comment_notes = list(notes)
        if is_relation:
            field_type = self._relation(connection, cursor, relations[column], extra, models)
        else:
            field_type, field_params, field_notes = self.get_field_type(connection, table, row)
            extra.update(field_params)
            comment_notes += field_notes
            field_type += "("
        if attribute == "id" and extra == {"primary_key": True}:
            default = {"AutoField(", "SmallAutoField(", "BigAutoField("}
            if field_type in default and field_type == f"{connection.features.introspected_field_types['AutoField']}(":
                return []
        if row.null_ok:
            extra["blank"] = True
            extra["null"] = True
        home = field_type.rpartition(".")[0]
        if home:
            self.homes.add(home)
        prefix = "" if home else "models."
        line = f"    {attribute} = {prefix}{field_type}"
        if field_type.startswith(("ForeignKey(", "OneToOneField(")):
            line += ", models.DO_NOTHING"
        if extra:
            if not line.endswith("("):
                line += ", "
            line += ", ".join(f"{key}={value!r}" for key, value in extra.items())
        line += ")"
        if comment_notes:
            line += "  # " + " ".join(comment_notes)
        return [line]

    def _relation(
        self, connection: Any, cursor: Any, relation: Any, extra: dict[str, Any], models: tuple[str, list[str]]
    ) -> str:
        target_field, target_table = relation[:2]
        if extra.pop("unique", False) or extra.get("primary_key"):
            kind = "OneToOneField"
        else:
            kind = "ForeignKey"
        key = connection.introspection.get_primary_key_column(cursor, target_table)
        if key and key != target_field:
            extra["to_field"] = target_field
        name, known = models
        target = self.normalize_table_name(target_table)
        if target == name:
            return f"{kind}('self'"
        return f"{kind}({target if target in known else repr(target)}"

    def normalize_col_name(
        self, col_name: str, used_column_names: list[str], is_relation: bool
    ) -> tuple[str, dict[str, Any], list[str]]:
        """A column's name as that of a field, with the parameters and notes that this needs."""
        params: dict[str, Any] = {}
        notes: list[str] = []

        def because(reason: str) -> None:
            notes.append(f"Field renamed because it {reason}.")

        new = col_name.lower()
        if new != col_name:
            notes.append("Field name made lowercase.")
        if is_relation:
            if new.endswith("_id"):
                new = new.removesuffix("_id")
            else:
                params["db_column"] = col_name
        new, replaced = re.subn(r"\W", "_", new)
        if replaced > 0:
            notes.append("Field renamed to remove unsuitable characters.")
        if LOOKUP_SEP in new:
            while LOOKUP_SEP in new:
                new = new.replace(LOOKUP_SEP, "_")
            if LOOKUP_SEP in col_name.lower():
                because("contained more than one '_' in a row")
        if new.startswith("_"):
            new = f"field{new}"
            because("started with '_'")
        if new.endswith("_"):
            new = f"{new}field"
            because("ended with '_'")
        if keyword.iskeyword(new):
            new += "_field"
            because("was a Python reserved word")
        if new[0].isdigit():
            new = f"number_{new}"
            because("wasn't a valid Python identifier")
        if new in used_column_names:
            number = 0
            while f"{new}_{number}" in used_column_names:
                number += 1
            new = f"{new}_{number}"
            notes.append("Field renamed because of name conflict.")
        if col_name != new and notes:
            params["db_column"] = col_name
        return new, params, notes

    def normalize_table_name(self, table_name: str) -> str:
        """A table's name as that of a model."""
        return re.sub(r"[^a-zA-Z0-9]", "", table_name.title())

    def get_field_type(self, connection: Any, table_name: str, row: Any) -> tuple[str, dict[str, Any], list[str]]:
        """The field class of a column, with parameters and notes."""
        params: dict[str, Any] = {}
        notes: list[str] = []
        try:
            field_type = connection.introspection.get_field_type(row.type_code, row)
        except KeyError:
            field_type = "TextField"
            notes.append(GUESS)
        if isinstance(field_type, tuple):
            field_type, more = field_type
            params.update(more)
        if field_type in {"CharField", "TextField"} and row.collation:
            params["db_collation"] = row.collation
        if getattr(row, "comment", None):
            params["db_comment"] = row.comment
        if field_type == "CharField" and row.display_size:
            size = int(row.display_size)
            if size > 0:
                params["max_length"] = size
        if field_type == "DecimalField":
            if row.precision is None or row.scale is None:
                notes.append(
                    "max_digits and decimal_places have been guessed, as this database handles decimal fields as float"
                )
                params["max_digits"] = row.precision if row.precision is not None else 10
                params["decimal_places"] = row.scale if row.scale is not None else 5
            else:
                params["max_digits"], params["decimal_places"] = row.precision, row.scale
        return field_type, params, notes

    def get_meta(
        self,
        table_name: str,
        constraints: dict[str, Any],
        column_to_field_name: dict[str, str],
        is_view: bool,
        is_partition: bool,
        comment: str | None,
    ) -> list[str]:
        """The lines of the model's ``Meta``."""
        together, has_unsupported = [], False
        for params in constraints.values():
            if not params["unique"] or params["primary_key"]:
                continue
            columns = params["columns"]
            if None in columns:
                has_unsupported = True
            columns = [column_to_field_name[column] for column in columns if column in column_to_field_name]
            if len(columns) > 1:
                together.append("(" + ", ".join(repr(column) for column in columns) + ")")
        if is_view:
            managed = "  # Created from a view. Don't remove."
        elif is_partition:
            managed = "  # Created from a partition. Don't remove."
        else:
            managed = ""
        meta = [""]
        if has_unsupported:
            meta.append("    # A unique constraint could not be introspected.")
        meta += ["    class Meta:", f"        managed = False{managed}", f"        db_table = {table_name!r}"]
        if together:
            meta.append(f"        unique_together = ({', '.join(together)},)")
        if comment:
            meta.append(f"        db_table_comment = {comment!r}")
        return meta
