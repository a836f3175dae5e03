"""Run the project's tests."""

import sys
from typing import Any

from nuages.cli.command import BaseCommand, CommandParser
from nuages.cli.programs import get_command_line_option
from nuages.conf import settings
from nuages.test.capturing import NullTimeKeeper, TimeKeeper
from nuages.test.environment import get_runner
from nuages.test.remote import get_max_test_processes


class Command(BaseCommand):
    """``test``: with the runner that TEST_RUNNER or ``--testrunner`` names, which adds options of its own."""

    help = "Finds and runs tests in the given modules or folders; by default, below the current one."
    requires_system_checks = []  # the runner runs them, on the test databases
    test_runner: str | None = None

    def run_from_argv(self, argv: list[str]) -> None:
        """Find out the runner first, as it has a say about the options."""
        self.test_runner = get_command_line_option(argv, "--testrunner")
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments, and those of the runner."""
        parser.add_argument("args", metavar="test_label", nargs="*", help="Modules, classes or methods, or folders.")
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive", help="Don't ask for anything."
        )
        parser.add_argument("--failfast", action="store_true", help="Stop at the first failure.")
        parser.add_argument("--testrunner", help="Import path of the runner class, instead of TEST_RUNNER.")
        runner_class = get_runner(settings, self.test_runner)
        if hasattr(runner_class, "add_arguments"):
            runner_class.add_arguments(parser)

    def handle(self, *test_labels: str, **options: Any) -> None:
        """Run; exits with status 1 if a test failed."""
        runner_class = get_runner(settings, options["testrunner"])
        keeper = TimeKeeper() if options.get("timing", False) else NullTimeKeeper()
        if options.get("parallel") == "auto":
            options["parallel"] = get_max_test_processes()
        runner = runner_class(**options)
        with keeper.timed("Total run"):
            failures = runner.run_tests(test_labels)
        keeper.print_results()
        if failures:
            sys.exit(1)
