"""Aggregates of PostgreSQL (documentation: ref/contrib/postgres/aggregates)."""

from nuages.contrib.postgres.aggregates.general import ArrayAgg, BitAnd, BitOr, BitXor, BoolAnd, BoolOr, JSONBAgg, StringAgg
from nuages.contrib.postgres.aggregates.statistics import (
    Corr, CovarPop, RegrAvgX, RegrAvgY, RegrCount, RegrIntercept, RegrR2, RegrSlope, RegrSXX, RegrSXY, RegrSYY, StatAggregate,
)

__all__ = [
    "ArrayAgg", "BitAnd", "BitOr", "BitXor", "BoolAnd", "BoolOr", "Corr", "CovarPop", "JSONBAgg", "RegrAvgX", "RegrAvgY", "RegrCount",
    "RegrIntercept", "RegrR2", "RegrSXX", "RegrSXY", "RegrSYY", "RegrSlope", "StatAggregate", "StringAgg",
]
