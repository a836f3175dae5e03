"""Version numbers: tuples ``(major, minor, micro, stage, number)`` and the text of them (PEP 440)."""

import datetime
import functools
import os
import re
import subprocess
import sys
from typing import Any

PYPY = sys.implementation.name == "pypy"
PY38, PY39, PY310, PY311, PY312, PY313, PY314, PY315 = (sys.version_info >= (3, minor) for minor in range(8, 16))

Version = tuple[Any, ...]
# What the drop-in answers for; the native version stands in nuages.__version__.
COMPATIBLE_VERSION: Version = (6, 1, 3, "final", 0)
_STAGES = {"alpha": "a", "beta": "b", "rc": "rc"}


def get_complete_version(version: Version | None = None) -> Version:
    """Return ``version``, checked, or the version of the API that this release speaks."""
    if version is None:
        return COMPATIBLE_VERSION
    if len(version) != 5 or version[3] not in (*_STAGES, "final"):
        raise ValueError(f"{version!r} is not a version: five parts, the fourth of them alpha, beta, rc or final.")
    return version


def get_main_version(version: Version | None = None) -> str:
    """Return ``X.Y`` or, if the third part is not zero, ``X.Y.Z``."""
    complete = get_complete_version(version)
    return ".".join(str(part) for part in complete[: 2 if complete[2] == 0 else 3])


def get_version(version: Version | None = None) -> str:
    """Return the version as PEP 440 writes it; an alpha 0 is a development version with the time of its commit."""
    complete = get_complete_version(version)
    main = get_main_version(complete)
    if complete[3] == "final":
        return main
    if complete[3] == "alpha" and complete[4] == 0:
        changeset = get_git_changeset()
        return f"{main}.dev{changeset or ''}"
    return f"{main}{_STAGES[complete[3]]}{complete[4]}"


def get_docs_version(version: Version | None = None) -> str:
    """Return the part of a documentation address: ``X.Y``, or ``dev`` before a release."""
    complete = get_complete_version(version)
    return f"{complete[0]}.{complete[1]}" if complete[3] == "final" else "dev"


@functools.lru_cache
def get_git_changeset() -> str | None:
    """Return the UTC time of the latest commit as ``YYYYMMDDHHMMSS``, or None outside a repository."""
    here = os.path.dirname(os.path.abspath(__file__))
    log = subprocess.run(["git", "log", "-1", "--format=%ct"], capture_output=True, text=True, cwd=here, check=False)
    if log.returncode or not log.stdout.strip().isdigit():
        return None
    return datetime.datetime.fromtimestamp(int(log.stdout), tz=datetime.UTC).strftime("%Y%m%d%H%M%S")


def get_version_tuple(version: str) -> tuple[int, ...]:
    """Return the numbers at the beginning of a version: ``(1, 2, 3)`` for ``1.2.3rc2``."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()
