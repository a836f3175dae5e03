"""Crossing from the event loop into blocking-style code and back."""

from __future__ import annotations

import contextvars
import functools
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from greenlet import getcurrent

from nuages.bridge import loops
from nuages.bridge.workers import Worker, acquire, release
from nuages.exceptions import SynchronousOnlyOperation
from nuages.ondemand import Later

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")  # commands and WSGI servers need none

P = ParamSpec("P")
T = TypeVar("T")

_END = object()
NOTHING: Final[dict[str, Any]] = {}


async def run(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Execute blocking-style code in a greenlet of this task; its ``wait`` calls suspend the task, not the thread.

    The code shares the task's context variables. Its exception is raised here; a cancellation of the task is raised in it,
    at the ``wait`` where it stands, and may be answered by clean-up that waits again.
    """
    worker = acquire()
    signal: Any = worker.start(function, args, kwargs)
    if worker.busy or worker.error is not None:
        return await complete(worker, signal)  # type: ignore[no-any-return]
    release(worker)
    return signal  # type: ignore[no-any-return]


def begin(function: Callable[..., Any], /, *args: Any) -> tuple[Worker | None, Any]:
    """Execute blocking-style code of the running task up to its first ``wait``.

    Gives ``(None, result)`` when that was its end. Else both values must go to ``complete``, which executes the rest: what
    concerns only code that waits, or fails, can be done in between.
    """
    worker = acquire()
    signal = worker.start(function, args, NOTHING) if worker.fresh else worker.switch((function, args, NOTHING))
    if worker.busy or worker.error is not None:
        return worker, signal
    release(worker)
    return None, signal


async def complete(worker: Worker, signal: Any) -> Any:
    """Execute the rest of code that ``begin`` has begun, and give its result."""
    while worker.busy:
        try:
            value = await signal
        except GeneratorExit as error:
            _abandon(worker, error)
            raise
        except BaseException as error:
            signal = worker.throw(error)
        else:
            signal = worker.switch(value)
    failure = worker.error
    if failure is None:
        release(worker)
        return signal
    worker.error = None
    release(worker)
    try:
        raise failure
    finally:
        del failure, worker  # else the traceback and this frame would hold each other


def _abandon(worker: Worker, error: GeneratorExit) -> None:
    """End the job of a coroutine that is closed while it waits: nobody is left to await anything."""
    signal = worker.throw(error)
    while worker.busy:
        if isinstance(signal, Coroutine):
            signal.close()
        signal = worker.throw(
            RuntimeError("bridge.wait() was called while its task was being closed: clean-up must not wait here.")
        )
    worker.error = None
    release(worker)


def wait(awaitable: Awaitable[T]) -> T:
    """Suspend the task of this code until ``awaitable`` is done; return its result or raise its exception.

    Raises ``RuntimeError`` outside ``run``: there is no task that could be suspended.
    """
    worker = getcurrent()
    if worker.__class__ is not Worker:
        if isinstance(awaitable, Coroutine):
            awaitable.close()
        raise RuntimeError(
            "bridge.wait() works only in code started by bridge.run(). "
            + (
                "A coroutine called blocking code directly: await it through its a… twin or bridge.run()."
                if on_loop()
                else "No event loop runs here: use the blocking call, or bridge.block() for a coroutine function."
            )
        )
    return worker.driver.switch(awaitable)  # type: ignore[no-any-return]


def active() -> bool:
    """Whether this code was started by ``run``, so that it may ``wait``."""
    return getcurrent().__class__ is Worker


def on_loop() -> bool:
    """Whether this thread runs an event loop, inside or outside ``run``."""
    return loops.running_loop() is not None


def would_block() -> bool:
    """Whether blocking here would block an event loop: this thread runs one, and nothing can be suspended."""
    return loops.running_loop() is not None and getcurrent().__class__ is not Worker


def check_blocking(action: str) -> None:
    """Raise ``SynchronousOnlyOperation`` where ``action`` would block an event loop."""
    if would_block():
        raise SynchronousOnlyOperation(
            f"{action} would block the event loop. Await its a… twin, or run the code with nuages.bridge.run()."
        )


def sleep(seconds: float) -> None:
    """Sleep without blocking the loop where there is one."""
    if active():
        wait(asyncio.sleep(seconds))
    else:
        time.sleep(seconds)


async def in_thread(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Execute really blocking code in a thread, with a copy of the context variables."""
    call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(None, call)


def offload(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Execute really blocking code (hashing, a client without an async side): in a thread when a loop would be blocked, else here."""
    if active():
        return wait(in_thread(function, *args, **kwargs))
    return function(*args, **kwargs)


async def iterate(iterable: Iterable[T]) -> AsyncIterator[T]:
    """Iterate over blocking-style iterables (a generator that queries, say) from a coroutine."""
    iterator = await run(iter, iterable)
    while (item := await run(next, iterator, _END)) is not _END:
        yield item  # type: ignore[misc]


class _PrivateLoop(threading.local):
    """The loop on which a thread without one runs coroutines. It is closed with its thread."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None

    def run(self, coroutine: Coroutine[Any, Any, T], context: contextvars.Context) -> T:
        if self.loop is None or self.loop.is_closed():
            self.loop = asyncio.new_event_loop()
        return self.loop.run_until_complete(self.loop.create_task(coroutine, context=context))

    def __del__(self) -> None:
        # Only closed: waiting for the executor's threads would start one more, which hangs when the interpreter ends.
        if self.loop is not None and not self.loop.is_running():
            self.loop.close()


_private = _PrivateLoop()


def block(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Make a coroutine function callable from blocking code, on the loop (inside ``run``) or off it.

    Raises ``SynchronousOnlyOperation`` when it is called by a coroutine itself.
    """

    @functools.wraps(function)
    def blocking(*args: P.args, **kwargs: P.kwargs) -> T:
        if active():
            return wait(function(*args, **kwargs))
        check_blocking(f"{getattr(function, '__qualname__', function)}() called through bridge.block()")
        context = contextvars.copy_context()
        try:
            return _private.run(_started(function, args, kwargs), context)
        finally:
            _adopt(context)

    return blocking


async def _started(function: Callable[..., Awaitable[T]], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    return await function(*args, **kwargs)


def _adopt(context: contextvars.Context) -> None:
    """Take over what a coroutine set in its copy of the context."""
    for variable, value in context.items():
        if variable.get(_END) is not value:
            variable.set(value)
