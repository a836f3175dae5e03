"""Message files: the text of templates and sources as gettext's tools want it, and the files that they write."""

import os
import re
from functools import total_ordering
from typing import Any

from nuages.cli.failures import CommandError
from nuages.cli.programs import find_command
from nuages.i18n.templates import templatize

STATUS_OK = 0
NO_LOCALE_DIR: Any = object()


def check_programs(*programs: str) -> None:
    """Raise :exc:`CommandError` if one of gettext's programs is missing."""
    for program in programs:
        if find_command(program) is None:
            raise CommandError(f"Can't find {program}. Make sure you have GNU gettext tools 0.19 or newer installed.")


@total_ordering
class TranslatableFile:
    """A file with messages, and the locale folder to which they go."""

    def __init__(self, dirpath: str, file_name: str, locale_dir: Any) -> None:
        self.file = file_name
        self.dirpath = dirpath
        self.locale_dir = locale_dir

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {os.sep.join([self.dirpath, self.file])}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TranslatableFile) and self.path == other.path

    def __lt__(self, other: "TranslatableFile") -> bool:
        return self.path < other.path

    def __hash__(self) -> int:
        return hash(self.path)

    @property
    def path(self) -> str:
        """The path of the file."""
        return os.path.join(self.dirpath, self.file)


class BuildFile:
    """What is given to xgettext for a translatable file: the file itself, or its text made over."""

    def __init__(self, command: Any, domain: str, translatable: TranslatableFile) -> None:
        self.command = command
        self.domain = domain
        self.translatable = translatable

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.translatable!r}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BuildFile) and self.translatable == other.translatable

    def __hash__(self) -> int:
        return hash(self.translatable)

    @property
    def is_templatized(self) -> bool:
        """Whether the file is a template, which must be made over first."""
        if self.domain == "djangojs":
            return bool(self.command.gettext_version < (0, 18, 3))
        return self.domain == "django" and os.path.splitext(self.translatable.file)[1] != ".py"

    @property
    def path(self) -> str:
        """The path of the original."""
        return self.translatable.path

    @property
    def work_path(self) -> str:
        """The path of what xgettext reads."""
        if not self.is_templatized:
            return self.path
        extension = {"djangojs": "c", "django": "py"}[self.domain]
        return os.path.join(self.translatable.dirpath, f"{self.translatable.file}.{extension}")

    def preprocess(self) -> None:
        """Write the text made over beside the original."""
        if not self.is_templatized:
            return
        with open(self.path, encoding="utf-8") as file:
            made_over = templatize(file.read(), origin=self.path[2:])
        with open(self.work_path, "w", encoding="utf-8") as file:
            file.write(made_over)

    def postprocess_messages(self, messages: str) -> str:
        """Name the original instead of the work file in references."""
        if not self.is_templatized:
            return messages
        old, new = os.path.relpath(self.work_path), os.path.relpath(self.path)
        return re.sub(r"^#: .*$", lambda line: line[0].replace(old, new), messages, flags=re.MULTILINE)

    def cleanup(self) -> None:
        """Remove the work file."""
        if self.is_templatized:
            try:
                os.unlink(self.work_path)
            except OSError:
                pass


def normalize_eols(raw_contents: bytes) -> str:
    """Decode output of a program, with line ends as Python has them."""
    lines = raw_contents.decode("utf-8").splitlines()
    if lines and lines[-1]:
        lines.append("")
    return "\n".join(lines)


def write_pot_file(potfile: str, msgs: str) -> None:
    """Add messages to a template file; only the first header stays, and says that the text is UTF-8."""
    kept: list[str] = []
    in_header, exists, found_charset = True, os.path.exists(potfile), False
    for line in msgs.split("\n"):
        if in_header and line.startswith('"Content-Type'):
            line, found_charset = line.replace("charset=CHARSET", "charset=UTF-8"), True
        if in_header and found_charset and not line:
            in_header = False
            kept.append(line)
            continue
        if not (in_header and exists):
            kept.append(line)
    with open(potfile, "a", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(kept))

