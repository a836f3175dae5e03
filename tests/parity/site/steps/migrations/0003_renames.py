from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("steps", "0002_rows")]
    operations = [
        migrations.RenameModel("Press", "Publisher"),
        migrations.RenameField("Book", "press", "publisher"),
        migrations.RenameField("Publisher", "name", "title"),
        migrations.RenameIndex("Book", new_name="steps_renamed", old_name="steps_pp"),
        migrations.RenameField("Review", "book", "volume"),
        migrations.AlterModelTable("Book", "library_books"),
        migrations.AddField("Publisher", "country", models.CharField(max_length=2, default="fr")),
        migrations.AddField("Book", "edition", models.IntegerField(default=3)),
        migrations.AddField("Book", "rating", models.DecimalField(max_digits=4, decimal_places=1, null=True)),
    ]
