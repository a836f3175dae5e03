"""Models for the tests of model forms."""

from nuages import models


class Shelf(models.Model):
    name = models.CharField(max_length=20)

    def __str__(self):
        return self.name


class Label(models.Model):
    text = models.CharField(max_length=20, unique=True)

    def __str__(self):
        return self.text


class Volume(models.Model):
    title = models.CharField("the title", max_length=20, help_text="As printed.")
    shelf = models.ForeignKey(Shelf, models.CASCADE, limit_choices_to=models.Q(name__startswith="A"))
    pages = models.IntegerField(default=10)
    labels = models.ManyToManyField(Label, blank=True)
    secret = models.CharField(max_length=5, editable=False, default="x")

    class Meta:
        unique_together = [("title", "shelf")]
        constraints = [models.UniqueConstraint("shelf", "pages", condition=models.Q(pages__gt=900), name="one_such_thick_volume")]
