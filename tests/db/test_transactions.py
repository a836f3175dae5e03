"""Transactions: nesting, marks, hooks, durability, both kinds of functions."""

import pytest

from nuages import bridge, models
from nuages.db import DatabaseError, IntegrityError, connection, transaction
from nuages.db.transaction import TransactionManagementError


class Row(models.Model):
    number = models.IntegerField(unique=True)

    class Meta:
        app_label = "db_transactions"


@pytest.fixture
def rows(tables):
    tables(Row)
    return lambda: sorted(Row.objects.values_list("number", flat=True))


def test_inner_failure_undoes_the_inner_block_only(rows):
    with transaction.atomic():
        Row.objects.create(number=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Row.objects.create(number=2)
            Row.objects.create(number=1)
        Row.objects.create(number=3)
    assert rows() == [1, 3]


def test_failure_without_savepoint_breaks_the_outer_block(rows):
    with transaction.atomic():
        Row.objects.create(number=1)
        with pytest.raises(ZeroDivisionError), transaction.atomic(savepoint=False):
            raise ZeroDivisionError
        assert connection.needs_rollback
        with pytest.raises(TransactionManagementError, match="atomic"):
            Row.objects.count()
    assert rows() == []


def test_durable_blocks_must_be_outermost(rows):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), transaction.atomic(durable=True):
        pass


def test_hooks_run_after_commit_and_not_after_rollback(rows):
    ran = []
    with transaction.atomic():
        transaction.on_commit(lambda: ran.append("outer"))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            transaction.on_commit(lambda: ran.append("inner"))
            raise ZeroDivisionError
        assert ran == []
    assert ran == ["outer"]
    transaction.on_commit(lambda: ran.append("at once"))
    assert ran == ["outer", "at once"]


def test_robust_hooks_do_not_stop_the_next(rows, caplog):
    ran = []
    with transaction.atomic():
        transaction.on_commit(lambda: 1 / 0, robust=True)
        transaction.on_commit(lambda: ran.append(True))
    assert ran == [True]
    assert "Error calling" in caplog.text


def test_savepoints_by_hand(rows):
    with transaction.atomic():
        Row.objects.create(number=1)
        sid = transaction.savepoint_create()
        Row.objects.create(number=2)
        transaction.savepoint_rollback(sid)
        Row.objects.create(number=3)
    assert rows() == [1, 3]


def test_set_rollback(rows):
    with transaction.atomic():
        Row.objects.create(number=1)
        transaction.set_rollback(True)
    assert rows() == []
    with pytest.raises(TransactionManagementError):
        transaction.get_rollback()


def test_without_autocommit(rows):
    transaction.set_autocommit(False)
    try:
        Row.objects.create(number=1)
        transaction.rollback()
        Row.objects.create(number=2)
        transaction.commit()
    finally:
        transaction.set_autocommit(True)
    assert rows() == [2]


def test_forbidden_inside_a_block(rows):
    with transaction.atomic():
        for forbidden in (transaction.commit, transaction.rollback, lambda: transaction.set_autocommit(True)):
            with pytest.raises(TransactionManagementError):
                forbidden()


def test_decorators(rows):
    @transaction.atomic
    def fail():
        Row.objects.create(number=1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert rows() == []


def test_coroutines(rows):
    @transaction.atomic
    async def fail():
        await Row.objects.acreate(number=1)
        raise ZeroDivisionError

    async def main():
        async with transaction.atomic():
            await Row.objects.acreate(number=2)
        with pytest.raises(ZeroDivisionError):
            await fail()
        return await Row.objects.acount()

    assert bridge.block(main)() == 1


def test_errors_carry_the_drivers_own(rows):
    Row.objects.create(number=1)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Row.objects.create(number=1)
    assert isinstance(caught.value, DatabaseError)
    assert isinstance(caught.value.__cause__, connection.Database.IntegrityError)
