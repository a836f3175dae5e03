"""Tests on a PostgreSQL database; other runs leave them out."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.settings import DATABASE


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The connection, in a transaction that is rolled back."""
    if DATABASE != "postgres":
        pytest.skip("part of the run on PostgreSQL")
    yield request.getfixturevalue("db")
