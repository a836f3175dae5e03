"""Porting a project to native names."""

import textwrap

from nuages.cli.commands.port import NameTable, Porter


def ported(source: str) -> str:
    return Porter(NameTable.load()).port(textwrap.dedent(source))


def test_from_imports_are_split_by_home() -> None:
    source = """
        from django.core.exceptions import ValidationError  # why
        from django.utils.module_loading import import_string as load
        from .models import Book
    """
    assert ported(source) == textwrap.dedent("""
        from nuages.exceptions import ValidationError  # why
        from nuages.conf.names import import_string as load
        from .models import Book
    """)


def test_modules_imported_from_their_parent() -> None:
    assert ported("from django.db import models\n") == "from nuages import models\n"
    assert ported("from django.contrib import admin\n") == "from nuages.contrib import admin\n"


def test_settings_strings_and_environment() -> None:
    source = """
        import os
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")
        INSTALLED_APPS = ["django.contrib.auth", "mine"]
    """
    assert ported(source) == textwrap.dedent("""
        import os
        os.environ.setdefault("NUAGES_SETTINGS_MODULE", "site.settings")
        INSTALLED_APPS = ["nuages.contrib.auth", "mine"]
    """)


def test_names_of_the_package_itself_and_loggers() -> None:
    source = "import django\nfrom django import VERSION\ndjango.setup()\nnew = django.VERSION >= (5, 0)\nlog = getLogger('django.request')\n"
    assert ported(source) == (
        "import nuages\nfrom nuages import COMPATIBLE_VERSION as VERSION\nnuages.setup()\nnew = nuages.COMPATIBLE_VERSION >= (5, 0)\n"
        "log = getLogger('nuages.request')\n"
    )


def test_plain_imports_and_their_uses() -> None:
    source = "import django.core.exceptions\nerror = django.core.exceptions.ValidationError\n"
    assert ported(source) == "import nuages.exceptions\nerror = nuages.exceptions.ValidationError\n"

