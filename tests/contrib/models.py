"""A small publishing house, for the tests of the contributed applications."""

from typing import ClassVar

from nuages import models


class Writer(models.Model):
    """Writes books; stays as long as there are books."""

    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name


class Genre(models.Model):
    """What books are about."""

    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name


class Book(models.Model):
    """The object of most tests."""

    KINDS = (("n", "Novel"), ("e", "Essay"))

    title = models.CharField(max_length=50)
    slug = models.SlugField(blank=True)
    kind = models.CharField(max_length=1, choices=KINDS, default="n")
    writer = models.ForeignKey(Writer, models.PROTECT)
    genres = models.ManyToManyField(Genre, blank=True)
    in_print = models.BooleanField(default=True)
    published = models.DateField(null=True, blank=True)
    price = models.IntegerField(default=10)

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]

    def __str__(self) -> str:
        return self.title


class Chapter(models.Model):
    """Part of a book; goes with it."""

    book = models.ForeignKey(Book, models.CASCADE)
    heading = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.heading
