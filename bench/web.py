"""Requests per second of the web stack, on one worker.

    python bench/web.py            # all servers and pages, needs wrk (Debian: apt install wrk)
    python bench/web.py --seconds 3 --only plain,json

Each line is a server and a page: a bare RSGI handler as the yardstick, a bare view without middleware, and views behind the
default middleware. Figures are printed with their ratio to the yardstick.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CASES = [
    ("bare RSGI", "bare", "/"),
    ("view, no middleware", "plain", "/"),
    ("JSON view, no middleware", "plain", "/json/"),
    ("async view, no middleware", "plain", "/async/"),
    ("view, default middleware", "full", "/"),
    ("JSON view, default middleware", "full", "/json/"),
    ("view with parameter, default middleware", "full", "/items/42/"),
]


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(kind: str, port: int) -> subprocess.Popen[bytes]:
    """Start a server and wait until it answers."""
    environment = {**os.environ, "BENCH": kind, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent / "src")])}
    command = [
        sys.executable, "-m", "granian", "--interface", "rsgi", "--workers", "1", "--port", str(port), "--runtime-mode", "st",
        "--no-ws", "--log-level", "error", "web_site:application",
    ]
    process = subprocess.Popen(command, env=environment)
    for _attempt in range(100):
        time.sleep(0.1)
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return process
        except OSError:
            continue
    process.kill()
    raise SystemExit(f"the server {kind!r} did not start")


def load(port: int, path: str, seconds: int) -> float:
    """Give the requests per second that wrk reports."""
    output = subprocess.run(
        ["wrk", "-t1", "-c32", f"-d{seconds}s", f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in output:
        raise SystemExit(output)
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert found, output
    return float(found[1])


def main() -> None:
    """Run the cases."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    wanted = set(filter(None, options.only.split(",")))
    yardstick = None
    for title, kind, path in CASES:
        if wanted and kind not in wanted:
            continue
        port = free_port()
        process = started(kind, port)
        try:
            load(port, path, 1)
            rate = load(port, path, options.seconds)
        finally:
            process.terminate()
            process.wait()
        yardstick = yardstick or rate
        print(f"{title:42} {rate:10,.0f}/s   {rate / yardstick:5.2f}")


if __name__ == "__main__":
    main()
