"""Exceptions shared by all packages (documentation: ref/exceptions)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

NON_FIELD_ERRORS: Final = "__all__"


class AppRegistryNotReady(Exception):
    """Apps or models were asked for before ``nuages.setup()`` had loaded them."""


class ObjectDoesNotExist(Exception):
    """A query that had to find one object found none."""

    silent_variable_failure = True


class MultipleObjectsReturned(Exception):
    """A query that had to find one object found several."""


class ObjectNotUpdated(Exception):
    """A forced UPDATE changed no row."""


class ImproperlyConfigured(Exception):
    """A setting or a declaration is missing or contradicts another."""


class FieldError(Exception):
    """A model field is used in a way that it cannot serve."""


class FieldDoesNotExist(Exception):
    """A model has no field of the given name."""


class FieldFetchBlocked(FieldError):
    """A field's value would have to be fetched on demand, and the fetch mode forbids it."""


class ViewDoesNotExist(Exception):
    """The view that a URL pattern names cannot be imported."""


class MiddlewareNotUsed(Exception):
    """Raised by a middleware factory to leave itself out of the chain."""


class PermissionDenied(Exception):
    """The user may not do this; answered with 403."""


class BadRequest(Exception):
    """The request cannot be understood; answered with 400."""


class RequestAborted(Exception):
    """The client went away before its request was read or answered."""


class SynchronousOnlyOperation(Exception):
    """Blocking work was asked for on the event loop outside ``bridge.run``."""


class SuspiciousOperation(Exception):
    """The user did something that only an attack or a broken client does; answered with 400."""


class SuspiciousMultipartForm(SuspiciousOperation):
    """A multipart body is out of line."""


class SuspiciousFileOperation(SuspiciousOperation):
    """A file name or path points where it must not."""


class DisallowedHost(SuspiciousOperation):
    """The Host header names a host outside ``ALLOWED_HOSTS``."""


class DisallowedRedirect(SuspiciousOperation):
    """A redirect leads to a scheme outside the allowed ones, or is too long."""


class TooManyFieldsSent(SuspiciousOperation):
    """The request has more fields than ``DATA_UPLOAD_MAX_NUMBER_FIELDS``."""


class TooManyFilesSent(SuspiciousOperation):
    """The request has more files than ``DATA_UPLOAD_MAX_NUMBER_FILES``."""


class RequestDataTooBig(SuspiciousOperation):
    """The request's body is larger than ``DATA_UPLOAD_MAX_MEMORY_SIZE``."""


class EmptyResultSet(Exception):
    """A condition cannot be true for any row, so no query is needed."""


class FullResultSet(Exception):
    """A condition is true for every row, so it can be left out."""


class ValidationError(Exception):
    """One or more complaints about data that a user entered.

    ``message`` is a text (with optional ``code`` and ``params`` for ``%``-formatting), another ``ValidationError``, a
    list of these, or a mapping from field names to them. A single text keeps ``message``, ``code`` and ``params``; a list
    keeps ``error_list``; a mapping keeps ``error_dict``.
    """

    message: Any
    code: str | None
    params: Mapping[str, Any] | None
    error_list: list[ValidationError]
    error_dict: dict[str, list[ValidationError]]

    def __init__(self, message: Any, code: str | None = None, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(message, code, params)
        if isinstance(message, ValidationError):
            message = _unwrap(message)
        if isinstance(message, dict):
            self.error_dict = {field: _as_error(value).error_list for field, value in message.items()}
        elif isinstance(message, list):
            self.error_list = [leaf for item in message for leaf in _leaves(_as_error(item))]
        elif isinstance(message, ValidationError):
            self.message, self.code, self.params = message.message, message.code, message.params
            self.error_list = [self]
        else:
            self.message, self.code, self.params = message, code, params
            self.error_list = [self]

    @property
    def message_dict(self) -> dict[str, list[str]]:
        """Texts by field name; ``AttributeError`` when the error was not made from a mapping."""
        return {field: ValidationError(errors).messages for field, errors in self.error_dict.items()}

    @property
    def messages(self) -> list[str]:
        """All texts, in order."""
        if hasattr(self, "error_dict"):
            return [text for errors in self.error_dict.values() for text in ValidationError(errors).messages]
        return [_text(error) for error in self.error_list]

    def update_error_dict(self, error_dict: dict[str, list[ValidationError]]) -> dict[str, list[ValidationError]]:
        """Add these errors to ``error_dict`` and return it."""
        own = self.error_dict if hasattr(self, "error_dict") else {NON_FIELD_ERRORS: self.error_list}
        for field, errors in own.items():
            error_dict.setdefault(field, []).extend(errors)
        return error_dict

    def __iter__(self) -> Iterator[Any]:
        if hasattr(self, "error_dict"):
            for field, errors in self.error_dict.items():
                yield field, ValidationError(errors).messages
        else:
            yield from map(_text, self.error_list)

    def __str__(self) -> str:
        return repr(dict(self)) if hasattr(self, "error_dict") else repr(list(self))

    def __repr__(self) -> str:
        return f"ValidationError({self})"

    def __eq__(self, other: object) -> bool:
        return hash(self) == hash(other) if isinstance(other, ValidationError) else NotImplemented

    def __hash__(self) -> int:
        if hasattr(self, "message"):
            return hash((self.message, self.code, _frozen(self.params)))
        if hasattr(self, "error_dict"):
            return hash(_frozen(self.error_dict))
        return hash(tuple(sorted(self.error_list, key=lambda error: str(error.message))))


def _unwrap(error: ValidationError) -> Any:
    """What a copy of ``error`` must be made from."""
    if hasattr(error, "error_dict"):
        return error.error_dict
    return error if hasattr(error, "message") else error.error_list


def _as_error(value: Any) -> ValidationError:
    return value if isinstance(value, ValidationError) else ValidationError(value)


def _leaves(error: ValidationError) -> list[ValidationError]:
    if hasattr(error, "error_dict"):
        return [leaf for errors in error.error_dict.values() for leaf in errors]
    return error.error_list


def _text(error: ValidationError) -> str:
    return str(error.message % error.params if error.params else error.message)


def _frozen(value: Any) -> Any:
    """A hashable twin of nested containers."""
    if isinstance(value, Mapping):
        return tuple(sorted((key, _frozen(item)) for key, item in value.items()))
    if isinstance(value, (list, set)):
        return tuple(map(_frozen, value))
    return value
