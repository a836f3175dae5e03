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


@pytest.mark.parametrize("huge", [2**63, -(2**63) - 1, 10**30, 10**400])
def test_numbers_beyond_the_column(huge: int, db: Any) -> None:
    user = User.objects.create(username="one")
    assert not User.objects.filter(id__in=[huge]).exists()
    assert User.objects.filter(id__in=[huge, user.pk]).get() == user
    assert User.objects.exclude(id__in=[huge]).get() == user
    assert list(User.objects.filter(id__range=sorted([user.pk, huge]))) == [user]
    assert not User.objects.filter(groups=huge).exists()
    assert not User.objects.filter(groups__in=[huge]).exists()
    assert User.objects.filter(groups__in=[huge]).delete()[0] == 0
    assert User.objects.filter(pk__in=[huge, user.pk]).update(first_name="One") == 1
    assert User.objects.filter(pk__in=[huge]).update(first_name="None") == 0


@pytest.mark.parametrize("year", [0, 9999, 10_000, 2**40])
def test_years_that_python_does_not_know(year: int, db: Any) -> None:
    user = User.objects.create(username="one")
    assert not User.objects.filter(date_joined__year=year).exists()
    assert User.objects.filter(date_joined__year__gt=year).exists() is (year == 0)
    assert list(User.objects.filter(date_joined__year__lte=year)) == ([] if year == 0 else [user])
    assert not User.objects.filter(date_joined__iso_year=year).exists()


def test_numbers_that_would_be_stored_are_refused(db: Any) -> None:
    if db.vendor != "sqlite":
        pytest.skip("the other databases check the range of a column")
    with pytest.raises(OverflowError), db.cursor() as cursor:
        cursor.execute("INSERT INTO auth_group (id, name) VALUES (%s, 'huge')", [2**63])
