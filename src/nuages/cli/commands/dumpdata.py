"""Write the content of the database as a fixture."""

import bz2
import gzip
import lzma
import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from nuages import serializers
from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.cli.programs import parse_apps_and_model_labels
from nuages.db import DEFAULT_DB_ALIAS, connections, router

COMPRESSIONS: dict[str, Callable[..., Any]] = {
    ".bz2": bz2.open,
    ".gz": gzip.open,
    ".lzma": lambda path, mode: lzma.open(path, mode, format=lzma.FORMAT_ALONE),
    ".xz": lzma.open,
}


class ProxyModelWarning(Warning):
    """A proxy model was named, whose rows belong to another model."""


class Command(BaseCommand):
    """``dumpdata``: all apps, or some apps and models."""

    help = "Prints the rows of the database as a fixture in a serialization format."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("args", metavar="app_label[.ModelName]", nargs="*", help="Apps and models to dump (default: all).")
        add("--format", default="json", help="The serialization format (default: json).")
        add("--indent", type=int, help="Spaces per level of indentation.")
        add("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to read.")
        add("-e", "--exclude", action="append", default=[], help="An app or model to leave out.")
        add(
            "--natural-foreign",
            action="store_true",
            dest="use_natural_foreign_keys",
            help="Write natural keys for related objects that have one.",
        )
        add(
            "--natural-primary",
            action="store_true",
            dest="use_natural_primary_keys",
            help="Leave out primary keys of objects with natural keys.",
        )
        add("-a", "--all", action="store_true", dest="use_base_manager", help="Read through the base manager.")
        add("--pks", dest="primary_keys", help="Comma-separated primary keys; needs exactly one model.")
        add("-o", "--output", help="The file to write to; .bz2, .gz, .lzma and .xz are compressed.")

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Serialize."""
        keys = [key.strip() for key in options["primary_keys"].split(",")] if options["primary_keys"] else []
        excluded = parse_apps_and_model_labels(options["exclude"])
        app_list = self._app_list(app_labels, excluded, keys)
        self._refuse_unknown_format(options["format"])
        total = sum(self._objects(app_list, excluded[0], keys, options, count_only=True)) if options["output"] else 0
        shows_progress = options["output"] and self.stdout.isatty() and options["verbosity"] > 0
        stream = self._stream(options)
        try:
            self.stdout.ending = None  # type: ignore[assignment]
            serializers.serialize(
                options["format"],
                self._objects(app_list, excluded[0], keys, options),
                indent=options["indent"],
                use_natural_foreign_keys=options["use_natural_foreign_keys"],
                use_natural_primary_keys=options["use_natural_primary_keys"],
                stream=stream or self.stdout,
                progress_output=self.stdout if shows_progress else None,
                object_count=total,
            )
        except Exception as error:
            if options["traceback"]:
                raise
            raise CommandError(f"Unable to serialize database: {error}") from error
        finally:
            if stream is not None:
                stream.close()

    @staticmethod
    def _refuse_unknown_format(name: str) -> None:
        if name in serializers.get_public_serializer_formats():
            return
        try:
            serializers.get_serializer(name)
        except KeyError:
            pass
        raise CommandError(f"Unknown serialization format: {name}")

    @staticmethod
    def _stream(options: dict[str, Any]) -> Any:
        path = options["output"]
        if not path:
            return None
        root, extension = os.path.splitext(path)
        if extension in COMPRESSIONS:
            return COMPRESSIONS[extension](path, "wt")
        if extension == ".zip":
            warnings.warn(
                f"Unsupported file extension ({extension}). Fixtures saved in '{os.path.basename(root)}'.", RuntimeWarning, stacklevel=2
            )
            path = root
        return open(path, "w", encoding="utf-8")

    def _app_list(self, labels: tuple[str, ...], excluded: Any, keys: list[str]) -> dict[Any, Any]:
        """Apps to dump, each with its models, or None for all."""
        _, excluded_apps = excluded
        if not labels:
            if keys:
                raise CommandError("You can only use --pks option with one model")
            return {
                config: None
                for config in apps.get_app_configs()
                if config.models_module is not None and config not in excluded_apps
            }
        if len(labels) > 1 and keys:
            raise CommandError("You can only use --pks option with one model")
        chosen: dict[Any, Any] = {}
        for label in labels:
            app_label, dot, model_label = label.partition(".")
            if not dot and keys:
                raise CommandError("You can only use --pks option with one model")
            self._choose(chosen, app_label, model_label if dot else None, excluded_apps)
        return chosen

    @staticmethod
    def _choose(chosen: dict[Any, Any], app_label: str, model_label: str | None, excluded_apps: Any) -> None:
        try:
            config = apps.get_app_config(app_label)
        except LookupError as error:
            raise CommandError(str(error)) from error
        if config.models_module is None or config in excluded_apps:
            return
        if model_label is None:
            chosen[config] = None
            return
        try:
            model = config.get_model(model_label)
        except LookupError:
            raise CommandError(f"Unknown model: {app_label}.{model_label}") from None
        models = chosen.setdefault(config, [])
        if models is not None and model not in models:
            models.append(model)

    def _objects(
        self,
        app_list: dict[Any, Any],
        excluded_models: set[Any],
        keys: list[str],
        options: dict[str, Any],
        count_only: bool = False,
    ) -> Iterator[Any]:
        using = options["database"]
        if options["use_natural_foreign_keys"]:
            models = serializers.sort_dependencies(app_list.items(), allow_cycles=True)
        else:
            models = [
                model
                for config, chosen in app_list.items()
                for model in (chosen if chosen is not None else config.get_models())
            ]
        for model in models:
            if model in excluded_models:
                continue
            if model._meta.proxy and model._meta.proxy_for_model not in models:
                warnings.warn(
                    f"{model._meta.label} is a proxy model and won't be serialized.",
                    category=ProxyModelWarning,
                    stacklevel=2,
                )
            if model._meta.proxy or not router.allow_migrate_model(using, model):
                continue
            manager = model._base_manager if options["use_base_manager"] else model._default_manager
            queryset = manager.using(using).order_by(model._meta.pk.name)
            if keys:
                queryset = queryset.filter(pk__in=keys)
            if count_only:
                yield queryset.order_by().count()
            else:
                yield from queryset.iterator(**_chunking(queryset))


def _chunking(queryset: Any) -> dict[str, int]:
    return {"chunk_size": 2000} if queryset._prefetch_related_lookups else {}
