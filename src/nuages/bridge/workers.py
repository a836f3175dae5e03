"""Greenlets that execute blocking-style code for a task, kept in a pool per thread.

A fresh greenlet costs about ten times a pooled one, so a worker that has finished its job waits for the next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from greenlet import getcurrent, greenlet

MAX_IDLE: Final = 512
"""How many idle workers a thread keeps; further ones end with their job."""


class Worker(greenlet):  # type: ignore[misc]  # greenlet has no types
    """Executes one job after another. ``busy`` tells its driver whether it got an awaitable or the job's end."""

    def __init__(self) -> None:
        super().__init__()
        self.driver: greenlet = getcurrent()
        self.fresh = True
        self.busy = False
        self.error: BaseException | None = None

    def start(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Switch to the job; returns at its first ``wait`` or at its end."""
        if self.fresh:
            self.fresh = False
            return self.switch(function, args, kwargs)
        return self.switch((function, args, kwargs))

    def run(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The worker's life: a job, its outcome to the driver, the next job."""
        while True:
            try:
                outcome = function(*args, **kwargs)
            except BaseException as error:
                # A greenlet that dies of an exception would raise it in its parent, which may be another task by now.
                self.error, outcome = error, None
            self.busy = False
            driver = self.driver
            # Nothing of the job may live on while the worker is idle.
            del function, args, kwargs
            function, args, kwargs = driver.switch(outcome)
            del outcome


class _Idle(threading.local):
    def __init__(self) -> None:
        self.workers: list[Worker] = []


_idle = _Idle()


def acquire() -> Worker:
    """An idle worker of this thread, in the context of the running task."""
    workers = _idle.workers
    worker = workers.pop() if workers else Worker()
    current = getcurrent()
    if worker.driver is not current:
        worker.driver = worker.parent = current
    # The very context of the task, not a copy: what the code sets, the task sees.
    worker.gr_context = current.gr_context
    worker.busy = True
    return worker


def release(worker: Worker) -> None:
    """Give back a worker whose job is done."""
    if len(_idle.workers) < MAX_IDLE:
        worker.gr_context = None
        _idle.workers.append(worker)


def idle_count() -> int:
    """How many workers wait for a job in this thread."""
    return len(_idle.workers)
