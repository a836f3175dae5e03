"""``Task`` and ``TaskResult``."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from nuages import bridge
from nuages.conf.names import import_string
from nuages.i18n.translation import pgettext_lazy
from nuages.models.enums import TextChoices
from nuages.tasks.exceptions import TaskResultMismatch
from nuages.tasks.handler import task_backends
from nuages.tasks.payload import normalize_json

DEFAULT_TASK_BACKEND_ALIAS = "default"
DEFAULT_TASK_PRIORITY = 0
DEFAULT_TASK_QUEUE_NAME = "default"
TASK_MAX_PRIORITY, TASK_MIN_PRIORITY = 100, -100
_MOMENTS = ("enqueued_at", "started_at", "last_attempted_at", "finished_at")
TASK_REFRESH_ATTRS = {*_MOMENTS, "status", "errors", "worker_ids", "_return_value"}


class TaskResultStatus(TextChoices):
    """How far a task has come."""

    READY = "READY", pgettext_lazy("Task", "Ready")
    RUNNING = "RUNNING", pgettext_lazy("Task", "Running")
    FAILED = "FAILED", pgettext_lazy("Task", "Failed")
    SUCCESSFUL = "SUCCESSFUL", pgettext_lazy("Task", "Successful")


def is_global_function(function: Any) -> bool:
    """Whether a function stands at the top of its module, so that a worker can import it."""
    return (
        inspect.isfunction(function)
        and not inspect.isbuiltin(function)
        and "<locals>" not in function.__qualname__
        and "." not in function.__qualname__
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A function to be run in the background, with the options for it. Made by the decorator ``task``."""

    priority: int = DEFAULT_TASK_PRIORITY
    func: Callable[..., Any]
    backend: str = DEFAULT_TASK_BACKEND_ALIAS
    queue_name: str = DEFAULT_TASK_QUEUE_NAME
    run_after: datetime | None = None
    takes_context: bool = False

    def __post_init__(self) -> None:
        self.get_backend().validate_task(self)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.func.__name__

    @property
    def module_path(self) -> str:
        """The function's dotted path."""
        return f"{self.func.__module__}.{self.func.__qualname__}"

    def using(
        self,
        *,
        priority: int | None = None,
        queue_name: str | None = None,
        run_after: Any = None,
        backend: str | None = None,
    ) -> Task:
        """A task with other options. ``InvalidTask`` if the backend does not take them."""
        given = {"priority": priority, "queue_name": queue_name, "run_after": run_after, "backend": backend}
        return replace(self, **{name: value for name, value in given.items() if value is not None})

    def enqueue(self, *args: Any, **kwargs: Any) -> TaskResult:
        """Queue the task with these arguments, which must be JSON."""
        return self.get_backend().enqueue(self, args, kwargs)  # type: ignore[no-any-return]

    def get_result(self, result_id: str) -> TaskResult:
        """A result by its id; ``TaskResultMismatch`` if it is another task's."""
        result: TaskResult = self.get_backend().get_result(result_id)
        if result.task.func != self.func:
            raise TaskResultMismatch(f"Task does not match (received {result.task.module_path!r})")
        return result

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function here and now."""
        if inspect.iscoroutinefunction(self.func):
            return bridge.block(self.func)(*args, **kwargs)
        return self.func(*args, **kwargs)

    aenqueue = bridge.shell(enqueue)
    aget_result = bridge.shell(get_result)
    acall = bridge.shell(call)

    def get_backend(self) -> Any:
        """The backend; ``InvalidTaskBackend`` for an unknown one."""
        return task_backends[self.backend]

    def __reduce__(self) -> Any:
        state = {f.name: getattr(self, f.name) for f in fields(self)}
        # The function's own name leads to the task that the decorator put in its place.
        state["func"] = self.module_path
        return type(self)._reconstruct, (state,)

    @classmethod
    def _reconstruct(cls, kwargs: dict[str, Any]) -> Task:
        path = kwargs["func"]
        try:
            found = import_string(path)
        except ImportError:
            found = None
        if not isinstance(found, Task):
            raise ValueError(f"Expected {path!r} to point to a Task instance.")
        return cls(**{**kwargs, "func": found.func})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskError:
    """An exception that ended an attempt."""

    exception_class_path: str
    traceback: str

    @property
    def exception_class(self) -> type[BaseException]:
        """The exception's class; ``ValueError`` if the path names none."""
        found = import_string(self.exception_class_path)
        if not isinstance(found, type) or not issubclass(found, BaseException):
            raise ValueError(f"{self.exception_class_path!r} does not reference a valid exception.")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """One execution of a task: its arguments, its state, its outcome."""

    id: str
    task: Task
    args: list[Any]
    kwargs: dict[str, Any]
    backend: str
    status: Any = TaskResultStatus.READY
    enqueued_at: datetime | None = None
    started_at: datetime | None = None
    last_attempted_at: datetime | None = None
    finished_at: datetime | None = None
    errors: list[TaskError] = field(default_factory=list)
    worker_ids: list[str] = field(default_factory=list)
    _return_value: Any | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "args", normalize_json(self.args))
        object.__setattr__(self, "kwargs", normalize_json(self.kwargs))

    @property
    def return_value(self) -> Any:
        """What the function returned; ``ValueError`` before it has, and if it failed."""
        if self.status == TaskResultStatus.SUCCESSFUL:
            return self._return_value
        raise ValueError("Task failed" if self.status == TaskResultStatus.FAILED else "Task has not finished yet")

    @property
    def is_finished(self) -> bool:
        """Whether it ended, either way."""
        return self.status in (TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL)

    @property
    def attempts(self) -> int:
        """How often it was begun."""
        return len(self.worker_ids)

    def refresh(self) -> None:
        """Take over the state that the backend knows."""
        known = self.task.get_backend().get_result(self.id)
        for name in TASK_REFRESH_ATTRS:
            object.__setattr__(self, name, getattr(known, name))

    arefresh = bridge.shell(refresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContext:
    """What a function with ``takes_context`` is given first."""

    task_result: TaskResult

    @property
    def attempt(self) -> int:
        """The number of this attempt, from 1."""
        return self.task_result.attempts
