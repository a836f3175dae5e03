"""Rows: saving, relations, deletion, JSON, constraints, on the database of the run."""

import asyncio
import datetime

import pytest
from tests.models.models import Atlas, Author, Book, Cell, Item, Person, Room, Step

from nuages.apps.registry import Apps
from nuages.cli.color import no_style
from nuages.db import connection
from nuages.exceptions import ValidationError
from nuages.models import (
    CASCADE,
    DurationField,
    ExpressionWrapper,
    F,
    ForeignKey,
    JSONField,
    ManyToManyField,
    Model,
    ProtectedError,
    RestrictedError,
    Value,
)


@pytest.fixture
def author(db):
    return Author.objects.create(name="Ann")


def test_saving_inserts_then_updates(author):
    author.name = "Bea"
    author.save()
    assert Author.objects.get().name == "Bea"
    atlas = Atlas.objects.create(author=author, data={"k": [1]})
    atlas.pages = 9
    atlas.save()
    assert Book.objects.get(pk=atlas.pk).pages == 9 and Book.objects.get(pk=atlas.pk).atlas == atlas
    with pytest.raises(Author.NotUpdated):
        Author(pk=999, name="x").save(force_update=True)


def test_database_values_come_back(author):
    item = Item.objects.create()
    assert (item.stock, item.twice) == (5, 10)
    item.stock = F("stock") + 1
    item.save()
    assert (item.stock, item.twice) == (6, 12)


def test_relations_both_ways(author):
    book = Book.objects.create(author=author)
    assert list(author.books.all()) == [book] and author.books.all()[0].author is author
    other = Author.objects.create(name="Cid")
    book.readers.add(author, other)
    book.readers.remove(author)
    book.readers.set([other, author])
    assert set(book.readers.all()) == {author, other} and list(other.read.all()) == [book]
    found = Book.objects.prefetch_related("readers").get()
    assert {reader.name for reader in found.readers.all()} == {"Ann", "Cid"}
    person, friend = Person.objects.create(), Person.objects.create()
    person.friends.add(friend)
    assert list(friend.friends.all()) == [person]


def test_deletion_follows_the_rules(author):
    book = Book.objects.create(author=author)
    item = Item.objects.create(owner=author)
    boss = Person.objects.create()
    Person.objects.create(boss=boss)
    with pytest.raises(ProtectedError):
        boss.delete()
    Room.objects.create(author=Author.objects.create(name="Guest"), book=book)
    with pytest.raises(RestrictedError):
        author.delete()
    Room.objects.update(author=author)
    assert author.delete()[1] == {"models.Room": 1, "models.Book": 1, "models.Author": 1}
    item.refresh_from_db()
    assert item.owner is None and author.pk is None


def test_composite_keys_and_order(author):
    cell = Cell.objects.create(row=1, column=2)
    cell.text = "x"
    cell.save()
    assert Cell.objects.get(pk=(1, 2)).text == "x"
    first, second = Step.objects.create(author=author), Step.objects.create(author=author)
    author.set_step_order([second.pk, first.pk])
    assert list(author.get_step_order()) == [second.pk, first.pk] and second.get_next_in_order() == first


@pytest.mark.parametrize("condition", [
    {"data__k__0": 1}, {"data__s": "txt"}, {"data__b": True}, {"data__n": None}, {"data__x__gt": 2}, {"data__s__startswith": "t"},
    {"data__has_key": "s"}, {"data__has_any_keys": ["q", "b"]}, {"data__q__isnull": True}, {"data__s__in": ["txt", "u"]},
    {"data__s__iexact": "TXT"}, {"data__k": [1, "t"]},
])
def test_json_lookups(author, condition):
    Atlas.objects.create(author=author, data={"k": [1, "t"], "s": "txt", "b": True, "n": None, "x": 3})
    assert Atlas.objects.filter(**condition).count() == 1


def test_validation_of_constraints(author):
    with pytest.raises(ValidationError, match="item_stock"):
        Item(stock=0).validate_constraints()
    with pytest.raises(ValidationError, match="already exists"):
        Author(name="Ann").full_clean()
    Step.objects.create(author=author, title="z")
    Step(author=author, title="a").validate_constraints()
    with pytest.raises(ValidationError):
        Step(author=author, title="z").validate_constraints()


def test_async_twins_use_the_same_methods(author):
    async def go():
        book = await Book.objects.acreate(author=author)
        await book.readers.aadd(author)
        await book.arefresh_from_db()
        return await book.adelete()

    assert asyncio.run(go())[0] == 2


def test_bulk_create_gives_places_behind_those_that_are_taken(author):
    other = Author.objects.create(name="Bob")
    Step.objects.create(author=other)
    made = Step.objects.bulk_create([Step(author=each) for each in (author, other, author, author)] + [Step(author=other, _order=9)])
    assert [step._order for step in made] == [0, 1, 1, 2, 9]
    author.set_step_order([made[3].pk, made[0].pk, made[2].pk, made[1].pk])
    assert list(author.get_step_order()) == [made[3].pk, made[0].pk, made[2].pk]
    made[1].refresh_from_db()
    assert made[1]._order == 1


def test_two_equal_relations_through_one_model_with_named_fields_are_reported():
    class Link(Model):
        one = ForeignKey(Author, CASCADE, related_name="+")
        other = ForeignKey(Author, CASCADE, related_name="+")

        class Meta:
            app_label = "models"
            apps = Apps()

    class Pair(Model):
        first = ManyToManyField(Author, through=Link, through_fields=["one", "other"], related_name="+")
        second = ManyToManyField(Author, through=Link, through_fields=["one", "other"], related_name="+")

        class Meta:
            app_label = "models"
            apps = Apps()

    assert "models.E003" in [message.id for message in Pair._check_m2m_through_same_relationship()]


class NoRelations:
    def allow_relation(self, first, second, **hints):
        return False


def test_a_router_that_forbids_a_relation_is_asked_before_anything_else(author, override):
    override(DATABASE_ROUTERS=[NoRelations()])
    with pytest.raises(ValueError, match="router prevents this relation"):
        author.books.add(Book(pages=1))


def test_emptying_tables_takes_along_what_refers_to_them(author):
    if connection.vendor != "sqlite":
        pytest.skip("The server itself cascades, or looks away.")
    statements = connection.ops.sql_flush(no_style(), ["models_book"], allow_cascade=True)
    tables = {statement.split('"')[1] for statement in statements}
    assert {"models_book", "models_atlas", "models_book_readers", "models_room"} <= tables
    assert "models_author" not in tables


@pytest.mark.parametrize("document", ["txt", "1", 1, [1, "x"], {"b": {"c": None}, "a": 2}, True, None, 1.5])
def test_whole_documents_are_told_apart(author, document):
    for each in ("txt", "1", 1, [1, "x"], {"b": {"c": None}, "a": 2}, True, Value(None, JSONField()), 1.5):
        Atlas.objects.create(author=author, data=each)
    given = Value(None, JSONField()) if document is None else document
    assert [(atlas.data, type(atlas.data)) for atlas in Atlas.objects.filter(data=given)] == [(document, type(document))]


def test_durations_are_multiplied_and_divided(author):
    doubled = Author.objects.annotate(
        long=ExpressionWrapper(Value(datetime.timedelta(days=1), DurationField()) * Value(3), output_field=DurationField()),
        short=ExpressionWrapper(Value(datetime.timedelta(days=1), DurationField()) / Value(2), output_field=DurationField()),
    )
    found = doubled.get()
    assert (found.long, found.short) == (datetime.timedelta(days=3), datetime.timedelta(hours=12))
