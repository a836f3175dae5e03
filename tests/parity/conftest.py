"""Databases and sides for the comparison with Django: skipped, with the reason, where no environment can be made."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.parity import catalogs, sides

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def django_python() -> str:
    """The interpreter that has Django; the tests are skipped, with the reason, where there is none."""
    python, reason = sides.environment()
    if python is None:
        pytest.skip(f"no environment to compare with: {reason}")
    return python


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "mysql"])
def vendor(request: pytest.FixtureRequest) -> str:
    """Each database that answers, in turn; in a run for one database (NUAGES_TEST_DB), only that one."""
    chosen = os.environ.get("NUAGES_TEST_DB")
    if chosen and not request.param.startswith(chosen):
        pytest.skip(f"this run is for {chosen}")
    if request.param != "sqlite":
        server = {"postgresql": "postgres", "mysql": "mysql"}[request.param]
        try:
            catalogs.connect(f"{request.param}:{server}", sides.HOST).close()
        except Exception as error:
            pytest.skip(f"no {request.param} server answers on {sides.HOST}: {error}")
    return request.param


@pytest.fixture(scope="module")
def ours_and_theirs(tmp_path_factory: pytest.TempPathFactory, django_python: str) -> tuple[sides.Side, sides.Side]:
    """The two sides, with fresh copies of the site."""
    return sides.pair(tmp_path_factory.mktemp("parity"), django_python)


@pytest.fixture(scope="module")
def database(vendor: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes an empty database and gives its name as the site's settings take it."""
    made: list[str] = []

    def make() -> str:
        if vendor == "sqlite":
            return f"sqlite:{tmp_path_factory.mktemp('data') / 'db.sqlite3'}"
        name = f"nu_parity_{os.getpid()}_{next(_numbers)}"
        _execute(vendor, f"CREATE DATABASE {name}" + (" CHARACTER SET utf8mb4" if vendor == "mysql" else ""))
        made.append(name)
        return f"{vendor}:{name}"

    yield make
    for name in made:
        _execute(vendor, f"DROP DATABASE {name}" + (" WITH (FORCE)" if vendor == "postgresql" else ""))


def _execute(vendor: str, sql: str) -> None:
    connection = catalogs.connect(f"{vendor}:{'postgres' if vendor == 'postgresql' else 'mysql'}", sides.HOST)
    connection.cursor().execute(sql)
    connection.close()


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files that both sides read."""
    return tmp_path_factory.mktemp("work")
