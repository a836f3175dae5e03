"""Restarting the development server when the project's code changes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from watchfiles import PythonFilter, watch

from nuages.apps import apps
from nuages.loggers import get_logger

logger = get_logger("utils.autoreload")

CHILD_VARIABLE = "RUN_MAIN"


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
    try:
        sys.exit(supervise(restart_command(), watched_folders()))
    except KeyboardInterrupt:
        pass


def supervise(command: list[str], folders: Iterable[str]) -> int:
    """Run *command* until it ends by itself; restart it at changes. A start that failed waits for the next change."""
    environment = {**os.environ, CHILD_VARIABLE: "true"}
    changes = PythonFilter(extra_extensions=(".env", ".toml"))
    while True:
        child = subprocess.Popen(command, env=environment)
        stop = threading.Event()
        ended = threading.Thread(target=_set_after, args=(child, stop), daemon=True)
        ended.start()
        changed = next(iter(watch(*folders, watch_filter=changes, stop_event=stop, raise_interrupt=True)), None)
        if changed is None and child.returncode is not None:
            if child.returncode in (0, 3):
                return child.returncode
            print("The server has stopped; it starts again when a file changes.", file=sys.stderr)
            next(iter(watch(*folders, watch_filter=changes, raise_interrupt=True)), None)
        else:
            logger.info("%s changed, the server starts again.", ", ".join(sorted(path for _, path in changed or ())))
            child.terminate()
            child.wait()


def _set_after(child: subprocess.Popen[bytes], stop: threading.Event) -> None:
    child.wait()
    stop.set()
