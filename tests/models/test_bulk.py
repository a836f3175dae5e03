"""Statements for all rows of a queryset, kept per shape: update(), delete(), values() and values_list()."""

import asyncio
import datetime
import os
import pickle
from decimal import Decimal

import pytest
from tests.models.models import Atlas, Author, Book, Cell
from tests.models.query_models import Label, Novel, Press, Writer

from nuages.apps.registry import Apps
from nuages.db import DatabaseError, connection, transaction
from nuages.exceptions import FieldDoesNotExist, FieldError
from nuages.models import (
    Avg,
    CharField,
    Count,
    DateField,
    DecimalField,
    EmailField,
    F,
    IntegerField,
    JSONField,
    Max,
    Model,
    Q,
    Sum,
    Value,
    signals,
)
from nuages.sql.keeping import kept_types, reads_attribute
from nuages.test.capturing import CaptureQueriesContext

DAY = datetime.date(2020, 2, 29)


@pytest.fixture
def novels(db):
    ann, bob = Writer.objects.create(name="Ann", age=30), Writer.objects.create(name="Bob")
    return [
        Novel.objects.create(title=f"B{number}", writer=[ann, bob][number % 2], price=Decimal("10.50") * number, day=DAY)
        for number in range(4)
    ]


def prices(**lookups):
    return list(Novel.objects.filter(**lookups).order_by("title").values_list("price", flat=True))


@pytest.mark.parametrize("value", [Decimal("3.25"), Decimal("7.00"), Decimal("0.10")])
def test_update_takes_other_values_each_time(novels, value):
    for title in ("B1", "B2", "none"):
        assert Novel.objects.filter(title=title).update(price=value, day=None) == (title != "none")
        assert Novel.objects.filter(title=title).update(day=DAY) == (title != "none")
    assert prices() == [Decimal(0), value, value, Decimal("31.50")]
    assert set(Novel.objects.values_list("day")) == {(DAY,)}


def test_update_of_relations_and_of_what_joins(novels):
    bob = Writer.objects.get(name="Bob")
    press = Press.objects.create(name="P")
    for _ in range(2):
        assert Novel.objects.filter(title="B0").update(writer=bob.pk, press_id=press.pk) == 1
        assert Novel.objects.filter(title="B2").update(writer=bob) == 1
        assert Novel.objects.filter(writer__name="Bob").update(price=Decimal(1)) == 4
        assert Novel.objects.update(price=F("price") + 1) == 4
    assert prices(writer=bob, price=2) == [Decimal(2)] * 4


def test_update_of_parents_and_proxies(db):
    author = Author.objects.create(name="Ann")
    atlas = Atlas.objects.create(author=author)
    for pages in (5, 6):
        assert Atlas.objects.filter(pk=atlas.pk).update(pages=pages) == 1
        assert Atlas.objects.filter(pages=pages).update(data={"pages": pages}) == 1
        assert Book.objects.values_list("pages", "atlas__data").get() == (pages, {"pages": pages})


def test_update_refuses_what_it_refused(novels):
    for _ in range(2):
        with pytest.raises(FieldDoesNotExist):
            Novel.objects.filter(title="B1").update(cost=1)
        with pytest.raises(FieldError):
            Novel.objects.filter(title="B1").update(labels=1)
        with pytest.raises(TypeError):
            Novel.objects.all()[:2].update(title="x")
        with pytest.raises(TypeError):
            Novel.objects.distinct("title").update(title="x")
    assert Novel.objects.filter(title="B1").update() == 0
    assert Writer.objects.filter(age=2**70).update(name="x") == 0
    assert not connection.needs_rollback


def test_an_update_that_fails_breaks_the_transaction(novels):
    with pytest.raises(DatabaseError), transaction.atomic():
        with pytest.raises(DatabaseError):
            Novel.objects.filter(title="B1").update(writer_id=None)
        assert connection.needs_rollback
        Novel.objects.count()
    assert Novel.objects.filter(title="B1").update(title="B9") == 1


def test_deletion_of_rows_on_which_nothing_depends_is_one_statement(novels):
    labels = Label.novels.through.objects
    label = Label.objects.create(name="x")
    label.novels.set(novels)
    with CaptureQueriesContext(connection) as seen:
        assert labels.filter(novel=novels[0].pk).delete() == (1, {"models.Label_novels": 1})
        assert labels.filter(novel=novels[0].pk).delete() == (0, {})
        assert labels.filter(novel__title="B1").delete()[0] == 1
    assert len(seen) == 3
    with pytest.raises(TypeError):
        labels.values("pk").delete()
    with pytest.raises(TypeError):
        labels.all()[:1].delete()
    assert asyncio.run(labels.filter(novel=novels[2].pk).adelete())[0] == 1
    assert list(labels.values_list("novel", flat=True)) == [novels[3].pk]
    assert labels.order_by("-pk").select_related("novel").delete()[0] == 1


def test_receivers_see_each_row_of_a_deletion(novels):
    gone = []

    def note(instance, **kwargs):
        gone.append(instance.title)

    signals.post_delete.connect(note, sender=Novel)
    try:
        assert Novel.objects.filter(title__gte="B2").delete()[0] == 2
    finally:
        signals.post_delete.disconnect(note, sender=Novel)
    assert sorted(gone) == ["B2", "B3"]


def test_values_in_all_forms(novels):
    first = Novel.objects.filter(title="B1").values("title", "price", "day", "writer__name", "press__name")
    for _ in range(2):
        assert list(first.all()) == [
            {"title": "B1", "price": Decimal("10.50"), "day": DAY, "writer__name": "Bob", "press__name": None}
        ]
        assert list(Novel.objects.filter(title="B2").values_list("day", "title")) == [(DAY, "B2")]
        row = Novel.objects.filter(title="B2").values_list("price", "title", named=True).get()
        assert row == pickle.loads(pickle.dumps(row)) == (Decimal(21), "B2") and row.title == "B2"
        assert Novel.objects.filter(title="B2").values_list("price", "price").get() == (Decimal(21), Decimal(21))
    whole = Writer.objects.values().get(name="Ann")
    assert whole == {"id": Writer.objects.get(name="Ann").pk, "name": "Ann", "age": 30}
    assert list(Novel.objects.values_list("day", flat=True).distinct()) == [DAY]
    assert list(Novel.objects.order_by("-title").values_list("writer__name", flat=True).distinct().order_by("writer__age", "title"))
    assert Novel.objects.values("title").filter(price__gt=20).order_by("title").first() == {"title": "B2"}
    assert list(Writer.objects.filter(age=2**70).values("name")) == []


def test_values_as_parts_of_other_queries(novels):
    named = Writer.objects.filter(name="Bob").values("pk")
    assert sorted(prices(writer__in=named)) == [Decimal("10.50"), Decimal("31.50")]
    assert named.count() == 1 and named.exists() and Novel.objects.values("writer").distinct().count() == 2
    assert list(pickle.loads(pickle.dumps(named))) == list(named)
    with pytest.raises(FieldError):
        Writer.objects.values("nothing")
    with pytest.raises(TypeError):
        Writer.objects.values("name").only("name")


def test_values_of_composite_keys(db):
    Cell.objects.create(row=1, column=2)
    for _ in range(2):
        assert list(Cell.objects.values_list("pk", "row")) == [((1, 2), 1)]
        assert list(Cell.objects.values("pk")) == [{"pk": (1, 2)}]
        assert list(Cell.objects.values_list("pk", flat=True)) == [(1, 2)]


@pytest.mark.skipif(os.environ.get("NUAGES_TEST_DB", "sqlite") != "sqlite", reason="other databases give decimals themselves")
@pytest.mark.parametrize("text", ["0", "-0.01", "0.1", "123456.78", "999999.99", "1.005", "0.145", "0.1428571428571428", "1e-9", "3"])
def test_decimals_from_floats(novels, text):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE models_novel SET price = {text}")
    [found] = set(Novel.objects.values_list("price", flat=True))
    assert found.as_tuple() == Decimal(text).quantize(Decimal("0.01")).as_tuple()


def test_aggregates_take_other_values_each_time(novels):
    for most in (Decimal(11), Decimal(40)):
        below = Novel.objects.filter(price__lt=most)
        expected = [price for price in prices() if price < most]
        found = below.aggregate(Max("price"), Avg("writer__age"), number=Count("*"), writers=Count("writer", distinct=True))
        assert found == {
            "price__max": max(expected), "writer__age__avg": 30.0, "number": len(expected), "writers": len(expected[:2]),
        }
        assert below.order_by("title")[:3].aggregate(total=Sum("price")) == {"total": sum(expected[:3])}
        assert below.aggregate(total=Sum("price", filter=Q(title="B1")))["total"] == Decimal("10.50")
        assert below.aggregate(total=Sum("price") + 1)["total"] == sum(expected) + 1
    assert Novel.objects.filter(title="none").aggregate(Max("price"), Count("pk")) == {"price__max": None, "pk__count": 0}
    assert Writer.objects.filter(age=2**70).aggregate(Sum("age"), n=Count("*")) == {"age__sum": None, "n": 0}
    assert Novel.objects.aggregate() == {}
    assert Novel.objects.aggregate(Max("price", default=1)) == {"price__max": Decimal("31.50")}
    for _ in range(2):
        with pytest.raises(FieldError):
            Novel.objects.aggregate(Max("cost"))
        with pytest.raises(FieldError):
            Novel.objects.aggregate(top=Max("price"), again=Max("top"))
        with pytest.raises(TypeError):
            Novel.objects.aggregate(Sum("price") + 1)


class Trimmed(CharField):
    def to_python(self, value):
        return super().to_python(value).strip()


class Doubled(IntegerField):
    def get_db_prep_save(self, value, connection):
        return 2 * super().get_db_prep_save(value, connection)


class Counted(IntegerField):
    def pre_save(self, model_instance, add):
        return super().pre_save(model_instance, add) + 1


def test_only_methods_that_are_known_are_passed_by(db):
    assert kept_types(CharField(), connection) == {str, type(None)} == kept_types(EmailField(), connection)
    assert kept_types(IntegerField(), connection) == {int, type(None)} == kept_types(Counted(), connection)
    assert kept_types(Novel._meta.get_field("writer"), connection) <= {int, type(None)}
    assert not kept_types(Trimmed(), connection) and not kept_types(Doubled(), connection)
    assert not kept_types(DecimalField(), connection) and not kept_types(JSONField(), connection)
    assert reads_attribute(CharField()) and reads_attribute(DateField())
    assert not reads_attribute(Counted()) and not reads_attribute(DateField(auto_now_add=True))


def test_overridden_methods_prepare_what_is_written(tables):
    class Odd(Model):
        name = Trimmed(max_length=20)
        twice = Doubled()
        more = Counted()
        day = DateField(auto_now=True)

        class Meta:
            app_label = "models"
            apps = Apps()

    tables(Odd)
    Odd.objects.bulk_create([Odd(name=" a ", twice=1, more=1), Odd(name=Value("b"), twice=2, more=2)])
    Odd.objects.create(name=" c ", twice=3, more=3)
    saved = Odd.objects.get(name="c")
    saved.twice, saved.name = 4, " d "
    saved.save()
    Odd.objects.filter(name="b").update(name=" e ", twice=True)
    assert list(Odd.objects.order_by("name").values_list("name", "twice", "more")) == [("a", 2, 2), ("d", 8, 5), ("e", 2, 3)]
    assert None not in Odd.objects.values_list("day", flat=True)
