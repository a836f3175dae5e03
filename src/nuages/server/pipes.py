"""Long responses through a named pipe, so that they are made no faster than their clients take them.

What is handed to RSGI's ``response_stream`` waits in the server's memory, however slow the client is: a large file sent to a
slow telephone would lie there as a whole. A file the server reads piece by piece, as its client takes it. So a stream becomes a
file, one that has no content but what is just being written: the operating system makes the writer wait for the reader.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import tempfile
import weakref
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

from nuages.exceptions import RequestAborted

#: So long (seconds) the server may take to open a pipe; it does so at once, unless it has no file descriptors left.
PATIENCE = 10
PAUSE = 0.0005


class Pipes:
    """Makes pipes, in a folder of this process that nobody else can read."""

    available = hasattr(os, "mkfifo")

    def __init__(self) -> None:
        self._folder: str | None = None
        self._numbers = count()

    async def send(self, protocol: Any, status: int, headers: list[tuple[str, str]], chunks: AsyncIterator[bytes]) -> None:
        """Send a response.

        :raises RequestAborted: the client has gone away.
        """
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="nuages-")
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        path = os.path.join(self._folder, str(next(self._numbers)))
        os.mkfifo(path, 0o600)
        try:
            protocol.response_file(status, headers, path)
            descriptor = await opened(path)
        finally:
            os.unlink(path)
        try:
            async for chunk in chunks:
                await write(descriptor, chunk)
        except BrokenPipeError as error:
            raise RequestAborted("The client went away before it had the whole response.") from error
        finally:
            os.close(descriptor)


async def opened(path: str) -> int:
    """Open a pipe for writing, as soon as the server has opened it for reading.

    :raises TimeoutError: it does not.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
            await asyncio.sleep(PAUSE)


async def write(descriptor: int, data: bytes) -> None:
    """Write all of ``data``, and wait where the pipe is full."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            await writable(descriptor)


async def writable(descriptor: int) -> None:
    """Wait until something can be written."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_writer(descriptor, wake)
    try:
        await ready
    finally:
        loop.remove_writer(descriptor)
