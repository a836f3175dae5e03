"""Tables, columns, indexes and constraints under the names that existing databases have."""

import pytest

from nuages import models
from nuages.db import connection
from nuages.db.schema.naming import index_name


class Author(models.Model):
    name = models.CharField(max_length=50, db_index=True)
    slug = models.SlugField(unique=True)
    age = models.PositiveIntegerField(default=3)

    class Meta:
        app_label = "schema"


class Book(models.Model):
    author = models.ForeignKey(Author, models.CASCADE)
    title = models.CharField(max_length=100)
    readers = models.ManyToManyField(Author, related_name="read")

    class Meta:
        app_label = "schema"
        unique_together = [("author", "title")]
        indexes = [models.Index(fields=["-title"], name="title_idx")]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="title_ck")]


def constraints(model):
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, model._meta.db_table)


def columns(model):
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return {info.name: info for info in found}


def bound(name, field, model=Author):
    field.set_attributes_from_name(name)
    field.model = model
    return field


def test_names(tables):
    tables(Author, Book)
    through = Book.readers.through
    names = set(constraints(Book)) | set(constraints(Author)) | set(constraints(through))
    # As in databases that exist: the digits are those of the names' digest.
    assert {
        "schema_author_name_1fbc5617",
        "schema_book_author_id_title_5c3e584c_uniq",
        "schema_book_readers_book_id_author_id_15ee6651_uniq",
        "title_idx",
        "title_ck",
    } <= names
    if connection.vendor != "sqlite":
        assert "schema_book_author_id_c80c8297_fk_schema_author_id" in names


def test_long_names_are_cut():
    name = index_name("a" * 40, ["b" * 40], "_fk_some_table_id", 63)
    assert name == "aaaaaaaaaaaaaaaaaaaa_bbbbbbbbbbbbbbbbbbbb_86039ef7_fk_some_tabl"
    assert index_name("_t", ["c"], "", 63) == "_t_c_d7edcae0"


def test_adding_a_column_fills_existing_rows(tables):
    tables(Author)
    Author.objects.create(name="x", slug="x")
    with connection.schema_editor() as editor:
        editor.add_field(Author, bound("extra", models.IntegerField(default=7)))
    assert connection.rows("SELECT extra FROM schema_author") == [(7,)]


def test_null_becomes_default(tables):
    tables(Author)
    with connection.schema_editor() as editor:
        editor.add_field(Author, nullable := bound("extra", models.CharField(max_length=5, null=True)))
    Author.objects.create(name="x", slug="x")
    with connection.schema_editor() as editor:
        editor.alter_field(Author, nullable, bound("extra", models.CharField(max_length=5, default="d")), strict=True)
    assert connection.rows("SELECT extra FROM schema_author") == [("d",)]
    assert columns(Author)["extra"].null_ok is False


def test_altering_keeps_rows_and_changes_indexes(tables):
    tables(Author)
    Author.objects.create(name="x", slug="x")
    with connection.schema_editor() as editor:
        editor.alter_field(Author, Author._meta.get_field("name"), bound("name", models.TextField()), strict=True)
    assert connection.rows("SELECT name FROM schema_author") == [("x",)]
    assert not [1 for found in constraints(Author).values() if found["columns"] == ["name"] and found["index"]]


def test_renaming_a_column(tables):
    tables(Author)
    with connection.schema_editor() as editor:
        new = bound("years", models.PositiveIntegerField(default=3))
        editor.alter_field(Author, Author._meta.get_field("age"), new, strict=True)
        assert {"years"} <= set(columns(Author))
        editor.alter_field(Author, new, Author._meta.get_field("age"), strict=True)
    assert "age" in columns(Author)


def test_unique_and_foreign_keys_come_and_go(tables):
    tables(Author, Book)
    plain = bound("title", models.CharField(max_length=100, unique=True), Book)
    with connection.schema_editor() as editor:
        editor.alter_unique_together(Book, [("author", "title")], [])
        editor.alter_field(Book, Book._meta.get_field("title"), plain, strict=True)
    assert any(found["unique"] and found["columns"] == ["title"] for found in constraints(Book).values())
    keys = [found["foreign_key"] for found in constraints(Book).values() if found["foreign_key"]]
    assert ("schema_author", "id") in keys


def test_collected_sql_runs_nothing(db):
    if not connection.features.can_rollback_ddl:
        pytest.skip("The server cannot run DDL inside the test's transaction, nor collect it there.")
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's editor must be opened outside of a transaction.")
    with connection.schema_editor(collect_sql=True) as editor:
        editor.create_model(Author)
    assert editor.collected_sql[0].startswith('CREATE TABLE "schema_author" (')
    assert "schema_author" not in connection.introspection.table_names()


def test_relations_are_introspected(tables):
    tables(Author, Book)
    with connection.cursor() as cursor:
        relations = connection.introspection.get_relations(cursor, "schema_book")
        assert relations["author_id"][:2] == ("id", "schema_author")
        assert connection.introspection.get_primary_key_columns(cursor, "schema_book") == ["id"]
        assert connection.introspection.get_sequences(cursor, "schema_author")[0]["column"] == "id"
