"""From rows to what ``values()`` and ``values_list()`` give: a function generated for each form of result."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from nuages.models.hydrate import Layout, Writer, compiled

Packer = Callable[[Iterable[Any], Any], list[Any]]

DICTIONARY: Final = "dictionary"
TUPLE: Final = "tuple"
NAMED: Final = "named tuple"
VALUE: Final = "value"


def make_packer(form: str, compiler: Any) -> Packer:
    """The function ``(rows, connection) -> list`` for a compiled query; ``form`` says what each row becomes."""
    expressions = [expression for expression, _, _ in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(expressions)
    writer = Writer(None)
    layout = Layout(expressions, converters, writer)
    values = [layout.values[index] for index in range(len(expressions))]
    if form == TUPLE and values == [f"row[{index}]" for index in range(len(values))] and not compiler.has_extra_select:
        return _as_they_are
    writer.line(1, "def load(rows, connection):")
    writer.line(2, f"return [{_item(form, values, compiler, writer)} for row in rows]")
    return compiled(writer)  # type: ignore[no-any-return]


def _item(form: str, values: list[str], compiler: Any, writer: Writer) -> str:
    """The expression for one row."""
    if form == VALUE:
        return values[0]
    if form == DICTIONARY:
        pairs = zip(compiler.column_names(), values, strict=False)
        return f"{{{', '.join(f'{name!r}: {value}' for name, value in pairs)}}}"
    item = f"({', '.join(values)},)" if values else "()"
    if form == NAMED:
        make = row_class(*compiler.column_names())._make  # type: ignore[attr-defined]
        return f"{writer.name(make, 'make')}({item})"
    return item


def _as_they_are(rows: Iterable[Any], connection: Any) -> list[Any]:
    """Rows that need nothing: drivers give tuples, which remain the same objects."""
    return list(map(tuple, rows))


@lru_cache(maxsize=512)
def row_class(*names: str) -> type:
    """The named tuple for these columns."""
    made: Any = namedtuple("Row", names)  # type: ignore[misc]
    setattr(made, "__reduce__", lambda self: (make_row, (names, tuple(self))))  # noqa: B010
    return made  # type: ignore[no-any-return]


def make_row(names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    """A named tuple again from what was pickled."""
    return row_class(*names)(*values)
