"""What is loaded, and above all what is not: start-up takes as long as the modules that it imports."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import nuages.contrib.admin
import nuages.forms
import nuages.http
import nuages.mail

HELLO = """
import asyncio, sys
from nuages import Nuages

app = Nuages(debug=False)

@app.get("/")
def hello(request):
    return "<h1>Hello, world!</h1>"

async def main():
    received, sent = [{"type": "http.request", "body": b"", "more_body": False}], []
    async def receive():
        return received.pop() if received else await asyncio.sleep(60)
    async def send(message):
        sent.append(message)
    scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "",
             "headers": [(b"host", b"localhost")], "scheme": "http", "http_version": "1.1", "asgi": {"version": "3.0"}}
    await app(scope, receive, send)
    assert sent[0]["status"] == 200, sent

asyncio.run(main())
"""
CHECK = """
import sys
from nuages.conf import settings
apps = [f"nuages.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")]
settings.configure(SECRET_KEY="k", INSTALLED_APPS=apps, ROOT_URLCONF=[])
import nuages
nuages.setup()
from nuages.cli import call_command
call_command("check", "--tag", "security", verbosity=0)
"""


def loaded_by(program, tmp_path):
    """Run ``program`` in a fresh interpreter; return what it has loaded."""
    file = tmp_path / "program.py"
    file.write_text(program + "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NUAGES_", "DJANGO_"))}
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True, env=environment)
    return set(json.loads(done.stdout.splitlines()[-1]))


def unwanted(loaded, *names):
    return sorted(module for module in loaded if any(module == name or module.startswith(f"{name}.") for name in names))


def test_import_nuages_loads_little(tmp_path):
    loaded = loaded_by("import nuages", tmp_path)
    assert unwanted(loaded, "nuages") == ["nuages", "nuages.ondemand"]


def test_hello_world_loads_only_what_it_uses(tmp_path):
    loaded = loaded_by(HELLO, tmp_path)
    assert unwanted(
        loaded, "argon2", "argparse", "babel", "email", "granian", "http.client", "mimetypes", "msgspec", "multiprocessing", "rich",
        "sqlite3", "unittest", "watchfiles",
    ) == []  # fmt: skip
    assert unwanted(
        loaded, "nuages.cache", "nuages.cli", "nuages.contrib", "nuages.db.backends", "nuages.files", "nuages.forms",
        "nuages.http.multipart", "nuages.i18n.languages", "nuages.mail.message", "nuages.migrations", "nuages.models",
        "nuages.serializers", "nuages.server.production", "nuages.server.rsgi", "nuages.server.wsgi", "nuages.tasks",
        "nuages.template", "nuages.test", "nuages.validators",
    ) == []  # fmt: skip


def test_commands_leave_alone_what_only_servers_tests_and_mails_need(tmp_path):
    loaded = loaded_by(CHECK, tmp_path)
    assert unwanted(
        loaded, "argon2", "babel.dates", "email.message", "granian", "http.client", "nuages.mail.message", "nuages.server", "nuages.test", "rich", "smtplib", "statistics",
        "unittest", "watchfiles",
    ) == []  # fmt: skip


@pytest.mark.parametrize("package", [nuages, nuages.http, nuages.mail, nuages.forms, nuages.contrib.admin], ids=lambda package: package.__name__)
def test_no_module_takes_the_place_of_a_name_that_is_handed_on(package):
    modules = {path.stem for path in Path(package.__file__).parent.iterdir()}
    assert modules & set(package.__all__) <= {"forms", "models"}


def test_commands_and_wsgi_need_no_event_loop(tmp_path):
    wsgi = HELLO.partition("async def main")[0] + (
        "from io import BytesIO\n"
        "environ = {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/', 'HTTP_HOST': 'localhost', 'wsgi.input': BytesIO(), 'wsgi.url_scheme': 'http',\n"
        "           'SERVER_NAME': 'localhost', 'SERVER_PORT': '80', 'QUERY_STRING': '', 'SERVER_PROTOCOL': 'HTTP/1.1'}\n"
        "assert b''.join(app(environ, lambda status, headers: None)) == b'<h1>Hello, world!</h1>'\n"
    )
    for program in (CHECK, wsgi.replace("import asyncio, sys", "")):
        assert unwanted(loaded_by(program, tmp_path), "asyncio", "ssl") == []
