"""The migrations of the framework's own applications describe their models."""

import subprocess
import sys

CODE = """
from nuages import settings, setup
from nuages.cli import call_command

names = "admin auth contenttypes flatpages redirects sessions sites".split()
settings.configure(
    INSTALLED_APPS=[f"nuages.contrib.{name}" for name in names],
    DATABASES={"default": {"ENGINE": "nuages.db.backends.sqlite", "NAME": ":memory:"}},
)
setup()
call_command("makemigrations", check_changes=True, dry_run=True, skip_checks=True)
"""


def test_no_migration_is_missing() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No changes detected" in done.stdout
