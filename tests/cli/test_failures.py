"""What users see when a command cannot do its work: one line and status 1; with ``--traceback`` all of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
SETTINGS = """
SECRET_KEY = "of a project that cannot work"
INSTALLED_APPS = ["nuages.contrib.contenttypes", "nuages.contrib.auth"]
DATABASES = {"default": %s}
"""
DATABASES = {
    "good": '{"ENGINE": "nuages.db.backends.sqlite", "NAME": ":memory:"}',
    "closed": '{"ENGINE": "nuages.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": 1, "NAME": "x"}',
    "unreachable": '{"ENGINE": "nuages.db.backends.mysql", "HOST": "127.0.0.1", "PORT": 1, "NAME": "x"}',
    "unknown": '{"ENGINE": "nowhere.backend", "NAME": "x"}',
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("failures")
    for name, database in DATABASES.items():
        (folder / f"{name}.py").write_text(SETTINGS % database)
    (folder / "broken.json").write_text("{not JSON")
    (folder / "alien.json").write_text('[{"model": "auth.alien", "pk": 1, "fields": {}}]')
    return folder


def run(folder: Path, settings: str, *words: str) -> tuple[int, str]:
    environment = {**os.environ, "NUAGES_SETTINGS_MODULE": settings, "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "nuages", *words]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize(
    ("settings", "words", "said"),
    [
        ("nosuch", "check", "No module named 'nosuch'"),
        ("closed", "migrate", "OperationalError: connection failed"),
        ("unreachable", "migrate", "Can't connect to MySQL server"),
        ("unknown", "migrate", "'nowhere.backend' isn't an available database backend"),
        ("good", "loaddata alien.json", "Invalid model identifier: 'auth.alien'"),
        ("good", "loaddata broken.json", "DeserializationError"),
        ("good", "createsuperuser --noinput --username a --email a@example.com", "auth_user"),
        ("good", "serve --port 99999", "99999 is no port"),
        ("good", "serve --certificate nowhere.pem --key nowhere.key", "There is no file 'nowhere.pem'"),
        ("good", "serve --certificate nowhere.pem", "TLS needs both"),
        ("good", "serve --app nowhere:app", "There is no module 'nowhere'"),
    ],
)
def test_one_line_says_it(project: Path, settings: str, words: str, said: str) -> None:
    status, errors = run(project, settings, *words.split())
    assert status == 1
    assert said in errors
    assert len(errors.splitlines()) == 1, errors


def test_all_of_it_is_there_for_those_who_ask(project: Path) -> None:
    for settings, words in (("closed", "migrate"), ("nosuch", "check"), ("good", "loaddata alien.json")):
        status, errors = run(project, settings, *words.split(), "--traceback")
        assert status == 1
        assert "Traceback" in errors


@pytest.mark.parametrize("command", [["serve", "--port"], ["runserver", "--noreload"], ["runserver"]])
def test_a_port_that_is_taken(project: Path, command: list[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        (project / "open.py").write_text(f"{SETTINGS % DATABASES['good']}ALLOWED_HOSTS = ['*']\n")
        status, errors = run(project, "open", *command, str(taken.getsockname()[1]))
    assert status == 1
    assert "cannot listen on 127.0.0.1" in errors
    assert "Traceback" not in errors
