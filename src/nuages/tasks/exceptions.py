"""What can go wrong with tasks."""

from nuages.exceptions import ImproperlyConfigured


class TaskException(Exception):
    """Base of all errors about tasks."""


class InvalidTask(TaskException):
    """The backend cannot take the task."""


class InvalidTaskBackend(ImproperlyConfigured):
    """``TASKS`` has no such backend, or names one that cannot be imported."""


class TaskResultDoesNotExist(TaskException):
    """There is no result with the id."""


class TaskResultMismatch(TaskException):
    """The result with the id belongs to another task."""
