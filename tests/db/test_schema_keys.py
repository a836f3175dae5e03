"""Columns that become or cease to be the primary key, names that follow, indexes over expressions."""

import pytest

from nuages import migrations, models
from nuages.db import connection
from nuages.migrations.state import ProjectState
from nuages.sql.functions import Upper


class Crate(models.Model):
    number = models.IntegerField(primary_key=True)
    label = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "keys"


class Counter(models.Model):
    id = models.AutoField(primary_key=True)
    weight = models.IntegerField(default=0)
    label = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "keys"
        indexes = [models.Index("weight", Upper("label"), name="keys_weight_upper_idx")]


def constraints(model):
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, model._meta.db_table)


def primary_key(model):
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_columns(cursor, model._meta.db_table)


def bound(name, field, model):
    field.set_attributes_from_name(name)
    field.model = model
    return field


@pytest.fixture
def _no_sqlite(transactional_db):
    if transactional_db.vendor == "sqlite":
        pytest.skip("SQLite makes the table anew.")


def migrate(state, *operations):
    for operation in operations:
        after = state.clone()
        operation.state_forwards("keys", after)
        with connection.schema_editor(atomic=operation.atomic) as editor:
            operation.database_forwards("keys", editor, state, after)
        state = after
    return state


def test_a_key_that_becomes_a_plain_unique_column_makes_room_for_another(transactional_db):
    number = models.IntegerField(primary_key=True)
    state = migrate(
        ProjectState(),
        migrations.CreateModel("Shelf", [("number", number)]),
        migrations.CreateModel("Jar", [("id", models.AutoField(primary_key=True)), ("shelf", models.ForeignKey("Shelf", models.CASCADE))]),
        migrations.AlterField("Shelf", "number", models.IntegerField(unique=True)),
        migrations.AddField("Shelf", "id", models.AutoField(primary_key=True)),
    )
    shelf, jar = state.apps.get_model("keys", "Shelf"), state.apps.get_model("keys", "Jar")
    try:
        assert primary_key(shelf) == ["id"]
        assert any(found["unique"] and found["columns"] == ["number"] for found in constraints(shelf).values())
        assert ("keys_shelf", "number") in [found["foreign_key"] for found in constraints(jar).values()]
    finally:
        migrate(state, migrations.DeleteModel("Jar"), migrations.DeleteModel("Shelf"))


@pytest.mark.usefixtures("_no_sqlite")
def test_another_column_becomes_the_key_after_the_old_one_was_dropped(tables):
    tables(Counter)
    with connection.schema_editor() as editor:
        editor.remove_field(Counter, Counter._meta.get_field("id"))
        new = bound("weight", models.IntegerField(primary_key=True), Counter)
        editor.alter_field(Counter, Counter._meta.get_field("weight"), new, strict=True)
    assert primary_key(Counter) == ["weight"]


@pytest.mark.usefixtures("_no_sqlite")
def test_a_counted_key_is_renamed_and_retyped_at_once(tables):
    tables(Counter)
    bigger = bound("key", models.BigAutoField(primary_key=True), Counter)
    plain = bound("number", models.IntegerField(primary_key=True), Counter)
    with connection.schema_editor() as editor:
        editor.alter_field(Counter, Counter._meta.get_field("id"), bigger, strict=True)
        editor.alter_field(Counter, bigger, plain, strict=True)
    with connection.cursor() as cursor:
        assert connection.introspection.get_sequences(cursor, "keys_counter") == []
    assert primary_key(Counter) == ["number"]


def test_an_index_over_an_expression_has_no_name_for_that_column(tables):
    tables(Counter)
    if not connection.features.supports_expression_indexes:
        pytest.skip("The database has no indexes over expressions.")
    assert constraints(Counter)["keys_weight_upper_idx"]["columns"] == ["weight", None]


def test_a_unique_column_that_ceases_to_be_so_at_once_leaves_no_index(tables):
    tables(Crate)
    unique = bound("code", models.CharField(max_length=9, unique=True, default=""), Crate)
    plain = bound("code", models.CharField(max_length=9, default=""), Crate)
    with connection.schema_editor() as editor:
        editor.add_field(Crate, unique)
        editor.alter_field(Crate, unique, plain)
    assert not [name for name, found in constraints(Crate).items() if found["columns"] == ["code"]]


def test_a_computed_column_with_a_comment_needs_no_model_of_its_own(tables):
    tables(Counter)
    field = models.GeneratedField(
        expression=models.Value(1), output_field=models.IntegerField(), db_persist=True, db_comment="always one"
    )
    field.set_attributes_from_name("one")
    if connection.vendor == "sqlite":
        pytest.skip("SQLite adds no stored column to a table that exists.")
    with connection.schema_editor() as editor:
        editor.add_field(Counter, field)
    with connection.cursor() as cursor:
        found = {info.name: info for info in connection.introspection.get_table_description(cursor, "keys_counter")}
    assert found["one"].comment == "always one"
