"""Drop the name of content types: the model knows it."""

from nuages import models
from nuages.migrations import AlterField, AlterModelOptions, RemoveField, RunPython
from nuages.migrations import Migration as BaseMigration


def restore_names(apps, schema_editor):
    """Fill the column again when the migration is undone."""
    types = apps.get_model("contenttypes", "ContentType").objects.using(schema_editor.connection.alias)
    for one in types.all():
        try:
            one.name = apps.get_model(one.app_label, one.model)._meta.object_name
        except LookupError:
            one.name = one.model
        one.save()


class Migration(BaseMigration):
    dependencies = [("contenttypes", "0001_initial")]
    operations = [
        AlterModelOptions("contenttype", {"verbose_name": "content type", "verbose_name_plural": "content types"}),
        AlterField("contenttype", "name", models.CharField(max_length=100, null=True)),
        RunPython(RunPython.noop, restore_names, hints={"model_name": "contenttype"}),
        RemoveField("contenttype", "name"),
    ]
