"""Database functions. See the database functions reference."""

from __future__ import annotations

from nuages.sql.functions.comparison import Cast, Coalesce, Collate, Greatest, JSONObject, Least, NullIf
from nuages.sql.functions.datetime import (
    Extract, ExtractDay, ExtractHour, ExtractIsoWeekDay, ExtractIsoYear, ExtractMinute, ExtractMonth, ExtractQuarter,
    ExtractSecond, ExtractWeek, ExtractWeekDay, ExtractYear, Now, Trunc, TruncBase, TruncDate, TruncDay, TruncHour,
    TruncMinute, TruncMonth, TruncQuarter, TruncSecond, TruncTime, TruncWeek, TruncYear,
)
from nuages.sql.functions.json import JSONArray
from nuages.sql.functions.math import (
    Abs, ACos, ASin, ATan, ATan2, Ceil, Cos, Cot, Degrees, Exp, Floor, Ln, Log, Mod, Pi, Power, Radians, Random,
    Round, Sign, Sin, Sqrt, Tan,
)
from nuages.sql.functions.text import (
    MD5, SHA1, SHA224, SHA256, SHA384, SHA512, Chr, Concat, ConcatPair, Left, Length, Lower, LPad, LTrim, Ord, Repeat,
    Replace, Reverse, Right, RPad, RTrim, StrIndex, Substr, Trim, Upper,
)
from nuages.sql.functions.uuid import UUID4, UUID7
from nuages.sql.functions.windows import (
    CumeDist, DenseRank, FirstValue, Lag, LastValue, Lead, NthValue, Ntile, PercentRank, Rank, RowNumber,
)

__all__ = [
    "ACos", "ASin", "ATan", "ATan2", "Abs", "Cast", "Ceil", "Chr", "Coalesce", "Collate", "Concat", "ConcatPair",
    "Cos", "Cot", "CumeDist", "Degrees", "DenseRank", "Exp", "Extract", "ExtractDay", "ExtractHour",
    "ExtractIsoWeekDay", "ExtractIsoYear", "ExtractMinute", "ExtractMonth", "ExtractQuarter", "ExtractSecond",
    "ExtractWeek", "ExtractWeekDay", "ExtractYear", "FirstValue", "Floor", "Greatest", "JSONArray", "JSONObject",
    "LPad", "LTrim", "Lag", "LastValue", "Lead", "Least", "Left", "Length", "Ln", "Log", "Lower", "MD5", "Mod", "Now",
    "NthValue", "Ntile", "NullIf", "Ord", "PercentRank", "Pi", "Power", "RPad", "RTrim", "Radians", "Random", "Rank",
    "Repeat", "Replace", "Reverse", "Right", "Round", "RowNumber", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512",
    "Sign", "Sin", "Sqrt", "StrIndex", "Substr", "Tan", "Trim", "Trunc", "TruncBase", "TruncDate", "TruncDay",
    "TruncHour", "TruncMinute", "TruncMonth", "TruncQuarter", "TruncSecond", "TruncTime", "TruncWeek", "TruncYear",
    "UUID4", "UUID7", "Upper",
]
