"""The backends of ``TASKS``."""

from __future__ import annotations

from typing import Any

from nuages.conf.connections import BaseConnectionHandler, ConnectionProxy
from nuages.conf.names import import_string
from nuages.signals import receiver, setting_changed
from nuages.tasks.exceptions import InvalidTaskBackend


class TaskBackendHandler(BaseConnectionHandler):
    """The backends by alias, made when first used."""

    settings_name = "TASKS"
    exception_class = InvalidTaskBackend

    def create_connection(self, alias: str) -> Any:
        """Make a backend; ``InvalidTaskBackend`` if it cannot be imported."""
        params = self.settings[alias]
        backend = params["BACKEND"]
        try:
            factory = import_string(backend)
        except ImportError as error:
            raise InvalidTaskBackend(f"Could not find backend '{backend}': {error}") from error
        return factory(alias=alias, params=params)


task_backends = TaskBackendHandler()
default_task_backend: Any = ConnectionProxy(task_backends, "default")


@receiver(setting_changed)
def reset_backends(*, setting: str, **kwargs: Any) -> None:
    """Forget the backends when the setting changes."""
    if setting == "TASKS":
        task_backends.forget()
