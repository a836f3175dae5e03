"""The process that watches the code and starts the server again."""

import logging
import sys
import threading
import time

from nuages.server.reloading import CHILD_VARIABLE, supervise

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
