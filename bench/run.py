"""Nuages beside a peer with the same API, in one run, as ratios.

    python bench/run.py                       # everything; writes bench/results.md
    python bench/run.py --seconds 1 --only "filter,plain"

Both run on the newest Python that is found, each in an environment of its own below ``.venv``, made by the first run; ``BENCH_NUAGES`` and
``BENCH_DJANGO`` name the interpreters of other environments.
Each server has one worker on one core; wrk (Debian: ``apt install wrk``) asks from another. The peer is served by Granian over
WSGI and by Gunicorn, asynchronous views by Granian over ASGI; what it does best counts. The rows come from PostgreSQL (``PGHOST``,
``PGPORT``, ``PGUSER``, ``PGPASSWORD``). Beside requests per second stands the processor time of the server per request, which a
busy machine changes less.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from serving import HERE, Rate, Running, Server, burst, environment, load, pinned

RESULTS = HERE / "results.md"
#: What is installed beside each package. The last release of the peer for Python 3.11 is 5.2.
COMMON = ["psycopg[binary,pool]", "granian", "gunicorn", "jinja2"]
PEER, PEER_OLD = "django~=6.1", "django~=5.2"
BURST = 200
COLUMNS = ("case", "Nuages", "Django", "ratio", "target", "server's processor time per request")


@dataclass
class Row:
    """A line of the table."""

    title: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    target: str = ""
    processor: str = ""


@dataclass
class Page:
    """A page to ask for."""

    title: str
    path: str
    middleware: str = "default"
    target: str = ""
    session: bool = False
    is_async: bool = False
    rates: dict[str, list[Rate]] = field(default_factory=dict)

    def rate(self, server: str) -> Rate:
        """The median of the rounds, the least processor time."""
        rates = self.rates[server]
        return Rate(statistics.median(rate.per_second for rate in rates), min(rate.processor for rate in rates))


PAGES = [
    Page("plain text, default middleware", "/", target="≥ 5"),
    Page("JSON, default middleware", "/json/", target="≥ 5"),
    Page("plain text, no middleware", "/", middleware="none"),
    Page("plain text, async view, no middleware", "/async/", middleware="none", is_async=True),
    Page("row by key, PostgreSQL", "/book/500/", target="≥ 3"),
    Page("row by key, PostgreSQL, async view", "/async/book/500/", target="≥ 3", is_async=True),
    Page("page of 50 rows with joins, logged in", "/books/", target="≥ 4", session=True),
]
#: Title of a case in one process → its target.
TARGETS = {
    "get(pk=…), SQLite": "≥ 8",
    "filter(), built again": "< 5 µs",
    "template: table of 1,000 rows": "≥ 5",
}


def newest_python() -> tuple[str, int]:
    """Give the newest interpreter that runs, with its minor version: one on the path, one of pyenv's, or this one."""
    for minor in (14, 13, 12):
        places = [shutil.which(f"python3.{minor}"), *map(str, Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))]
        for place in filter(None, places):  # pyenv has commands on the path that only say that a version is not chosen
            if subprocess.run([place, "-c", ""], capture_output=True, check=False).returncode == 0:
                return place, minor
    return sys.executable, sys.version_info.minor


def environment_python(package: str) -> str:
    """Give the interpreter of an environment with ``package``; make it if there is none."""
    named = os.environ.get(f"BENCH_{package.upper()}")
    if named:
        return named
    base, minor = newest_python()
    home = HERE.parent / ".venv" / f"bench-{package}-3.{minor}"
    python = home / "bin" / "python"
    if not python.exists():
        print(f"making {home}", file=sys.stderr)
        wanted = [str(HERE.parent)] if package == "nuages" else [PEER if minor > 11 else PEER_OLD]
        subprocess.run([base, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted, *COMMON], check=True)
    return str(python)


def version(python: str, package: str) -> str:
    """Give what runs in an interpreter."""
    code = f"import sys, platform; from importlib.metadata import version; print(version({package!r}), platform.python_version())"
    found, interpreter = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return f"{package.capitalize()} {found}, Python {interpreter}"


# -- in one process -----------------------------------------------------------------------------------------------------------


def calls(python: str, package: str, wanted: list[str]) -> dict[str, float]:
    """Run the cases of one package."""
    command = pinned(0, [python, str(HERE / "inprocess.py"), *wanted])
    output = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(package), cwd=HERE)
    if output.returncode:
        raise SystemExit(output.stderr)
    return json.loads(output.stdout)  # type: ignore[no-any-return]


def call_rows(own: str, peer: str, wanted: list[str]) -> Iterator[Row]:
    """Give the lines of the cases in one process."""
    ours = calls(own, "nuages", wanted)
    theirs = calls(peer, "django", wanted)
    for title, time in ours.items():
        if title == "jinja2":
            continue
        row = Row(title, f"{time:,.1f} µs", f"{theirs[title]:,.1f} µs", theirs[title] / time, TARGETS.get(title, ""))
        yield row
        if title.startswith("template") and "jinja2" in ours:
            yield Row("… beside Jinja2", row.ours, f"{ours['jinja2']:,.1f} µs", ours["jinja2"] / time)


# -- served -------------------------------------------------------------------------------------------------------------------


def servers(own: str, peer: str) -> dict[str, list[Server]]:
    """Give all servers, by what middleware they have."""
    found: dict[str, list[Server]] = {"bare": [Server("bare", "nuages", own, "bare")]}
    for middleware in ("default", "none"):
        found[middleware] = [
            Server("nuages", "nuages", own, "rsgi", middleware=middleware),
            Server("granian wsgi", "django", peer, "wsgi", middleware=middleware),
            Server("gunicorn", "django", peer, "wsgi", "gunicorn", middleware=middleware),
            Server("granian asgi", "django", peer, "asgi", middleware=middleware),
        ]
    return found


def fill(python: str, package: str) -> str:
    """Make the database of a package; give the key of a session."""
    command = [python, "-m", "project.filling"]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment(package), cwd=HERE).stdout.strip()


def page_rows(own: str, peer: str, pages: list[Page], seconds: int, rounds: int) -> Iterator[Row]:
    """Give the lines of the pages: one server after another, page by page, as often as there are rounds."""
    cookies = {"nuages": fill(own, "nuages"), "django": fill(peer, "django")}
    known = servers(own, peer)
    bare: list[Rate] = []
    with ExitStack() as stack:
        running: dict[str, list[Running]] = {}
        for middleware in {"bare", *(page.middleware for page in pages)}:
            running[middleware] = [stack.enter_context(Running(server)) for server in known[middleware]]
        for turn in range(-1, rounds):
            length = seconds if turn >= 0 else 1
            bare.append(load(running["bare"][0], "/", length))
            for page in pages:
                for server in running[page.middleware]:
                    if (server.server.interface == "asgi") <= page.is_async:
                        cookie = cookies[server.server.package] if page.session else ""
                        page.rates.setdefault(server.server.title, []).append(load(server, page.path, length, cookie))
        for middleware in running:
            if middleware == "default":
                yield from burst_rows(running[middleware])
    yardstick = Page("bare RSGI handler", "/", rates={"bare": bare[1:]}).rate("bare")
    yield Row("bare RSGI handler", f"{yardstick.per_second:,.0f}/s", processor=f"{yardstick.processor:.0f} µs")
    for page in pages:
        page.rates = {title: rates[1:] for title, rates in page.rates.items()}  # the first round warms up
        yield from compared(page, yardstick)


def compared(page: Page, yardstick: Rate) -> Iterator[Row]:
    """Give the lines of one page: beside the best server of the peer, and beside the bare handler."""
    ours = page.rate("nuages")
    best = max((title for title in page.rates if title != "nuages"), key=lambda title: page.rate(title).per_second)
    peer = page.rate(best)
    text = f"{ours.per_second:,.0f}/s"
    yield Row(
        page.title, text, f"{peer.per_second:,.0f}/s ({best})", ours.per_second / peer.per_second, page.target,
        processor=f"{ours.processor:.0f} µs : {peer.processor:.0f} µs = {peer.processor / ours.processor:.2f}",
    )
    if page.middleware == "none":
        yield Row("… beside the bare handler", text, f"{yardstick.per_second:,.0f}/s", ours.per_second / yardstick.per_second, "≥ 0.5")


def burst_rows(running: list[Running]) -> Iterator[Row]:
    """Give the lines of many requests that wait for the database at once."""
    ours = running[0]
    for title, path in (("sync view", "/sleep/"), ("async view", "/async/sleep/")):
        seconds, threads = burst(ours, path, BURST)
        name = f"{BURST} requests of 0.1 s in PostgreSQL at once, {title}"
        yield Row(name, f"{seconds:.2f} s, {threads} threads", target="< 1.5 s")


# -- the table ----------------------------------------------------------------------------------------------------------------


def table(rows: list[Row], heading: str) -> str:
    """Write the table as Markdown."""
    lines = [heading, "", f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS)]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        lines.append(f"| {row.title} | {row.ours} | {row.peer} | {ratio} | {row.target} | {row.processor} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="parts of titles, with commas between")
    parser.add_argument("--skip", choices=["pages", "calls"], default="")
    options = parser.parse_args()
    wanted = [word for word in options.only.split(",") if word]
    chosen: Callable[[Page], bool] = lambda page: not wanted or any(word in page.title for word in wanted)  # noqa: E731
    own, peer = environment_python("nuages"), environment_python("django")
    rows: list[Row] = []
    pages = [page for page in PAGES if chosen(page)]
    if pages and options.skip != "pages":
        if not shutil.which("wrk"):
            raise SystemExit("The pages need wrk for their load (Debian: apt install wrk); --skip pages measures the rest.")
        rows += page_rows(own, peer, pages, options.seconds, options.rounds)
    if options.skip != "calls":
        rows += call_rows(own, peer, wanted)
    heading = f"{version(own, 'nuages')}; {version(peer, 'django')}; {os.cpu_count()} cores."
    text = table(rows, heading)
    print(text)
    if not wanted and not options.skip:
        Path(RESULTS).write_text(f"# Measured\n\n{text}")


if __name__ == "__main__":
    main()
