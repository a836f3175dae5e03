"""The examples work as they stand: each in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments: str, cwd: Path = EXAMPLES, **environment: str) -> str:
    """What a Python process prints; it must end well."""
    kept = {key: value for key, value in os.environ.items() if key != "NUAGES_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**kept, "ALLOWED_HOSTS": "testserver", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_hello() -> None:
    code = "from hello import app; from nuages.test import Client; print(Client().get('/').content.decode())"
    assert run("-c", code) == "<h1>Hello, world!</h1>\n"


def test_hello_api() -> None:
    code = "from hello_api import app; from nuages.test import Client; print(Client().get('/hello/you').content.decode())"
    assert json.loads(run("-c", code)) == {"hello": "you"}


GUESTBOOK = """
import guestbook
from nuages import settings
from nuages.cli import call_command
from nuages.contrib.auth.models import User
from nuages.test import Client

settings.DATABASES["default"]["NAME"] = ":memory:"
call_command("migrate", run_syncdb=True, verbosity=0)
visitor = Client()
assert visitor.post("/", {"name": "Ann", "text": "Hello <all>"}).status_code == 302
assert "Hello &lt;all&gt;" in visitor.get("/").content.decode()
assert guestbook.Entry._meta.label == "guestbook.Entry"
visitor.force_login(User.objects.create_superuser("boss"))
page = visitor.get("/admin/guestbook/entry/").content.decode()
assert "Ann" in page
"""


def test_guestbook() -> None:
    run("-c", GUESTBOOK)


def test_commands_of_a_single_file(tmp_path: Path) -> None:
    assert "no issues" in run(str(EXAMPLES / "guestbook.py"), "check", cwd=tmp_path)


def test_the_shop_passes_its_tests() -> None:
    shop = EXAMPLES / "shop"
    output = run("manage.py", "test", cwd=shop)
    assert "OK" in output
    run("manage.py", "check", cwd=shop)
    assert "No changes" in run("manage.py", "makemigrations", "--check", "--dry-run", cwd=shop)
