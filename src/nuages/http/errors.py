"""Exceptions of requests and responses."""

from __future__ import annotations


class Http404(Exception):
    """The page, or the object that it shows, does not exist: answered with status 404."""


class BadHeaderError(ValueError):
    """A header name or value holds a line break or control character, which would split the response."""


class UnreadablePostError(OSError):
    """The client went away, or the server failed, while the body was being read."""


class RawPostDataException(Exception):
    """``request.body`` was asked for after the stream had been read by other means."""


class MultiPartParserError(Exception):
    """The body is not what its Content-Type says."""
