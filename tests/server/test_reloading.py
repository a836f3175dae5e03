"""The process that watches the code and starts the server again."""

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from watchfiles import Change

import nuages
from nuages.server.reloading import CHILD_VARIABLE, SourceFilter, supervise

CHILD = """
import os, pathlib, sys, time
runs = pathlib.Path({runs!r})
runs.write_text(runs.read_text() + os.environ[{variable!r}] + " ")
if runs.read_text().count("true") == 2:
    sys.exit(0)
time.sleep(60)
"""


def test_a_change_starts_the_server_again(tmp_path, caplog):
    runs = tmp_path / "runs.txt"
    runs.write_text("")
    code = tmp_path / "code"
    code.mkdir()

    def change():
        while not runs.read_text():
            time.sleep(0.05)
        while runs.read_text().count("true") < 2:
            (code / "views.py").write_text(f"now = {time.time()}")
            time.sleep(0.2)

    threading.Thread(target=change, daemon=True).start()
    command = [sys.executable, "-c", CHILD.format(runs=str(runs), variable=CHILD_VARIABLE)]
    with caplog.at_level(logging.INFO, logger="nuages.utils.autoreload"):
        assert supervise(command, [str(code)]) == 0
    assert "views.py changed" in caplog.text


def test_templates_count_as_sources_and_what_tools_write_does_not():
    watched = SourceFilter()
    assert watched(Change.modified, "/site/templates/home.html") and watched(Change.added, "/site/locale/de/django.po")
    assert not watched(Change.modified, "/site/media/photo.png")
    assert not watched(Change.modified, "/site/__pycache__/views.py")


def test_the_server_ends_with_its_watcher(tmp_path):
    code = tmp_path / "watched.py"
    code.write_text(
        "import os, pathlib, time\n"
        "from nuages.server.reloading import run_with_reloader\n"
        f"run_with_reloader(lambda: (pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid())), time.sleep(60)))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(nuages.__file__).parents[1])}
    watcher = subprocess.Popen([sys.executable, str(code)], cwd=tmp_path, env=environment)
    pid = tmp_path / "pid"
    while not pid.exists() or not pid.read_text():
        time.sleep(0.05)
    watcher.terminate()
    assert watcher.wait(20) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
