"""asgiref's ``async_to_sync`` in code that runs on the event loop.

It refuses a thread whose loop runs. Under Nuages plain views do run there, in a greenlet that can wait: so there the bridge awaits the
coroutine in the task of the request. Elsewhere asgiref does what it always does.
"""

from typing import Any

from asgiref.sync import AsyncToSync

from nuages import bridge

_elsewhere = AsyncToSync.__call__


def _call(self: Any, *args: Any, **kwargs: Any) -> Any:
    if bridge.active():
        return bridge.wait(self.awaitable(*args, **kwargs))
    return _elsewhere(self, *args, **kwargs)


def install() -> None:
    """Teach ``async_to_sync`` to wait by the bridge; a second call changes nothing."""
    AsyncToSync.__call__ = _call  # type: ignore[method-assign]
