"""The classes that management commands derive from."""

import argparse
import functools
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import nuages
from nuages import checks
from nuages.apps import AppConfig, apps
from nuages.cli.color import Style, color_style, no_style
from nuages.cli.failures import CommandError, SystemCheckError
from nuages.cli.output import OutputWrapper
from nuages.cli.parsing import CommandParser, HelpFormatter
from nuages.conf import names
from nuages.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from nuages.exceptions import ImproperlyConfigured
from nuages.i18n import translation

__all__ = [
    "ALL_CHECKS",
    "AppCommand",
    "BaseCommand",
    "CommandError",
    "CommandParser",
    "HelpFormatter",
    "LabelCommand",
    "OutputWrapper",
    "SystemCheckError",
    "handle_default_options",
    "no_translations",
]

ALL_CHECKS = "__all__"
SECTIONS = (
    (checks.CRITICAL, None, "CRITICALS"),
    (checks.ERROR, checks.CRITICAL, "ERRORS"),
    (checks.WARNING, checks.ERROR, "WARNINGS"),
    (checks.INFO, checks.WARNING, "INFOS"),
    (None, checks.INFO, "DEBUGS"),
)


def handle_default_options(options: Any) -> None:
    """Act on ``--settings`` and ``--pythonpath``, so that settings can be found before a command is looked up."""
    if options.settings:
        os.environ[names.ENVIRONMENT_VARIABLE] = options.settings
    if options.pythonpath:
        sys.path.insert(0, options.pythonpath)


def no_translations(handle_func: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate ``handle`` so that no language is active while it runs; the former one comes back afterwards."""

    @functools.wraps(handle_func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        language = translation.get_language()
        translation.deactivate_all()
        try:
            return handle_func(*args, **kwargs)
        finally:
            if language is not None:
                translation.activate(language)

    return wrapper


class BaseCommand:
    """The root of all management commands: override ``handle``, and ``add_arguments`` for options of your own.

    ``self.stdout`` and ``self.stderr`` are to be written to, ``self.style`` colours text. See "Writing custom
    management commands".
    """

    help = ""
    missing_args_message: str | None = None
    output_transaction = False
    requires_migrations_checks = False
    requires_system_checks: Sequence[str] | str = "__all__"
    suppressed_base_arguments: set[str] = set()
    base_stealth_options: tuple[str, ...] = ("stderr", "stdout")
    stealth_options: tuple[str, ...] = ()
    reported_errors: tuple[type[Exception], ...] = (ImproperlyConfigured, OperationalError, InterfaceError)
    """What the command line tells in one line, with status 1: their message says enough. ``--traceback`` shows the rest."""

    _called_from_command_line = False

    stdout: OutputWrapper
    stderr: OutputWrapper
    style: Style

    def __init__(
        self, stdout: Any = None, stderr: Any = None, no_color: bool = False, force_color: bool = False
    ) -> None:
        self.stdout = OutputWrapper(stdout or sys.stdout)
        self.stderr = OutputWrapper(stderr or sys.stderr)
        if no_color and force_color:
            message = "'no_color' and 'force_color' can't be used together."
            raise CommandError(message)
        self.style = no_style() if no_color else color_style(force_color)
        if not no_color:
            self.stderr.style_func = self.style.ERROR
        if self.requires_system_checks != ALL_CHECKS and not isinstance(self.requires_system_checks, list | tuple):
            raise TypeError("requires_system_checks must be a list or tuple.")

    def get_version(self) -> str:
        """What ``--version`` prints."""
        return names.version() or nuages.__version__

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser of this command: common options first, then those of :meth:`add_arguments`."""
        kwargs.setdefault("formatter_class", HelpFormatter)
        parser = CommandParser(
            prog=f"{os.path.basename(prog_name)} {subcommand}",
            description=self.help or None,
            missing_args_message=self.missing_args_message or None,
            called_from_command_line=self._called_from_command_line or None,
            **kwargs,
        )
        self._add_common_options(parser)
        self.add_arguments(parser)
        return parser

    def _add_common_options(self, parser: CommandParser) -> None:
        add = functools.partial(self.add_base_argument, parser)
        add("--version", action="version", version=self.get_version(), help="Print the version and stop.")
        add(
            "-v",
            "--verbosity",
            default=1,
            type=int,
            choices=[0, 1, 2, 3],
            help="How much to print: 0 nothing, 1 the usual (default), 2 more, 3 everything.",
        )
        add(
            "--settings",
            help='Import path of the settings module, e.g. "mysite.settings"; default: the environment\'s.',
        )
        add("--pythonpath", help='A folder to put in front of Python\'s search path, e.g. "/srv/mysite".')
        add("--traceback", action="store_true", help="Show the whole traceback of a CommandError.")
        add("--no-color", action="store_true", help="Print without colors.")
        add("--force-color", action="store_true", help="Print with colors even where no terminal listens.")
        if self.requires_system_checks:
            add("--skip-checks", action="store_true", help="Run without the system checks.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Override to declare the command's own arguments."""

    def add_base_argument(self, parser: argparse.ArgumentParser, *args: Any, **kwargs: Any) -> None:
        """Add a common option, hidden from the help if ``suppressed_base_arguments`` names it."""
        if self.suppressed_base_arguments.intersection(args):
            kwargs["help"] = argparse.SUPPRESS
        parser.add_argument(*args, **kwargs)

    def print_help(self, prog_name: str, subcommand: str) -> None:
        """Print the command's help text."""
        self.create_parser(prog_name, subcommand).print_help()

    def run_from_argv(self, argv: list[str]) -> None:
        """Run as from the command line: parse, execute, report a :exc:`CommandError`, and close connections."""
        self._called_from_command_line = True
        options = self.create_parser(argv[0], argv[1]).parse_args(argv[2:])
        handle_default_options(options)
        cmd_options = vars(options)
        args = cmd_options.pop("args", ())
        try:
            self.execute(*args, **cmd_options)
        except Exception as error:
            if options.traceback or not isinstance(error, (CommandError, *self.reported_errors)):
                raise
            self._tell(error)
            sys.exit(getattr(error, "returncode", 1))
        finally:
            try:
                connections.close_all()
            except ImproperlyConfigured:
                pass  # a command that needs no settings may run without any

    def _tell(self, error: Exception) -> None:
        if isinstance(error, SystemCheckError):
            self.stderr.write(str(error), str)
        elif isinstance(error, CommandError):
            self.stderr.write(f"{type(error).__name__}: {error}")
        else:
            self.stderr.write(f"{type(error).__name__}: {' '.join(str(error).split())} (--traceback shows where)")

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str, Any]:
        """Keyword arguments for :meth:`check`, made from ``requires_system_checks``."""
        if self.requires_system_checks == ALL_CHECKS:
            return {}
        return {"tags": self.requires_system_checks}

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run checks as required, then ``handle``; print and return what it returns."""
        self._apply_output_options(options)
        if self.requires_system_checks and not options["skip_checks"]:
            self.check(**self.get_check_kwargs(options))
        if self.requires_migrations_checks:
            self.check_migrations()
        output = self.handle(*args, **options)
        if output:
            if self.output_transaction:
                ops = connections[options.get("database", DEFAULT_DB_ALIAS)].ops
                begin = self.style.SQL_KEYWORD(ops.start_transaction_sql())
                output = f"{begin}\n{output}\n{self.style.SQL_KEYWORD(ops.end_transaction_sql())}"
            self.stdout.write(output)
        return output

    def _apply_output_options(self, options: dict[str, Any]) -> None:
        plain, forced = options["no_color"], options["force_color"]
        if plain and forced:
            raise CommandError("--no-color and --force-color contradict each other.")
        if plain or forced:
            self.style = no_style() if plain else color_style(force_color=True)
        if plain:
            self.stderr.style_func = None
        for name in self.base_stealth_options:
            stream = options.get(name)
            if stream:
                setattr(self, name, OutputWrapper(stream))

    def check(
        self,
        app_configs: Sequence[AppConfig] | None = None,
        tags: Iterable[str] | None = None,
        display_num_errors: bool = False,
        include_deployment_checks: bool = False,
        fail_level: int = checks.ERROR,
        databases: Iterable[str] | None = None,
    ) -> None:
        """Run system checks and print what they found.

        Raises :exc:`SystemCheckError` if a message of *fail_level* or above is not silenced.
        """
        found = checks.run_checks(
            app_configs=app_configs,
            tags=tags,
            include_deployment_checks=include_deployment_checks,
            databases=None if databases is None else list(databases),
        )
        visible = [message for message in found if not message.is_silenced()]
        header, body, footer = self._report(visible), "", ""
        if header:
            header, body = "System check identified some issues:\n", header
        if display_num_errors:
            footer = "\n" if header else ""
            count = {0: "no issues", 1: "1 issue"}.get(len(visible), f"{len(visible)} issues")
            footer += f"System check identified {count} ({len(found) - len(visible)} silenced)."
        if any(message.is_serious(fail_level) for message in visible):
            raise SystemCheckError(self.style.ERROR(f"SystemCheckError: {header}") + body + footer)
        text = header + body + footer
        if not text:
            return
        if header:
            self.stderr.write(text, str)
        else:
            self.stdout.write(text)

    def _report(self, messages: Sequence[checks.CheckMessage]) -> str:
        """The messages in sections by level, the gravest first."""
        report = ""
        for least, below, title in SECTIONS:
            issues = [
                str(m) for m in messages if (least is None or m.level >= least) and (below is None or m.level < below)
            ]
            if issues:
                paint = self.style.ERROR if least in (checks.CRITICAL, checks.ERROR) else self.style.WARNING
                report += f"\n{title}:\n" + "\n".join(paint(issue) for issue in sorted(issues)) + "\n"
        return report

    def check_migrations(self) -> None:
        """Print a notice if the database lacks migrations that exist as files."""
        executor_class = names.import_string("nuages.migrations.executor.MigrationExecutor")
        try:
            executor = executor_class(connections[DEFAULT_DB_ALIAS])
        except ImproperlyConfigured:
            return  # no database at all
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            labels = sorted({migration.app_label for migration, _ in plan})
            self.stdout.write(
                self.style.NOTICE(
                    f"\n{len(plan)} migration(s) of {', '.join(labels)} wait to be applied; until then the project may"
                    " not work."
                )
            )
            self.stdout.write(self.style.NOTICE("Run 'python manage.py migrate' to apply them."))

    def handle(self, *args: Any, **options: Any) -> Any:
        """The command's work; a returned string is printed."""
        raise NotImplementedError("subclasses of BaseCommand must provide a handle() method")


class AppCommand(BaseCommand):
    """A command that does something with each of the apps whose labels are its arguments."""

    missing_args_message = "Enter at least one application label."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one or more app labels."""
        parser.add_argument("args", metavar="app_label", nargs="+", help="Label of an installed app.")

    def handle(self, *app_labels: str, **options: Any) -> str:
        """Call :meth:`handle_app_config` for each app and join what it returns."""
        try:
            app_configs = [apps.get_app_config(label) for label in app_labels]
        except (LookupError, ImportError) as error:
            raise CommandError(f"{error}. Look it up in INSTALLED_APPS.") from error
        outputs = [self.handle_app_config(app_config, **options) for app_config in app_configs]
        return "\n".join(output for output in outputs if output)

    def handle_app_config(self, app_config: AppConfig, **options: Any) -> str | None:
        """What the command does with one app."""
        raise NotImplementedError("AppCommand leaves handle_app_config() to its sub-classes.")


class LabelCommand(BaseCommand):
    """A command that does something with each of its arguments, which may mean anything."""

    label = "label"

    @property
    def missing_args_message(self) -> str:  # type: ignore[override]
        """The error when no label was given."""
        return f"Enter at least one {self.label}."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one or more labels."""
        parser.add_argument("args", metavar=self.label, nargs="+")

    def handle(self, *labels: str, **options: Any) -> str:
        """Call :meth:`handle_label` for each label and join what it returns."""
        outputs = [self.handle_label(label, **options) for label in labels]
        return "\n".join(output for output in outputs if output)

    def handle_label(self, label: str, **options: Any) -> str | None:
        """What the command does with one label."""
        raise NotImplementedError("subclasses of LabelCommand must provide a handle_label() method")
