"""A project made with the documented names, then ported: it runs natively, on the database that it had."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.parity.sides import ROOT, SITE

NATIVE = [ROOT / "src"]
DROP_IN = [ROOT / "src", ROOT / "compat" / "django" / "src"]
MAIN = "import sys; sys.argv[0] = 'nuages'; from nuages.cli.main import main; main()"
TESTS = '''
import datetime

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from .models import Question


class QuestionTests(TestCase):
    def test_recent(self):
        old = Question(pub_date=timezone.now() - datetime.timedelta(days=30))
        self.assertIs(old.was_published_recently(), False)

    def test_pages(self):
        response = self.client.get(reverse("polls:index"))
        self.assertContains(response, "No polls.")
        question = Question.objects.create(question_text="Past?", pub_date=timezone.now())
        self.assertQuerySetEqual(self.client.get(reverse("polls:index")).context["latest_question_list"], [question])
        response = self.client.post(reverse("polls:vote", args=(question.pk,)))
        self.assertTemplateUsed(response, "polls/detail.html")
'''


def run(folder: Path, path: list[Path], *command: str, **extra: str) -> str:
    """The output of a command of Python in the project's folder, which must succeed."""
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment(path, **extra), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def environment(path: list[Path], **extra: str) -> dict[str, str]:
    """The process environment with this import path and no settings of the test run."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NUAGES_", "DJANGO_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, path)), **extra}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by ``startproject`` and ``startapp`` under the drop-in, filled with the tutorial's files, migrated, then ported."""
    folder = tmp_path_factory.mktemp("ported")
    run(folder, DROP_IN, "-m", "django", "startproject", "mysite", ".")
    run(folder, DROP_IN, "manage.py", "startapp", "polls")
    for name in ("models.py", "admin.py", "views.py", "urls.py"):
        shutil.copy(SITE / "polls" / name, folder / "polls" / name)
    shutil.copytree(SITE / "polls" / "templates", folder / "polls" / "templates")
    shutil.copy(SITE / "mysite" / "urls.py", folder / "mysite" / "urls.py")
    (folder / "polls" / "tests.py").write_text(TESTS)
    settings = folder / "mysite" / "settings.py"
    settings.write_text(settings.read_text().replace("INSTALLED_APPS = [", 'INSTALLED_APPS = [\n    "polls.apps.PollsConfig",', 1))
    assert "Create model Question" in run(folder, DROP_IN, "manage.py", "makemigrations", "polls")
    run(folder, DROP_IN, "manage.py", "migrate", "-v0")
    run(folder, DROP_IN, "manage.py", "createsuperuser", "--noinput", "--username", "admin", "--email", "a@example.com",
        DJANGO_SUPERUSER_PASSWORD="pass word")  # fmt: skip
    assert "OK" in run(folder, DROP_IN, "manage.py", "test")
    run(folder, NATIVE, "-c", MAIN, "port", str(folder))
    return folder


def test_no_old_name_is_left(project: Path) -> None:
    left = [
        f"{path.relative_to(project)}: {line}"
        for path in project.rglob("*.py")
        for line in path.read_text().splitlines()
        if re.search(r"\bdjango\.|import django|from django|DJANGO_", line)
    ]
    assert left == []


def test_commands_run_natively(project: Path) -> None:
    assert "no issues" in run(project, NATIVE, "manage.py", "check")
    assert "No migrations to apply." in run(project, NATIVE, "manage.py", "migrate")
    assert "No changes detected" in run(project, NATIVE, "manage.py", "makemigrations", "--check")
    said = run(project, NATIVE, "manage.py", "test")
    assert "Ran 2 tests" in said and "OK" in said
    assert run(project, NATIVE, "manage.py", "shell", "-v0", "-c", "print(User.objects.get().username)").strip() == "admin"


def test_the_old_names_still_run_what_was_ported(project: Path) -> None:
    """The environment variable and names are native now; with the drop-in installed nothing changes."""
    assert "No migrations to apply." in run(project, DROP_IN, "manage.py", "migrate")


def test_pages_are_served(project: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open(project / "output", "w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", str(port), "--noreload"],
            cwd=project, env=environment(NATIVE), stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    base = f"http://127.0.0.1:{port}"

    def page(path: str, **form: str) -> str:
        with browser.open(base + path, urlencode(form).encode() if form else None, timeout=20) as response:
            return response.read().decode()

    try:
        for _ in range(150):
            try:
                assert "No polls." in page("/polls/")
                break
            except urllib.error.URLError:
                assert process.poll() is None, (project / "output").read_text()
                time.sleep(0.1)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page("/admin/login/"))
        assert token
        home = page("/admin/login/?next=/admin/", username="admin", password="pass word", csrfmiddlewaretoken=token[1])
        assert "Questions" in home
        form = page("/admin/polls/question/add/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token
        listed = page(
            "/admin/polls/question/add/", csrfmiddlewaretoken=token[1], question_text="Really?", pub_date_0="2025-01-02",
            pub_date_1="03:04:05", **{"choice_set-TOTAL_FORMS": "1", "choice_set-INITIAL_FORMS": "0", "choice_set-0-choice_text": "Yes", "choice_set-0-votes": "0"},
        )  # fmt: skip
        assert "Really?" in listed
        detail = page("/polls/1/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', detail)
        assert token
        assert "Yes -- 1 vote<" in page("/polls/1/vote/", choice="1", csrfmiddlewaretoken=token[1])
        with pytest.raises(urllib.error.HTTPError, match="404"):
            page("/polls/99/")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
