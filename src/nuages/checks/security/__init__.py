"""Checks of settings that a site's security rests on. They find oversights; they do not make a site secure."""

from nuages.checks.security import csp, csrf, headers, sessions

__all__ = ["csp", "csrf", "headers", "sessions"]
