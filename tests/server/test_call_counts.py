"""What a request costs, counted in calls of Python functions: a limit that nobody raises by accident."""

import subprocess
import sys
from pathlib import Path

import pytest

COUNTED = Path(__file__).with_name("counted.py")


@pytest.mark.parametrize(("middleware", "most"), [("none", 75), ("default", 120)])
def test_calls_of_a_request(middleware: str, most: int) -> None:
    run = subprocess.run([sys.executable, str(COUNTED), middleware], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) <= most
