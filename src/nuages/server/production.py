"""The production server: Granian over RSGI, with workers, HTTP/2, TLS, static files and graceful reloads."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from granian import Granian as Server
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.log import LogLevels

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
    return Server(options.target, **arguments)


def serve(options: Options | None = None, **overrides: Any) -> None:
    """Serve until a signal ends it: SIGTERM and SIGINT stop gracefully, SIGHUP replaces the workers one by one."""
    server(options or Options(), **overrides).serve()


def static_mounts(static_url: str | None, static_root: Any) -> dict[str, str]:
    """Give the mount for collected static files: the server answers these without Python."""
    if not static_url or not static_root or "//" in static_url or not Path(static_root).is_dir():
        return {}
    route = static_url if static_url.startswith("/") else f"/{static_url}"
    return {route.rstrip("/"): str(static_root)} if route.strip("/") else {}
