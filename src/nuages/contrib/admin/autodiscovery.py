"""Importing the ``admin`` module of each application."""

from nuages.apps.discovery import autodiscover_modules
from nuages.contrib.admin.sites import site


def autodiscover() -> None:
    """Import the ``admin`` module of each installed application."""
    autodiscover_modules("admin", register_to=site)
