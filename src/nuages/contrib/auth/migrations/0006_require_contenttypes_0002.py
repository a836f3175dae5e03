"""The content types have lost their names before the permissions go on."""

from nuages.migrations import Migration as BaseMigration


class Migration(BaseMigration):
    dependencies = [
        ("auth", "0005_alter_user_last_login_null"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = []
