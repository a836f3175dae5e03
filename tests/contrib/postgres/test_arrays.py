"""Lists in one column."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from tests.contrib.postgres.models import LABEL, Post

from nuages import models
from nuages.contrib.postgres.fields import ArrayField
from nuages.contrib.postgres.forms import SimpleArrayField
from nuages.exceptions import FieldError, ValidationError
from nuages.models import Count, F, Value
from nuages.models.functions import Lower
from nuages.test.tools import isolate_apps

DAY = dt.date(2020, 1, 2)
KEY = uuid.UUID(int=5)


@pytest.fixture
def posts(postgres):
    first = Post.objects.create(
        name="a",
        tags=["thoughts", "music"],
        numbers=[1, 2],
        board=[["a", "b"], ["c", "d"]],
        days=[DAY],
        prices=[Decimal("1.50"), None],
        documents=[{"k": 1}, [2], None],
        ids=[KEY],
    )
    Post.objects.create(name="b", tags=["thoughts"], numbers=[3])
    Post.objects.create(name="c", tags=["tutorial", "music"])
    Post.objects.create(name="d", numbers=[])
    return first


def test_values_come_back_as_they_were(posts):
    posts.refresh_from_db()
    assert posts.tags == ["thoughts", "music"]
    assert posts.board == [["a", "b"], ["c", "d"]]
    assert posts.days == [DAY] and posts.ids == [KEY]
    assert posts.prices == [Decimal("1.50"), None]
    assert posts.documents == [{"k": 1}, [2], None]
    assert posts.marks == [1, 2]
    # Nothing in a list of documents is the database's NULL, not JSON's.
    assert Post.objects.filter(documents__2__isnull=True, name="a").exists()


@pytest.mark.parametrize(
    ("lookup", "names"),
    [
        ({"tags__contains": ["thoughts"]}, "ab"),
        ({"tags__contains": ["music", "thoughts"]}, "a"),
        ({"tags__contains": []}, "abcd"),
        ({"tags__contained_by": ["thoughts", "music"]}, "abd"),
        ({"tags__overlap": ["thoughts", "x"]}, "ab"),
        ({"tags": ["thoughts"]}, "b"),
        ({"tags": ("thoughts",)}, "b"),
        ({"tags__in": [["thoughts"], ["tutorial", "music"], None]}, "bc"),
        ({"tags__len": 1}, "b"),
        ({"tags__len__lt": 1}, "d"),
        ({"numbers__len__isnull": True}, "c"),
        ({"tags__0": "thoughts"}, "ab"),
        ({"tags__1__iexact": "Music"}, "ac"),
        ({"tags__276": "x"}, ""),
        ({"tags__0_1": ["thoughts"]}, "ab"),
        ({"tags__0_2__contains": ["music"]}, "ac"),
        ({"numbers__gt": [1, 5]}, "b"),
        ({"numbers__lte": [1, 2]}, "ad"),
        ({"numbers__contains": [F("numbers__0")]}, "ab"),
        ({"tags__contains": [Lower(Value("MUSIC"))]}, "ac"),
        ({"tags__overlap": F("tags")}, "abc"),
        ({"board__1__0": "c"}, "a"),
        ({"board__0_1": [["a", "b"]]}, "a"),
        ({"days__contains": [DAY]}, "a"),
        ({"days__0__year": 2020}, "a"),
        ({"documents__contains": [{"k": 1}]}, "a"),
        ({"documents__0__k": 1}, "a"),
        ({"ids__contains": [KEY]}, "a"),
        ({"prices__0": Decimal("1.5")}, "a"),
    ],
)
def test_lookups(posts, lookup, names):
    assert "".join(str(post) for post in Post.objects.filter(**lookup).order_by("name")) == names


def test_arrays_of_a_queryset(posts):
    one = Post.objects.filter(name="b").values_list("tags")
    assert [post.name for post in Post.objects.filter(tags__overlap=one).order_by("name")] == ["a", "b"]
    assert [post.name for post in Post.objects.filter(tags__contains=one).order_by("name")] == ["a", "b"]


def test_items_and_slices_as_expressions(posts):
    found = Post.objects.order_by("name").annotate(first=F("tags")[0], rest=F("tags")[1:], part=F("numbers")[0:2])
    assert found.values_list("first", "rest", "part")[0] == (["thoughts"], ["music"], [1, 2])
    assert list(Post.objects.order_by("name").values_list("tags__0", "tags__0_1", "tags__len"))[3] == (None, [], 0)
    groups = Post.objects.exclude(tags=[]).values("tags__0").annotate(n=Count("pk")).order_by("tags__0")
    assert [group["n"] for group in groups] == [2, 1]


def test_writing(posts):
    assert Post.objects.filter(name="b").update(numbers=[7, 8]) == 1
    typed = Value([9], output_field=ArrayField(models.IntegerField()))
    assert Post.objects.filter(name="c").update(numbers=typed) == 1
    rows = list(Post.objects.filter(name__in="bc").order_by("name"))
    assert [row.numbers for row in rows] == [[7, 8], [9]]
    rows[0].numbers, rows[1].numbers = [], None
    Post.objects.bulk_update(rows, ["numbers"])
    assert list(Post.objects.filter(name__in="bc").order_by("name").values_list("numbers", flat=True)) == [[], None]


def test_unknown_transforms(posts):
    for name in ("x", "a_b", "0_1_2"):
        with pytest.raises(FieldError):
            Post.objects.filter(**{f"tags__{name}": 1})


def test_serialization(posts):
    for name in ("tags", "numbers", "board", "days", "prices", "ids"):
        field = Post._meta.get_field(name)
        assert field.to_python(field.value_to_string(posts)) == getattr(posts, name)


# -- without a database -------------------------------------------------------------------------------------------


def codes(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value, None)
    return [(error.code, error.messages[0]) for error in caught.value.error_list]


def test_validation_says_which_item():
    prefix = "Item {} in the array did not validate:"
    ((code, text),) = codes(ArrayField(models.CharField(max_length=2)), ["ab", "a%s"])
    assert code == "item_invalid" and text.startswith(prefix.format(2)) and text.endswith("(it has 3).")
    assert codes(ArrayField(models.IntegerField()), [1, None])[0][0] == "item_invalid"
    assert codes(ArrayField(models.IntegerField()), ["a"])[0][1].startswith(prefix.format(1))
    assert codes(ArrayField(models.IntegerField(), size=1), [1, 2])[0][0] == "max_length"
    nested = ArrayField(ArrayField(models.IntegerField()))
    assert codes(nested, [[1, 2], [3]])[0][0] == "nested_array_mismatch"
    assert codes(ArrayField(models.IntegerField()), "x")[0][0] == "invalid_json"
    assert ArrayField(models.IntegerField()).clean(["1", 2], None) == [1, 2]


def test_a_percent_sign_of_a_value_is_no_placeholder():
    error = codes(ArrayField(models.IntegerField()), ["100%d"])
    assert "100%d" in error[0][1]


def test_description():
    field = ArrayField(ArrayField(models.CharField(max_length=5)), size=2)
    _, path, args, kwargs = field.deconstruct()
    assert path == "nuages.contrib.postgres.fields.ArrayField" and args == [] and kwargs["size"] == 2
    assert isinstance(kwargs["base_field"], ArrayField) and kwargs["base_field"] is not field.base_field
    form = field.formfield()
    assert isinstance(form, SimpleArrayField) and form.max_length == 2


@isolate_apps("tests.contrib")
def test_checks():
    class Wrong(models.Model):
        related = ArrayField(models.ForeignKey("Wrong", models.CASCADE))
        bad = ArrayField(models.CharField(max_length=-1))
        odd = ArrayField(models.IntegerField(max_length=3))
        shared = ArrayField(models.IntegerField(), default=[])
        good = ArrayField(models.CharField(max_length=5), choices=[(("a", "b"), "AB"), (["c"], "C")])

        class Meta:
            app_label = LABEL

    by_field = {field.name: [message.id for message in field.check()] for field in Wrong._meta.local_fields}
    assert by_field["related"] == ["postgres.E002"]
    assert by_field["bad"] == ["postgres.E001"]
    assert by_field["odd"] == ["postgres.W004"]
    assert by_field["shared"] == ["fields.E010"]
    assert by_field["good"] == []
    assert Wrong(good=["a", "b"]).get_good_display() == "AB"


def test_the_application_must_be_installed(override):
    override(INSTALLED_APPS=["nuages.contrib.contenttypes"])
    assert [message.id for message in Post._meta.get_field("tags").check()] == ["postgres.E005"]
