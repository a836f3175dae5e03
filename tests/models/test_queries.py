"""Queries on the database of the run: conditions, joins, aggregates, combinations, shapes, loading of relations."""

import asyncio
import datetime
import pickle
import zoneinfo
from decimal import Decimal

import pytest
from tests.models.query_models import Label, Novel, Press, Writer

from nuages.db import connection
from nuages.exceptions import FieldError
from nuages.models import (
    Avg,
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from nuages.models.shapes import statistics
from nuages.sql.functions import Concat, ExtractYear, RowNumber, TruncMonth, Upper
from nuages.test.capturing import CaptureQueriesContext

START = datetime.datetime(2020, 5, 17, 10, 30, 15, tzinfo=datetime.UTC)


def names(queryset):
    return [str(item) for item in queryset]


@pytest.fixture
def library(db):
    ann, bob, cid = (Writer.objects.create(name=name, age=age) for name, age in (("Ann", 30), ("Bob", 40), ("Cid", None)))
    first, second = Press.objects.create(name="P1"), Press.objects.create(name="P2")
    novels = [
        Novel.objects.create(
            title=f"B{number}",
            writer=[ann, bob][number % 2],
            press=[first, None, second][number % 3],
            price=Decimal("10.50") * number,
            sold=START + datetime.timedelta(days=40 * number),
            day=datetime.date(2020, 1, 1) + datetime.timedelta(days=40 * number),
        )
        for number in range(6)
    ]
    x, y, _ = (Label.objects.create(name=name) for name in "xyz")
    x.novels.add(novels[0], novels[1])
    y.novels.add(novels[1], novels[2])
    return ann, bob, cid, novels


@pytest.mark.parametrize(
    "build, expected",
    [
        (lambda: Novel.objects.filter(writer__name="Ann"), ["B0", "B2", "B4"]),
        (lambda: Novel.objects.exclude(press__name="P1"), ["B1", "B2", "B4", "B5"]),
        (lambda: Novel.objects.filter(labels__name="y"), ["B1", "B2"]),
        (lambda: Novel.objects.exclude(labels__name="y"), ["B0", "B3", "B4", "B5"]),
        (lambda: Novel.objects.filter(Q(press__name="P1") | Q(title="B1")), ["B0", "B1", "B3"]),
        (lambda: Novel.objects.filter(~Q(labels__name="x") & Q(writer__age__gt=35)), ["B3", "B5"]),
        (lambda: Novel.objects.filter(writer__in=Writer.objects.filter(age__gt=35)), ["B1", "B3", "B5"]),
        (lambda: Novel.objects.filter(price__gt=F("writer__age")), ["B4", "B5"]),
        (lambda: Novel.objects.filter(sold__date=START.date()), ["B0"]),
        (lambda: Novel.objects.filter(day__year=2020, day__month=2), ["B1"]),
        (lambda: Novel.objects.filter(title__iregex="^b[01]$"), ["B0", "B1"]),
        (lambda: Novel.objects.filter(title__contains="%"), []),
        (lambda: Novel.objects.filter(pk__in=[]), []),
        (lambda: Novel.objects.filter(Exists(Label.objects.filter(novels=OuterRef("pk"), name="x"))), ["B0", "B1"]),
        (lambda: Novel.objects.filter(title="B0") | Novel.objects.filter(labels__name="y"), ["B0", "B1", "B2"]),
        (lambda: Novel.objects.annotate(up=Upper("title")).filter(up="B3"), ["B3"]),
    ],
)
def test_conditions(library, build, expected):
    assert names(build().order_by("id")) == expected


def test_rows_without_relation_count_in_exclude_and_isnull(library):
    assert names(Writer.objects.exclude(novels__title="B0").order_by("name")) == ["Bob", "Cid"]
    assert names(Writer.objects.filter(novels__isnull=True)) == ["Cid"]
    assert names(Writer.objects.exclude(novels__labels__name="x").order_by("name")) == ["Cid"]


def test_aggregates(library):
    counted = Writer.objects.annotate(number=Count("novels"))
    assert [(writer.name, writer.number) for writer in counted.order_by("name")] == [("Ann", 3), ("Bob", 3), ("Cid", 0)]
    assert counted.filter(number__gt=2).count() == 2
    assert counted.aggregate(total=Sum("number"), most=Max("number")) == {"total": 6, "most": 3}
    assert Novel.objects.order_by("-price")[:2].aggregate(sum=Sum("price")) == {"sum": Decimal("94.50")}
    assert Novel.objects.aggregate(Avg("writer__age"))["writer__age__avg"] == 35
    assert Novel.objects.aggregate(many=Count("id", filter=Q(price__gt=30))) == {"many": 3}
    assert Novel.objects.filter(title="none").aggregate(a=Sum("price", default=0), b=Sum("price")) == {"a": 0, "b": None}
    assert Novel.objects.values("writer").distinct().count() == 2
    grouped = Novel.objects.values("writer__name").annotate(sum=Sum("price")).order_by("writer__name")
    assert list(grouped) == [{"writer__name": "Ann", "sum": Decimal("63")}, {"writer__name": "Bob", "sum": Decimal("94.50")}]
    related = FilteredRelation("novels", condition=Q(novels__price__gt=30))
    chosen = Writer.objects.annotate(dear=related, number=Count("dear")).order_by("name")
    assert [writer.number for writer in chosen] == [1, 2, 0]


def test_expressions(library):
    top = Subquery(Novel.objects.filter(writer=OuterRef("pk")).order_by("-price").values("title")[:1])
    assert [writer.top for writer in Writer.objects.annotate(top=top).order_by("name")] == ["B4", "B5", None]
    kind = Case(When(age__gte=35, then=Value("old")), When(age__isnull=True, then=Value("?")), default=Value("young"))
    assert list(Writer.objects.annotate(kind=kind).order_by("name").values_list("kind", flat=True)) == ["young", "old", "?"]
    numbered = Novel.objects.annotate(place=Window(RowNumber(), partition_by="writer", order_by="id"))
    assert [novel.place for novel in numbered.order_by("id")] == [1, 1, 2, 2, 3, 3]
    assert names(numbered.filter(place=1).order_by("id")) == ["B0", "B1"]
    later = Novel.objects.annotate(gap=F("sold") - Value(START), next=F("sold") + datetime.timedelta(days=1)).order_by("id")
    assert later[1].gap == datetime.timedelta(days=40) and later[0].next == START + datetime.timedelta(days=1)
    assert Novel.objects.annotate(year=ExtractYear("day"), month=TruncMonth("day")).order_by("id").values_list("year", "month")[0] == (
        2020,
        datetime.date(2020, 1, 1),
    )


def test_combined_queries(library):
    ann, bob = Writer.objects.filter(name="Ann"), Writer.objects.filter(name="Bob")
    assert names(ann.union(bob).order_by("-name")) == ["Bob", "Ann"]
    assert ann.union(bob).count() == 2
    assert list(ann.union(bob).order_by("-age").values_list("name", flat=True)) == ["Bob", "Ann"]
    assert names(Writer.objects.all().intersection(bob)) == ["Bob"]
    assert names(Writer.objects.all().difference(bob).order_by("name")) == ["Ann", "Cid"]
    with pytest.raises(TypeError):
        ann.union(bob) | ann


def test_loading_of_relations(library):
    with connection.execute_wrapper(lambda execute, *args: seen.append(1) or execute(*args)):
        seen = []
        novels = list(Novel.objects.select_related("writer", "press").order_by("id")[:2])
        assert [(novel.writer.name, novel.press and novel.press.name) for novel in novels] == [("Ann", "P1"), ("Bob", None)]
        assert len(seen) == 1
        seen.clear()
        dear = Prefetch("novels", Novel.objects.filter(price__gt=30).order_by("id"), to_attr="dear")
        writers = Writer.objects.prefetch_related(dear, "novels__labels").order_by("name")
        assert [names(writer.dear) for writer in writers] == [["B4"], ["B3", "B5"], []]
        assert [names(novel.labels.all()) for novel in writers[0].novels.all()] == [["x"], ["y"], []]
        assert len(seen) == 4
    novel = Novel.objects.only("title").get(title="B1")
    assert "price" not in novel.__dict__ and novel.price == Decimal("10.50")


def test_writing(library):
    ann, bob, cid, novels = library
    assert Novel.objects.filter(writer__name="Ann").update(title=Concat("title", Value("!"))) == 3
    assert names(Novel.objects.order_by("id"))[:3] == ["B0!", "B1", "B2!"]
    made = Label.objects.bulk_create([Label(name="b1"), Label(name="b2")])
    if connection.features.can_return_rows_from_bulk_insert:
        assert all(label.pk for label in made)
    found = list(Label.objects.filter(name__in=["b1", "b2"]))
    found[0].name = "c1"
    assert Label.objects.bulk_update(found, ["name"]) == 2 and Label.objects.filter(name="c1").exists()
    assert Label.objects.get_or_create(name="g")[1] and not Label.objects.get_or_create(name="g")[1]
    assert Writer.objects.update_or_create(name="Cid", defaults={"age": 4})[0].age == 4
    assert Novel.objects.filter(labels__name="y").delete()[1]["models.Novel"] == 2


def test_errors_come_at_once(library):
    with pytest.raises(FieldError, match="Cannot resolve keyword 'foo' into field"):
        Writer.objects.filter(foo=1)
    with pytest.raises(FieldError, match="Unsupported lookup 'foo'"):
        Writer.objects.filter(name__foo=1)
    with pytest.raises(ValueError):
        Writer.objects.filter(age="abc")
    with pytest.raises(Writer.DoesNotExist):
        Writer.objects.get(name="nobody")
    with pytest.raises(Writer.MultipleObjectsReturned):
        Writer.objects.get()


def test_shapes_are_shared_and_values_are_not(library):
    Writer.objects.get(name="Ann")
    before = statistics.misses, len(statistics)
    assert Writer.objects.get(name="Bob").age == 40 and Writer.objects.get(name="Ann").age == 30
    first, second = Writer.objects.filter(name="Ann"), Writer.objects.filter(name="Bob")
    assert first._shape is second._shape and names(first) == ["Ann"] and names(second) == ["Bob"]
    assert len(statistics) <= before[1] + 1
    assert str(first.query).endswith("= Ann")
    assert names(Writer.objects.filter(age=None)) == ["Cid"] and names(Writer.objects.filter(age=2**70)) == []
    assert Writer.objects.exclude(age=2**70).count() == 3
    assert names(pickle.loads(pickle.dumps(first))) == ["Ann"]


def test_async_methods_read_the_same(library):
    async def read():
        writer = await Writer.objects.aget(name="Ann")
        return writer.name, [str(item) async for item in Writer.objects.order_by("name")], await Writer.objects.acount()

    assert asyncio.run(read()) == ("Ann", ["Ann", "Bob", "Cid"], 3)


def test_excluding_none_from_a_list_means_rows_without_a_value(library):
    assert names(Writer.objects.exclude(age__in=[None, 30])) == ["Bob"]
    assert names(Writer.objects.exclude(age__in=[None]).order_by("name")) == ["Ann", "Bob"]
    assert names(Writer.objects.exclude(age__in=[30]).order_by("name")) == ["Bob", "Cid"]
    assert names(Writer.objects.filter(age__in=[None, 30])) == ["Ann"]


def test_an_empty_slice_of_a_union_asks_nothing(library):
    everyone = Writer.objects.all()
    with CaptureQueriesContext(connection) as asked:
        assert list(everyone.union(everyone)[0:0]) == []
    assert len(asked) == 0


def test_an_annotation_called_like_a_joined_column_sorts_by_itself(library):
    found = Novel.objects.select_related("writer").annotate(name=Upper("title")).order_by("-name")
    assert found[0].title == "B5"


def test_constants_sort_nothing(db):
    for name in "ab":
        Writer.objects.create(name=name)
    found = Writer.objects.order_by(Value("1", output_field=CharField()), "-name")
    assert [each.name for each in found] == ["b", "a"]
    never = Case(When(pk__in=[], then=Value(1)), default=Value(0), output_field=IntegerField())
    assert [each.name for each in Writer.objects.order_by(never.desc(), "name")] == ["a", "b"]


def test_groups_are_chosen_by_columns_beside_aggregates(library):
    found = Writer.objects.annotate(n=Count("novels")).filter(Q(n__gt=5) | Q(age=40)).values_list("name", "n")
    assert list(found) == [("Bob", 3)]


def test_moments_cut_off_in_a_zone_are_never_silently_nothing(library):
    zoned = Novel.objects.annotate(month=TruncMonth("sold", tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))).order_by("pk")
    if connection.features.has_zoneinfo_database:
        assert zoned[0].month.month == 5
    else:
        with pytest.raises(ValueError, match="time zone definitions"):
            zoned[0]
    unsold = Novel.objects.create(title="u", writer=library[0])
    assert Novel.objects.annotate(month=TruncMonth("sold")).get(pk=unsold.pk).month is None


def test_the_time_between_a_date_and_a_moment(library):
    found = Novel.objects.annotate(age=F("sold") - F("day"), back=F("day") - F("sold")).order_by("pk")[0]
    expected = START - datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    assert (found.age, found.back) == (expected, -expected)
