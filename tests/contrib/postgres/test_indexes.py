"""Indexes of PostgreSQL's kinds: their statements, and that the database takes them."""

import pytest
from tests.contrib.postgres.models import LABEL, Post

from nuages import models
from nuages.contrib.postgres import indexes
from nuages.contrib.postgres.search import SearchVector
from nuages.db import connection
from nuages.models import F, Index, Q, UniqueConstraint
from nuages.models.functions import Lower
from nuages.test.tools import isolate_apps

INDEXES = [
    (indexes.BrinIndex(fields=["name"], name="i"), 'USING brin ("name")'),
    (
        indexes.BrinIndex(fields=["name"], name="i", autosummarize=True, pages_per_range=16),
        'USING brin ("name") WITH (autosummarize = on, pages_per_range = 16)',
    ),
    (
        indexes.BTreeIndex(fields=["-name"], name="i", fillfactor=80, deduplicate_items=False),
        'USING btree ("name" DESC) WITH (fillfactor = 80, deduplicate_items = off)',
    ),
    (indexes.GinIndex(fields=["tags"], name="i"), 'USING gin ("tags")'),
    (
        indexes.GinIndex(fields=["tags"], name="i", fastupdate=True, gin_pending_list_limit=64, condition=Q(name="x")),
        'USING gin ("tags") WITH (gin_pending_list_limit = 64, fastupdate = on) WHERE "name" = \'x\'',
    ),
    (indexes.GinIndex(fields=["name"], name="i", opclasses=["gin_trgm_ops"]), 'USING gin ("name" gin_trgm_ops)'),
    (indexes.GinIndex(indexes.OpClass("name", name="gin_trgm_ops"), name="i"), 'USING gin ("name" gin_trgm_ops)'),
    (
        indexes.GinIndex(SearchVector("name", config="simple", weight="A"), name="i"),
        "USING gin ((setweight(to_tsvector('simple'::regconfig, COALESCE(\"name\", '')), 'A')))",
    ),
    (
        indexes.GistIndex(fields=["name"], name="i", buffering=False, fillfactor=80, include=["id"]),
        'USING gist ("name") INCLUDE ("id") WITH (buffering = off, fillfactor = 80)',
    ),
    (indexes.HashIndex(fields=["name"], name="i", fillfactor=80), 'USING hash ("name") WITH (fillfactor = 80)'),
    (indexes.SpGistIndex(fields=["name"], name="i", fillfactor=80), 'USING spgist ("name") WITH (fillfactor = 80)'),
    (
        Index(indexes.OpClass(Lower("name"), name="varchar_pattern_ops").desc(), name="i"),
        '((LOWER("name")) varchar_pattern_ops DESC)',
    ),
]


@pytest.mark.parametrize(("index", "sql"), INDEXES)
def test_statements_that_the_database_takes(postgres, index, sql):
    with postgres.schema_editor() as editor:
        text = str(index.create_sql(Post, editor))
        assert text.partition(f'ON "{Post._meta.db_table}" ')[2] == sql
        editor.add_index(Post, index)
    with postgres.cursor() as cursor:
        found = postgres.introspection.get_constraints(cursor, Post._meta.db_table)["i"]
    assert found["index"] and found["type"] in (index.suffix, "idx")


def test_a_constraint_with_an_operator_class(postgres):
    constraint = UniqueConstraint(indexes.OpClass(Lower("name"), name="text_pattern_ops"), name="u")
    with postgres.schema_editor() as editor:
        assert '((LOWER("name")) text_pattern_ops)' in str(constraint.create_sql(Post, editor))
        editor.add_constraint(Post, constraint)
    Post.objects.create(name="a")
    assert not constraint.validate(Post, Post(name="b"))


# -- without a database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("index", "sql"), INDEXES)
def test_an_equal_index_can_be_made(index, sql):
    assert index.clone() == index and index.clone() is not index


def test_what_bloom_refuses():
    for options in (
        {"length": 0},
        {"length": 4097},
        {"columns": "x"},
        {"columns": [1, 2]},
        {"columns": [4096]},
        {"fields": ["a"] * 33},
    ):
        with pytest.raises(ValueError, match=r"[Bb]loom"):
            indexes.BloomIndex(**{"fields": ["a"], **options})
    index = indexes.BloomIndex(fields=["a", "b"], name="i", length=80, columns=[4, 3])
    assert index.get_with_params() == ["length = 80", "col1 = 4", "col2 = 3"]
    assert index.clone() == index
    with pytest.raises(ValueError, match="pages_per_range"):
        indexes.BrinIndex(fields=["a"], pages_per_range=0)


def test_names_have_room_for_the_kind():
    names = []
    for kind in (
        indexes.BloomIndex,
        indexes.BrinIndex,
        indexes.BTreeIndex,
        indexes.GinIndex,
        indexes.GistIndex,
        indexes.HashIndex,
        indexes.SpGistIndex,
    ):
        index = kind(fields=["name"])
        index.set_name_with_model(Post)
        names.append(index.name)
        assert index.name.endswith(f"_{kind.suffix}") and len(index.name) <= index.max_name_length
    assert len(set(names)) == 7


@isolate_apps("tests.contrib")
def test_the_application_must_be_installed(override):
    class Indexed(models.Model):
        number = models.IntegerField()

        class Meta:
            app_label = LABEL
            indexes = [indexes.GinIndex(fields=["number"], name="a"), Index(F("number"), name="b")]

    assert Indexed._meta.indexes[0].check(Indexed, connection) == []
    override(INSTALLED_APPS=["nuages.contrib.contenttypes"])
    assert [message.id for message in Indexed._meta.indexes[0].check(Indexed, connection)] == ["postgres.E005"]
