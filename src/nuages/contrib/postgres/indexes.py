"""Indexes of PostgreSQL's own kinds (documentation: ref/contrib/postgres/indexes)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from nuages.contrib.postgres.installation import installation_errors
from nuages.models import Index
from nuages.sql.expressions import Func

__all__ = [
    "BTreeIndex",
    "BloomIndex",
    "BrinIndex",
    "GinIndex",
    "GistIndex",
    "HashIndex",
    "OpClass",
    "PostgresIndex",
    "SpGistIndex",
]


class PostgresIndex(Index):
    """What these have in common: the access method, which ``suffix`` names, and ``storage``, its parameters."""

    storage: ClassVar[tuple[str, ...]] = ()

    @property
    def max_name_length(self) -> int:  # type: ignore[override]
        """As with all indexes, but that the suffix may be longer."""
        return Index.max_name_length - len(Index.suffix) + len(self.suffix)

    def check(self, model: Any, connection: Any) -> list[Any]:
        """As with all indexes, and postgres.E005."""
        return [*super().check(model, connection), *installation_errors(self)]

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """The statement that creates the index, with its access method and parameters."""
        statement = super().create_sql(model, schema_editor, using=f" USING {using or self.suffix}", **kwargs)
        parameters = self.get_with_params()
        if parameters:
            statement.parts["extra"] = f" WITH ({', '.join(parameters)}){statement.parts['extra']}"
        return statement

    def get_with_params(self) -> list[str]:
        """The parameters, as ``CREATE INDEX`` takes them after ``WITH``."""
        return [f"{name} = {_written(value)}" for name in self.storage if (value := getattr(self, name)) is not None]

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {name: value for name in self.storage if (value := getattr(self, name)) is not None}


def _written(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else f"{value:d}"


class BloomIndex(PostgresIndex):
    """A small index for equality of any of many columns; needs the extension ``bloom``.

    Args:
        length: Bits of an entry.
        columns: Bits for each column.
    """

    suffix = "bloom"

    def __init__(
        self, *expressions: Any, length: int | None = None, columns: Sequence[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*expressions, **kwargs)
        listed = isinstance(columns, (list, tuple))
        for wrong, message in (
            (len(self.fields) > 32, "A bloom index has room for 32 fields."),
            (not listed, "BloomIndex.columns is a list or tuple of numbers of bits, one for each field."),
            (listed and len(columns) > len(self.fields), "BloomIndex.columns has more numbers than there are fields."),
            (listed and not all(0 < bits <= 4095 for bits in columns), "BloomIndex.columns takes from 1 to 4095 bits."),
            (length is not None and not 0 < length <= 4096, "BloomIndex.length is from 1 to 4096 bits, or None."),
        ):
            if wrong:
                raise ValueError(message)
        self.length = length
        self.columns = columns

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        given = {"length": self.length, "columns": self.columns or None}
        return path, args, kwargs | {name: value for name, value in given.items() if value is not None}

    def get_with_params(self) -> list[str]:
        """The length, and the bits of each column."""
        length = [] if self.length is None else [f"length = {self.length:d}"]
        return length + [f"col{number} = {bits:d}" for number, bits in enumerate(self.columns, 1)]


class BrinIndex(PostgresIndex):
    """A tiny index for columns whose values go with the place of their rows, as those of a log do.

    Args:
        autosummarize: Whether full ranges of pages are summed up at once.
        pages_per_range: How many pages are summed up together.
    """

    suffix = "brin"
    storage = ("autosummarize", "pages_per_range")

    def __init__(
        self, *expressions: Any, autosummarize: bool | None = None, pages_per_range: int | None = None, **kwargs: Any
    ) -> None:
        if pages_per_range is not None and pages_per_range <= 0:
            raise ValueError("BrinIndex.pages_per_range is at least 1, or None.")
        super().__init__(*expressions, **kwargs)
        self.autosummarize, self.pages_per_range = autosummarize, pages_per_range


class BTreeIndex(PostgresIndex):
    """The usual index, with a say in its pages.

    Args:
        fillfactor: How full they are made, in per cent.
        deduplicate_items: Whether equal entries share one.
    """

    suffix = "btree"
    storage = ("fillfactor", "deduplicate_items")

    def __init__(
        self, *expressions: Any, fillfactor: int | None = None, deduplicate_items: bool | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*expressions, **kwargs)
        self.fillfactor, self.deduplicate_items = fillfactor, deduplicate_items


class GinIndex(PostgresIndex):
    """An index of what values consist of: items of arrays, words of documents, keys.

    Args:
        fastupdate: Whether new entries wait in a list.
        gin_pending_list_limit: How long that list may become, in kilobytes.
    """

    suffix = "gin"
    storage = ("gin_pending_list_limit", "fastupdate")

    def __init__(
        self,
        *expressions: Any,
        fastupdate: bool | None = None,
        gin_pending_list_limit: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*expressions, **kwargs)
        self.fastupdate, self.gin_pending_list_limit = fastupdate, gin_pending_list_limit


class GistIndex(PostgresIndex):
    """An index of what lies where: ranges, shapes, documents.

    Args:
        buffering: Whether it is built with a buffer.
        fillfactor: How full its pages are made, in per cent.
    """

    suffix = "gist"
    storage = ("buffering", "fillfactor")

    def __init__(
        self, *expressions: Any, buffering: bool | None = None, fillfactor: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*expressions, **kwargs)
        self.buffering, self.fillfactor = buffering, fillfactor


class HashIndex(PostgresIndex):
    """An index for equality alone; ``fillfactor`` says how full its pages are made, in per cent."""

    suffix = "hash"
    storage = ("fillfactor",)

    def __init__(self, *expressions: Any, fillfactor: int | None = None, **kwargs: Any) -> None:
        super().__init__(*expressions, **kwargs)
        self.fillfactor = fillfactor


class SpGistIndex(PostgresIndex):
    """An index for values that fall into parts of uneven size; ``fillfactor`` says how full its pages are made, in per cent."""

    suffix = "spgist"
    storage = ("fillfactor",)

    def __init__(self, *expressions: Any, fillfactor: int | None = None, **kwargs: Any) -> None:
        super().__init__(*expressions, **kwargs)
        self.fillfactor = fillfactor


class OpClass(Func):
    """An expression of an index or constraint with the operator class *name*."""

    template = "%(expressions)s %(name)s"
    constraint_validation_compatible = False

    def __init__(self, expression: Any, name: str) -> None:
        super().__init__(expression, name=name)
