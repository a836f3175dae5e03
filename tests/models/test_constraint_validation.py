"""What ``validate()`` of constraints and ``Q.check()`` find, on the database of the run."""

import pytest
from tests.models.models import Item, Writer

from nuages.db import connection
from nuages.exceptions import FieldError, ValidationError
from nuages.models import BooleanField, Case, CharField, F, Q, UniqueConstraint, Value, When
from nuages.sql.expressions import RawSQL
from nuages.sql.functions import Lower


@pytest.fixture
def ann(db):
    return Writer.objects.create(name="Ann", age=30)


def test_a_condition_that_is_unknown_does_not_hold(ann):
    constraint = UniqueConstraint(fields=["name"], condition=Q(age__gt=0), name="grown_ups")
    constraint.validate(Writer, Writer(name="Ann", age=None))
    with pytest.raises(ValidationError, match="grown_ups"):
        constraint.validate(Writer, Writer(name="Ann", age=1))


def test_a_condition_that_means_nothing_is_an_error(ann):
    with pytest.raises(FieldError):
        UniqueConstraint(fields=["name"], condition=Q(name__nonsense=1), name="wrong").validate(Writer, Writer(name="Ann"))


def test_a_case_sees_the_values_of_the_instance(db):
    Writer.objects.create(name="Ann")
    constraint = UniqueConstraint(Case(When(age__isnull=True, then=F("name"))), name="ageless")
    with pytest.raises(ValidationError, match="ageless"):
        constraint.validate(Writer, Writer(name="Ann"))
    constraint.validate(Writer, Writer(name="Ann", age=3))


@pytest.mark.parametrize("parts", [{"fields": ["age"]}, {"expressions": [F("age") + 1]}])
def test_nulls_clash_where_they_are_not_distinct(db, parts):
    Writer.objects.create(name="Ann")
    expressions = parts.pop("expressions", [])
    with pytest.raises(ValidationError):
        UniqueConstraint(*expressions, **parts, nulls_distinct=False, name="one_null").validate(Writer, Writer(name="Bob"))
    UniqueConstraint(*expressions, **parts, name="many_nulls").validate(Writer, Writer(name="Bob"))


def test_a_generated_field_is_compared_by_its_expression(db):
    Item.objects.create(stock=4)
    constraint = UniqueConstraint(fields=["twice"], name="twice_unique")
    with pytest.raises(ValidationError):
        constraint.validate(Item, Item(stock=4))
    constraint.validate(Item, Item(stock=5))
    constraint.validate(Item, Item(stock=4), exclude={"stock"})


def test_lookups_over_replaced_names_become_lookups_over_the_values():
    condition = Q(name__lower__startswith="a", age=3) | ~Q(name=None)
    CharField.register_lookup(Lower)
    try:
        replaced = condition.replace_expressions({F("name"): Value("Ann")})
    finally:
        CharField._unregister_lookup(Lower)
    assert "Value('Ann')" in repr(replaced) and "('age', 3)" in repr(replaced)
    assert not any(isinstance(each, tuple) and each[0].startswith("name") for each in replaced.children)


def test_a_check_that_the_database_refuses_counts_as_met_and_leaves_the_transaction_usable(db, caplog):
    condition = Q(RawSQL("no_such_column > %s", (20,), output_field=BooleanField()))
    assert condition.check({"age": 10}) is True
    assert "no_such_column" in caplog.text and "Coalesce" not in caplog.text
    assert connection.rows("SELECT 1") == [(1,)]
