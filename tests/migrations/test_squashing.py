"""Squashed migrations, squashed again, and half applied; what makemigrations writes over and what it leaves alone."""

import importlib
import io
import sys
import textwrap
import typing

import pytest

from nuages import models
from nuages.cli.calling import call_command
from nuages.cli.command import CommandError
from nuages.db import connection
from nuages.migrations.loader import MigrationLoader
from nuages.migrations.recorder import MigrationRecorder
from nuages.migrations.state import ModelState, ProjectState
from nuages.migrations.writer import MigrationWriter

APP = "testing"


@pytest.fixture
def folder(tmp_path, monkeypatch, override, transactional_db):
    """A folder for migrations of the app; what was applied of them is taken back."""
    package = tmp_path / "kept_migrations"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    override(MIGRATION_MODULES={APP: "kept_migrations"})
    yield package
    MigrationRecorder(connection).migration_qs.filter(app=APP).delete()
    for name in [name for name in sys.modules if name.startswith("kept_migrations")]:
        del sys.modules[name]


def write(folder, name, depends=(), replaces=(), operations="[]", initial=None):
    lines = f"""\
        from nuages import migrations


        def forwards(apps, editor):
            pass


        class Migration(migrations.Migration):
            dependencies = {[(APP, each) for each in depends]}
            replaces = {[(APP, each) for each in replaces]}
            operations = {operations}
            initial = {initial}
    """
    (folder / f"{name}.py").write_text(textwrap.dedent(lines))
    importlib.invalidate_caches()


def row(folder, *names):
    before = ()
    for name in names:
        write(folder, name, before)
        before = (name,)


def run(*args, **options):
    out = io.StringIO()
    options = {"verbosity": 0, "interactive": False, "stdout": out, **options}
    call_command(*args, **options)
    importlib.invalidate_caches()
    return out.getvalue()


def planned():
    shown = run("migrate", APP, plan=True, verbosity=1)
    return [line.partition(".")[2] for line in shown.splitlines() if line.startswith(f"{APP}.")]


def applied():
    return {name for app, name in MigrationRecorder(connection).applied_migrations() if app == APP}


def replaced(name):
    return [each for _, each in MigrationLoader(None).disk_migrations[APP, name].replaces]


def test_a_squashed_migration_is_squashed_again_and_all_that_it_stands_for_is_recorded(folder):
    row(folder, "0001_a", "0002_b", "0003_c")
    run("squashmigrations", APP, "0002", squashed_name="one")
    run("squashmigrations", APP, "0003", squashed_name="two")
    assert replaced("0001_two") == ["0001_one", "0003_c"]
    assert planned() == ["0001_two"]
    run("migrate", APP)
    assert applied() == {"0001_a", "0002_b", "0003_c", "0001_one", "0001_two"}
    run("migrate", APP, "zero")
    assert applied() == set()


def test_what_was_applied_before_it_was_squashed_twice_needs_nothing_more(folder):
    row(folder, "0001_a", "0002_b", "0003_c", "0004_d")
    run("migrate", APP)
    run("squashmigrations", APP, "0001", "0002", squashed_name="one")
    run("squashmigrations", APP, "0001_one", "0003", squashed_name="two")
    assert planned() == []
    run("migrate", APP)
    assert {"0001_one", "0001_two"} <= applied()


def test_where_half_is_applied_the_rest_is_planned(folder):
    row(folder, "0001_a", "0002_b", "0003_c", "0004_d")
    run("migrate", APP, "0002")
    run("squashmigrations", APP, "0001", "0003", squashed_name="one")
    write(folder, "0004_d", ["0001_one"])
    sys.modules.pop("kept_migrations.0004_d")
    run("squashmigrations", APP, "0001_one", "0004", squashed_name="two")
    assert replaced("0001_two") == ["0001_one", "0004_d"]
    write(folder, "0005_e", ["0001_two"])
    assert planned() == ["0003_c", "0004_d", "0005_e"]
    run("migrate", APP, "0001_two")
    assert applied() == {"0001_a", "0002_b", "0003_c", "0004_d", "0001_one", "0001_two"}


def test_migrations_that_replace_one_another_are_an_error_of_the_command(folder):
    row(folder, "0001_a")
    write(folder, "0002_b", ["0001_a"], ["0002_c"])
    write(folder, "0002_c", ["0001_a"], ["0002_b"])
    with pytest.raises(CommandError, match="Cyclical squash replacement"):
        planned()


def test_pruning_waits_for_replaces_to_be_removed(folder):
    row(folder, "0001_a")
    write(folder, "0001_one", (), ["0001_a"])
    run("migrate", APP)
    (folder / "0001_a.py").unlink()
    assert "'replaces'" in run("migrate", APP, prune=True, verbosity=1)
    assert "0001_a" in applied()


def test_updating_keeps_a_migration_whose_functions_must_be_ported(folder):
    row(folder, "0001_a")
    write(folder, "0002_b", ["0001_a"], operations="[migrations.RunPython(forwards, migrations.RunPython.noop)]")
    shown = run("makemigrations", APP, update=True, verbosity=1)
    made = {path.name for path in folder.glob("0002_*.py")} - {"0002_b.py"}
    assert (folder / "0002_b.py").exists() and len(made) == 1
    assert "requires manual porting" in shown and "0002_b.py was kept" in shown


def test_updating_the_first_migration_gives_it_another_name(folder):
    write(folder, "0001_initial", operations="[migrations.CreateModel('Gone', [], options={'managed': False})]", initial=True)
    run("makemigrations", APP, update=True)
    assert [path.name for path in folder.glob("0001_*.py")] == ["0001_initial_updated.py"]


def test_a_migration_that_cannot_be_written_leaves_no_file(folder, monkeypatch):
    def refuse(self):
        raise ValueError("Cannot serialize")

    monkeypatch.setattr(MigrationWriter, "as_string", refuse)
    with pytest.raises(ValueError, match="serialize"):
        run("makemigrations", APP)
    assert list(folder.glob("0*.py")) == []


def test_a_plain_generic_among_the_bases_is_named_only():
    fields = [("id", models.AutoField(primary_key=True))]
    state = ProjectState()
    state.add_model(ModelState(APP, "Boxed", fields, bases=(typing.Generic, models.Model)))
    assert state.apps.get_model(APP, "Boxed").__bases__ == (models.Model,)


def test_plans_say_what_is_undone(folder):
    write(folder, "0001_a", operations="[migrations.RunSQL('SELECT 1', 'SELECT 2'), migrations.CreateModel('Kept', [], options={'managed': False})]")
    run("migrate", APP)
    shown = run("migrate", APP, "zero", plan=True, verbosity=1)
    assert "    Undo Create model Kept\n" in shown and "    Raw SQL operation -> SELECT 2\n" in shown
