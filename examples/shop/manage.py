#!/usr/bin/env python
"""Management commands of the shop: ``python manage.py migrate``, ``runserver``, ``test`` …"""

import os
import sys

from nuages.cli import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("NUAGES_SETTINGS_MODULE", "project.settings")
    execute_from_command_line(sys.argv)
