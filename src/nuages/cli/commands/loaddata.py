"""Load fixtures into the database."""

import bz2
import functools
import glob
import gzip
import lzma
import os
import sys
import warnings
import zipfile
from collections.abc import Callable
from itertools import product
from typing import Any

from nuages import serializers
from nuages.apps import apps
from nuages.cli.color import no_style
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.cli.programs import parse_apps_and_model_labels
from nuages.conf import settings
from nuages.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, connections, router, transaction
from nuages.exceptions import ImproperlyConfigured

READ_STDIN = "-"


class SingleZipReader(zipfile.ZipFile):
    """A zip file that holds one file, which it reads as if it were that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.namelist()) != 1:
            raise ValueError("Zip-compressed fixtures must contain one file.")

    def read(self) -> bytes:  # type: ignore[override]
        """The content of the one file."""
        return zipfile.ZipFile.read(self, self.namelist()[0])


class Command(BaseCommand):
    """``loaddata``: finds fixtures in apps, FIXTURE_DIRS and the current folder, and loads them in one transaction."""

    help = "Loads fixtures into the database."
    reported_errors = (*BaseCommand.reported_errors, serializers.DeserializationError)
    missing_args_message = "No database fixture specified. Name one fixture or more, by label or path."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("args", metavar="fixture", nargs="+", help="Names of fixtures, or - for standard input.")
        add("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to write to.")
        add("--app", dest="app_label", help="Look for fixtures only in this app.")
        add("--ignorenonexistent", "-i", action="store_true", dest="ignore", help="Skip unknown fields and models.")
        add("-e", "--exclude", action="append", default=[], help="An app or model to leave out.")
        add("--format", help="The format of standard input.")

    def handle(self, *fixture_labels: str, **options: Any) -> None:
        """Load."""
        self.ignore, self.using = options["ignore"], options["database"]
        self.app_label, self.verbosity = options["app_label"], options["verbosity"]
        self.excluded_models, self.excluded_apps = parse_apps_and_model_labels(options["exclude"])
        self.format = options["format"]
        with transaction.atomic(using=self.using):
            self.loaddata(fixture_labels)
        if transaction.get_autocommit(self.using):
            # a database that would reuse the numbers is left with a closed connection
            connections[self.using].close()

    @functools.cached_property
    def compression_formats(self) -> dict[str | None, tuple[Callable[..., Any], str | None]]:
        """How to open files, by the extension of the compression; the second is the mode."""
        return {
            None: (open, "rb"),
            "gz": (gzip.GzipFile, "rb"),
            "zip": (SingleZipReader, "r"),
            "stdin": (lambda *args: sys.stdin, None),
            "bz2": (bz2.BZ2File, "r"),
            "lzma": (lzma.LZMAFile, "r"),
            "xz": (lzma.LZMAFile, "r"),
        }

    def reset_sequences(self, connection: Any, models: set[Any]) -> None:
        """Bring the sequences of *models* in line with the rows that were loaded."""
        statements = connection.ops.sequence_reset_sql(no_style(), models)
        if statements:
            if self.verbosity >= 2:
                self.stdout.write("Resetting sequences")
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

    def loaddata(self, fixture_labels: tuple[str, ...]) -> None:
        """Load all fixtures, check references at the end, and print a summary."""
        connection = connections[self.using]
        self.fixture_count = self.loaded_object_count = self.fixture_object_count = 0
        self.models: set[Any] = set()
        self.serialization_formats = serializers.get_public_serializer_formats()
        for label in fixture_labels:
            if self.find_fixtures(label):
                break
        else:
            return
        self.objs_with_deferred_fields: list[Any] = []
        with connection.constraint_checks_disabled():
            for label in fixture_labels:
                self.load_label(label)
            for obj in self.objs_with_deferred_fields:
                obj.save_deferred_fields(using=self.using)
        tables = [model._meta.db_table for model in self.models]
        try:
            connection.check_constraints(table_names=tables)
        except Exception as error:
            error.args = (f"Problem installing fixtures: {error}",)
            raise
        if self.loaded_object_count > 0:
            self.reset_sequences(connection, self.models)
        self._summary()

    def _summary(self) -> None:
        if self.verbosity < 1:
            return
        if self.fixture_object_count == self.loaded_object_count:
            self.stdout.write(f"Installed {self.loaded_object_count} object(s) from {self.fixture_count} fixture(s)")
        else:
            self.stdout.write(
                f"Installed {self.loaded_object_count} object(s) (of {self.fixture_object_count}) from "
                f"{self.fixture_count} fixture(s)"
            )

    def save_obj(self, obj: Any) -> bool:
        """Save one deserialized object, unless it is excluded or the router says no; whether it was."""
        model = type(obj.object)
        if model._meta.app_config in self.excluded_apps or model in self.excluded_models:
            return False
        if not router.allow_migrate_model(self.using, model):
            return False
        self.models.add(model)
        try:
            obj.save(using=self.using)
        except (DatabaseError, IntegrityError, ValueError) as error:
            options = model._meta
            error.args = (f"Could not load {options.label}(pk={obj.object.pk}): {error}", *error.args[1:])
            raise
        if obj.deferred_fields:
            self.objs_with_deferred_fields.append(obj)
        return True

    def load_label(self, fixture_label: str) -> None:
        """Load the fixtures of one label."""
        shows_progress = self.verbosity >= 3
        for path, folder, name in self.find_fixtures(fixture_label):
            _, named, compression = self.parse_name(os.path.basename(path))
            format_name = str(named)
            open_method, mode = self.compression_formats[compression]
            fixture = open_method(path, mode)
            self.fixture_count += 1
            loaded = found = 0
            if self.verbosity >= 2:
                self.stdout.write(f"Installing {format_name} fixture '{name}' from {_shown(folder)}.")
            try:
                with fixture:
                    for obj in serializers.deserialize(
                        format_name,
                        fixture,
                        using=self.using,
                        ignorenonexistent=self.ignore,
                        handle_forward_references=True,
                    ):
                        found += 1
                        if self.save_obj(obj):
                            loaded += 1
                            if shows_progress:
                                self.stdout.write(f"\rProcessed {loaded} object(s).", ending="")
            except Exception as error:
                if not isinstance(error, CommandError):
                    error.args = (f"Problem installing fixture '{path}': {error}",)
                raise
            if found and shows_progress:
                self.stdout.write()
            self.loaded_object_count += loaded
            self.fixture_object_count += found
            if found == 0:
                warnings.warn(
                    f"No fixture data found for '{name}'. (File format may be invalid.)",
                    RuntimeWarning,
                    stacklevel=2,
                )

    def get_fixture_name_and_dirs(self, fixture_name: str) -> tuple[str, list[str]]:
        """The name without folders, and the folders in which it may lie."""
        folder, name = os.path.split(fixture_name)
        if os.path.isabs(fixture_name):
            return name, [folder]
        dirs = self.fixture_dirs
        if folder:
            dirs = [os.path.join(each, folder) for each in dirs]
        return name, dirs

    def get_targets(self, fixture_name: str, ser_fmt: str | None, cmp_fmt: str | None) -> set[str]:
        """The file names that the fixture can have on this database."""
        formats = self.serialization_formats if not ser_fmt else [ser_fmt]
        compressions = self.compression_formats if not cmp_fmt else [cmp_fmt]
        return {
            ".".join(part for part in parts if part)
            for parts in product([fixture_name], [self.using, None], formats, compressions)
        }

    def find_fixture_files_in_dir(self, folder: str, name: str, targets: set[str]) -> list[Any]:
        """Files of the fixture in one folder: path, folder, name."""
        pattern = os.path.join(glob.escape(folder), glob.escape(name) + "*")
        return [(path, folder, name) for path in sorted(glob.iglob(pattern)) if os.path.basename(path) in targets]

    def find_fixtures(self, fixture_label: str) -> list[Any]:
        """All files that the label means; CommandError if there is none, or two in one folder."""
        return list(self._found(fixture_label))

    @functools.cached_property
    def _cache(self) -> dict[str, list[Any]]:
        return {}

    def _found(self, fixture_label: str) -> list[Any]:
        if fixture_label in self._cache:
            return self._cache[fixture_label]
        if fixture_label == READ_STDIN:
            found: list[Any] = [(READ_STDIN, None, READ_STDIN)]
        else:
            found = self._search(fixture_label)
        self._cache[fixture_label] = found
        return found

    def _search(self, fixture_label: str) -> list[Any]:
        fixture_name, ser_fmt, cmp_fmt = self.parse_name(fixture_label)
        if self.verbosity >= 2:
            self.stdout.write(f"Loading '{fixture_name}' fixtures...")
        name, dirs = self.get_fixture_name_and_dirs(fixture_name)
        targets = self.get_targets(name, ser_fmt, cmp_fmt)
        found: list[Any] = []
        for folder in dirs:
            if self.verbosity >= 2:
                self.stdout.write(f"Checking {_shown(folder)} for fixtures...")
            here = self.find_fixture_files_in_dir(folder, name, targets)
            if self.verbosity >= 2 and not here:
                self.stdout.write(f"No fixture '{name}' in {_shown(folder)}.")
            if len(here) > 1:
                raise CommandError(f"Multiple fixtures named '{name}' in {_shown(folder)}. Aborting.")
            found += here
        if not found:
            raise CommandError(f"No fixture named '{fixture_name}' found.")
        return found

    @functools.cached_property
    def fixture_dirs(self) -> list[str]:
        """Folders to look in: of the apps, of FIXTURE_DIRS, and the current one."""
        dirs: list[str] = []
        own = [os.path.realpath(each) for each in settings.FIXTURE_DIRS]
        if len(own) != len(set(own)):
            raise ImproperlyConfigured("settings.FIXTURE_DIRS contains duplicates.")
        for config in apps.get_app_configs():
            folder = os.path.join(config.path, "fixtures")
            if os.path.realpath(folder) in own:
                raise ImproperlyConfigured(
                    f"FIXTURE_DIRS names {folder!r}, the folder of the app '{config.label}', where fixtures are found anyway."
                )
            if self.app_label and config.label != self.app_label:
                continue
            if os.path.isdir(folder):
                dirs.append(folder)
        dirs += list(map(str, settings.FIXTURE_DIRS))
        dirs.append("")
        return [os.path.realpath(each) for each in dirs]

    def parse_name(self, fixture_name: str) -> tuple[str, str | None, str | None]:
        """Name, serialization format and compression of a label."""
        if fixture_name == READ_STDIN:
            if not self.format:
                message = "--format must be specified when reading from stdin."
                raise CommandError(message)
            return READ_STDIN, self.format, "stdin"
        parts = fixture_name.rsplit(".", 2)
        compression = parts.pop() if len(parts) > 1 and parts[-1] in self.compression_formats else None
        if len(parts) < 2:
            return parts[0], None, compression
        if parts[-1] in self.serialization_formats:
            return ".".join(parts[:-1]), parts[-1], compression
        raise CommandError(
            f"Problem installing fixture '{'.'.join(parts[:-1])}': {parts[-1]} is not a known serialization format."
        )


def _shown(folder: str | None) -> str:
    return f"'{folder}'" if folder else "absolute path"
