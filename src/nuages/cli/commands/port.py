"""Rewrite a project to the native names of Nuages."""

import ast
import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from nuages.cli.command import BaseCommand, CommandError, CommandParser

TABLE = Path(__file__).parents[1] / "port_names.toml"
SKIPPED = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__", "site-packages"})
ROOT_NAMES = {"VERSION": "COMPATIBLE_VERSION", "__version__": "__version__", "get_version": "get_version", "setup": "setup"}
"""What the package itself has, which no table lists."""
LOGGER_TOPICS = frozenset({"dispatch", "request", "security", "server", "template"})
"""First parts of names of loggers that are no modules."""
ENVIRONMENT = ("DJANGO_SETTINGS_MODULE", "NUAGES_SETTINGS_MODULE")


class NameTable:
    """Which native module or name stands behind a documented one."""

    def __init__(self, modules: dict[str, str], objects: dict[str, str]) -> None:
        self.modules = modules
        self.objects = objects

    @classmethod
    def load(cls, path: Path = TABLE) -> "NameTable":
        """Read the packaged table."""
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(content["modules"], content["names"])

    def module(self, name: str) -> str | None:
        """The native module for *name*, by its own entry or its nearest parent's."""
        head, tail = name, ""
        while head:
            if head in self.modules:
                return self.modules[head] + tail
            head, _, last = head.rpartition(".")
            tail = f".{last}{tail}"
        return None

    def attribute(self, module: str, name: str) -> tuple[str, str] | None:
        """Native module and name for ``from module import name``."""
        path = f"{module}.{name}"
        if "." not in module and name in ROOT_NAMES:
            return "nuages", ROOT_NAMES[name]
        if path in self.objects:
            home, colon, attribute = self.objects[path].partition(":")
            return (home, attribute) if colon else _split(home)
        if path in self.modules:
            return _split(self.modules[path])
        home_module = self.module(module)
        return (home_module, name) if home_module else None

    def dotted(self, path: str) -> str | None:
        """The native dotted path for a path in a string: a module, or a name in one."""
        if path in self.objects:
            return self.objects[path].replace(":", ".")
        if path in self.modules:
            return self.modules[path]
        module, _, name = path.rpartition(".")
        found = self.attribute(module, name) if module else None
        return ".".join(found) if found else None


def _split(path: str) -> tuple[str, str]:
    module, _, name = path.rpartition(".")
    return module, name


class Porter:
    """Rewrites the text of one module; ``unknown`` collects names that the table lacks."""

    def __init__(self, table: NameTable, root: str = "django") -> None:
        self.table = table
        self.root = root
        self.string = re.compile(rf"\b{root}(?:\.\w+)+")
        self.unknown: list[str] = []

    def port(self, source: str) -> str:
        """The rewritten source; raises SyntaxError for what isn't Python."""
        tree = ast.parse(source)
        lines = source.splitlines(keepends=True)
        edits: list[tuple[int, int, list[str]]] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and self._ours(node.module) and not node.level:
                edits.append(self._from_import(node, lines))
            elif isinstance(node, ast.Import) and any(self._ours(alias.name) for alias in node.names):
                edits.append(self._plain_import(node, lines))
        for first, last, replacement in sorted(edits, reverse=True):
            lines[first - 1 : last] = replacement
        return self._strings("".join(lines))

    def _ours(self, name: str) -> bool:
        return name == self.root or name.startswith(f"{self.root}.")

    def _from_import(self, node: ast.ImportFrom, lines: list[str]) -> tuple[int, int, list[str]]:
        by_module: dict[str, list[str]] = {}
        for alias in node.names:
            found = self.table.attribute(node.module or "", alias.name)
            if found is None:
                self.unknown.append(f"{node.module}.{alias.name}")
                found = (node.module or "", alias.name)
            module, name = found
            local = alias.asname or alias.name
            by_module.setdefault(module, []).append(name if name == local else f"{name} as {local}")
        indent, comment = self._surroundings(node, lines)
        statements = [f"from {module} import {', '.join(found)}" for module, found in by_module.items()]
        return node.lineno, node.end_lineno or node.lineno, self._lines(statements, indent, comment)

    def _plain_import(self, node: ast.Import, lines: list[str]) -> tuple[int, int, list[str]]:
        statements = []
        for alias in node.names:
            native = self.table.module(alias.name) if self._ours(alias.name) else alias.name
            if native is None:
                native = "nuages" if alias.name == self.root else alias.name
                if native == alias.name:
                    self.unknown.append(alias.name)
            statements.append(f"import {native}" + (f" as {alias.asname}" if alias.asname else ""))
        indent, comment = self._surroundings(node, lines)
        return node.lineno, node.end_lineno or node.lineno, self._lines(statements, indent, comment)

    @staticmethod
    def _surroundings(node: ast.stmt, lines: list[str]) -> tuple[str, str]:
        first, last = lines[node.lineno - 1], lines[(node.end_lineno or node.lineno) - 1]
        rest = last[node.end_col_offset :].rstrip("\n")
        return first[: node.col_offset], rest

    @staticmethod
    def _lines(statements: list[str], indent: str, comment: str) -> list[str]:
        found = [f"{indent}{statement}\n" for statement in statements]
        found[-1] = found[-1].rstrip("\n") + comment + "\n"
        return found

    def _strings(self, source: str) -> str:
        """Replace dotted paths (in strings, and where a plain import uses them) and the environment variable."""

        def replace(match: re.Match[str]) -> str:
            found = self.table.dotted(match[0])
            _root, topic, *_more = match[0].split(".")
            if found is None and topic in LOGGER_TOPICS:
                return f"nuages{match[0].removeprefix(self.root)}"
            return found or match[0]

        return self.string.sub(replace, source).replace(*ENVIRONMENT)


class Command(BaseCommand):
    """``port PATH``: rewrites imports, dotted names in strings, and the environment variable."""

    help = "Rewrites the imports and settings of a project that uses the names of Django to those of Nuages."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", help="A Python file, or a folder with some.")
        parser.add_argument("--diff", action="store_true", help="Show the changes, and write nothing.")

    def handle(self, **options: Any) -> None:
        """Port each file."""
        top = Path(options["path"])
        if not top.exists():
            raise CommandError(f"There is no {top}.")
        console = Console(file=self.stdout._out, no_color=options["no_color"], highlight=False)
        table = NameTable.load()
        changed, unknown = 0, set()
        for path in _files(top):
            porter = Porter(table)
            source = path.read_text(encoding="utf-8")
            try:
                ported = porter.port(source)
            except SyntaxError as error:
                self.stderr.write(f"{path} is left as it is: {error}")
                continue
            unknown.update(porter.unknown)
            if ported == source:
                continue
            changed += 1
            if options["diff"]:
                console.print("".join(_diff(path, source, ported)), markup=False)
            else:
                path.write_text(ported, encoding="utf-8")
                console.print(f"[green]ported[/green] {path}")
        console.print(f"{changed} file(s) {'would change' if options['diff'] else 'changed'}.")
        for name in sorted(unknown):
            console.print(f"[yellow]no native name is known for[/yellow] {name}")


def _files(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
        return
    for path in sorted(top.rglob("*.py")):
        if SKIPPED.isdisjoint(path.relative_to(top).parts):
            yield path


def _diff(path: Path, old: str, new: str) -> Iterable[str]:
    return difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
