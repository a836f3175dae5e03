"""The two lists of the documentation are complete: each setting and each command of the framework stands in them, and no other."""

import re
from pathlib import Path

import nuages
from nuages.cli import find_commands
from nuages.conf import defaults

ROOT = Path(__file__).parents[2]


def listed(page: str) -> set[str]:
    """The names in the first column of a page's tables."""
    cells = re.findall(r"^\| ([^|]*)\|", (ROOT / "docs" / page).read_text(), re.M)
    return {name for cell in cells for name in re.findall(r"`([\w-]+)", cell)}


def test_settings() -> None:
    assert listed("settings.md") == {name for name in dir(defaults) if name.isupper()}


def test_commands() -> None:
    package = Path(nuages.__file__).parent
    folders = [package / "cli", *(package / "contrib").glob("*/management")]
    assert listed("commands.md") == {name for folder in folders for name in find_commands(folder)}
