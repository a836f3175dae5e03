"""Compile message files."""

import codecs
import concurrent.futures
import glob
import os
from pathlib import Path
from typing import Any

from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.cli.programs import find_command, is_ignored_path, popen_wrapper
from nuages.conf import names, settings


def has_bom(path: Path) -> bool:
    """Whether the file starts with a byte-order mark."""
    with path.open("rb") as file:
        sample = file.read(4)
    return sample.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def is_dir_writable(path: str) -> bool:
    """Whether files can be made in the folder *path*."""
    return os.access(path, os.W_OK | os.X_OK)


class Command(BaseCommand):
    """``compilemessages``: turns ``.po`` files below the current folder and LOCALE_PATHS into ``.mo`` files."""

    help = "Compiles .po files to .mo files for use with gettext."
    requires_system_checks = []
    program = "msgfmt"
    program_options = ["--check-format"]

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("--locale", "-l", action="append", default=[], help="A locale to compile (default: all).")
        add("--exclude", "-x", action="append", default=[], help="A locale to leave out.")
        add("--use-fuzzy", "-f", dest="fuzzy", action="store_true", help="Use fuzzy translations.")
        add("--ignore", "-i", action="append", dest="ignore_patterns", default=[], help="Folders to leave out.")

    def handle(self, **options: Any) -> None:
        """Find message files and compile them."""
        self.verbosity = options["verbosity"]
        if options["fuzzy"]:
            self.program_options = [*self.program_options, "-f"]
        if find_command(self.program) is None:
            raise CommandError(
                f"Can't find {self.program}. Make sure you have GNU gettext tools 0.19 or newer installed."
            )
        folders = self._folders({os.path.normcase(pattern) for pattern in options["ignore_patterns"]})
        if not folders:
            raise CommandError(
                "There is no folder 'locale' here, and LOCALE_PATHS names none. Run the command in the folder of the "
                "project or of an app, or with its settings."
            )
        present = [
            os.path.basename(path) for folder in folders for path in glob.glob(f"{folder}/*") if os.path.isdir(path)
        ]
        locales = (set(options["locale"]) or set(present)).difference(options["exclude"])
        self.has_errors = False
        for folder in folders:
            chosen = [os.path.join(folder, locale, "LC_MESSAGES") for locale in locales] or [folder]
            found = [
                (root, name)
                for each in chosen
                for root, _, files in os.walk(each)
                for name in files
                if name.endswith(".po")
            ]
            if found:
                self.compile_messages(found)
        if self.has_errors:
            raise CommandError("compilemessages generated one or more errors.")

    @staticmethod
    def _folders(ignored: set[str]) -> list[str]:
        folders = []
        for candidate in (os.path.join("conf", "locale"), "locale"):
            if os.path.isdir(candidate):
                folders.append(candidate)
        for root, inner, _ in os.walk(".", topdown=True):
            inner[:] = [
                name for name in inner if not is_ignored_path(os.path.normpath(os.path.join(root, name)), ignored)
            ]
            if "locale" in inner:
                folders.append(os.path.join(root, "locale"))
        if settings.configured or names.ENVIRONMENT_VARIABLE in os.environ:
            folders.extend(map(str, settings.LOCALE_PATHS))
        return list(dict.fromkeys(os.path.abspath(folder) for folder in folders if os.path.isdir(folder)))

    def compile_messages(self, locations: list[tuple[str, str]]) -> None:
        """Compile files, several at a time."""
        with concurrent.futures.ThreadPoolExecutor() as executor:
            futures = []
            for index, (folder, name) in enumerate(locations):
                po_path = Path(folder) / name
                mo_path = po_path.with_suffix(".mo")
                try:
                    if mo_path.stat().st_mtime >= po_path.stat().st_mtime:
                        if self.verbosity > 0:
                            self.stdout.write(f"File “{po_path}” is already compiled and up to date.")
                        continue
                except FileNotFoundError:
                    pass
                if self.verbosity > 0:
                    self.stdout.write(f"processing file {name} in {folder}")
                if has_bom(po_path):
                    self.stderr.write(
                        f"{po_path} begins with a byte order mark: only files in UTF-8 without one can be compiled."
                    )
                    self.has_errors = True
                    continue
                if index == 0 and not is_dir_writable(folder):
                    self.stderr.write(f"Nothing can be written to {folder}, so its messages are not compiled.")
                    self.has_errors = True
                    return
                arguments = [self.program, *self.program_options, "-o", str(mo_path), str(po_path)]
                futures.append(executor.submit(popen_wrapper, arguments))
            for future in concurrent.futures.as_completed(futures):
                _, errors, status = future.result()
                if status:
                    if self.verbosity > 0:
                        self.stderr.write(errors if errors else f"Execution of {self.program} failed.")
                    self.has_errors = True
