"""Creating and destroying the databases of a test run."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nuages import serializers
from nuages.apps import apps
from nuages.cli.calling import call_command
from nuages.db import DEFAULT_DB_ALIAS, router, transaction
from nuages.db import connections as connections
from nuages.db.creation import hooks
from nuages.exceptions import ImproperlyConfigured
from nuages.test.capturing import NullTimeKeeper

CHUNK = 2000
"""How many rows are read at once."""


def _migrate(alias: str, verbosity: int, run_syncdb: bool) -> None:
    call_command("migrate", verbosity=verbosity, interactive=False, database=alias, run_syncdb=run_syncdb)


def _create_cache_tables(alias: str) -> None:
    call_command("createcachetable", database=alias)


def _all_objects(alias: str) -> Iterator[Any]:
    """All rows of the installed models that may live in the database."""
    for app_config in apps.get_app_configs():
        for model in app_config.get_models():
            if model._meta.can_migrate(connections[alias]) and router.allow_migrate_model(alias, model):
                yield from model._base_manager.using(alias).order_by(model._meta.pk.name).iterator(chunk_size=CHUNK)


def _serialize(alias: str) -> str:
    text: str = serializers.serialize("json", _all_objects(alias), indent=None)
    return text


def _deserialize(alias: str, text: str) -> None:
    connection = connections[alias]
    with transaction.atomic(using=alias), connection.constraint_checks_disabled():
        tables = set()
        for record in serializers.deserialize("json", text, using=alias):
            record.save()
            tables.add(type(record.object)._meta.db_table)
        connection.check_constraints(table_names=tables)


hooks.migrate = _migrate
hooks.cache_tables = _create_cache_tables
hooks.serialize = _serialize
hooks.deserialize = _deserialize

OldConfig = list[tuple[Any, str, bool]]


def setup_databases(
    verbosity: int,
    interactive: bool,
    *,
    time_keeper: Any = None,
    keepdb: bool = False,
    debug_sql: bool = False,
    parallel: int = 0,
    aliases: Iterable[str] | None = None,
    serialized_aliases: Iterable[str] | None = None,
    **kwargs: Any,
) -> OldConfig:
    """Create the test databases (of *aliases*); returns what :func:`teardown_databases` wants.

    Aliases that mean the same database share one; MIRROR aliases get the connection settings of what they mirror.
    """
    keeper = NullTimeKeeper() if time_keeper is None else time_keeper
    databases, mirrors = get_unique_databases_and_mirrors(aliases)
    old_names: OldConfig = []
    for name, shared in databases.values():
        first: str | None = None
        for alias in shared:
            connection = connections[alias]
            old_names.append((connection, name, first is None))
            if first is not None:
                connections[alias].creation.set_as_test_mirror(connections[first].settings_dict)
                continue
            first = alias
            with keeper.timed(f"  Creating '{alias}'"):
                serialize = True if serialized_aliases is None else alias in serialized_aliases
                connection.creation.create_test_db(
                    verbosity=verbosity, autoclobber=not interactive, keepdb=keepdb, serialize=serialize
                )
            for index in range(parallel if parallel > 1 else 0):
                with keeper.timed(f"  Cloning '{alias}'"):
                    connection.creation.clone_test_db(suffix=str(index + 1), verbosity=verbosity, keepdb=keepdb)
    for alias, mirrored in mirrors.items():
        connections[alias].creation.set_as_test_mirror(connections[mirrored].settings_dict)
    if debug_sql:
        for alias in connections:
            connections[alias].force_debug_cursor = True
    return old_names


def teardown_databases(old_config: OldConfig, verbosity: int, parallel: int = 0, keepdb: bool = False) -> None:
    """Destroy the databases that :func:`setup_databases` created."""
    for connection, old_name, destroy in old_config:
        if not destroy:
            continue
        for index in range(parallel if parallel > 1 else 0):
            connection.creation.destroy_test_db(suffix=str(index + 1), verbosity=verbosity, keepdb=keepdb)
        connection.creation.destroy_test_db(old_name, verbosity, keepdb)


def get_unique_databases_and_mirrors(
    aliases: Iterable[str] | None = None,
) -> tuple[dict[Any, tuple[str, list[str]]], dict[str, str]]:
    """The databases to create, by signature (name and aliases), and the mirrors (alias to alias), in order of creation."""
    wanted = set(connections if aliases is None else aliases)
    mirrors: dict[str, str] = {}
    found: dict[Any, tuple[str, set[str]]] = {}
    dependencies: dict[str, list[str]] = {}
    default_signature = connections[DEFAULT_DB_ALIAS].creation.test_db_signature()
    for alias in connections:
        connection = connections[alias]
        options = connection.settings_dict["TEST"]
        if options["MIRROR"]:
            mirrors[alias] = options["MIRROR"]
        elif alias in wanted:
            signature = connection.creation.test_db_signature()
            _, shared = found.setdefault(signature, (connection.settings_dict["NAME"], set()))
            shared.add(alias)
            if "DEPENDENCIES" in options:
                dependencies[alias] = options["DEPENDENCIES"]
            elif alias != DEFAULT_DB_ALIAS and signature != default_signature:
                dependencies[alias] = options.get("DEPENDENCIES", [DEFAULT_DB_ALIAS])
    in_order = [
        (signature, (name, sorted(shared, key=lambda alias: (alias != DEFAULT_DB_ALIAS, alias))))
        for signature, (name, shared) in found.items()
    ]
    return dict(dependency_ordered(in_order, dependencies)), mirrors


def dependency_ordered(
    test_databases: Iterable[tuple[Any, tuple[str, Iterable[str]]]], dependencies: Mapping[str, Iterable[str]]
) -> list[tuple[Any, tuple[str, list[str]]]]:
    """*test_databases* such that each comes after those its aliases depend on; ImproperlyConfigured for a circle."""
    waiting: list[tuple[Any, tuple[str, Any], set[str]]] = []
    for signature, (name, aliases) in test_databases:
        needed = {other for alias in aliases for other in dependencies.get(alias, ())}
        if not needed.isdisjoint(aliases):
            raise ImproperlyConfigured(
                f"Circular dependency: databases {aliases!r} depend on each other, but are aliases."
            )
        waiting.append((signature, (name, aliases), needed))
    ordered: list[tuple[Any, tuple[str, Any]]] = []
    resolved: set[str] = set()
    while waiting:
        ready = [entry for entry in waiting if entry[2] <= resolved]
        if not ready:
            raise ImproperlyConfigured("Circular dependency in TEST[DEPENDENCIES]")
        for signature, entry, _ in ready:
            ordered.append((signature, entry))
            resolved.update(entry[1])
        waiting = [entry for entry in waiting if entry not in ready]
    return ordered
