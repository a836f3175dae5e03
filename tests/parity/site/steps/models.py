"""What the written migrations of this app end with."""

from django.db import models


class Publisher(models.Model):
    id = models.BigAutoField(primary_key=True, auto_created=True, serialize=False, verbose_name="ID")
    title = models.CharField(max_length=80, unique=True)
    country = models.CharField(max_length=2, default="fr")


class Book(models.Model):
    isbn = models.CharField(max_length=20, primary_key=True)
    publisher = models.ForeignKey(Publisher, models.SET_NULL, null=True, related_name="books")
    pages = models.BigIntegerField(db_index=True)
    about = models.TextField(default="")
    rating = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    shelves = models.ManyToManyField("Shelf")
    edition = models.IntegerField(default=3)

    class Meta:
        db_table = "library_books"
        unique_together = [("publisher", "edition")]
        indexes = [models.Index(fields=["edition"], name="steps_edition_now")]
        constraints = [models.CheckConstraint(condition=models.Q(pages__gt=1), name="steps_pages_two")]


class Shelf(models.Model):
    id = models.BigAutoField(primary_key=True)
    label = models.CharField(max_length=12, db_default="new")


class Review(models.Model):
    id = models.BigAutoField(primary_key=True, auto_created=True, serialize=False, verbose_name="ID")
    volume = models.ForeignKey(Book, models.CASCADE)
    previous = models.OneToOneField("self", models.CASCADE, null=True)
