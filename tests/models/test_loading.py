"""What instances load later, share and forget: deferred values, fetch modes, prefetched relations, pickles."""

import pickle

import pytest
from tests.models.models import Atlas, Author, Book, Person, Room

from nuages.db import connection
from nuages.models import FETCH_PEERS, Prefetch
from nuages.test.capturing import CaptureQueriesContext


@pytest.fixture
def ann(db):
    return Author.objects.create(name="Ann")


@pytest.fixture
def atlas(ann):
    made = Atlas.objects.create(author=ann, data={"k": 1})
    made.readers.add(ann)
    return made


def asked():
    return CaptureQueriesContext(connection)


def test_a_peer_that_was_deleted_does_not_hide_the_others(ann):
    Author.objects.create(name="Bob")
    first, second = Author.objects.fetch_mode(FETCH_PEERS).defer("name").order_by("pk")
    Author.objects.filter(pk=first.pk).delete()
    with asked() as queries, pytest.raises(Author.DoesNotExist, match="name"):
        first.name
    assert second.name == "Bob" and len(queries) == 1


def test_a_copy_that_is_not_saved_cannot_load_what_was_deferred(ann):
    Book.objects.create(author=ann)
    Book.objects.create(author=ann, pages=4)
    copy, other = Book.objects.fetch_mode(FETCH_PEERS).defer("pages").order_by("pk")
    copy.pk = None
    assert other.pages == 4
    with pytest.raises(AttributeError, match="unsaved"):
        copy.pages
    copy._state.adding = True
    with pytest.raises(AttributeError, match="unsaved"):
        copy.save()


def test_refreshing_forgets_related_objects_although_a_field_is_deferred(ann):
    Atlas.objects.create(author=ann)
    book = Book.objects.defer("pages").get()
    before = book.atlas
    book.refresh_from_db()
    assert book.atlas is not before and "pages" not in book.__dict__


def test_a_child_knows_what_was_prefetched_for_its_parent(atlas, ann):
    book = Book.objects.select_related("atlas").prefetch_related("readers", "author", "room_set").get()
    with asked() as queries:
        assert list(book.atlas.readers.all()) == [ann] and book.atlas.author is book.author
        assert list(book.atlas.room_set.all()) == []
    assert len(queries) == 0
    bob = Author.objects.create(name="Bob")
    book.atlas.readers.add(bob)
    Room.objects.create(author=ann, book=book)
    assert set(book.readers.all()) == {ann, bob}
    book.atlas.readers.clear()
    assert list(book.readers.all()) == []


def test_a_list_of_its_own_is_loaded_beside_the_relation(atlas):
    books = Book.objects.prefetch_related(
        "author", Prefetch("author", queryset=Author.objects.filter(name="x"), to_attr="found")
    )
    assert books[0].found is None and books[0].author.name == "Ann"
    assert Prefetch("author") != Prefetch("readers") and Prefetch("author") == AnythingEqual()


class AnythingEqual:
    def __eq__(self, other):
        return True

    __hash__ = None


def test_a_manager_removes_only_what_it_shows(atlas, ann):
    zoe = Author.objects.create(name="Zoe")
    atlas.readers.add(zoe)
    early = atlas.readers(manager="early")
    early.remove(zoe)
    assert atlas.readers.count() == 2
    early.clear()
    assert list(atlas.readers.all()) == [zoe]
    with asked() as queries:
        atlas.readers.clear()
    assert not atlas.readers.exists() and "IN (SELECT" not in "".join(query["sql"] for query in queries)


def test_querysets_over_linking_tables_can_be_pickled(atlas, ann):
    person = Person.objects.create()
    person.friends.add(Person.objects.create())
    for queryset in (Author.objects.filter(read__pages=3), Book.objects.filter(readers=ann), Person.friends.through.objects.all()):
        again = pickle.loads(pickle.dumps(queryset.query))
        fresh = queryset.model.objects.all()
        fresh.query = again
        assert list(fresh) == list(queryset) != []
    assert pickle.loads(pickle.dumps(Person.friends.through)) is Person.friends.through
    assert pickle.loads(pickle.dumps(Book._meta.get_field("readers").remote_field)) is Book._meta.get_field("readers").remote_field


class CountingRouter:
    def __init__(self):
        self.asked = []

    def db_for_read(self, model, **hints):
        self.asked.append(model)
        return "default"


def test_the_router_is_asked_once_for_each_reading(ann, override):
    router = CountingRouter()
    override(DATABASE_ROUTERS=[router])
    ann.refresh_from_db()
    assert router.asked == [Author]
    assert list(Author.objects.extra(select={"one": "1"})) == [ann]
    assert router.asked == [Author, Author]
