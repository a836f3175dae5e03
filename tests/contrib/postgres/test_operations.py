"""Extensions, collations, indexes and constraints by migration."""

import pytest
from tests.settings import DATABASE

from nuages import migrations, models
from nuages.contrib.postgres import operations
from nuages.contrib.postgres.indexes import BTreeIndex
from nuages.db import IntegrityError, NotSupportedError, connection
from nuages.migrations.state import ProjectState
from nuages.migrations.writer import OperationWriter
from nuages.models import CheckConstraint, Index, Q


def exists(table, column, name):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE {column} = %s", [name])
        return cursor.fetchone() is not None


class Run:
    """Operations on a state and the database."""

    def __init__(self):
        self.state = ProjectState()

    def forwards(self, operation, atomic=True):
        before, after = self.state, self.state.clone()
        operation.state_forwards("samples", after)
        with connection.schema_editor(atomic=atomic) as editor:
            operation.database_forwards("samples", editor, before, after)
        self.state = after
        return before

    def backwards(self, operation, before, atomic=True):
        with connection.schema_editor(atomic=atomic) as editor:
            operation.database_backwards("samples", editor, self.state, before)
        self.state = before


@pytest.fixture
def run(transactional_db):
    if DATABASE != "postgres":
        pytest.skip("part of the run on PostgreSQL")
    run = Run()
    fields = [("id", models.AutoField(primary_key=True)), ("pink", models.IntegerField())]
    run.forwards(migrations.CreateModel("Pony", fields))
    yield run
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE samples_pony")


@pytest.mark.parametrize("make", [lambda: operations.CreateExtension("tablefunc"), operations.CryptoExtension])
def test_extensions(run, make):
    operation = make()
    before = run.forwards(operation)
    assert exists("pg_extension", "extname", operation.name)
    run.forwards(operation)  # it is there: nothing to do
    run.backwards(operation, before)
    assert not exists("pg_extension", "extname", operation.name)
    run.backwards(operation, before)


def test_types_of_an_extension_are_known_to_the_connection_at_once(run):
    operation = operations.CITextExtension()
    run.backwards(operation, run.state)
    run.forwards(operation)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ARRAY['a', 'B']::citext[]")
        assert cursor.fetchone() == (["a", "B"],)


class Refusing:
    """A router that notes what it is asked."""

    asked: list

    def allow_migrate(self, db, app_label, **hints):
        Refusing.asked.append((app_label, hints))
        return False


def test_routers_are_asked(run, override):
    Refusing.asked = []
    override(DATABASE_ROUTERS=[Refusing()])
    run.forwards(operations.CreateExtension("tablefunc", hints={"part": 1}))
    run.forwards(operations.CreateCollation("samples_c", "C"))
    run.forwards(operations.RemoveCollation("samples_c", "C"))
    assert Refusing.asked == [("samples", {"part": 1}), ("samples", {}), ("samples", {})]
    assert not exists("pg_extension", "extname", "tablefunc")


def test_collations(run):
    options = {"provider": "icu", "deterministic": False}
    create = operations.CreateCollation("samples_nocase", "und-u-ks-level2", **options)
    before = run.forwards(create)
    with connection.cursor() as cursor:
        cursor.execute("""SELECT 'a' = 'A' COLLATE "samples_nocase" """)
        assert cursor.fetchone() == (True,)
    run.backwards(create, before)
    assert not exists("pg_collation", "collname", "samples_nocase")
    remove = operations.RemoveCollation("samples_nocase", "und-u-ks-level2", **options)
    run.backwards(remove, before)
    assert exists("pg_collation", "collname", "samples_nocase")
    run.forwards(remove)
    assert not exists("pg_collation", "collname", "samples_nocase")


def test_concurrent_indexes(run):
    add = operations.AddIndexConcurrently("Pony", BTreeIndex(fields=["pink"], name="pink_idx", fillfactor=70))
    with pytest.raises(NotSupportedError, match="atomic = False"):
        run.forwards(add)
    before = run.forwards(add, atomic=False)
    assert exists("pg_indexes", "indexname", "pink_idx")
    run.backwards(add, before, atomic=False)
    assert not exists("pg_indexes", "indexname", "pink_idx")
    run.forwards(add, atomic=False)
    remove = operations.RemoveIndexConcurrently("Pony", "pink_idx")
    with pytest.raises(NotSupportedError):
        run.forwards(remove)
    before = run.forwards(remove, atomic=False)
    assert not exists("pg_indexes", "indexname", "pink_idx")
    assert run.state.models["samples", "pony"].options["indexes"] == []
    run.backwards(remove, before, atomic=False)
    assert exists("pg_indexes", "indexname", "pink_idx")


def test_constraints_that_are_validated_later(run):
    pony = run.state.apps.get_model("samples", "Pony")
    pony.objects.create(pink=2)
    add = operations.AddConstraintNotValid("pony", CheckConstraint(condition=Q(pink__gte=4), name="pink_gte_4"))
    before = run.forwards(add)
    with pytest.raises(IntegrityError):
        pony.objects.create(pink=3)
    validate = operations.ValidateConstraint("pony", "pink_gte_4")
    with pytest.raises(IntegrityError):
        run.forwards(validate)
    pony.objects.update(pink=5)
    state = run.forwards(validate)
    run.backwards(validate, state)
    run.backwards(add, before)
    pony.objects.create(pink=3)


# -- without a database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "text", "fragment"),
    [
        (operations.CreateExtension("x", hints={"a": 1}), "Creates extension x", "create_extension_x"),
        (operations.HStoreExtension(), "Creates extension hstore", "create_extension_hstore"),
        (operations.BloomExtension(), "Creates extension bloom", "create_extension_bloom"),
        (operations.BtreeGinExtension(), "Creates extension btree_gin", "create_extension_btree_gin"),
        (operations.BtreeGistExtension(), "Creates extension btree_gist", "create_extension_btree_gist"),
        (operations.CITextExtension(), "Creates extension citext", "create_extension_citext"),
        (operations.TrigramExtension(), "Creates extension pg_trgm", "create_extension_pg_trgm"),
        (operations.UnaccentExtension(), "Creates extension unaccent", "create_extension_unaccent"),
        (operations.CreateCollation("C1", locale="C"), "Create collation C1", "create_collation_c1"),
        (
            operations.RemoveCollation("C1", "de", provider="icu", deterministic=False),
            "Remove collation C1",
            "remove_collation_c1",
        ),
        (
            operations.AddIndexConcurrently("Pony", Index(fields=["a"], name="i")),
            "Concurrently create index i on field(s) a of model Pony",
            "pony_i",
        ),
        (
            operations.RemoveIndexConcurrently("Pony", "i"),
            "Concurrently remove index i from Pony",
            "remove_pony_i",
        ),
        (
            operations.AddConstraintNotValid("pony", CheckConstraint(condition=Q(a=1), name="c")),
            "Create not valid constraint c on model pony",
            "pony_c_not_valid",
        ),
        (operations.ValidateConstraint("pony", "c"), "Validate constraint c on model pony", "pony_validate_c"),
    ],
)
def test_descriptions(operation, text, fragment):
    assert (operation.describe(), operation.migration_name_fragment) == (text, fragment)
    name, args, kwargs = operation.deconstruct()
    again = getattr(operations, name)(*args, **kwargs)
    assert again.deconstruct() == operation.deconstruct()
    written, imports = OperationWriter(operation, indentation=0).serialize()
    assert written.startswith(f"nuages.contrib.postgres.operations.{name}(")
    assert "import nuages.contrib.postgres.operations" in imports


def test_only_checks_can_wait_for_their_validation():
    with pytest.raises(TypeError, match="check constraint"):
        operations.AddConstraintNotValid("pony", models.UniqueConstraint(fields=["pink"], name="u"))
