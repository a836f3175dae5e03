"""How the rows of a QuerySet become what it yields: instances, dictionaries, tuples or single values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nuages.models.hydrate import key_getter, make_loader, related_instances, track_peers
from nuages.models.packing import DICTIONARY, NAMED, TUPLE, VALUE, make_packer


class BaseIterable:
    """Iterates over the results of ``queryset``; ``chunked_fetch`` reads them as they come."""

    def __init__(self, queryset: Any, chunked_fetch: bool = False, chunk_size: int = 100) -> None:
        self.queryset = queryset
        self.chunked_fetch = chunked_fetch
        self.chunk_size = chunk_size

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError("An iterable class of a QuerySet must define __iter__().")

    def _compiler(self) -> Any:
        return self.queryset.query.get_compiler(self.queryset.db)


class ModelIterable(BaseIterable):
    """Yields a model instance for each row."""

    def __iter__(self) -> Iterator[Any]:
        queryset = self.queryset
        compiler = self._compiler()
        chunks = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        finish = finisher(queryset, compiler)
        for rows in chunks:
            yield from finish(rows)


def finisher(queryset: Any, compiler: Any) -> Any:
    """The function that turns a chunk of rows into instances, with all that the queryset knows about them."""
    plan = compiler.klass_info
    if plan is None:
        return lambda rows: []
    expressions = [expression for expression, _, _ in compiler.select]
    mode = queryset._fetch_mode
    load = make_loader(
        plan, expressions, compiler.get_converters(expressions), _attributes(queryset, compiler), mode
    )
    connection = compiler.connection
    # Not asked of the router again, which may send each question elsewhere.
    alias = compiler.using
    known = [
        (field, related, key_getter(field)) for field, related in queryset._known_related_objects.items()
    ]
    tracks = mode is not None and mode.track_peers

    def finish(rows: Any) -> list[Any]:
        instances = load(rows, alias, connection)
        if tracks:
            track_peers([*instances, *related_instances(plan, instances)])
        for field, related, key in known:
            set_known(instances, field, related, key)
        return instances

    return finish


def _attributes(queryset: Any, compiler: Any) -> dict[str, int]:
    """Attribute → column of what is no field: annotations and extra columns."""
    extra = {name: index for index, name in enumerate(compiler.query.extra_select)}
    return {**extra, **compiler.annotation_col_map}


def set_known(instances: list[Any], field: Any, related: dict[Any, Any], key: Any) -> None:
    attnames = [column.attname for column in getattr(field, "local_related_fields", (field,))]
    for instance in instances:
        if field.is_cached(instance) or not all(name in instance.__dict__ for name in attnames):
            continue
        found = related.get(key(instance))
        if found is not None:
            setattr(instance, field.name, found)


class RawModelIterable(BaseIterable):
    """Yields a model instance for each row of a raw query."""

    def __iter__(self) -> Iterator[Any]:
        return self.queryset.iterator()  # type: ignore[no-any-return]


class PackingIterable(BaseIterable):
    """Yields what is made of each row without a model instance; ``form`` says what."""

    form = TUPLE

    def __iter__(self) -> Iterator[Any]:
        compiler = self._compiler()
        chunks = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        return self._packed(compiler, chunks)

    def _packed(self, compiler: Any, chunks: Any) -> Iterator[Any]:
        pack = None
        for rows in chunks:
            pack = pack or make_packer(self.form, compiler)
            yield from pack(rows, compiler.connection)


class ValuesIterable(PackingIterable):
    """Yields a dictionary for each row."""

    form = DICTIONARY


class ValuesListIterable(PackingIterable):
    """Yields a tuple for each row, in the order in which the names were given."""


class NamedValuesListIterable(ValuesListIterable):
    """Yields a named tuple for each row."""

    form = NAMED


class FlatValuesListIterable(PackingIterable):
    """Yields the only value of each row."""

    form = VALUE


PACKING = frozenset({ValuesIterable, ValuesListIterable, NamedValuesListIterable, FlatValuesListIterable})
"""The classes that do nothing but that."""
