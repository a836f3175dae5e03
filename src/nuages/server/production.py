"""The production server: Granian over RSGI, with workers, HTTP/2, TLS, static files and graceful reloads."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from granian import Granian as Server
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.log import LogLevels
from granian.log import logger as server_logger

TARGET = "nuages.server.application:application"
GRACE = 30  # seconds for requests under way when a worker stops


@dataclass
class Options:
    """How to serve. All have defaults that suit a machine behind nothing else."""

    address: str = "0.0.0.0"
    port: int = 8000
    socket: str | None = None
    workers: int | None = None
    http: str = "auto"
    certificate: str | None = None
    key: str | None = None
    static: dict[str, str] = field(default_factory=dict)
    access_log: bool = False
    log_level: str = "info"
    backlog: int = 2048
    max_requests_seconds: int | None = None
    target: str = TARGET

    def worker_count(self) -> int:
        """Give the number of workers: one for each core, unless told otherwise."""
        if self.workers:
            return self.workers
        affinity = getattr(os, "sched_getaffinity", None)
        return len(affinity(0)) if affinity else os.cpu_count() or 1


class CautiousServer(Server):  # type: ignore[misc, valid-type]
    """Replaces its workers only by such as start: new code that does not leaves the old at work."""

    def _reload(self, *arguments: Any) -> None:
        if starts(self.target):
            super()._reload(*arguments)
            return
        server_logger.error("The new code does not start (see above): the workers go on with the old one")
        self.reload_signal = False
        self.main_loop_interrupt.clear()


def starts(target: str) -> bool:
    """Tell whether a new process can load the application; if not, it has written why to standard error."""
    trial = multiprocessing.get_context("spawn").Process(target=load, args=(target,))
    trial.start()
    trial.join()
    return trial.exitcode == 0


def load(target: str) -> None:
    """Load an application as a worker does."""
    module, _, name = target.partition(":")
    application = getattr(import_module(module), name or "application")
    if hasattr(application, "__rsgi_init__"):
        loop = asyncio.new_event_loop()
        application.__rsgi_init__(loop)
        loop.close()


@contextmanager
def fresh_workers() -> Iterator[None]:
    """Let workers be new processes that import everything themselves.

    Forked ones would inherit the code that this process has imported, so that a reload would change nothing. Nor need they
    run the script again that started the server.
    """
    method, script = multiprocessing.get_start_method(), sys.modules["__main__"]
    multiprocessing.set_start_method("spawn", force=True)
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
        multiprocessing.set_start_method(method, force=True)


def server(options: Options, **overrides: Any) -> Any:
    """Give the configured server."""
    arguments: dict[str, Any] = {
        "address": options.address,
        "port": options.port,
        "uds": Path(options.socket) if options.socket else None,
        "interface": Interfaces.RSGI,
        "workers": options.worker_count(),
        "runtime_mode": RuntimeModes.st,
        "http": HTTPModes(options.http),
        "websockets": True,
        "backlog": options.backlog,
        "log_level": LogLevels(options.log_level),
        "log_access": options.access_log,
        "ssl_cert": Path(options.certificate) if options.certificate else None,
        "ssl_key": Path(options.key) if options.key else None,
        "static_path_route": list(options.static),
        "static_path_mount": [Path(folder) for folder in options.static.values()],
        "workers_lifetime": options.max_requests_seconds,
        "workers_kill_timeout": GRACE,
        "respawn_failed_workers": True,
    }
    arguments.update(overrides)
    return CautiousServer(options.target, **arguments)


def serve(options: Options | None = None, **overrides: Any) -> None:
    """Serve until a signal ends it: SIGTERM and SIGINT stop gracefully, SIGHUP replaces the workers one by one."""
    chosen = options or Options()
    if chosen.socket is None and (reason := refusal(chosen.address, chosen.port)):
        sys.exit(reason)
    with fresh_workers():
        server(chosen, **overrides).serve()


def refusal(address: str, port: int) -> str | None:
    """Say why nothing can listen there; None if it can. The server itself would fail less gracefully."""
    if not 0 <= port <= 65535:
        return f"{port} is no port: ports go from 0 to 65535."
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        return f"The server cannot listen on {address}, port {port}: {error.strerror}."
    return None


def static_mounts(static_url: str | None, static_root: Any) -> dict[str, str]:
    """Give the mount for collected static files: the server answers these without Python."""
    if not static_url or not static_root or "//" in static_url or not Path(static_root).is_dir():
        return {}
    route = static_url if static_url.startswith("/") else f"/{static_url}"
    return {route.rstrip("/"): str(static_root)} if route.strip("/") else {}
