"""Every kind of column, index and constraint, for the comparison of schemas."""

import uuid
from decimal import Decimal

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Pi, Upper

POSTGRESQL = connection.vendor == "postgresql"
MYSQL = connection.vendor == "mysql"


class Everything(models.Model):
    """One column of each type, plain."""

    big = models.BigIntegerField(default=1)
    binary = models.BinaryField(default=b"x")
    boolean = models.BooleanField(default=True)
    boolean_null = models.BooleanField(null=True)
    char = models.CharField(max_length=30, default="x'y%s")
    char_indexed = models.CharField(max_length=30, db_index=True)
    char_unique = models.CharField(max_length=30, unique=True)
    csi = models.CharField(max_length=30, choices=[("a", "A")], blank=True)
    date = models.DateField(auto_now=True)
    moment = models.DateTimeField(auto_now_add=True)
    decimal = models.DecimalField(max_digits=10, decimal_places=3, default=Decimal("1.5"))
    duration = models.DurationField()
    email = models.EmailField()
    file = models.FileField(upload_to="files")
    path = models.FilePathField(path="/tmp")
    real = models.FloatField()
    image_like = models.FileField(upload_to="images", max_length=50, unique=True)
    integer = models.IntegerField(db_index=True)
    address = models.GenericIPAddressField(null=True)
    json = models.JSONField(default=dict)
    json_null = models.JSONField(null=True)
    positive_big = models.PositiveBigIntegerField(default=0)
    positive = models.PositiveIntegerField(default=0)
    positive_small = models.PositiveSmallIntegerField(default=0, db_index=True)
    slug = models.SlugField()
    slug_free = models.SlugField(db_index=False)
    slug_unique = models.SlugField(unique=True)
    small = models.SmallIntegerField(default=-1)
    text = models.TextField()
    time = models.TimeField()
    url = models.URLField()
    identity = models.UUIDField(default=uuid.uuid4)
    other_name = models.IntegerField(db_column="some Odd column")


class KeyedByUuid(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)


class KeyedByText(models.Model):
    code = models.CharField(max_length=10, primary_key=True)


class KeyedBySmall(models.Model):
    id = models.SmallAutoField(primary_key=True)


class KeyedByAuto(models.Model):
    number = models.AutoField(primary_key=True, db_column="no")


class KeyedByTwo(models.Model):
    pk = models.CompositePrimaryKey("left", "right")
    left = models.IntegerField()
    right = models.ForeignKey(KeyedByText, models.CASCADE)


class Place(models.Model):
    name = models.CharField(max_length=50)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    friends = models.ManyToManyField("self")
    follows = models.ManyToManyField("self", symmetrical=False, related_name="followers")

    class Meta:
        unique_together = [("name", "parent")]
        ordering = ["name"]
        verbose_name_plural = "places"


class Restaurant(Place):
    serves = models.CharField(max_length=20)
    owner = models.OneToOneField("auth.User", models.SET_NULL, null=True)


class Supplier(Place):
    location = models.OneToOneField(Place, models.CASCADE, parent_link=True, primary_key=True, related_name="supplied")
    customers = models.ManyToManyField(Restaurant, through="Delivery")
    tags = models.ManyToManyField(KeyedByText, db_table="zoo_tags_of_supplier")


class Delivery(models.Model):
    supplier = models.ForeignKey(Supplier, models.CASCADE)
    restaurant = models.ForeignKey(Restaurant, models.PROTECT, db_index=False)
    by = models.ForeignKey(KeyedByUuid, models.DO_NOTHING, db_constraint=False, null=True)
    code = models.ForeignKey(KeyedByText, models.CASCADE, db_column="code", to_field="code")
    unique = models.ForeignKey(KeyedBySmall, models.CASCADE, unique=True)

    class Meta:
        db_table = "Odd Deliveries"
        db_table_comment = "What was delivered, and where; it's kept"


class AbstractStamped(models.Model):
    stamp = models.DateTimeField(db_index=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["-stamp"], name="%(class)s_stamp_desc")]
        constraints = [models.CheckConstraint(condition=Q(stamp__isnull=False), name="%(app_label)s_%(class)s_stamped")]


class Stamped(AbstractStamped):
    a = models.IntegerField()
    b = models.IntegerField(null=True)
    title = models.CharField(max_length=40, db_comment="The title's comment")

    class Meta(AbstractStamped.Meta):
        indexes = [
            models.Index(fields=["a", "-b"]),
            models.Index(fields=["title"], name="zoo_title_a_big", condition=Q(a__gt=100, title__startswith="it's")),
            models.Index(fields=["b"], name="zoo_b_null", condition=Q(b__isnull=True) | ~Q(a=3)),
            *(
                []
                if MYSQL
                else [
                    models.Index(Lower("title").desc(), "a", name="zoo_lower_title"),
                    models.Index(F("a") + F("b"), name="zoo_sum"),
                    models.Index(Upper("title"), name="zoo_upper_cond", condition=Q(a__in=[1, 2, 3])),
                ]
            ),
            *(
                [
                    models.Index(fields=["title"], name="zoo_ops", opclasses=["text_pattern_ops"]),
                    models.Index(fields=["a"], name="zoo_incl", include=["title", "b"]),
                ]
                if POSTGRESQL
                else []
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(a__gte=0) & Q(b__lt=F("a")), name="zoo_b_below_a"),
            models.CheckConstraint(condition=Q(title__in=["a", "b%", "c's"]) | Q(b__range=(1, 9)), name="zoo_either"),
            models.CheckConstraint(condition=~Q(title=""), name="zoo_not_empty", violation_error_message="No."),
            models.UniqueConstraint(fields=["a", "b"], name="zoo_ab"),
            models.UniqueConstraint(fields=["title"], condition=Q(a=1), name="zoo_title_where"),
            *(
                []
                if MYSQL
                else [
                    models.UniqueConstraint(Lower("title"), "b", name="zoo_lower_b"),
                ]
            ),
            *(
                [
                    models.UniqueConstraint(fields=["b"], name="zoo_deferred", deferrable=models.Deferrable.DEFERRED),
                    models.UniqueConstraint(fields=["a"], include=["title"], name="zoo_covering"),
                    models.UniqueConstraint(fields=["title", "b"], nulls_distinct=False, name="zoo_nulls"),
                    models.UniqueConstraint(fields=["stamp"], opclasses=["timestamptz_ops"], name="zoo_uops"),
                ]
                if POSTGRESQL
                else []
            ),
        ]


class Defaulted(models.Model):
    number = models.IntegerField(db_default=7)
    text = models.CharField(max_length=20, db_default="it's")
    when = models.DateTimeField(db_default=Now())
    pi = models.FloatField(db_default=Pi())
    flag = models.BooleanField(db_default=True)
    price = models.DecimalField(max_digits=6, decimal_places=2, db_default=Decimal("9.90"))
    total = models.GeneratedField(expression=F("number") * 2 + 1, output_field=models.IntegerField(), db_persist=True)
    shout = models.GeneratedField(expression=Upper("text"), output_field=models.CharField(max_length=20), db_persist=True)
    folded = models.CharField(
        max_length=20, db_collation="C" if POSTGRESQL else "utf8mb4_bin" if MYSQL else "NOCASE", default=""
    )
    folded_text = models.TextField(
        db_collation="C" if POSTGRESQL else "utf8mb4_bin" if MYSQL else "NOCASE", default="", **({} if MYSQL else {"unique": True})
    )


class AQuiteLongNameOfAModelThatNearlyFillsAnIdentifier(models.Model):
    another_very_long_name_of_a_field_that_goes_on_and_on_and_on = models.ForeignKey(Place, models.CASCADE, related_name="+")
    many_more_very_long_names_of_fields_that_go_on_and_on = models.ManyToManyField(Everything)
    a_long_char = models.CharField(max_length=10, db_index=True)

    class Meta:
        unique_together = [
            ("another_very_long_name_of_a_field_that_goes_on_and_on_and_on", "a_long_char"),
        ]
        indexes = [models.Index(fields=["a_long_char", "-another_very_long_name_of_a_field_that_goes_on_and_on_and_on"])]


class Tagged(models.Model):
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveIntegerField()
    target = GenericForeignKey()

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id"])]
        permissions = [("wave_at", "Can wave at")]
        default_permissions = ("add", "view")


class Reader(Place):
    class Meta:
        proxy = True
        permissions = [("read_aloud", "Can read aloud")]
