"""Restarting the development server when the project's code changes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from watchfiles import Change, DefaultFilter, watch

from nuages.apps import apps
from nuages.loggers import get_logger

logger = get_logger("utils.autoreload")

CHILD_VARIABLE = "RUN_MAIN"
# Code, templates, catalogues and settings: what a server has read once and keeps.
SOURCES = (".py", ".html", ".txt", ".xml", ".jinja", ".jinja2", ".j2", ".po", ".mo", ".toml", ".env")


class SourceFilter(DefaultFilter):
    """Changes that a server must start again for, outside of what tools write; they are logged."""

    endings: tuple[str, ...] = SOURCES

    def __call__(self, change: Change, path: str) -> bool:
        if not (path.endswith(self.endings) and super().__call__(change, path)):
            return False
        logger.info("%s changed, the server starts again.", path)
        return True


def is_child() -> bool:
    """Whether this is the process that serves, as opposed to the one that watches."""
    return os.environ.get(CHILD_VARIABLE) == "true"


def watched_folders() -> list[str]:
    """The folders in which changes matter: the current one, and those of apps that are not installed packages."""
    folders = {Path.cwd()}
    if apps.ready:
        folders |= {Path(config.path) for config in apps.get_app_configs()}
    chosen = [folder for folder in folders if "site-packages" not in folder.parts and folder.is_dir()]
    return sorted(str(folder) for folder in chosen if not any(other in folder.parents for other in chosen))


def restart_command() -> list[str]:
    """The command line of this process, to be run again."""
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    options = [f"-W{option}" for option in sys.warnoptions]
    if spec is not None and spec.parent:
        return [sys.executable, *options, "-m", spec.parent if spec.name.endswith("__main__") else spec.name, *sys.argv[1:]]
    return [sys.executable, *options, *sys.argv]


def run_with_reloader(main: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """In the serving process call *main*; else start that process, and again whenever code changes."""
    if is_child():
        main(*args, **kwargs)
        return
    # Else the end of this process would leave the other one behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        sys.exit(supervise(restart_command(), watched_folders()))
    except KeyboardInterrupt:
        pass


def supervise(command: list[str], folders: Iterable[str]) -> int:
    """Run *command* until it ends by itself; restart it at changes. A start that failed waits for the next change."""
    environment = {**os.environ, CHILD_VARIABLE: "true"}
    watched = SourceFilter()
    while True:
        with _running(command, environment) as child:
            stop = threading.Event()
            threading.Thread(target=_set_after, args=(child, stop), daemon=True).start()
            changed = next(iter(watch(*folders, watch_filter=watched, stop_event=stop, raise_interrupt=True)), None)
        if changed is None:
            if child.returncode in (0, 3):
                return child.returncode
            print("The server has stopped; it starts again when a file changes.", file=sys.stderr)
            next(iter(watch(*folders, watch_filter=watched, raise_interrupt=True)), None)


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block."""
    child = subprocess.Popen(command, env=environment)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
        child.wait()


def _set_after(child: subprocess.Popen[bytes], stop: threading.Event) -> None:
    child.wait()
    stop.set()
