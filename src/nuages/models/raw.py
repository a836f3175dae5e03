"""Instances from SQL that the user wrote: ``Manager.raw()``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cached_property
from typing import Any

from nuages import bridge
from nuages.db import connections, router
from nuages.exceptions import FieldDoesNotExist
from nuages.models.hydrate import from_db_caller, track_peers
from nuages.models.prefetch import prefetch_related_objects
from nuages.sql.query import RawQuery


class RawQuerySet:
    """The results of a SQL text as instances of a model; columns that are no fields become attributes."""

    def __init__(
        self,
        raw_query: str,
        model: Any = None,
        query: Any = None,
        params: Any = (),
        translations: dict[str, str] | None = None,
        using: str | None = None,
        hints: dict[str, Any] | None = None,
    ) -> None:
        self.raw_query = raw_query
        self.model = model
        self._db = using
        self._hints = hints or {}
        self.query = query or RawQuery(sql=raw_query, using=self.db, params=params)
        self.params = params
        self.translations = translations or {}
        self._result_cache: list[Any] | None = None
        self._prefetch_related_lookups: tuple[Any, ...] = ()
        self._prefetch_done = False
        self._fetch_mode: Any = None

    def fetch_mode(self, mode: Any) -> RawQuerySet:
        """Instances that load what is missing as ``mode`` says."""
        clone = self._clone()
        clone._fetch_mode = mode
        return clone

    def resolve_model_init_order(self) -> tuple[list[str], list[int], list[tuple[str, int]]]:
        """Names of the fields that the result has, their positions, and the annotations with theirs."""
        return self._columns_of(self.columns)

    def _columns_of(self, columns: list[str]) -> tuple[list[str], list[int], list[tuple[str, int]]]:
        fields = self.model_fields
        annotations = [(name, position) for position, name in enumerate(columns) if name not in fields]
        positions = {fields[name].attname: position for position, name in enumerate(columns) if name in fields}
        names = [field.attname for field in self.model._meta.concrete_fields if field.attname in positions]
        return names, [positions[name] for name in names], annotations

    def prefetch_related(self, *lookups: Any) -> RawQuerySet:
        """With these relations; ``None`` forgets earlier ones."""
        clone = self._clone()
        clone._prefetch_related_lookups = () if lookups == (None,) else clone._prefetch_related_lookups + lookups
        return clone

    def _prefetch_related_objects(self) -> None:
        prefetch_related_objects(self._result_cache or [], *self._prefetch_related_lookups)
        self._prefetch_done = True

    def _clone(self) -> RawQuerySet:
        clone = type(self)(
            self.raw_query, model=self.model, query=self.query, params=self.params, translations=self.translations,
            using=self._db, hints=self._hints,
        )
        clone._prefetch_related_lookups = self._prefetch_related_lookups[:]
        clone._fetch_mode = self._fetch_mode
        return clone

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._result_cache = list(self.iterator())
        if self._prefetch_related_lookups and not self._prefetch_done:
            self._prefetch_related_objects()

    def __len__(self) -> int:
        self._fetch_all()
        return len(self._result_cache or ())

    def __bool__(self) -> bool:
        self._fetch_all()
        return bool(self._result_cache)

    def __iter__(self) -> Iterator[Any]:
        self._fetch_all()
        return iter(self._result_cache or ())

    def __aiter__(self) -> AsyncIterator[Any]:
        async def generator() -> AsyncIterator[Any]:
            await bridge.run(self._fetch_all)
            for item in self._result_cache or ():
                yield item

        return generator()

    def iterator(self) -> Iterator[Any]:
        """The instances, made as they are read. Raises FieldDoesNotExist if the result has no primary key."""
        connection = connections[self.db]
        cursor = connection.cursor()
        try:
            cursor.execute(self.query.sql, self._adapted(connection))
            rows = list(cursor.fetchall())
            columns = self._translated([str(column[0]) for column in cursor.description])
        finally:
            cursor.close()
        names, positions, annotations = self._columns_of(columns)
        if not all(field.attname in names for field in self.model._meta.pk_fields):
            raise FieldDoesNotExist("Raw query must include the primary key")
        compiler = connection.ops
        fields = {field.attname: field for field in self.model._meta.concrete_fields}
        converters = []
        for name, position in zip(names, positions, strict=True):
            column = fields[name].get_col(self.model._meta.db_table)
            functions = [*compiler.get_db_converters(column), *column.get_db_converters(connection)]
            if functions:
                converters.append((position, functions, column))
        alias = self.db
        make = from_db_caller(self.model, self._fetch_mode)
        made: list[Any] = []
        for row in rows:
            values = list(row)
            for position, functions, column in converters:
                for function in functions:
                    values[position] = function(values[position], column, connection)
            instance = make(alias, names, [values[position] for position in positions])
            for name, position in annotations:
                setattr(instance, name, values[position])
            made.append(instance)
        if self._fetch_mode is not None and self._fetch_mode.track_peers:
            track_peers(made)
        yield from made

    def _adapted(self, connection: Any) -> Any:
        """The parameters as the database takes them, by their Python types."""
        params, adapt = self.query.params, connection.ops.adapt_unknown_value
        if isinstance(params, dict):
            return {name: adapt(value) for name, value in params.items()}
        return None if params is None else tuple(adapt(value) for value in params)

    def _translated(self, columns: list[str]) -> list[str]:
        for query_name, model_name in self.translations.items():
            if query_name in columns:
                columns[columns.index(query_name)] = model_name
        return columns

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.query}>"

    def __getitem__(self, key: Any) -> Any:
        return list(self)[key]

    @property
    def db(self) -> str:
        """The database that would be used if it ran now."""
        return self._db or router.db_for_read(self.model, **self._hints)

    def using(self, alias: str) -> RawQuerySet:
        """From this database."""
        return RawQuerySet(
            self.raw_query, model=self.model, query=self.query.chain(using=alias), params=self.params,
            translations=self.translations, using=alias,
        )

    @cached_property
    def columns(self) -> list[str]:
        """The names of the result's columns, as fields are called where a translation says so."""
        connection = connections[self.db]
        with connection.cursor() as cursor:
            cursor.execute(self.query.sql, self._adapted(connection))
            return self._translated([str(column[0]) for column in cursor.description])

    @cached_property
    def model_fields(self) -> dict[str, Any]:
        """Fields by column name."""
        connection = connections[self.db]
        change = connection.introspection.identifier_converter
        return {change(field.column): field for field in self.model._meta.fields if field.column}
