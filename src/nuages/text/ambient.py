"""The settings object as the ground floor sees it.

A few text functions have documented defaults that come from settings (a secret key, the scheme of bare links). They stand below
the settings package, which hands itself in here when it is imported.
"""

from typing import Any

from nuages.exceptions import ImproperlyConfigured

_given: list[Any] = []


def use(settings: Any) -> None:
    """Make ``settings`` the object that :func:`setting` reads; called once by the settings package."""
    _given[:] = [settings]


def setting(name: str, default: Any = ...) -> Any:
    """Return the setting ``name``, or ``default`` where no settings are loaded.

    Raises ImproperlyConfigured when there is neither.
    """
    if _given:
        return getattr(_given[0], name) if default is ... else getattr(_given[0], name, default)
    if default is ...:
        raise ImproperlyConfigured(f"{name} was asked for before nuages.conf was imported; import nuages.conf first.")
    return default
