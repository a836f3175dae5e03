"""Models of these tests."""

from tests.models.query_models import Label, Novel, Press, Writer

from nuages.models import (
    CASCADE,
    PROTECT,
    RESTRICT,
    SET_NULL,
    CharField,
    CheckConstraint,
    CompositePrimaryKey,
    DateTimeField,
    F,
    ForeignKey,
    GeneratedField,
    IntegerField,
    JSONField,
    Manager,
    ManyToManyField,
    Model,
    OneToOneField,
    PositiveIntegerField,
    Q,
    TextChoices,
    UniqueConstraint,
)

__all__ = ["Label", "Novel", "Press", "Writer"]


class EarlyNames(Manager):
    def get_queryset(self):
        return super().get_queryset().filter(name__lt="M")


class Author(Model):
    name = CharField(max_length=20, unique=True)

    objects = Manager()
    early = EarlyNames()


class Book(Model):
    author = ForeignKey(Author, CASCADE, related_name="books")
    readers = ManyToManyField(Author, related_name="read")
    pages = IntegerField(default=3)


class Atlas(Book):
    data = JSONField(default=dict)


class Sorted(Author):
    class Meta:
        proxy = True
        ordering = ["-name"]


class Stamped(Model):
    created = DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        constraints = [CheckConstraint(condition=Q(stock__gt=0), name="%(class)s_stock")]


class Item(Stamped):
    class Color(TextChoices):
        RED = "r", "Red wine"
        BLUE = "b"

    stock = PositiveIntegerField(db_default=5)
    twice = GeneratedField(expression=F("stock") + F("stock"), output_field=IntegerField(), db_persist=True)
    owner = OneToOneField(Author, SET_NULL, null=True)
    color = CharField(max_length=1, choices=Color, default=Color.RED)


class Cell(Model):
    pk = CompositePrimaryKey("row", "column")
    row = IntegerField()
    column = IntegerField()
    text = CharField(max_length=5, default="")


class Person(Model):
    friends = ManyToManyField("self")
    boss = ForeignKey("self", PROTECT, null=True, related_name="staff")


class Step(Model):
    author = ForeignKey(Author, CASCADE)
    title = CharField(max_length=9, default="")

    class Meta:
        order_with_respect_to = "author"
        constraints = [UniqueConstraint(fields=["author", "title"], condition=Q(title__gt="m"), name="late_titles")]


class Room(Model):
    author = ForeignKey(Author, CASCADE)
    book = ForeignKey(Book, RESTRICT)
