"""Background work: describing, queueing and following it (documentation: topics/tasks)."""

from nuages.tasks.handler import default_task_backend, task_backends
from nuages.tasks.registering import task
from nuages.tasks.task import (
    DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME, Task, TaskContext, TaskError, TaskResult, TaskResultStatus,
)

__all__ = [
    "DEFAULT_TASK_BACKEND_ALIAS", "DEFAULT_TASK_QUEUE_NAME", "Task", "TaskContext", "TaskError", "TaskResult",
    "TaskResultStatus", "default_task_backend", "task", "task_backends",
]
