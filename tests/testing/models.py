"""The models of the tests of test tools."""

from nuages import models


class Book(models.Model):
    """A row to count."""

    title = models.CharField(max_length=50)
