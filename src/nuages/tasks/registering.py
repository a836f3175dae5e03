"""The decorator ``task``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nuages.tasks.handler import task_backends
from nuages.tasks.task import (
    DEFAULT_TASK_BACKEND_ALIAS,
    DEFAULT_TASK_PRIORITY,
    DEFAULT_TASK_QUEUE_NAME,
    Task,
)


def task(
    function: Callable[..., Any] | None = None,
    *,
    priority: int = DEFAULT_TASK_PRIORITY,
    queue_name: str = DEFAULT_TASK_QUEUE_NAME,
    backend: str = DEFAULT_TASK_BACKEND_ALIAS,
    takes_context: bool = False,
    **kwargs: Any,
) -> Any:
    """Decorator: make a module's function a ``Task`` of the backend's class, which may take further options.

    Raises ``InvalidTask`` when the backend refuses it, ``TypeError`` for ``run_after``: a moment belongs to a call.
    """
    if "run_after" in kwargs:
        raise TypeError("run_after cannot be defined statically with the @task decorator. Use Task.using() instead.")

    def make(target: Callable[..., Any]) -> Task:
        return task_backends[backend].task_class(  # type: ignore[no-any-return]
            priority=priority,
            func=target,
            queue_name=queue_name,
            backend=backend,
            takes_context=takes_context,
            run_after=None,
            **kwargs,
        )

    return make(function) if function else make
