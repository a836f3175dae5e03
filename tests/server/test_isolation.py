"""Many visitors at once: each sees only what is its own, and nothing stays behind of those who went away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SITE = Path(__file__).with_name("isolated_site.py")


def test_visitors_never_meet(tmp_path: Path) -> None:
    environment = {**os.environ, "ISOLATION_NAME": str(tmp_path / "site.db"), "ISOLATION_USERS": "60"}
    run = subprocess.run(
        [sys.executable, str(SITE), "sqlite"], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    found = json.loads(run.stdout.strip().splitlines()[-1])
    assert found == {"wrong": [], "count": 0, "left": 1, "intact": True}
