"""Functions for ``Window``. See the database functions reference, "Window functions"."""

from __future__ import annotations

from typing import Any

from nuages.sql import outputs
from nuages.sql.expressions.functional import Func


class _WindowFunction(Func):
    window_compatible = True


class _Integer(_WindowFunction):
    def _resolve_output_field(self) -> Any:
        return outputs.field("IntegerField")


class _Float(_WindowFunction):
    def _resolve_output_field(self) -> Any:
        return outputs.field("FloatField")


class CumeDist(_Float):
    """The share of rows up to this one."""

    function = "CUME_DIST"


class DenseRank(_Integer):
    """The rank, without gaps."""

    function = "DENSE_RANK"


class FirstValue(_WindowFunction):
    """The value of the frame's first row."""

    arity = 1
    function = "FIRST_VALUE"


class LastValue(_WindowFunction):
    """The value of the frame's last row."""

    arity = 1
    function = "LAST_VALUE"


class _Shifted(_WindowFunction):
    def __init__(self, expression: Any, offset: int = 1, default: Any = None, **extra: Any) -> None:
        name = type(self).__name__
        if expression is None:
            raise ValueError(f"{name} requires a non-null source expression.")
        if offset is None or offset <= 0:
            raise ValueError(f"{name} requires a positive integer for the offset.")
        args = (expression, offset) if default is None else (expression, offset, default)
        super().__init__(*args, **extra)

    def _resolve_output_field(self) -> Any:
        return self.get_source_expressions()[0].output_field


class Lag(_Shifted):
    """The value some rows before."""

    function = "LAG"


class Lead(_Shifted):
    """The value some rows after."""

    function = "LEAD"


class NthValue(_WindowFunction):
    """The value of the frame's nth row."""

    function = "NTH_VALUE"

    def __init__(self, expression: Any, nth: int = 1, **extra: Any) -> None:
        if expression is None:
            raise ValueError(f"{type(self).__name__} requires a non-null source expression.")
        if nth is None or nth <= 0:
            raise ValueError(f"{type(self).__name__} requires a positive integer as for nth.")
        super().__init__(expression, nth, **extra)

    def _resolve_output_field(self) -> Any:
        return self.get_source_expressions()[0].output_field


class Ntile(_Integer):
    """The number of the bucket, of ``num_buckets``."""

    function = "NTILE"

    def __init__(self, num_buckets: int = 1, **extra: Any) -> None:
        if num_buckets <= 0:
            raise ValueError("num_buckets must be greater than 0.")
        super().__init__(num_buckets, **extra)


class PercentRank(_Float):
    """The rank as a share."""

    function = "PERCENT_RANK"


class Rank(_Integer):
    """The rank, with gaps."""

    function = "RANK"


class RowNumber(_Integer):
    """The number of the row."""

    function = "ROW_NUMBER"


