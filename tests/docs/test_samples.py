"""The samples of the documentation are true.

A comment in front of a sample says what it is: ``<!-- run -->``: the samples of a page that are so marked are one program, which must end
well; ``<!-- hidden … -->`` adds lines that readers need not see. ``<!-- file: PATH -->``: a whole file of the tutorial's project;
``<!-- part of: PATH -->``: it replaces the assignment of the same name there. All other samples in Python must compile.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SAMPLE = re.compile(
    r"<!-- hidden\n(?P<hidden>.*?)-->|(?:<!-- (?P<mark>[^\n]*?) -->\n)?```(?P<language>[\w+]+)\n(?P<code>.*?)^```$",
    re.S | re.M,
)


@dataclass
class Sample:
    """A piece of code, what the comment before it says, and the line where it begins."""

    mark: str
    language: str
    code: str
    line: int


def samples(page: Path) -> Iterator[Sample]:
    """The samples of a page."""
    text = page.read_text()
    for match in SAMPLE.finditer(text):
        line = text.count("\n", 0, match.start("hidden" if match["hidden"] else "code"))
        if match["hidden"]:
            yield Sample("run", "python", match["hidden"], line)
        else:
            yield Sample(match["mark"] or "", match["language"], match["code"], line)


def program(page: Path) -> str:
    """The samples to run, each on the line where it stands in the page."""
    lines: list[str] = []
    for sample in samples(page):
        if sample.mark == "run":
            lines += [""] * (sample.line - len(lines))
            lines += sample.code.splitlines()
    return "\n".join(lines) + "\n" if lines else ""


def python(*arguments: str, cwd: Path) -> str:
    """What a Python process prints; it must end well."""
    kept = {key: value for key, value in os.environ.items() if key not in ("NUAGES_SETTINGS_MODULE", "DATABASE_URL")}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={
            **kept,
            "PYTHONPATH": str(ROOT / "src"),
            "ALLOWED_HOSTS": "testserver",
            "PYTHONWARNINGS": "error::RuntimeWarning",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_samples_compile(page: Path) -> None:
    for sample in samples(page):
        if sample.language == "python":
            compile(sample.code, f"{page.name}:{sample.line}", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.parametrize("page", [page for page in PAGES if program(page)], ids=lambda page: page.stem)
def test_samples_run(page: Path, tmp_path: Path) -> None:
    file = tmp_path / f"{page.stem.replace('-', '_').lower()}.py"
    file.write_text(program(page))
    python("-c", f"__import__({file.stem!r})", cwd=tmp_path)


def test_first_app_of_the_readme(tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(program(ROOT / "README.md"))
    code = "import hello; from nuages.test import Client; print(Client().get('/').content, Client().get('/api/you/').json())"
    assert "b'<h1>Hello from the clouds</h1>' {'hello': 'you'}" in python("-c", code, cwd=tmp_path)


def put(sample: Sample, kind: str, file: Path) -> None:
    """Write a whole file, or replace the assignment of the same name in it."""
    code = sample.code
    if kind == "part of":
        old = file.read_text()
        name = code.partition(" =")[0]
        wanted = next(
            node for node in ast.parse(old).body if isinstance(node, ast.Assign) and node.targets[0].id == name
        )  # type: ignore[attr-defined]
        lines = old.splitlines(keepends=True)
        code = "".join([*lines[: wanted.lineno - 1], code, *lines[wanted.end_lineno :]])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code)


def test_tutorial(tmp_path: Path) -> None:
    python("-m", "nuages", "startproject", "notebook", cwd=tmp_path)
    project = tmp_path / "notebook"
    python("manage.py", "startapp", "notes", cwd=project)
    for sample in samples(ROOT / "docs" / "tutorial.md"):
        kind, _, path = sample.mark.partition(": ")
        if path:
            put(sample, kind, project / path)
    assert "+ Create model Note" in python("manage.py", "makemigrations", cwd=project)
    assert "Applying notes.0001_initial... OK" in python("manage.py", "migrate", cwd=project)
    assert "Ran 4 tests" in python("manage.py", "test", cwd=project)
    code = 'print(repr(Note.objects.create(title="Milk")), Note.objects.filter(title__startswith="M").count())'
    assert "<Note: Milk> 1" in python("manage.py", "shell", "-c", code, cwd=project)


def test_pages_build_strictly(tmp_path: Path) -> None:
    python("-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path / "site"), cwd=ROOT)
    assert "Nuages" in (tmp_path / "site" / "index.html").read_text()
