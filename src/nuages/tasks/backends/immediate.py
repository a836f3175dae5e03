"""A backend that runs each task at once, in the place where it is queued."""

from __future__ import annotations

from typing import Any

from nuages.i18n import timezone
from nuages.tasks.backends.backend import BaseTaskBackend
from nuages.tasks.payload import formatted_traceback, normalize_json
from nuages.tasks.signals import task_enqueued, task_finished, task_started
from nuages.tasks.task import Task, TaskContext, TaskError, TaskResult, TaskResultStatus
from nuages.text.crypto import get_random_string


class ImmediateBackend(BaseTaskBackend):
    """For development: a task's failure is recorded, not raised."""

    supports_async_task = True
    supports_priority = True

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self.worker_id: str = get_random_string(32)

    def _execute(self, result: TaskResult) -> None:
        def note(**values: Any) -> None:
            for name, value in values.items():
                object.__setattr__(result, name, value)

        now = timezone.now()
        note(enqueued_at=now)
        task_enqueued.send(type(self), task_result=result)
        result.worker_ids.append(self.worker_id)
        begun = timezone.now()
        note(status=TaskResultStatus.RUNNING, started_at=begun, last_attempted_at=begun)
        task_started.send(sender=type(self), task_result=result)
        leading = [TaskContext(task_result=result)] if result.task.takes_context else []
        try:
            value = result.task.call(*leading, *result.args, **result.kwargs)
            note(_return_value=normalize_json(value))
        except KeyboardInterrupt:
            # Somebody wants the process to end, not the task.
            raise
        except BaseException as error:
            note(finished_at=timezone.now(), status=TaskResultStatus.FAILED)
            path = f"{type(error).__module__}.{type(error).__qualname__}"
            result.errors.append(TaskError(exception_class_path=path, traceback=formatted_traceback(error)))
            task_finished.send(type(self), task_result=result)
        else:
            note(finished_at=timezone.now(), status=TaskResultStatus.SUCCESSFUL)
            task_finished.send(type(self), task_result=result)

    def enqueue(self, task: Task, args: Any, kwargs: dict[str, Any]) -> TaskResult:
        """Run the task."""
        self.validate_task(task)
        result = self.new_result(task, args, kwargs)
        self._execute(result)
        return result
