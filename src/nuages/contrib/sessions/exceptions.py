"""What can go wrong with a session."""

from nuages.exceptions import BadRequest, SuspiciousOperation


class InvalidSessionKey(SuspiciousOperation):
    """The session key has characters that no key has."""


class SuspiciousSession(SuspiciousOperation):
    """The session data was tampered with."""


class SessionInterrupted(BadRequest):
    """The session was deleted by another request before this one could save it."""
