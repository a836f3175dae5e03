"""``python -m django`` and the command ``django-admin``."""

import sys

import django  # installs the names
from nuages.cli.main import execute_from_command_line


def main() -> None:
    """Run a management command."""
    assert django.VERSION
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
