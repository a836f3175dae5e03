from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            "Press",
            [("id", models.AutoField(primary_key=True, auto_created=True, serialize=False, verbose_name="ID")), ("name", models.CharField(max_length=50, db_index=True))],
        ),
        migrations.CreateModel("Shelf", [("id", models.AutoField(primary_key=True, auto_created=True, serialize=False, verbose_name="ID")), ("label", models.CharField(max_length=12))]),
        migrations.CreateModel(
            "Book",
            [
                ("isbn", models.CharField(max_length=13, primary_key=True, serialize=False)),
                ("press", models.ForeignKey("steps.press", models.CASCADE, related_name="books")),
                ("pages", models.PositiveSmallIntegerField()),
                ("about", models.CharField(max_length=100, null=True, unique=True)),
                ("shelves", models.ManyToManyField("steps.shelf")),
                ("gone", models.SlugField(default="away")),
            ],
            options={
                "unique_together": {("press", "pages")},
                "indexes": [models.Index(fields=["pages", "isbn"], name="steps_pp")],
                "constraints": [models.CheckConstraint(condition=models.Q(pages__gt=0), name="steps_pages_one")],
            },
        ),
        migrations.CreateModel(
            "Review",
            [
                ("id", models.BigAutoField(primary_key=True, auto_created=True, serialize=False, verbose_name="ID")),
                ("book", models.ForeignKey("steps.book", models.CASCADE)),
                ("previous", models.ForeignKey("steps.review", models.CASCADE, null=True)),
            ],
        ),
    ]
