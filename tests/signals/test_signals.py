"""Signals: who is called, in what order, and when nobody need be."""

import asyncio
import gc
import logging

import pytest

from nuages.signals import Signal, idle_when, receiver


def test_receivers_are_called_in_order_with_what_was_sent():
    signal = Signal()
    first = lambda signal, sender, **named: ("first", sender, named)  # noqa: E731
    signal.connect(first)

    @receiver(signal)
    def second(**named):
        return "second"

    assert signal.send("me", size=3) == [(first, ("first", "me", {"size": 3})), (second, "second")]


def test_a_receiver_hears_its_sender_only_and_is_connected_once():
    signal, heard = Signal(use_caching=True), []

    def hear(sender, **named):
        heard.append(sender)

    class A: ...

    class B: ...

    signal.connect(hear, sender=A)
    signal.connect(hear, sender=A)
    signal.send(A)
    signal.send(B)
    assert heard == [A] and signal.has_listeners(A) and not signal.has_listeners(B)
    assert signal.disconnect(hear, sender=A) and not signal.disconnect(hear, sender=A)
    signal.send(A)
    assert heard == [A]


def test_weak_receivers_end_with_their_owner():
    signal = Signal()

    class Owner:
        def hear(self, **named):
            return "heard"

    owner = Owner()
    signal.connect(owner.hear)
    signal.connect(lambda **named: "kept", weak=False)
    assert [answer for _, answer in signal.send(None)] == ["heard", "kept"]
    del owner
    gc.collect()
    assert [answer for _, answer in signal.send(None)] == ["kept"]


def test_connections_end_with_their_sender():
    signal, heard = Signal(use_caching=True), []

    class Sender: ...

    def hear(sender, **named):
        heard.append(sender)

    sender = Sender()
    signal.connect(hear, sender=sender)
    signal.connect(hear, sender="text")  # cannot be referred to weakly
    signal.send(sender)
    assert len(heard) == 1 and len(signal.receivers) == 2
    heard.clear()
    del sender
    gc.collect()
    assert len(signal.receivers) == 1


def test_async_receivers_are_awaited_in_both_colours():
    signal = Signal()

    async def hear(**named):
        await asyncio.sleep(0)
        return "awaited"

    signal.connect(hear)
    assert signal.send(None) == [(hear, "awaited")]
    assert asyncio.run(signal.asend(None)) == [(hear, "awaited")]


def test_robust_sending_keeps_and_logs_errors(caplog):
    signal = Signal()
    error = ValueError("broken")

    def break_down(**named):
        raise error

    signal.connect(break_down)
    with caplog.at_level(logging.ERROR):
        assert signal.send_robust(None) == [(break_down, error)]
    assert "break_down" in caplog.text
    with pytest.raises(ValueError, match="broken"):
        signal.send(None)


@pytest.mark.parametrize(("wrong", "kind"), [("text", TypeError), (lambda sender: None, ValueError)])
def test_what_cannot_receive_is_refused(wrong, kind):
    with pytest.raises(kind, match="receiver"):
        Signal().connect(wrong)


def test_a_signal_is_idle_while_all_its_receivers_say_so():
    signal, busy, calls = Signal(), [], []
    assert signal.is_idle()

    @receiver(signal)
    @idle_when(lambda: not busy)
    def close(**named):
        calls.append("close")

    assert signal.is_idle()
    busy.append(1)
    assert not signal.is_idle()
    busy.clear()

    @idle_when(lambda: len(busy) < 2)
    def other(**named):
        calls.append("other")

    signal.connect(other)
    assert signal.is_idle()
    signal.send(None)
    assert calls == ["close", "other"]  # asking is left to those who send

    def always(**named):
        calls.append("always")

    signal.connect(always)
    assert not signal.is_idle()
    signal.disconnect(always)
    assert signal.is_idle()
