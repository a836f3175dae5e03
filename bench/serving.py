"""Servers of one worker on one core, and load from another process on another core."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
TICK = os.sysconf("SC_CLK_TCK")


def pinned(core: int, command: list[str]) -> list[str]:
    """Keep a command on one core, where the system can."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[core % len(cores)]), *command] if shutil.which("taskset") else command


def environment(package: str, **variables: str) -> dict[str, str]:
    """Give the environment of a process that runs ``package``; a peer never sees this source."""
    paths = [str(HERE), str(SOURCE)] if package == "nuages" else [str(HERE)]
    base = {name: value for name, value in os.environ.items() if not name.startswith(("BENCH", "PYTHONPATH"))}
    base.update({f"BENCH_{name}": value for name, value in variables.items()}, BENCH_PACKAGE=package)
    base["PYTHONPATH"] = os.pathsep.join(paths)
    return base


@dataclass
class Server:
    """How one package is served."""

    title: str
    package: str
    python: str
    interface: str  # bare, rsgi, asgi or wsgi
    program: str = "granian"
    middleware: str = "default"

    def command(self, port: int) -> list[str]:
        """Give the command that starts it."""
        target = "project.application:application"
        if self.program == "gunicorn":
            return [self.python, "-m", "gunicorn", "-w", "1", "-b", f"127.0.0.1:{port}", "--log-level", "error", target]
        interface = {"bare": "rsgi", "asgi": "asginl"}.get(self.interface, self.interface)
        threads = ["--blocking-threads", "4"] if interface == "wsgi" else []  # more only take turns on one core
        return [
            self.python, "-m", "granian", "--interface", interface, "--workers", "1", "--runtime-mode", "st", "--no-ws", *threads,
            "--port", str(port), "--log-level", "error", target,
        ]


class Running:
    """A server that runs; a context manager."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.port = free_port()
        variables = {"INTERFACE": server.interface, "MIDDLEWARE": server.middleware}
        self.process = subprocess.Popen(
            pinned(0, server.command(self.port)), env=environment(server.package, **variables), cwd=HERE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise SystemExit(f"{server.title} did not start")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.2).close()
        except OSError:
            return False
        return True

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    # -- what the system knows of it ----------------------------------------------------------------------------------

    def _processes(self) -> list[int]:
        family = [self.process.pid]
        for pid in family:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                with suppress(OSError):  # a thread that has just ended
                    family += map(int, children.read_text().split())
        return family

    def processor_seconds(self) -> float:
        """Give the processor time that the server has used so far."""
        ticks = 0
        for pid in self._processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICK

    def threads(self) -> int:
        """Give the number of threads of all its processes."""
        return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in self._processes())


@dataclass
class Rate:
    """Requests per second, and microseconds of the server's processor for each."""

    per_second: float
    processor: float


def load(running: Running, path: str, seconds: int, cookie: str = "") -> Rate:
    """Ask for ``path`` over 32 connections for some seconds, with wrk.

    :raises SystemExit: an answer was not 200.
    """
    header = ["-H", f"Cookie: sessionid={cookie}"] if cookie else []
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", *header, f"http://127.0.0.1:{running.port}{path}"]
    before = running.processor_seconds()
    output = subprocess.run(pinned(1, command), capture_output=True, text=True, check=True).stdout
    used = running.processor_seconds() - before
    found = re.search(r"(\d+) requests in", output)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if "Non-2xx" in output or found is None or rate is None or not int(found[1]):
        raise SystemExit(f"{running.server.title} {path}: {output[-200:]}")
    return Rate(float(rate[1]), used / int(found[1]) * 1e6)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _ask(port: int, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def _burst(running: Running, path: str, number: int) -> tuple[float, int]:
    started = time.perf_counter()
    requests = [asyncio.ensure_future(_ask(running.port, path)) for _ in range(number)]
    most = 0
    while not all(request.done() for request in requests):
        most = max(most, running.threads())
        await asyncio.sleep(0.05)
    seconds = time.perf_counter() - started
    failed = [answer for request in requests if b" 200 " not in (answer := await request)[:20]]
    if failed:
        raise SystemExit(f"{running.server.title} {path}: {len(failed)} failed: {failed[0][:300]!r}")
    return seconds, most


def burst(running: Running, path: str, number: int) -> tuple[float, int]:
    """Send ``number`` requests at once; give the seconds until all were answered, and the most threads seen meanwhile."""
    asyncio.run(_burst(running, path, 10))
    return asyncio.run(_burst(running, path, number))
