"""What a request costs, counted in calls of Python functions: a limit that nobody raises by accident."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("arguments", "most"), [(["none"], 30), (["default"], 40), (["default", "theme=dark"], 55)])
def test_calls_of_a_request(arguments: list[str], most: int) -> None:
    command = [sys.executable, "-m", "tests.server.counted", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) <= most
