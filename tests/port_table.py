"""Writes ``nuages/cli/port_names.toml``, the table of the command ``port``, from the drop-in's files of names."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src/nuages/cli/port_names.toml"


def content() -> str:
    """The text of the table: modules that are aliases, and names with a home of their own."""
    modules: dict[str, str] = {}
    names: dict[str, str] = {}
    for path in sorted((ROOT / "compat/django/src/django/names").glob("*.toml")):
        fragment = tomllib.loads(path.read_text(encoding="utf-8"))
        modules.update(fragment.get("alias", {}))
        for module, homes in fragment.get("names", {}).items():
            for name, home in homes.items():
                if name == "*":
                    modules.setdefault(module, home if isinstance(home, str) else home[0])
                else:
                    names[f"{module}.{name}"] = home
    parts = ["# Made by tests/port_table.py from the names of the drop-in distribution; don't edit.\n\n[modules]\n"]
    parts += [f'"{name}" = "{home}"\n' for name, home in sorted(modules.items())]
    parts.append("\n[names]\n")
    parts += [f'"{name}" = "{home}"\n' for name, home in sorted(names.items())]
    return "".join(parts)


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(TARGET.read_text(encoding="utf-8") != content())
    TARGET.write_text(content(), encoding="utf-8")
