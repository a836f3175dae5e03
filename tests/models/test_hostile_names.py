"""Names that somebody crafted: they never reach the SQL as anything but a name."""

from __future__ import annotations

from typing import Any

import pytest

from nuages.contrib.auth.models import User
from nuages.models.functions import Trunc


@pytest.mark.parametrize("name", ['x") FROM nowhere; --', "x`) FROM nowhere; --", '"a" || "b"', "`a` + `b`", '"', "`"])
def test_columns_of_an_extra_order(name: str, db: Any) -> None:
    mark = db.ops.quote_name("x")[0]
    name = name.translate({ord(other): mark for other in '"`'})
    with pytest.raises(ValueError, match="cannot contain"):
        str(User.objects.extra(order_by=[f"auth_user.{name}"]).query)
    with pytest.raises(ValueError, match="cannot contain"):
        str(User.objects.extra(order_by=[f"{name}.id"]).query)


def test_quoted_columns_of_an_extra_order(db: Any) -> None:
    User.objects.create(username="one")
    User.objects.create(username="two")
    found = User.objects.extra(order_by=[f"-auth_user.{db.ops.quote_name('username')}", "auth_user.id"])
    assert [user.username for user in found] == ["two", "one"]


def test_units_that_do_not_exist(db: Any) -> None:
    if db.vendor != "mysql":
        pytest.skip("the other databases refuse the unit themselves: it is a parameter there")
    with pytest.raises(ValueError, match="Invalid lookup type"):
        list(User.objects.annotate(start=Trunc("date_joined", "day') --")))
