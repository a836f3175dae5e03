"""Time of calls within one process: queries on SQLite, templates, forms.

``python bench/inprocess.py`` prints microseconds of processor time as JSON; words after it choose cases by their titles.
"""

from __future__ import annotations

import json
import os
import sys
import time
import timeit

os.environ["BENCH_DATABASE"] = "memory"

from project import filling

ROUND = 0.1  # seconds
ROUNDS = 7


def measure(wanted: list[str]) -> dict[str, float]:
    """Give the microseconds of each case: the best of some rounds."""
    filling.start()
    found: dict[str, float] = {}
    for name in ("orm", "template", "forms"):
        for title, run in filling.import_module(name).cases().items():
            if not wanted or any(word in title for word in wanted):
                found[title] = best(timeit.Timer(run, timer=time.process_time))
    return found


def best(timer: timeit.Timer) -> float:
    """Give the microseconds of one run."""
    number = 1
    while timer.timeit(number) < ROUND / 4:
        number *= 4
    return min(timer.repeat(ROUNDS, number)) / number * 1e6


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1:])))
