"""A thread that notices when something blocks the event loop, and names it."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from nuages.ondemand import Later

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")  # commands and WSGI servers need none

logger = logging.getLogger("nuages.bridge")

_naming: dict[CodeType, str] = {}


def name_from(function: Callable[..., Any], local: str) -> None:
    """Let the watchdog name what runs by the local variable ``local`` of ``function``'s frames."""
    _naming[function.__code__] = local


class Watchdog:
    """Watches the loop of the thread that starts it.

    A heartbeat on the loop is missed while something blocks it. After ``threshold`` seconds ``report(name, seconds, stack)`` is
    called once for that stretch: ``name`` is what ``name_from`` found in the stack (a view, say) or the innermost function,
    ``stack`` the formatted frames. By default it logs a warning to ``nuages.bridge``.
    """

    def __init__(
        self,
        threshold: float = 0.25,
        report: Callable[[str, float, str], None] | None = None,
    ) -> None:
        self.threshold = threshold
        self.report = report or _log
        self._beat = time.monotonic()
        self._thread_id = 0
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop that is watched, once it is."""
        return self._loop

    def start(self) -> None:
        """Watch the running loop, until it is closed; ``RuntimeError`` without one."""
        self._loop = asyncio.get_running_loop()
        self._thread_id = threading.get_ident()
        self._tick()
        self._thread = threading.Thread(target=self._watch, name="nuages-watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread. The heartbeat ends with its next tick."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _tick(self) -> None:
        self._beat = time.monotonic()
        if self._loop is not None and not self._stopped.is_set():
            self._loop.call_later(self.threshold / 4, self._tick)

    def _watch(self) -> None:
        reported = 0.0
        while not self._stopped.wait(self.threshold / 4) and self._loop is not None and not self._loop.is_closed():
            if not self._loop.is_running():
                continue  # it was left, as scripts and tests do: nothing waits for it
            beat = self._beat
            late = time.monotonic() - beat
            if late <= self.threshold or beat == reported:
                continue
            frame = sys._current_frames().get(self._thread_id)
            if frame is not None and not _is_idle(frame):
                reported = beat
                self.report(_name(frame), late, "".join(traceback.format_stack(frame)))


def _is_idle(frame: FrameType) -> bool:
    """Whether the loop just waits for events (a suspended machine, a loop that was stopped)."""
    return frame.f_code.co_name in ("select", "run_once", "_run_once") and "view" not in frame.f_code.co_filename


def _name(frame: FrameType) -> str:
    found: FrameType | None = frame
    while found is not None:
        local = _naming.get(found.f_code)
        if local is not None and local in found.f_locals:
            value = found.f_locals[local]
            return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', value)}".lstrip(".")
        found = found.f_back
    return f"{frame.f_code.co_qualname} ({frame.f_code.co_filename}:{frame.f_lineno})"


def _log(name: str, seconds: float, stack: str) -> None:
    logger.warning(
        "%s has blocked the event loop for %.2f s. Await what it waits for, or run it in a thread.\n%s",
        name,
        seconds,
        stack,
    )
