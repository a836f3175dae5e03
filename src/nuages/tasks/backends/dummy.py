"""A backend that keeps tasks and runs none, for tests."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from nuages.i18n import timezone
from nuages.tasks.backends.backend import BaseTaskBackend
from nuages.tasks.exceptions import TaskResultDoesNotExist
from nuages.tasks.signals import task_enqueued
from nuages.tasks.task import Task, TaskResult


class DummyBackend(BaseTaskBackend):
    """``results`` holds what was queued."""

    supports_defer = True
    supports_async_task = True
    supports_priority = True

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self.results: list[TaskResult] = []

    def enqueue(self, task: Task, args: Any, kwargs: dict[str, Any]) -> TaskResult:
        """Keep the task."""
        self.validate_task(task)
        result = self.new_result(task, args, kwargs, enqueued_at=timezone.now())
        self.results.append(result)
        task_enqueued.send(type(self), task_result=result)
        # A copy: what happens to the kept one is seen by refresh() only.
        return deepcopy(result)

    def get_result(self, result_id: str) -> TaskResult:
        """A kept result; ``TaskResultDoesNotExist`` for an unknown id."""
        for result in self.results:
            if result.id == result_id:
                return result
        raise TaskResultDoesNotExist(result_id)

    def clear(self) -> None:
        """Forget all."""
        self.results.clear()
