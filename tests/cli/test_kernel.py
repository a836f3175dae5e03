"""Commands in general: parsing, calling, output, finding."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from nuages import checks
from nuages.cli import call_command, get_commands
from nuages.cli.command import BaseCommand, CommandError, LabelCommand, OutputWrapper, SystemCheckError
from nuages.cli.main import ManagementUtility
from nuages.test.overriding import override_system_checks


class Greet(BaseCommand):
    help = "Greets."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", nargs="?", default="world")
        parser.add_argument("--loud-voice", action="store_true", dest="loud")
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--times", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> str:
        if options["name"] == "nobody":
            raise CommandError("There is nobody.", returncode=3)
        text = f"Hello {options['name']}" * options["times"]
        return text.upper() if options["loud"] else text


def test_calling_with_options_by_destination_or_name() -> None:
    out = StringIO()
    assert call_command(Greet(), "you", loud_voice=True, stdout=out) == "HELLO YOU"
    assert call_command(Greet(), "you", loud=True, times=2, stdout=out) == "HELLO YOUHELLO YOU"
    assert out.getvalue().startswith("HELLO YOU\n")
    with pytest.raises(TypeError, match="Unknown option"):
        call_command(Greet(), volume=11)
    with pytest.raises(CommandError, match="unrecognized arguments"):
        call_command(Greet(), "--volume=11")
    with pytest.raises(CommandError, match="Unknown command: 'greeet'"):
        call_command("greeet")


def test_errors_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    command = Greet(no_color=True)
    with pytest.raises(SystemExit) as error:
        command.run_from_argv(["manage.py", "greet", "nobody", "--skip-checks"])
    assert error.value.code == 3
    assert capsys.readouterr().err == "CommandError: There is nobody.\n"


def test_labels() -> None:
    class Each(LabelCommand):
        def handle_label(self, label: str, **options: Any) -> str:
            return label * 2

    assert call_command(Each(), "a", "b", stdout=StringIO()) == "aa\nbb"
    with pytest.raises(CommandError, match="Enter at least one label"):
        call_command(Each())


def test_output_endings_and_styles() -> None:
    out = StringIO()
    wrapper = OutputWrapper(out)
    wrapper.write("a")
    wrapper.write("b\n")
    wrapper.write("c", ending="")
    assert out.getvalue() == "a\nb\nc"


def test_system_checks_are_run_and_reported() -> None:
    def broken(app_configs: Any, **kwargs: Any) -> list[Any]:
        return [checks.Error("It is broken.", id="x.E001"), checks.Warning("Careful.", id="x.W001")]

    err = StringIO()
    with override_system_checks([broken]):
        with pytest.raises(SystemCheckError, match=r"(?s)ERRORS:.*\(x.E001\) It is broken.*WARNINGS:"):
            call_command(Greet(), skip_checks=False, stderr=err)
        assert call_command(Greet(), stdout=StringIO()) == "Hello world"


def test_wrong_requirements_of_checks() -> None:
    class Wrong(BaseCommand):
        requires_system_checks = "models"

    with pytest.raises(TypeError):
        Wrong()


def test_help_lists_commands(capsys: pytest.CaptureFixture[str]) -> None:
    ManagementUtility(["nuages", "help", "--commands"]).execute()
    listed = capsys.readouterr().out.split()
    assert {"check", "migrate", "runserver", "serve", "startproject", "test", "port"} <= set(listed)
    assert set(listed) == set(get_commands())


def test_unknown_command_suggests(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        ManagementUtility(["nuages", "chek"]).execute()
    assert "Did you mean check?" in capsys.readouterr().err


def test_the_console_script_outside_of_a_project(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUAGES_")}
    command = [sys.executable, "-m", "nuages", "migrate"]
    done = subprocess.run(command, cwd=tmp_path, env=kept, capture_output=True, text=True)
    assert done.returncode == 1 and "NUAGES_SETTINGS_MODULE" in done.stderr and "Traceback" not in done.stderr
    done = subprocess.run([*command, "--traceback"], cwd=tmp_path, env=kept, capture_output=True, text=True)
    assert done.returncode == 1 and "Traceback" in done.stderr


def test_a_new_project(tmp_path: Path) -> None:
    call_command("startproject", "shop", str(tmp_path), stdout=StringIO())
    app = tmp_path / "store"
    call_command("startapp", "store", str(app), stdout=StringIO())
    assert (app / "migrations/__init__.py").is_file()
    settings = (tmp_path / "shop/settings.py").read_text()
    assert '"nuages.contrib.auth"' in settings and "nuages.db.backends.sqlite" in settings
    written = "".join(path.read_text().lower() for path in tmp_path.rglob("*.py"))
    assert "django" not in written and "{{" not in written
    done = subprocess.run(
        [sys.executable, "manage.py", "version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    assert done.returncode == 0, done.stderr
    with pytest.raises(CommandError, match="existing Python module"):
        call_command("startapp", "json", str(tmp_path / "json"))
