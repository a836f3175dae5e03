"""The names of Django on Nuages: importing this package installs the finder that maps ``django.x.y`` to Nuages."""

from typing import Any

from nuages import loggers

loggers.rename("django")  # before any module of Nuages asks for its logger

from django import _asgiref, _finder, _renaming, _table  # noqa: E402

from nuages.text import version as _version  # noqa: E402

VERSION = _version.COMPATIBLE_VERSION
get_version = _version.get_version
__version__ = get_version()

_names = _table.load()
_finder.install(_names)
_renaming.install(_names)
_asgiref.install()

import nuages.conf  # noqa: E402
from nuages.conf import names as _native_names  # noqa: E402

_native_names.install(_names.public, _names.native, "DJANGO_SETTINGS_MODULE", version=__version__, framework="Django")
_native_names.default_settings["EMAIL_SUBJECT_PREFIX"] = "[Django] "
nuages.conf.ENVIRONMENT_VARIABLE = _native_names.ENVIRONMENT_VARIABLE


def setup(set_prefix: bool = True) -> None:
    """Configure logging, set the script prefix (unless *set_prefix* is false) and load the installed apps."""
    from nuages.start import setup as native_setup

    native_setup(set_prefix)


def __getattr__(name: str) -> Any:
    """Submodules appear when first touched, as ``import django`` alone is often followed by ``django.conf.settings``."""
    import importlib

    if not name.startswith("_") and name in set(_names.children("django")):
        return importlib.import_module(f"django.{name}")
    raise AttributeError(f"module 'django' has no attribute {name!r}")
