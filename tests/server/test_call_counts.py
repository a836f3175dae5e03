"""What a request costs, counted in calls of Python functions: a limit that nobody raises by accident."""

import subprocess
import sys
from pathlib import Path

import pytest

COUNTED = Path(__file__).with_name("counted.py")


@pytest.mark.parametrize(("arguments", "most"), [(["none"], 30), (["default"], 40), (["default", "theme=dark"], 55)])
def test_calls_of_a_request(arguments: list[str], most: int) -> None:
    run = subprocess.run([sys.executable, str(COUNTED), *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) <= most
