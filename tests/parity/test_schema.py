"""``makemigrations`` and ``migrate`` by Nuages and by Django give the same migrations and the same schema."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.parity import catalogs, sides
from tests.parity.sides import Side

ZOO = "zoo,steps"
# In the order of the rows, not of their numbers: who has which permission is kept by number.
LISTS = """
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
print(sorted(ContentType.objects.values_list("app_label", "model")))
print(list(Permission.objects.order_by("content_type__app_label", "content_type__model", "id").values_list(
    "name", "codename", "content_type__app_label", "content_type__model")))
"""


APPS = ("polls", "zoo")


def written(side: Side, app: str) -> Path:
    """Where ``makemigrations`` writes on this side."""
    return side.folder / app / "migrations" / "0001_initial.py"


def operations_of(path: Path) -> str:
    """The text of a migration without its comment, imports and layout."""
    text = re.sub(r"^(#|import|from).*\n", "", path.read_text(), flags=re.M)
    return re.sub(r"\s+", "", text).replace('"', "'")


@pytest.fixture(scope="module")
def migrated(ours_and_theirs: tuple[Side, Side], database: Callable[[], str]) -> tuple[str, str]:
    """One database migrated by each side, by the migrations that Django wrote; those of Nuages are kept beside them."""
    ours, theirs = ours_and_theirs
    names = database(), database()
    for side, name in zip(ours_and_theirs, names, strict=True):
        for app in APPS:
            written(side, app).unlink(missing_ok=True)
        side.run("makemigrations", "-v0", database=name, apps=ZOO)
    for app in APPS:
        shutil.copy(written(ours, app), written(ours, app).with_suffix(".kept"))
        shutil.copy(written(theirs, app), written(ours, app))
    for side, name in zip(ours_and_theirs, names, strict=True):
        side.run("migrate", "-v0", database=name, apps=ZOO)
    return names


def test_makemigrations_writes_the_same_operations(ours_and_theirs: tuple[Side, Side], migrated: tuple[str, str]) -> None:
    ours, theirs = (written(side, "polls") for side in ours_and_theirs)
    assert operations_of(ours.with_suffix(".kept")) == operations_of(theirs)


def test_django_reads_what_nuages_wrote(ours_and_theirs: tuple[Side, Side], migrated: tuple[str, str]) -> None:
    """Also where the order of the operations differs: Django finds nothing to add to our migrations."""
    ours, theirs = ours_and_theirs
    kept = {app: written(theirs, app).read_text() for app in APPS}
    try:
        for app in APPS:
            shutil.copy(written(ours, app).with_suffix(".kept"), written(theirs, app))
        said = theirs.run("makemigrations", "--check", "--dry-run", database=migrated[1], apps=ZOO)
    finally:
        for app in APPS:
            written(theirs, app).write_text(kept[app])
    assert "No changes detected" in said


def test_schemas_are_equal(migrated: tuple[str, str]) -> None:
    ours, theirs = (catalogs.schema(name, sides.HOST) for name in migrated)
    found = catalogs.differences(ours, theirs)
    assert not found, "\n".join(found)


def test_rows_are_equal(ours_and_theirs: tuple[Side, Side], migrated: tuple[str, str]) -> None:
    """Sites, the history, and the rows that a migration wrote and later ones carried along."""
    ours, theirs = (
        catalogs.rows(name, sides.HOST, "django_migrations", "auth_permission", "django_content_type")
        for name in migrated
    )
    assert catalogs.differences(ours, theirs) == []
    history = [
        [row[1:3] for row in catalogs.rows(name, sides.HOST)["django_migrations"]] for name in migrated
    ]
    assert sorted(history[0]) == sorted(history[1])
    lists = [side.script(LISTS, database=name, apps=ZOO) for side, name in zip(ours_and_theirs, migrated, strict=True)]
    assert lists[0] == lists[1]


def test_each_accepts_the_others_history(ours_and_theirs: tuple[Side, Side], migrated: tuple[str, str]) -> None:
    for side, name in zip(ours_and_theirs, reversed(migrated), strict=True):
        side.run("migrate", "--check", database=name, apps=ZOO)
        assert "No migrations to apply." in side.run("migrate", database=name, apps=ZOO)
        assert "No changes detected" in side.run("makemigrations", "--check", "--dry-run", database=name, apps=ZOO)


def test_migrations_go_back_and_forth(ours_and_theirs: tuple[Side, Side], migrated: tuple[str, str]) -> None:
    """Each side undoes what the other did; what remains is equal again, but for the order of columns that were altered."""
    for side, name in zip(ours_and_theirs, reversed(migrated), strict=True):
        side.run("migrate", "-v0", "steps", "0003", database=name, apps=ZOO)
    ours, theirs = (catalogs.schema(name, sides.HOST) for name in migrated)
    found = catalogs.differences(catalogs.unordered(ours), catalogs.unordered(theirs))
    assert not found, "\n".join(found)
