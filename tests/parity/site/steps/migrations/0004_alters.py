import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("steps", "0003_renames")]
    operations = [
        migrations.AlterUniqueTogether("Book", {("publisher", "edition")}),
        migrations.RemoveIndex("Book", "steps_renamed"),
        migrations.RemoveConstraint("Book", "steps_pages_one"),
        migrations.AlterField("Book", "isbn", models.CharField(max_length=20, primary_key=True, serialize=False)),
        migrations.AlterField("Book", "pages", models.BigIntegerField(db_index=True)),
        migrations.AlterField("Book", "about", models.TextField(default="")),
        migrations.AlterField("Book", "rating", models.DecimalField(max_digits=5, decimal_places=2, null=True)),
        migrations.AlterField(
            "Book",
            "publisher",
            models.ForeignKey("steps.publisher", django.db.models.deletion.SET_NULL, null=True, related_name="books"),
        ),
        migrations.AlterField("Publisher", "title", models.CharField(max_length=80, unique=True)),
        migrations.AlterField("Publisher", "id", models.BigAutoField(primary_key=True, auto_created=True, serialize=False, verbose_name="ID")),
        migrations.AlterField("Shelf", "id", models.BigAutoField(primary_key=True, serialize=False)),
        migrations.AlterField("Shelf", "label", models.CharField(max_length=12, db_default="new")),
        migrations.AlterField("Review", "previous", models.OneToOneField("steps.review", models.CASCADE, null=True)),
        migrations.RemoveField("Book", "gone"),
        migrations.AddIndex("Book", models.Index(fields=["edition"], name="steps_edition_now")),
        migrations.AddConstraint("Book", models.CheckConstraint(condition=models.Q(pages__gt=1), name="steps_pages_two")),
    ]
