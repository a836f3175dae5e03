"""Aggregates over pairs of numbers."""

from __future__ import annotations

from typing import Any

from nuages.models import FloatField, IntegerField
from nuages.sql.aggregates import Aggregate


class StatAggregate(Aggregate):
    """What these have in common: a dependent variable ``y`` and an independent one, ``x``."""

    output_field = FloatField()

    def __init__(self, y: Any, x: Any, output_field: Any = None, filter: Any = None, default: Any = None) -> None:
        if not (x and y):
            raise ValueError(f"{type(self).__name__} is about two variables: give y and x.")
        super().__init__(y, x, output_field=output_field, filter=filter, default=default)


class Corr(StatAggregate):
    """The coefficient of correlation."""

    function = "CORR"


class CovarPop(StatAggregate):
    """The covariance, of the population or (``sample=True``) of a sample."""

    def __init__(self, y: Any, x: Any, sample: bool = False, filter: Any = None, default: Any = None) -> None:
        self.function = "COVAR_SAMP" if sample else "COVAR_POP"
        super().__init__(y, x, filter=filter, default=default)


class RegrAvgX(StatAggregate):
    """The mean of the independent variable."""

    function = "REGR_AVGX"


class RegrAvgY(StatAggregate):
    """The mean of the dependent variable."""

    function = "REGR_AVGY"


class RegrCount(StatAggregate):
    """How many pairs are complete."""

    function = "REGR_COUNT"
    output_field = IntegerField()
    empty_result_set_value: Any = 0


class RegrIntercept(StatAggregate):
    """Where the line of least squares meets the y axis."""

    function = "REGR_INTERCEPT"


class RegrR2(StatAggregate):
    """The square of the coefficient of correlation."""

    function = "REGR_R2"


class RegrSlope(StatAggregate):
    """The slope of the line of least squares."""

    function = "REGR_SLOPE"


class RegrSXX(StatAggregate):
    """The sum of squares of the independent variable."""

    function = "REGR_SXX"


class RegrSXY(StatAggregate):
    """The sum of products of both variables."""

    function = "REGR_SXY"


class RegrSYY(StatAggregate):
    """The sum of squares of the dependent variable."""

    function = "REGR_SYY"
