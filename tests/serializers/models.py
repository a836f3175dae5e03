"""Models for the tests of serializers."""

import datetime

from nuages import models


class PersonManager(models.Manager):
    def get_by_natural_key(self, name):
        return self.get(name=name)


class Person(models.Model):
    name = models.CharField(max_length=20, unique=True)
    objects = PersonManager()

    def natural_key(self):
        return (self.name,)


class Work(models.Model):
    title = models.CharField(max_length=40)
    author = models.ForeignKey(Person, models.CASCADE, null=True)
    readers = models.ManyToManyField(Person, related_name="reads")
    price = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    made = models.DateTimeField(default=datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.UTC))
    data = models.JSONField(default=dict)
