"""Signals: senders tell receivers that something happened (documentation: topics/signals)."""

from __future__ import annotations

import contextlib
import inspect
import threading
import weakref
from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple, TypeVar

from nuages import bridge
from nuages.loggers import get_logger

__all__ = [
    "Signal",
    "got_request_exception",
    "idle_when",
    "receiver",
    "request_finished",
    "request_started",
    "setting_changed",
]

logger = get_logger("dispatch")

Receiver = Callable[..., Any]
R = TypeVar("R", bound=Receiver)
Key = tuple[Hashable, int]

_ANY_SENDER = 0


class _Connection(NamedTuple):
    """One receiver as connected: its key, a reference to it, and whether it is a coroutine function.

    A tuple, since tools that list the receivers of a signal unpack it.
    """

    key: Key
    reference: Callable[[], Receiver | None]
    is_async: bool


_Seen = tuple[list[_Connection], int, tuple[_Connection, ...] | None, tuple[Callable[[], bool], ...]]
F = TypeVar("F", bound=Callable[..., None])


def never() -> bool:
    """Of receivers that have not said when they are idle."""
    return False


def idle_when(nothing_to_do: Callable[[], bool]) -> Callable[[F], F]:
    """Mark a receiver that does nothing while ``nothing_to_do()``; see `Signal.is_idle`."""

    def mark(receiver: F) -> F:
        receiver.idle_when = nothing_to_do  # type: ignore[attr-defined]
        return receiver

    return mark


class Signal:
    """A kind of event. Receivers connect to it; ``send`` calls them in the order in which they connected."""

    def __init__(self, use_caching: bool = False) -> None:
        self.use_caching = use_caching
        self.receivers: list[_Connection] = []
        self.lock = threading.RLock()
        self._senders: dict[int, weakref.ref[Any]] = {}
        # What listens to which sender. Whoever exchanges the list of receivers (to mute a signal for a while) clears this.
        self.sender_receivers_cache: dict[int, tuple[_Connection, ...]] = {}
        # The list of receivers and its length when it was last looked at; these as a tuple if all listen to any sender; and when
        # they are idle, if all of them have said so.
        self._seen: _Seen = (self.receivers, 0, (), ())

    def connect(
        self, receiver: Receiver, sender: Any = None, weak: bool = True, dispatch_uid: Hashable | None = None
    ) -> None:
        """Call ``receiver(signal=…, sender=…, **named)`` for events of ``sender`` (of any, if ``None``).

        A weak receiver is dropped when it is garbage collected; connecting the same receiver (or ``dispatch_uid``) twice
        has no effect. Raises ``TypeError`` for what cannot be called, ``ValueError`` for what takes no keyword arguments.
        """
        if not callable(receiver):
            raise TypeError(f"A signal receiver must be callable, not {receiver!r}.")
        if not _accepts_keywords(receiver):
            raise ValueError("Signal receivers must accept keyword arguments (**kwargs).")
        key = (dispatch_uid or _make_id(receiver), _sender_id(sender))
        is_async = inspect.iscoroutinefunction(receiver) or inspect.iscoroutinefunction(
            getattr(receiver, "__call__", None)  # noqa: B004
        )
        with self.lock:
            if all(known.key != key for known in self.receivers):
                self.receivers.append(_Connection(key, self._reference(receiver, weak), is_async))
                self._watch(sender)
            self.sender_receivers_cache = {}

    def _watch(self, sender: Any) -> None:
        """Let the connections to a sender end with it: another object may have its identity later."""
        own = _sender_id(sender)
        if sender is None or own in self._senders:
            return
        with contextlib.suppress(TypeError):  # what cannot be referred to weakly (a string, say) is not watched
            self._senders[own] = weakref.ref(sender, lambda _reference: self._forget_sender(own))

    def _forget_sender(self, own: int) -> None:
        self._senders.pop(own, None)
        self.receivers = [known for known in self.receivers if known.key[1] != own]
        self.sender_receivers_cache = {}

    def _reference(self, receiver: Receiver, weak: bool) -> Callable[[], Receiver | None]:
        if not weak:
            return lambda: receiver
        owner = getattr(receiver, "__self__", None)
        if owner is not None and hasattr(receiver, "__func__"):
            return weakref.WeakMethod(receiver, self._forget)
        return weakref.ref(receiver, self._forget)

    def _forget(self, reference: Any) -> None:
        # Runs inside the garbage collector: replace the list instead of changing the one that a send may walk.
        self.receivers = [known for known in self.receivers if known.reference is not reference]
        self.sender_receivers_cache = {}

    def disconnect(self, receiver: Receiver | None = None, sender: Any = None, dispatch_uid: Hashable | None = None) -> bool:
        """Undo ``connect`` with the same arguments; tells whether there was something to undo."""
        key = (dispatch_uid or _make_id(receiver), _sender_id(sender))
        with self.lock:
            kept = [known for known in self.receivers if known.key != key]
            found = len(kept) != len(self.receivers)
            self.receivers = kept
            self.sender_receivers_cache = {}
        return found

    def has_listeners(self, sender: Any = None) -> bool:
        """Whether anybody would be called for an event of ``sender``."""
        return bool(self.receivers) and any(known.reference() is not None for known in self._listeners(sender))

    def is_idle(self) -> bool:
        """Whether to send this signal would do nothing: all its receivers have said so (`idle_when`), or there are none.

        Who sends often asks first.
        """
        seen, length, _general, idle = self._seen
        if seen is not self.receivers or length != len(seen):
            self._listeners(None)
            length, idle = self._seen[1], self._seen[3]
        if len(idle) == 1:
            return idle[0]()
        return all(nothing_to_do() for nothing_to_do in idle) if idle else not length

    def _listeners(self, sender: Any) -> tuple[_Connection, ...]:
        receivers = self.receivers
        seen, length, general, _idle = self._seen
        if seen is not receivers or length != len(receivers):
            same = all(known.key[1] == _ANY_SENDER for known in receivers)
            general = tuple(receivers) if same else None
            idle = {getattr(known.reference(), "idle_when", never) for known in receivers}
            self._seen = (receivers, len(receivers), general, () if never in idle else tuple(idle))
        if general is not None:
            return general
        own = _sender_id(sender)
        cached = self.sender_receivers_cache.get(own) if self.use_caching else None
        if cached is None:
            cached = tuple(known for known in self.receivers if known.key[1] in (_ANY_SENDER, own))
            if self.use_caching:
                self.sender_receivers_cache[own] = cached
        return cached

    def send(self, sender: Any, **named: Any) -> list[tuple[Receiver, Any]]:
        """Call every receiver; the first exception ends it. Returns ``(receiver, response)`` pairs in order."""
        receivers = self.receivers
        if not receivers:
            return []
        responses: list[tuple[Receiver, Any]] = []
        seen, length, general, _idle = self._seen
        if general is None or seen is not receivers or length != len(receivers):
            general = self._listeners(sender)
        for _key, reference, is_async in general:
            function = reference()
            if function is None:
                continue
            if is_async:
                response = bridge.block(function)(signal=self, sender=sender, **named)
            else:
                response = function(signal=self, sender=sender, **named)
            responses.append((function, response))
        return responses

    def send_robust(self, sender: Any, **named: Any) -> list[tuple[Receiver, Any]]:
        """As ``send``, but an exception is logged and returned as that receiver's response."""
        responses: list[tuple[Receiver, Any]] = []
        if not self.receivers:
            return responses
        for connection, function in self._alive(sender):
            try:
                response = _call(connection, function, {"signal": self, "sender": sender, **named})
            except Exception as error:
                _log_failure(function, error)
                response = error
            responses.append((function, response))
        return responses

    asend = bridge.shell(send)
    asend_robust = bridge.shell(send_robust)

    def _alive(self, sender: Any) -> list[tuple[_Connection, Receiver]]:
        alive = []
        for known in self._listeners(sender):
            function = known.reference()
            if function is not None:
                alive.append((known, function))
        return alive


def _call(connection: _Connection, function: Receiver, named: dict[str, Any]) -> Any:
    if connection.is_async:
        return bridge.block(function)(**named)
    return function(**named)


def _log_failure(function: Receiver, error: Exception) -> None:
    logger.error(
        "Error calling %s in Signal.send_robust() (%s)", getattr(function, "__qualname__", function), error, exc_info=error
    )


def _make_id(target: Any) -> Hashable:
    """The identity of a function, or of a method together with its instance."""
    if hasattr(target, "__func__"):
        return id(target.__self__), id(target.__func__)
    return id(target)


def _sender_id(sender: Any) -> int:
    return _ANY_SENDER if sender is None else id(sender)


def _accepts_keywords(function: Receiver) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a built-in that hides its signature
        return True
    return any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)


def receiver(signal: Signal | Iterable[Signal], **options: Any) -> Callable[[R], R]:
    """Decorator: connect the function to one signal or to several, with the options of ``connect``."""

    def connect(function: R) -> R:
        for each in [signal] if isinstance(signal, Signal) else signal:
            each.connect(function, **options)
        return function

    return connect


request_started: Signal = Signal()
request_finished: Signal = Signal()
got_request_exception: Signal = Signal()
setting_changed: Signal = Signal()
