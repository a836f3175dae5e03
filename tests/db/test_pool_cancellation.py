"""Who goes away while waiting for a connection: is cancelled for certain, and leaves what came free to the next one."""

from __future__ import annotations

import asyncio
from typing import Any

from nuages import bridge
from nuages.db.pool import Pool


async def at_once() -> tuple[bool, bool]:
    pool = Pool(object, lambda _raw: True, lambda _raw: None, max_size=1, timeout=5)
    held, _new = pool.lease()
    reached: list[Any] = []

    def use() -> None:
        connection, _fresh = pool.lease()
        reached.append(connection)

    leaving = asyncio.ensure_future(bridge.run(use))
    staying = asyncio.ensure_future(bridge.run(use))
    await asyncio.sleep(0.01)
    pool.give(held)
    await asyncio.sleep(0)  # the waiter's future has its result, its task has not gone on yet
    leaving.cancel()
    done, _pending = await asyncio.wait([staying], timeout=1)
    await asyncio.wait([leaving], timeout=1)
    return leaving.cancelled(), bool(done) and reached == [held]


def test_cancelled_when_woken() -> None:
    assert asyncio.run(at_once()) == (True, True)
