"""The development server: the production one with a watcher and error pages."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nuages.server.application import DEVELOPMENT
from nuages.server.production import TARGET, Options, server
from nuages.server.reloading import SOURCES, SourceFilter


class Watched(SourceFilter):
    """What the server has read, and what it serves to browsers that keep it."""

    endings = (*SOURCES, ".css", ".js")


def runserver(
    address: str = "127.0.0.1",
    port: int = 8000,
    *,
    reload: bool = True,
    static: bool = True,
    paths: list[Path] | None = None,
    target: str = TARGET,
    on_start: Callable[[], Any] | None = None,
) -> None:
    """Serve the project for its developers, until interrupted.

    :param reload: start anew when a file changes.
    :param static: serve the files of ``staticfiles`` from the applications.
    :param paths: folders to watch; the present one by default.
    :param target: ``module:object`` of the application.
    """
    os.environ[DEVELOPMENT] = "1" if static else ""
    # A forked worker would inherit the modules that this process has imported, and never see that a file has changed.
    multiprocessing.set_start_method("spawn", force=True)
    granian = server(
        Options(address=address, port=port, workers=1, access_log=True, target=target),
        reload=reload,
        reload_paths=paths or [Path.cwd()],
        reload_filter=Watched,
        reload_ignore_worker_failure=True,
        respawn_failed_workers=False,
        workers_kill_timeout=2,
    )
    if on_start is not None:
        granian.on_startup(on_start)
    granian.serve()

