"""A Python shell with the project's models at hand."""

import os
import select
import sys
import traceback
from collections import defaultdict
from importlib import import_module
from typing import Any

from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.conf import names, settings

COMMON = (
    "nuages.conf.settings",
    "nuages.db.connection",
    "nuages.models",
    "nuages.db.reset_queries",
    "nuages.sql.functions",
    "nuages.i18n.timezone",
)


class Command(BaseCommand):
    """``shell``: interactive, or for code from ``-c`` or standard input."""

    help = "Starts a Python shell, IPython or bpython if it is there, with models and common names imported."
    requires_system_checks = []
    shells = ["ipython", "bpython", "python"]

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--no-startup", action="store_true", help="Don't read PYTHONSTARTUP and ~/.pythonrc.py in the plain shell."
        )
        parser.add_argument("--no-imports", action="store_true", help="Import nothing automatically.")
        parser.add_argument("-i", "--interface", choices=self.shells, help="Which shell to start.")
        parser.add_argument("-c", "--command", help="Run this code instead of a shell.")

    def ipython(self, options: dict[str, Any]) -> None:
        """Start IPython."""
        import_module("IPython").start_ipython(argv=[], user_ns=self.get_namespace(**options))

    def bpython(self, options: dict[str, Any]) -> None:
        """Start bpython."""
        import_module("bpython").embed(self.get_namespace(**options))

    def python(self, options: dict[str, Any]) -> None:
        """Start the standard shell, with the start-up files that Python itself would read."""
        namespace = self.get_namespace(**options)
        try:
            readline = import_module("readline")
            completer = import_module("rlcompleter").Completer(namespace)
            readline.set_completer(completer.complete)
            libedit = "libedit" in (readline.__doc__ or "")
            readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab:complete")
        except ImportError:
            pass  # a Python without readline still has a shell
        if not options["no_startup"]:
            for path in filter(None, (os.environ.get("PYTHONSTARTUP"), os.path.expanduser("~/.pythonrc.py"))):
                if os.path.isfile(path):
                    self._run_file(path, namespace)
        import_module("code").interact(local=namespace)

    @staticmethod
    def _run_file(path: str, namespace: dict[str, Any]) -> None:
        with open(path) as file:
            source = file.read()
        try:
            exec(compile(source, path, "exec"), namespace)
        except Exception:
            traceback.print_exc()

    def get_auto_imports(self) -> list[str] | None:
        """Dotted paths to import; override to add some. Models of earlier apps hide those of later ones."""
        models = [f"{model.__module__}.{model.__name__}" for model in reversed(apps.get_models()) if model.__module__]
        return [names.public(path) for path in (*COMMON, *models)]

    def get_namespace(self, **options: Any) -> dict[str, Any]:
        """The names that the shell starts with."""
        if options.get("no_imports"):
            return {}
        verbosity = options.get("verbosity", 1)
        if not settings.configured:
            if verbosity > 0:
                self.stdout.write(
                    "Automatic imports are disabled since settings are not configured.\n"
                    f"{names.ENVIRONMENT_VARIABLE} value is {os.environ.get(names.ENVIRONMENT_VARIABLE)}.\n"
                    "HINT: Set it to your settings module.\n\n"
                )
            return {}
        try:
            apps.check_models_ready()
        except Exception as error:
            if verbosity > 0:
                self.stdout.write(self.style.WARNING(f"Nothing is imported automatically, as apps are not ready: {error}"))
            return {}
        wanted = self.get_auto_imports()
        if wanted is None:
            return {}
        namespace: dict[str, Any] = {}
        failed, done = [], []
        for path in wanted:
            try:
                namespace[path.rpartition(".")[2]] = _object(path)
                done.append(path)
            except ImportError:
                failed.append(path)
        if verbosity > 0:
            self._tell_imports(namespace, done, failed, verbosity)
        return namespace

    def _tell_imports(self, namespace: dict[str, Any], done: list[str], failed: list[str], verbosity: int) -> None:
        if failed:
            count = f"{len(failed)} object{'' if len(failed) == 1 else 's'}"
            listed = "\n".join(f"  {path}" for path in failed)
            self.stdout.write(f"{count} could not be automatically imported:\n\n{listed}\n", ending="\n")
            self.stdout.write("", ending="\n")
        count = f"{len(namespace)} object{'' if len(namespace) == 1 else 's'} imported automatically"
        if verbosity < 2 or not namespace:
            hint = " (use -v 2 for details)" if namespace else ""
            self.stdout.write(f"{count}{hint}.\n", ending="\n")
        else:
            self.stdout.write(f"{count}:\n\n{_import_lines(done)}\n", ending="\n")
        self.stdout.write("", ending="\n")

    def handle(self, **options: Any) -> None:
        """Run code, or start the shell."""
        if options["command"]:
            exec(options["command"], {"__name__": __name__, **self.get_namespace(**options)})
            return
        if sys.platform != "win32" and not sys.stdin.isatty() and select.select([sys.stdin], [], [], 0)[0]:
            exec(sys.stdin.read(), {"__name__": __name__, **self.get_namespace(**options)})
            return
        for shell in [options["interface"]] if options["interface"] else self.shells:
            try:
                getattr(self, shell)(options)
                return
            except ImportError:
                continue
        raise CommandError(f"Couldn't import {options['interface'] or 'any'} interface.")


def _import_lines(paths: list[str]) -> str:
    """The import statements for *paths*, those of whole modules first; sorted by isort where it is there."""
    by_module: dict[str, list[str]] = defaultdict(list)
    for path in dict.fromkeys(paths):
        module, _, name = path.rpartition(".")
        by_module[module].append(name)
    modules = [f"  import {name}" for name in by_module.pop("", [])]
    statements = [f"  from {module} import {', '.join(found)}" for module, found in by_module.items()]
    text = "\n".join([*modules, *statements])
    try:
        sorter = import_module("isort")
    except ImportError:
        return text
    return str(sorter.code(text))


def _object(path: str) -> Any:
    """The module, or the name in a module, that *path* means."""
    if "." not in path:
        return import_module(path)
    try:
        return names.import_string(path)
    except ImportError:
        return import_module(path)
