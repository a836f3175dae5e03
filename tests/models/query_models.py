"""Models for the tests of queries."""

from nuages.models import (
    CASCADE,
    SET_NULL,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    ForeignKey,
    IntegerField,
    ManyToManyField,
    Model,
    UUIDField,
)


class Writer(Model):
    name = CharField(max_length=50)
    age = IntegerField(null=True)

    class Meta:
        app_label = "models"

    def __str__(self):
        return self.name


class Press(Model):
    name = CharField(max_length=50)

    class Meta:
        app_label = "models"


class Novel(Model):
    title = CharField(max_length=50)
    writer = ForeignKey(Writer, CASCADE, related_name="novels")
    press = ForeignKey(Press, SET_NULL, null=True)
    price = DecimalField(max_digits=8, decimal_places=2, default=0)
    sold = DateTimeField(null=True)
    day = DateField(null=True)
    code = UUIDField(null=True)

    class Meta:
        app_label = "models"

    def __str__(self):
        return self.title


class Label(Model):
    name = CharField(max_length=50)
    novels = ManyToManyField(Novel, related_name="labels")

    class Meta:
        app_label = "models"
        ordering = ("name",)

    def __str__(self):
        return self.name
