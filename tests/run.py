"""``make test``: the suite on SQLite, then on each other database that answers."""

import os
import socket
import subprocess
import sys
from pathlib import Path

PORTS = {"postgres": 5432, "mysql": 3306}


def answers(port: int) -> bool:
    """Whether a server listens on this port of the test host."""
    try:
        with socket.create_connection((os.environ.get("NUAGES_TEST_HOST", "127.0.0.1"), port), timeout=1):
            return True
    except OSError:
        return False


def main() -> int:
    """Run pytest once per database; the exit status is 1 if a run failed."""
    chosen = os.environ.get("NUAGES_TEST_DB")
    databases = [chosen] if chosen else ["sqlite", *(name for name, port in PORTS.items() if answers(port))]
    status = 0
    for database in databases:
        print(f"== {database}", flush=True)
        command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        done = subprocess.run(command, env={**os.environ, "NUAGES_TEST_DB": database}, cwd=Path(__file__).parents[1])
        status = status or int(done.returncode != 0)
    skipped = [name for name in PORTS if name not in databases]
    if skipped and not chosen:
        print(f"not run, as nothing answers: {', '.join(skipped)}")
    return status


if __name__ == "__main__":
    sys.exit(main())
