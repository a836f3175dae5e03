"""Text. See the database functions reference, "Text functions"."""

from __future__ import annotations

from typing import Any

from nuages.sql import outputs
from nuages.sql.expressions.expression import SQL, Value
from nuages.sql.expressions.functional import Func
from nuages.sql.functions.comparison import Cast, Coalesce
from nuages.sql.lookups import Transform


class Chr(Transform):
    """The character of a number."""

    function = "CHR"
    lookup_name = "chr"

    def _resolve_output_field(self) -> Any:
        return outputs.field("CharField")

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """CHAR of UTF-16."""
        return self.as_sql(compiler, connection, function="CHAR", template="%(function)s(%(expressions)s USING utf16)", **extra_context)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """CHAR."""
        return self.as_sql(compiler, connection, function="CHAR", **extra_context)


class ConcatPair(Func):
    """Two texts, one after the other."""

    function = "CONCAT"

    def pipes_concat_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """``a || b``."""
        return self.coalesce()._piped(compiler, connection, extra_context)

    def _piped(self, compiler: Any, connection: Any, extra_context: dict[str, Any]) -> SQL:
        return super().as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" || ", **extra_context)

    as_sqlite = pipes_concat_sql

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """With both sides as text."""
        clone = self.copy()
        text = outputs.field("TextField")
        clone.set_source_expressions([item if _is_text(item) else Cast(item, text) for item in self.get_source_expressions()])
        return clone.pipes_concat_sql(compiler, connection, **extra_context)

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """CONCAT_WS, which leaves out NULL."""
        return super().as_sql(compiler, connection, function="CONCAT_WS", template="%(function)s('', %(expressions)s)", **extra_context)

    def _resolve_output_field(self) -> Any:
        names = {type(field) for field in self.get_source_fields() if field is not None}
        if outputs.cls("TextField") in names:
            return outputs.field("TextField")
        if any(issubclass(name, outputs.cls("CharField")) for name in names):
            return outputs.field("CharField")
        return super()._resolve_output_field()

    def coalesce(self) -> ConcatPair:
        """A copy in which NULL is an empty text."""
        clone = self.copy()
        clone.set_source_expressions([Coalesce(item, Value("")) for item in clone.get_source_expressions()])
        return clone


def _is_text(expression: Any) -> bool:
    return outputs.is_instance(expression._output_field_or_none, "CharField") or outputs.is_instance(expression._output_field_or_none, "TextField")


class Concat(Func):
    """Texts, one after the other; NULL counts as an empty one."""

    function = None
    template = "%(expressions)s"

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        if len(expressions) < 2:
            raise ValueError("Concat must take at least two expressions")
        output_field = extra.get("output_field")
        made = expressions[-1]
        for item in reversed(expressions[:-1]):
            made = ConcatPair(item, made, output_field=output_field)
        super().__init__(made, **extra)


class Left(Func):
    """The first ``length`` characters."""

    function = "LEFT"
    arity = 2

    def __init__(self, expression: Any, length: Any, **extra: Any) -> None:
        if not hasattr(length, "resolve_expression") and length < 1:
            raise ValueError("'length' must be greater than 0.")
        super().__init__(expression, length, **extra)

    def _resolve_output_field(self) -> Any:
        return outputs.field("CharField")

    def get_substr(self) -> Substr:
        """The same as a part of the text."""
        return Substr(self.source_expressions[0], Value(1), self.source_expressions[1])

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """SUBSTR."""
        return self.get_substr().as_sqlite(compiler, connection, **extra_context)


class Length(Transform):
    """The number of characters."""

    function = "LENGTH"
    lookup_name = "length"

    def _resolve_output_field(self) -> Any:
        return outputs.field("IntegerField")

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """Characters, not bytes."""
        return self.as_sql(compiler, connection, function="CHAR_LENGTH", **extra_context)


class Lower(Transform):
    """In small letters."""

    function = "LOWER"
    lookup_name = "lower"


class LPad(Func):
    """Filled up on the left to ``length`` characters."""

    function = "LPAD"

    def __init__(self, expression: Any, length: Any, fill_text: Any = None, **extra: Any) -> None:
        if not hasattr(length, "resolve_expression") and length is not None and length < 0:
            raise ValueError("'length' must be greater or equal to 0.")
        super().__init__(expression, length, Value(" ") if fill_text is None else fill_text, **extra)

    def _resolve_output_field(self) -> Any:
        return outputs.field("CharField")


class RPad(LPad):
    """Filled up on the right to ``length`` characters."""

    function = "RPAD"


class LTrim(Transform):
    """Without spaces at the start."""

    function = "LTRIM"
    lookup_name = "ltrim"


class RTrim(Transform):
    """Without spaces at the end."""

    function = "RTRIM"
    lookup_name = "rtrim"


class Trim(Transform):
    """Without spaces at both ends."""

    function = "TRIM"
    lookup_name = "trim"


class MD5(Transform):
    """The MD5 hash in hexadecimal."""

    function = "MD5"
    lookup_name = "md5"


class Ord(Transform):
    """The number of the first character."""

    function = "ASCII"
    lookup_name = "ord"

    def _resolve_output_field(self) -> Any:
        return outputs.field("IntegerField")

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """ORD."""
        return self.as_sql(compiler, connection, function="ORD", **extra_context)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """UNICODE."""
        return self.as_sql(compiler, connection, function="UNICODE", **extra_context)


class Repeat(Func):
    """The text ``number`` times."""

    function = "REPEAT"

    def __init__(self, expression: Any, number: Any, **extra: Any) -> None:
        if not hasattr(number, "resolve_expression") and number is not None and number < 0:
            raise ValueError("'number' must be greater or equal to 0.")
        super().__init__(expression, number, **extra)

    def _resolve_output_field(self) -> Any:
        return outputs.field("CharField")


class Replace(Func):
    """Every ``text`` in the expression replaced."""

    function = "REPLACE"

    def __init__(self, expression: Any, text: Any, replacement: Any = None, **extra: Any) -> None:
        super().__init__(expression, text, Value("") if replacement is None else replacement, **extra)


class Reverse(Transform):
    """The characters from last to first."""

    function = "REVERSE"
    lookup_name = "reverse"


class Right(Left):
    """The last ``length`` characters."""

    function = "RIGHT"

    def get_substr(self) -> Substr:
        return Substr(self.source_expressions[0], self.source_expressions[1] * Value(-1), self.source_expressions[1])


class _SHA(Transform):
    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """SHA2 with the length."""
        return self.as_sql(compiler, connection, template=f"SHA2(%(expressions)s, {self.function[3:]})", **extra_context)  # type: ignore[index]

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """The hash of the text's UTF-8, in hexadecimal."""
        template = f"ENCODE({(self.function or '').upper()}(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
        return self.as_sql(compiler, connection, template=template, **extra_context)


class _NeedsPgcrypto(_SHA):
    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """DIGEST, of the extension pgcrypto."""
        template = f"ENCODE(DIGEST(%(expressions)s, '{(self.function or '').lower()}'), 'hex')"
        return self.as_sql(compiler, connection, template=template, **extra_context)


class SHA1(_NeedsPgcrypto):
    """The SHA-1 hash in hexadecimal."""

    function = "SHA1"
    lookup_name = "sha1"

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        return self.as_sql(compiler, connection, **extra_context)


class SHA224(_SHA):
    """The SHA-224 hash in hexadecimal."""

    function = "SHA224"
    lookup_name = "sha224"


class SHA256(_SHA):
    """The SHA-256 hash in hexadecimal."""

    function = "SHA256"
    lookup_name = "sha256"


class SHA384(_SHA):
    """The SHA-384 hash in hexadecimal."""

    function = "SHA384"
    lookup_name = "sha384"


class SHA512(_SHA):
    """The SHA-512 hash in hexadecimal."""

    function = "SHA512"
    lookup_name = "sha512"


class StrIndex(Func):
    """Where a text begins in another: 1 for its start, 0 if it is not in it."""

    function = "INSTR"
    arity = 2

    def _resolve_output_field(self) -> Any:
        return outputs.field("IntegerField")

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """STRPOS."""
        return super().as_sql(compiler, connection, function="STRPOS", **extra_context)


class Substr(Func):
    """``length`` characters from position ``pos`` (from 1) on."""

    function = "SUBSTRING"

    def __init__(self, expression: Any, pos: Any, length: Any = None, **extra: Any) -> None:
        if not hasattr(pos, "resolve_expression") and pos < 1:
            raise ValueError("'pos' must be greater than 0")
        args = (expression, pos) if length is None else (expression, pos, length)
        super().__init__(*args, **extra)

    def _resolve_output_field(self) -> Any:
        return outputs.field("CharField")

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """SUBSTR."""
        return super().as_sql(compiler, connection, function="SUBSTR", **extra_context)


class Upper(Transform):
    """In capitals."""

    function = "UPPER"
    lookup_name = "upper"
