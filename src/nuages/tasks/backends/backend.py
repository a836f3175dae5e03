"""What every backend shares."""

from __future__ import annotations

import inspect
from typing import Any

from nuages import bridge
from nuages.conf import settings
from nuages.i18n import timezone
from nuages.tasks.exceptions import InvalidTask
from nuages.tasks.task import (
    DEFAULT_TASK_QUEUE_NAME,
    TASK_MAX_PRIORITY,
    TASK_MIN_PRIORITY,
    Task,
    TaskResult,
    is_global_function,
)
from nuages.text.crypto import get_random_string


class BaseTaskBackend:
    """A backend defines ``enqueue`` and says what it supports."""

    task_class: Any = Task
    supports_defer = False
    supports_async_task = False
    supports_get_result = False
    supports_priority = False

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        self.alias = alias
        self.queues: set[Any] = set(params.get("QUEUES", [DEFAULT_TASK_QUEUE_NAME]))
        self.options = params.get("OPTIONS", {})

    def validate_task(self, task: Task) -> None:
        """Raise ``InvalidTask`` for a task that this backend cannot take."""
        if problem := self._problem_with(task):
            raise InvalidTask(problem)

    def _problem_with(self, task: Task) -> str | None:
        if not is_global_function(task.func):
            return "Task function must be defined at a module level."
        if not self.supports_async_task and inspect.iscoroutinefunction(task.func):
            return "Backend does not support async Tasks."
        priority = task.priority
        if not (isinstance(priority, int) and TASK_MIN_PRIORITY <= priority <= TASK_MAX_PRIORITY):
            return f"priority must be a whole number between {TASK_MIN_PRIORITY} and {TASK_MAX_PRIORITY}."
        if priority and not self.supports_priority:
            return "Backend does not support setting priority of tasks."
        if task.run_after is not None and not self.supports_defer:
            return "Backend does not support run_after."
        if task.run_after is not None and settings.USE_TZ and not timezone.is_aware(task.run_after):
            return "run_after must be an aware datetime."
        if self.queues and task.queue_name not in self.queues:
            return f"Queue '{task.queue_name}' is not valid for backend."
        if task.takes_context and next(iter(inspect.signature(task.func).parameters), None) != "context":
            return f"{task.name}() is to be given its context, so 'context' must be the name of its first argument."
        return None

    def new_result(self, task: Task, args: Any, kwargs: dict[str, Any], **state: Any) -> TaskResult:
        """A result with an id of its own, for a task that is about to be queued."""
        return TaskResult(id=get_random_string(32), task=task, args=args, kwargs=kwargs, backend=self.alias, **state)

    def enqueue(self, task: Task, args: Any, kwargs: dict[str, Any]) -> TaskResult:
        """Queue a task; the result that follows it."""
        raise NotImplementedError(f"{type(self).__name__} must define enqueue().")

    def get_result(self, result_id: str) -> TaskResult:
        """A result by its id."""
        reason = "This backend does not support retrieving or refreshing results."
        raise NotImplementedError(reason)

    def check(self, **kwargs: Any) -> list[Any]:
        """What is wrong with the settings."""
        return []

    aenqueue = bridge.shell(enqueue)
    aget_result = bridge.shell(get_result)
