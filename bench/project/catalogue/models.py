"""Books with their authors and publishers."""

from __future__ import annotations

from project.names import module

models = module("models", "db.models")


class City(models.Model):
    name = models.CharField(max_length=100)


class Author(models.Model):
    name = models.CharField(max_length=100)
    city = models.ForeignKey(City, models.CASCADE)


class Publisher(models.Model):
    name = models.CharField(max_length=100)


class Book(models.Model):
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, models.CASCADE)
    publisher = models.ForeignKey(Publisher, models.CASCADE)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    published = models.DateField()
    pages = models.IntegerField()
    in_print = models.BooleanField(default=True)
