"""Corners of composite primary keys, on the database of the run."""

import json

import pytest
from tests.models.models import Cell

from nuages import serializers
from nuages.models import F, Max, Value
from nuages.sql.functions import Concat


@pytest.fixture
def cells(db):
    return [Cell.objects.create(row=row, column=column, text=f"{row}{column}") for row, column in ((1, 1), (1, 2), (2, 1))]


def test_the_parts_of_the_key_are_never_deferred(cells):
    cell = Cell.objects.defer("column", "text").get(pk=(1, 2))
    assert cell.pk == (1, 2) and cell.get_deferred_fields() == {"text"}


def test_functions_refuse_what_is_several_columns(cells):
    for wrong in (lambda: Cell.objects.aggregate(Max("pk")), lambda: list(Cell.objects.annotate(x=Concat("pk", Value("x"))))):
        with pytest.raises(ValueError, match="composite"):
            wrong()
    with pytest.raises(ValueError, match="several columns"):
        Cell.objects.filter(pk=F("row"))


def test_lists_of_keys_may_hold_expressions(cells):
    assert list(Cell.objects.filter(pk__in=[(F("column"), 1), (F("row"), 2)]).order_by("pk")) == cells[:2]


def test_combined_querysets_with_an_order_are_counted(cells):
    ordered = Cell.objects.order_by("pk")
    assert ordered.filter(row=1).union(ordered.filter(row=2)).count() == 3


def test_keys_are_serialized_as_lists(cells):
    text = serializers.serialize("json", Cell.objects.filter(pk=(1, 2)))
    assert json.loads(text)[0]["pk"] == [1, 2]
    (record,) = serializers.deserialize("json", text)
    assert record.object == cells[1]
    (old,) = serializers.deserialize("json", text.replace("[1, 2]", '"[\\"1\\", \\"2\\"]"'))
    assert old.object == cells[1]
