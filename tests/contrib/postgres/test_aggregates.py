"""Aggregates, array subqueries and functions."""

import warnings
from decimal import Decimal

import pytest
from tests.contrib.postgres.models import Blog, Entry, Event, Post

from nuages.contrib.postgres import aggregates
from nuages.contrib.postgres.aggregates import ArrayAgg, BoolAnd, BoolOr, Corr, CovarPop, JSONBAgg, RegrCount
from nuages.contrib.postgres.aggregates.mixins import OrderableAggMixin
from nuages.contrib.postgres.expressions import ArraySubquery
from nuages.contrib.postgres.fields import ArrayField
from nuages.contrib.postgres.functions import RandomUUID, TransactionNow
from nuages.models import Aggregate, Count, F, IntegerField, OuterRef, Q, Value, Window
from nuages.models.functions import JSONObject, Lower
from nuages.text.deprecation import RemovedInNextVersionWarning


@pytest.fixture
def blogs(postgres):
    blogs = [Blog.objects.create(tagline=tagline) for tagline in ("B", "a", None)]
    for stars, name, blog in ((3, "x", 0), (1, "y", 0), (2, "x", 1)):
        Entry.objects.create(name=name, stars=stars, blog=blogs[blog])
    return blogs


@pytest.mark.parametrize(
    ("aggregate", "value"),
    [
        (ArrayAgg("stars", order_by="stars"), [1, 2, 3]),
        (ArrayAgg("name", distinct=True, order_by="-name"), ["y", "x"]),
        (ArrayAgg("stars", order_by=(F("name").desc(), "stars")), [1, 2, 3]),
        (ArrayAgg("stars", filter=Q(stars__gt=1), order_by="-stars"), [3, 2]),
        (ArrayAgg(Lower("blog__tagline"), order_by=Lower("blog__tagline")), ["a", "b", "b"]),
        (JSONBAgg("stars", order_by="-stars"), [3, 2, 1]),
        (JSONBAgg("name", distinct=True), ["x", "y"]),
        (BoolAnd(Q(stars__gt=1)), False),
        (BoolOr(Q(stars__gt=1)), True),
    ],
)
def test_aggregates(blogs, aggregate, value):
    assert Entry.objects.aggregate(value=aggregate) == {"value": value}


@pytest.mark.parametrize(
    ("aggregate", "value"),
    [
        (ArrayAgg("stars"), None),
        (ArrayAgg("stars", default=[7]), [7]),
        (ArrayAgg("stars", default=Value([])), []),
        (JSONBAgg("name", default=["x"]), ["x"]),
        (BoolAnd(Q(stars=1), default=False), False),
        (RegrCount("stars", "blog_id"), 0),
        (Corr("stars", "blog_id", default=0), 0.0),
    ],
)
def test_without_any_row(postgres, aggregate, value):
    assert Entry.objects.filter(pk=-1).aggregate(value=aggregate) == {"value": value}


def test_of_each_row(blogs):
    lists = ArrayAgg("entries__stars", order_by="entries__stars", filter=Q(entries__isnull=False), default=[])
    found = Blog.objects.annotate(lists=lists).order_by("pk").values_list("lists", flat=True)
    assert list(found) == [[1, 3], [2], []]
    assert Blog.objects.annotate(lists=ArrayAgg("entries__stars")).filter(lists__contains=[3]).get() == blogs[0]
    assert Blog.objects.annotate(lists=ArrayAgg("entries__stars")).filter(lists__len=2).get() == blogs[0]
    running = Entry.objects.annotate(seen=Window(ArrayAgg("stars"), order_by="pk")).order_by("pk")
    assert list(running.values_list("seen", flat=True)) == [[3], [3, 1], [3, 1, 2]]


def test_values_are_those_of_the_field(postgres):
    Post.objects.create(name="a", prices=[Decimal("1.50")], documents=[{"k": 1}])
    found = Post.objects.aggregate(prices=ArrayAgg("prices"), documents=ArrayAgg("documents__0"))
    assert found == {"prices": [[Decimal("1.50")]], "documents": [{"k": 1}]}
    queried = Post.objects.annotate(all=JSONBAgg("documents__0")).filter(all__0__k=1)
    assert [post.name for post in queried] == ["a"]


def test_a_name_must_be_given(postgres):
    with pytest.raises(TypeError, match="alias"):
        Entry.objects.aggregate(ArrayAgg("stars"))


def test_statistics(postgres):
    for number, share in ((1, 3.0), (2, 2.0), (3, 1.0)):
        Event.objects.create(name="e", number=number, share=share)
    names = ("Corr", "CovarPop", "RegrAvgX", "RegrAvgY", "RegrCount", "RegrIntercept", "RegrR2", "RegrSlope", "RegrSXX")
    made = {name: getattr(aggregates, name)("share", "number") for name in (*names, "RegrSXY", "RegrSYY")}
    found = Event.objects.aggregate(**made)
    assert {name: round(value, 3) for name, value in found.items()} == {
        "Corr": -1,
        "CovarPop": -0.667,
        "RegrAvgX": 2,
        "RegrAvgY": 2,
        "RegrCount": 3,
        "RegrIntercept": 4,
        "RegrR2": 1,
        "RegrSlope": -1,
        "RegrSXX": 2,
        "RegrSXY": -2,
        "RegrSYY": 2,
    }
    assert type(found["RegrCount"]) is int
    assert Event.objects.aggregate(c=CovarPop(y="share", x="number", sample=True)) == {"c": -1.0}
    assert Event.objects.aggregate(c=Corr("share", F("number") * -1, filter=Q(number__lt=3))) == {"c": 1.0}
    with pytest.raises(ValueError, match="y and x"):
        Corr("share", None)
    with pytest.raises(TypeError, match="default"):
        RegrCount("a", "b").__class__("a", "b", default=1)


def test_array_subqueries(blogs):
    entries = Entry.objects.filter(blog=OuterRef("pk")).order_by("stars")
    found = Blog.objects.order_by("pk").annotate(stars=ArraySubquery(entries.values("stars")))
    assert list(found.values_list("stars", flat=True)) == [[1, 3], [2], []]
    assert found.filter(stars__contains=[2]).get() == blogs[1]
    described = found.annotate(all=ArraySubquery(entries.values(one=JSONObject(name="name", stars="stars"))))
    assert described[1].all == [{"name": "x", "stars": 2}]


def test_functions(blogs):
    assert Entry.objects.annotate(key=RandomUUID()).aggregate(n=Count("key", distinct=True)) == {"n": 3}
    first, second = Entry.objects.annotate(now=TransactionNow()).values_list("now", flat=True)[:2]
    assert first == second and first.tzinfo is not None


def test_what_all_databases_have_is_deprecated(blogs):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = [aggregates.BitAnd("stars"), aggregates.BitOr("stars"), aggregates.BitXor("stars")]
        text = aggregates.StringAgg("name", "-", order_by="name")
    assert [warning.category for warning in caught] == [RemovedInNextVersionWarning] * 4
    assert caught[0].filename == __file__
    found = Entry.objects.aggregate(**{f"v{number}": one for number, one in enumerate([*made, text])})
    assert list(found.values()) == [0, 3, 0, "x-x-y"]


def test_the_mixin_of_old_is_deprecated(blogs):
    with pytest.warns(RemovedInNextVersionWarning, match="allow_order_by") as caught:

        class Joined(OrderableAggMixin, Aggregate):
            function = "ARRAY_AGG"
            output_field = ArrayField(IntegerField())

    assert caught[0].filename == __file__
    assert Entry.objects.aggregate(v=Joined("stars", order_by="-stars")) == {"v": [3, 2, 1]}
