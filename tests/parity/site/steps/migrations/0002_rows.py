from django.db import migrations


def fill(apps, schema_editor):
    """Rows that the later steps must carry along."""
    press = apps.get_model("steps", "Press").objects.create(name="O'Reilly 100%")
    book = press.books.create(isbn="978", pages=12, about=None, gone="gone")
    book.shelves.add(apps.get_model("steps", "Shelf").objects.create(label="top"))
    apps.get_model("steps", "Review").objects.create(book=book)


class Migration(migrations.Migration):
    dependencies = [("steps", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
