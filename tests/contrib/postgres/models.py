"""Models with what only PostgreSQL has; they are installed in the run on PostgreSQL alone."""

from nuages import models
from nuages.contrib.postgres import fields
from nuages.contrib.postgres.constraints import ExclusionConstraint
from nuages.contrib.postgres.indexes import GinIndex
from nuages.contrib.postgres.search import SearchVector, SearchVectorField

LABEL = "postgres_samples"


class Named(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class Post(Named):
    tags = fields.ArrayField(models.CharField(max_length=20), blank=True, default=list)
    numbers = fields.ArrayField(models.IntegerField(), null=True, size=3)
    board = fields.ArrayField(fields.ArrayField(models.CharField(max_length=5), size=2), null=True)
    days = fields.ArrayField(models.DateField(), null=True)
    prices = fields.ArrayField(models.DecimalField(max_digits=5, decimal_places=2), null=True)
    documents = fields.ArrayField(models.JSONField(), null=True)
    ids = fields.ArrayField(models.UUIDField(), null=True)
    marks = fields.ArrayField(models.IntegerField(), db_default=[1, 2])

    class Meta:
        app_label = LABEL


class Dog(Named):
    data = fields.HStoreField(null=True)
    history = fields.ArrayField(fields.HStoreField(), null=True)

    class Meta:
        app_label = LABEL


class Event(Named):
    ages = fields.IntegerRangeField(null=True)
    many = fields.BigIntegerRangeField(null=True)
    price = fields.DecimalRangeField(null=True, default_bounds="[]")
    span = fields.DateTimeRangeField(null=True)
    days = fields.DateRangeField(null=True)
    start = models.DateTimeField(null=True)
    number = models.SmallIntegerField(default=5)
    share = models.FloatField(default=0.5)

    class Meta:
        app_label = LABEL


class Blog(models.Model):
    tagline = models.TextField(null=True)
    language = models.CharField(max_length=20, default="english")

    class Meta:
        app_label = LABEL


class Entry(Named):
    body = models.TextField(null=True)
    blog = models.ForeignKey(Blog, models.CASCADE, related_name="entries")
    stars = models.IntegerField(default=1)
    vector = SearchVectorField(null=True)
    document = models.GeneratedField(
        expression=SearchVector("name", weight="A", config="english") + SearchVector("body", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        app_label = LABEL
        indexes = [GinIndex(fields=["document"], name="samples_document")]


class TsTzRange(models.Func):
    function = "TSTZRANGE"
    output_field = fields.DateTimeRangeField()


class Reservation(models.Model):
    room = models.IntegerField()
    span = fields.IntegerRangeField(null=True)
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        app_label = LABEL
        constraints = [
            ExclusionConstraint(
                name="no_overlap",
                expressions=[("span", fields.RangeOperators.OVERLAPS), ("room", fields.RangeOperators.EQUAL)],
                condition=models.Q(cancelled=False),
                violation_error_message="%(name)s is broken",
                violation_error_code="taken",
            ),
            ExclusionConstraint(
                name="no_meeting",
                expressions=[
                    (TsTzRange("start", "end", fields.RangeBoundary()), fields.RangeOperators.OVERLAPS),
                    ("room", "="),
                ],
            ),
        ]
