"""Settings that go away: they still count, with a warning where a project sets them."""

from __future__ import annotations

import warnings
from typing import Final

from nuages.text.deprecation import RemovedInNextVersionWarning

EMAIL_SETTING_DEPRECATED_MSG: Final = "The setting {name} goes away: describe the mail server in MAILERS."
USE_BLANK_CHOICE_DASH_DEPRECATED_MSG: Final = (
    "The setting USE_BLANK_CHOICE_DASH goes away: change BLANK_CHOICE_LABEL of the models' fields instead."
)
SIGNED_COOKIE_LEGACY_SALT_DEPRECATED_MSG: Final = (
    "The setting SIGNED_COOKIE_LEGACY_SALT_FALLBACK goes away: cookies signed in the old way then count no longer."
)
DEPRECATED_EMAIL_SETTINGS: Final = frozenset(
    f"EMAIL_{part}"
    for part in ["BACKEND", "FILE_PATH", "HOST", "HOST_PASSWORD", "HOST_USER", "PORT", "SSL_CERTFILE", "SSL_KEYFILE", "TIMEOUT", "USE_SSL", "USE_TLS"]
)

_MESSAGES = {
    "USE_BLANK_CHOICE_DASH": USE_BLANK_CHOICE_DASH_DEPRECATED_MSG,
    "SIGNED_COOKIE_LEGACY_SALT_FALLBACK": SIGNED_COOKIE_LEGACY_SALT_DEPRECATED_MSG,
    **{name: EMAIL_SETTING_DEPRECATED_MSG.format(name=name) for name in DEPRECATED_EMAIL_SETTINGS},
}


def warn_if_transitional(name: str, stacklevel: int = 3) -> None:
    """Warn about a setting that goes away."""
    message = _MESSAGES.get(name)
    if message is not None:
        warnings.warn(message, RemovedInNextVersionWarning, stacklevel=stacklevel)
