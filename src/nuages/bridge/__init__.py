"""The bridge between blocking style and the event loop.

All code of the framework is written once, in blocking style. On an event loop ``await run(function)`` executes it in a
greenlet of the running task; where it must wait, ``wait(awaitable)`` hands the awaitable to the task and gets the result
back. Off the loop nothing of this is reached: the ports use their blocking drivers.
"""

from nuages.bridge.crossing import (
    active,
    begin,
    block,
    check_blocking,
    complete,
    in_thread,
    iterate,
    offload,
    on_loop,
    run,
    sleep,
    wait,
    would_block,
)
from nuages.bridge.shells import shell
from nuages.bridge.watchdog import Watchdog, name_from

__all__ = [
    "Watchdog", "active", "begin", "block", "check_blocking", "complete", "in_thread", "iterate", "name_from", "offload",
    "on_loop", "run", "shell", "sleep", "wait", "would_block",
]
