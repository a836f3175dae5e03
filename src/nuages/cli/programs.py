"""Running other programs, and small questions that several commands ask."""

import fnmatch
import os
import shutil
import subprocess
import sys
import traceback
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from nuages.apps import apps
from nuages.cli.failures import CommandError
from nuages.text.crypto import get_random_string
from nuages.text.encoding import DEFAULT_LOCALE_ENCODING

_SEARCH = object()

SECRET_KEY_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)"


def popen_wrapper(args: Sequence[str], stdout_encoding: str = "utf-8") -> tuple[str, str, int]:
    """Run a program; return what it wrote to standard output and error, and its exit status.

    Raises :exc:`CommandError` if it cannot be started.
    """
    try:
        done = subprocess.run(args, capture_output=True, close_fds=os.name != "nt")
    except OSError as error:
        raise CommandError(f"Error executing {args[0]}") from error
    return (
        done.stdout.decode(stdout_encoding),
        done.stderr.decode(DEFAULT_LOCALE_ENCODING, errors="replace"),
        (done.returncode),
    )


def handle_extensions(extensions: Iterable[str]) -> set[str]:
    """File extensions from repeated or comma-separated options: ``["js,txt", ".py"]`` gives ``{".js", ".txt", ".py"}``."""
    found = {part.strip() for option in extensions for part in option.replace(" ", "").split(",")}
    return {part if part.startswith(".") else f".{part}" for part in found if part}


def find_command(cmd: str, path: str | Sequence[str] | None = None, pathext: Any = None) -> str | None:
    """The full path of the program *cmd*, or None if it is not on the search path."""
    if path is None:
        path = os.environ.get("PATH", "")
    folders = path if isinstance(path, str) else os.pathsep.join(path)
    return shutil.which(cmd, path=folders) if folders else None


def get_random_secret_key() -> str:
    """A random string of 50 characters, fit for SECRET_KEY."""
    return get_random_string(50, SECRET_KEY_CHARS)


def parse_apps_and_model_labels(labels: Iterable[str]) -> tuple[set[Any], set[Any]]:
    """Split labels into models (``app.Model``) and app configs (``app``); CommandError for one that doesn't exist."""
    models: set[Any] = set()
    configs: set[Any] = set()
    for label in labels:
        try:
            if "." in label:
                models.add(apps.get_model(label))
            else:
                configs.add(apps.get_app_config(label))
        except LookupError as error:
            kind = f"Unknown model: {label}" if "." in label else str(error)
            raise CommandError(kind) from error
    return models, configs


def get_command_line_option(argv: Sequence[str], option: str) -> Any:
    """The value of *option* in *argv*, or None; everything else is ignored."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument(option, dest="value")
    try:
        options, _ = parser.parse_known_args(argv[2:])
    except SystemExit:
        return None
    return options.value


def normalize_path_patterns(patterns: Iterable[str]) -> list[str]:
    """Ignore patterns in the form of this system, ``folder/*`` shortened to ``folder``."""
    found = []
    for pattern in map(os.path.normcase, patterns):
        for wildcard in ("/*", os.path.normcase("/*")):
            pattern = pattern.removesuffix(wildcard)
        found.append(pattern)
    return found


def is_ignored_path(path: str | os.PathLike[str], ignore_patterns: Iterable[str]) -> bool:
    """Whether a shell pattern matches the file name or the whole of *path*."""
    whole = Path(path)
    return any(
        fnmatch.fnmatchcase(whole.name, pattern) or fnmatch.fnmatchcase(str(whole), pattern)
        for pattern in normalize_path_patterns(ignore_patterns)
    )


def find_formatters() -> dict[str, str | None]:
    """The formatter programs that are installed, by the argument of :func:`run_formatters`."""
    return {"black_path": shutil.which("black")}


def run_formatters(written_files: Iterable[str], black_path: Any = _SEARCH, stderr: Any = None) -> None:
    """Format *written_files* with black, where it is installed; a failure is printed, not raised."""
    if black_path is _SEARCH:
        black_path = shutil.which("black")
    if not black_path:
        return
    try:
        subprocess.run([black_path, "--fast", "--", *written_files], capture_output=True)
    except OSError:
        (stderr or sys.stderr).write("Formatters failed to launch:\n")
        traceback.print_exc(file=stderr or sys.stderr)
