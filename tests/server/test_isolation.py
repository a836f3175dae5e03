"""Many visitors at once: each sees only what is its own, and nothing stays behind of those who went away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SITE = Path(__file__).with_name("isolated_site.py")


def walk(vendor: str, name: str, users: int) -> None:
    environment = {**os.environ, "ISOLATION_NAME": name, "ISOLATION_USERS": str(users)}
    run = subprocess.run(
        [sys.executable, str(SITE), vendor], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    found = json.loads(run.stdout.strip().splitlines()[-1])
    assert found == {"wrong": [], "count": 0, "left": 1, "intact": True}


def test_visitors_never_meet(tmp_path: Path) -> None:
    walk("sqlite", str(tmp_path / "site.db"), 60)


@pytest.mark.skipif(os.environ.get("NUAGES_TEST_DB") != "postgres", reason="part of the run on PostgreSQL")
def test_visitors_never_meet_on_postgresql(transactional_db: Any) -> None:
    name = f"nuages_isolation_{os.getpid()}"
    with transactional_db._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        walk("postgresql", name, 100)
    finally:
        with transactional_db._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
