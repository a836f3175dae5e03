"""The two sides of a comparison: the same site, run by Nuages through the drop-in and by Django in an environment of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = Path(__file__).parent / "site"
HOST = os.environ.get("NUAGES_TEST_HOST", "127.0.0.1")
PACKAGES = ["Django==6.1.3", "psycopg[binary]>=3.2", "pymysql>=1.1", "argon2-cffi", "tzdata"]
MYSQL_DRIVER = """
import pymysql
pymysql.version_info = (2, 2, 7, "final", 0)
pymysql.install_as_MySQLdb()
"""


@dataclass
class Side:
    """One implementation with its own copy of the site."""

    name: str
    python: str
    folder: Path
    path: list[Path] = field(default_factory=list)

    def run(self, *arguments: str, database: str, apps: str = "", ok: bool = True, stdin: str | None = None) -> str:
        """The output of ``manage.py ARGUMENTS``; asserts that it succeeded (or, with ``ok=False``, that it failed)."""
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("NUAGES_", "DJANGO_", "PYTHON"))},
            "PARITY_DATABASE": database,
            "PARITY_APPS": apps,
            "NUAGES_TEST_HOST": HOST,
            "PYTHONPATH": os.pathsep.join(map(str, self.path)),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        done = subprocess.run(
            [self.python, "manage.py", *arguments],
            cwd=self.folder, env=environment, capture_output=True, text=True, timeout=180, input=stdin,
        )  # fmt: skip
        said = f"{self.name}: manage.py {' '.join(arguments)[:300]}\n{done.stdout}{done.stderr}"
        assert (done.returncode == 0) is ok, said
        return done.stdout if ok else done.stdout + done.stderr

    def script(self, code: str, *, database: str, apps: str = "") -> str:
        """The output of code that runs in this side's shell."""
        return self.run("shell", "--no-imports", "-v0", "-c", code, database=database, apps=apps)


def _works(python: str) -> bool:
    probe = "import sys; assert sys.version_info >= (3, 12); import django; assert django.__version__ == '6.1.3'"
    return Path(python).exists() and subprocess.run([python, "-I", "-c", probe], capture_output=True).returncode == 0


def _interpreter() -> str | None:
    names = [os.environ.get("NUAGES_PARITY_BASE"), *(f"python3.{minor}" for minor in (14, 13, 12)), sys.executable]
    pyenv = sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob("3.1[2-9]*/bin/python3"))
    for name in [*map(str, pyenv), *names]:
        path = name and shutil.which(name)
        if path and subprocess.run([path, "-c", "import sys, venv; assert sys.version_info >= (3, 12)"], capture_output=True).returncode == 0:
            return path
    return None


def environment() -> tuple[str | None, str]:
    """The Python that has Django, and why there is none; made once in the temporary folder and kept for later runs."""
    given = os.environ.get("NUAGES_PARITY_PYTHON")
    if given:
        return (given, "") if _works(given) else (None, f"NUAGES_PARITY_PYTHON={given} has no Django 6.1.3 on Python 3.12 or newer")
    folder = Path(tempfile.gettempdir(), "nuages-parity-6.1.3")
    python = str(folder / "bin" / "python")
    if _works(python):
        return python, ""
    interpreter = _interpreter()
    if interpreter is None:
        return None, "Django 6.1.3 needs Python 3.12 or newer, and none was found: set NUAGES_PARITY_BASE or NUAGES_PARITY_PYTHON"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([interpreter, "-m", "venv", str(folder)], check=True, capture_output=True)
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES]
    done = subprocess.run(install, capture_output=True, text=True, timeout=300)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        return None, f"pip could not install Django 6.1.3: {done.stderr.strip().splitlines()[-1:]}"
    return python, ""


def pair(folder: Path, python: str) -> tuple[Side, Side]:
    """Ours and theirs, each with a fresh copy of the site."""
    paths = folder / "driver"
    paths.mkdir()
    (paths / "sitecustomize.py").write_text(MYSQL_DRIVER)
    sides = (
        Side("nuages", sys.executable, folder / "ours", [ROOT / "src", ROOT / "compat" / "django" / "src"]),
        Side("django", python, folder / "theirs", [paths]),
    )
    for side in sides:
        shutil.copytree(SITE, side.folder, ignore=shutil.ignore_patterns("__pycache__"))
    return sides
