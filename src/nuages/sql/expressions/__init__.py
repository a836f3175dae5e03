"""Query expressions. See the query expressions reference."""

from __future__ import annotations

from nuages.sql.expressions.columns import Col, ColPairs, OuterRef, Ref, ResolvedOuterRef, Star
from nuages.sql.expressions.conditional import Case, When
from nuages.sql.expressions.expression import (
    BaseExpression, Combinable, CombinedExpression, Expression, F, NegatedExpression, OrderBy, OutputFieldIsNoneError,
    Sliced, Value,
)
from nuages.sql.expressions.functional import (
    DatabaseDefault, ExpressionList, ExpressionWrapper, Func, OrderByList, RawSQL,
)
from nuages.sql.expressions.subqueries import Exists, Subquery
from nuages.sql.expressions.temporal import DurationExpression, TemporalSubtraction
from nuages.sql.expressions.windows import RowRange, ValueRange, Window, WindowFrame, WindowFrameExclusion

__all__ = [
    "BaseExpression", "Case", "Col", "ColPairs", "Combinable", "CombinedExpression", "DatabaseDefault",
    "DurationExpression", "Exists", "Expression", "ExpressionList", "ExpressionWrapper", "F", "Func",
    "NegatedExpression", "OrderBy", "OrderByList", "OuterRef", "OutputFieldIsNoneError", "RawSQL", "Ref",
    "ResolvedOuterRef", "RowRange", "Sliced", "Star", "Subquery", "TemporalSubtraction", "Value", "ValueRange",
    "When", "Window", "WindowFrame", "WindowFrameExclusion",
]
