"""What happens to tasks, and the log lines about it."""

from __future__ import annotations

import logging
import sys
from typing import Any

from nuages.loggers import get_logger
from nuages.signals import Signal, receiver

logger = get_logger("tasks")

task_enqueued: Signal = Signal()
task_started: Signal = Signal()
task_finished: Signal = Signal()


@receiver(task_enqueued)
def log_task_enqueued(sender: type, task_result: Any, **kwargs: Any) -> None:
    """Note that a task was queued."""
    logger.debug(
        "Task id=%s path=%s enqueued backend=%s", task_result.id, task_result.task.module_path, task_result.backend
    )


@receiver(task_started)
def log_task_started(sender: type, task_result: Any, **kwargs: Any) -> None:
    """Note that a task began."""
    logger.info("Task id=%s path=%s state=%s", task_result.id, task_result.task.module_path, task_result.status.value)


@receiver(task_finished)
def log_task_finished(sender: type, task_result: Any, **kwargs: Any) -> None:
    """Note how a task ended, with its exception."""
    failed = task_result.status.value == "FAILED"
    logger.log(
        logging.ERROR if failed else logging.INFO,
        "Task id=%s path=%s state=%s",
        task_result.id,
        task_result.task.module_path,
        task_result.status.value,
        exc_info=sys.exc_info() if failed and sys.exc_info()[0] else None,
    )
