"""Ways of sending mail that go away: they still work, with a warning (documentation: releases/6.1, "Email")."""

from __future__ import annotations

import warnings
from typing import Any, Final

from nuages.conf import DEPRECATED_EMAIL_SETTINGS, settings
from nuages.text.deprecation import RemovedInNextVersionWarning

NO_DEFAULT_MAILER_WARNING: Final = (
    "Mail goes to the server on localhost because nothing else is set: describe the mail server in MAILERS."
)
AUTH_ARGS_WARNING: Final = "'auth_user' and 'auth_password' go away: give username and password in OPTIONS of MAILERS."
CONNECTION_ARG_WARNING: Final = "The argument 'connection' goes away: pass 'using' with an alias of MAILERS."
FAIL_SILENTLY_ARG_WARNING: Final = "The argument 'fail_silently' goes away: catch the errors, or use a mailer that does."


class _Silently(int):
    """A yes to ``fail_silently`` that brings no warning."""


SILENTLY: Final = _Silently(True)
"""For reports that the framework itself sends: an error of theirs must not hide what they report."""


def warn_about_arguments(fail_silently: Any, connection: Any, auth: Any, stacklevel: int = 5) -> None:
    """Warn about those arguments that were given."""
    texts = ((fail_silently and fail_silently is not SILENTLY, FAIL_SILENTLY_ARG_WARNING), (connection, CONNECTION_ARG_WARNING), (auth, AUTH_ARGS_WARNING))
    for given, text in texts:
        if given:
            warnings.warn(text, RemovedInNextVersionWarning, stacklevel=stacklevel)


def warn_without_mailer(stacklevel: int = 4) -> None:
    """Warn if a project sends mail although none of its settings says how."""
    if not any(settings.is_overridden(name) for name in DEPRECATED_EMAIL_SETTINGS):
        warnings.warn(NO_DEFAULT_MAILER_WARNING, RemovedInNextVersionWarning, stacklevel=stacklevel)
