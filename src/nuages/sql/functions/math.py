"""Mathematics. See the database functions reference, "Math functions"."""

from __future__ import annotations

from typing import Any

from nuages.sql import outputs
from nuages.sql.expressions.expression import SQL
from nuages.sql.expressions.functional import Func
from nuages.sql.functions.mixins import FixDecimalInputMixin, NumericOutputFieldMixin
from nuages.sql.lookups import Transform


class Abs(Transform):
    """The absolute value."""

    function = "ABS"
    lookup_name = "abs"


class ACos(NumericOutputFieldMixin, Transform):
    """The arc cosine."""

    function = "ACOS"
    lookup_name = "acos"


class ASin(NumericOutputFieldMixin, Transform):
    """The arc sine."""

    function = "ASIN"
    lookup_name = "asin"


class ATan(NumericOutputFieldMixin, Transform):
    """The arc tangent."""

    function = "ATAN"
    lookup_name = "atan"


class ATan2(NumericOutputFieldMixin, Func):
    """The arc tangent of a quotient."""

    function = "ATAN2"
    arity = 2


class Ceil(Transform):
    """The next whole number."""

    function = "CEILING"
    lookup_name = "ceil"


class Cos(NumericOutputFieldMixin, Transform):
    """The cosine."""

    function = "COS"
    lookup_name = "cos"


class Cot(NumericOutputFieldMixin, Transform):
    """The cotangent."""

    function = "COT"
    lookup_name = "cot"


class Degrees(NumericOutputFieldMixin, Transform):
    """Radians as degrees."""

    function = "DEGREES"
    lookup_name = "degrees"


class Exp(NumericOutputFieldMixin, Transform):
    """The power of e."""

    function = "EXP"
    lookup_name = "exp"


class Floor(Transform):
    """The whole number before."""

    function = "FLOOR"
    lookup_name = "floor"


class Ln(NumericOutputFieldMixin, Transform):
    """The natural logarithm."""

    function = "LN"
    lookup_name = "ln"


class Log(FixDecimalInputMixin, NumericOutputFieldMixin, Func):
    """The logarithm: base first, then the number."""

    function = "LOG"
    arity = 2


class Mod(FixDecimalInputMixin, NumericOutputFieldMixin, Func):
    """The remainder."""

    function = "MOD"
    arity = 2


class Pi(NumericOutputFieldMixin, Func):
    """Pi."""

    function = "PI"
    arity = 0

    def _resolve_output_field(self) -> Any:
        return outputs.field("FloatField")


class Power(NumericOutputFieldMixin, Func):
    """The first to the power of the second."""

    function = "POWER"
    arity = 2


class Radians(NumericOutputFieldMixin, Transform):
    """Degrees as radians."""

    function = "RADIANS"
    lookup_name = "radians"


class Random(NumericOutputFieldMixin, Func):
    """A random number from 0 up to 1."""

    function = "RANDOM"
    arity = 0

    def _resolve_output_field(self) -> Any:
        return outputs.field("FloatField")

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """RAND."""
        return self.as_sql(compiler, connection, function="RAND", **extra_context)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """From the library's whole random numbers."""
        return self.as_sql(compiler, connection, template="(0.5 - RANDOM() / 18446744073709551616.0)", **extra_context)

    def get_group_by_cols(self) -> list[Any]:
        return []


class Round(FixDecimalInputMixin, Transform):
    """Rounded to ``precision`` places."""

    function = "ROUND"
    lookup_name = "round"
    arity = None  # type: ignore[assignment]

    def __init__(self, expression: Any, precision: Any = 0, **extra: Any) -> None:
        super().__init__(expression, precision, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """Raises ValueError for a negative precision, which the library has not."""
        precision = getattr(self.get_source_expressions()[1], "value", 0)
        if isinstance(precision, int) and precision < 0:
            raise ValueError("SQLite does not support negative precision.")
        return super().as_sqlite(compiler, connection, **extra_context)

    def _resolve_output_field(self) -> Any:
        return self.get_source_expressions()[0].output_field


class Sign(Transform):
    """-1, 0 or 1."""

    function = "SIGN"
    lookup_name = "sign"


class Sin(NumericOutputFieldMixin, Transform):
    """The sine."""

    function = "SIN"
    lookup_name = "sin"


class Sqrt(NumericOutputFieldMixin, Transform):
    """The square root."""

    function = "SQRT"
    lookup_name = "sqrt"


class Tan(NumericOutputFieldMixin, Transform):
    """The tangent."""

    function = "TAN"
    lookup_name = "tan"


