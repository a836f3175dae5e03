"""A cache in a database table, which the command ``createcachetable`` makes.

The table has ``cache_key``, ``value`` (a pickle in base64) and ``expires``. What has expired is skipped by the queries and removed when
the table is culled.
"""

from __future__ import annotations

import base64
import datetime as dt
import pickle
from collections.abc import Iterable
from typing import Any

from nuages.cache.backends.protocol import DEFAULT_TIMEOUT, BaseCache
from nuages.conf import settings
from nuages.db import DatabaseError, connections, router, transaction

_FOREVER = dt.datetime(9999, 12, 31, 23, 59, 59)


class Options:
    """What routers want to know of a model; routers see the table as the model ``CacheEntry`` of ``django_cache``."""

    def __init__(self, table: str) -> None:
        self.db_table = table
        self.app_label = "django_cache"
        self.model_name = "cacheentry"
        self.object_name = "CacheEntry"
        self.verbose_name = "cache entry"
        self.verbose_name_plural = "cache entries"
        self.abstract = self.proxy = self.swapped = False
        self.managed = True


class BaseDatabaseCache(BaseCache):
    """Knows the table and its stand-in for a model."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._table = table
        self.cache_model_class: Any = type("CacheEntry", (), {"_meta": Options(table)})


class DatabaseCache(BaseDatabaseCache):
    """Keeps pickled values in the table that LOCATION names, in the database that the routers choose."""

    pickle_protocol = pickle.HIGHEST_PROTOCOL

    def _connection(self, write: bool) -> Any:
        choose = router.db_for_write if write else router.db_for_read
        return connections[choose(self.cache_model_class)]

    def _sql(self, connection: Any, template: str, **more: str) -> str:
        quote = connection.ops.quote_name
        names = {name: quote(name) for name in ("cache_key", "value", "expires")}
        return template.format(table=quote(self._table), **names, **more)

    @staticmethod
    def _moment(connection: Any, value: dt.datetime) -> Any:
        return connection.ops.adapt_datetimefield_value(value)

    def _now(self, connection: Any) -> Any:
        now = dt.datetime.now(tz=dt.UTC if settings.USE_TZ else None)
        return self._moment(connection, now.replace(microsecond=0))

    def _expires(self, connection: Any, timeout: Any) -> Any:
        seconds = self.get_backend_timeout(timeout)
        if seconds is None:
            moment = _FOREVER.replace(tzinfo=dt.UTC) if settings.USE_TZ else _FOREVER
        else:
            moment = dt.datetime.fromtimestamp(seconds, tz=dt.UTC if settings.USE_TZ else None)
        return self._moment(connection, moment.replace(microsecond=0))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """Return the value, or ``default``."""
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[Any], version: Any = None) -> dict[Any, Any]:
        """Return those of the keys that are there, by one query."""
        made = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not made:
            return {}
        connection = self._connection(write=False)
        places = ", ".join(["%s"] * len(made))
        sql = self._sql(
            connection,
            "SELECT {cache_key}, {value} FROM {table} WHERE {cache_key} IN ({places}) AND {expires} >= %s",
            places=places,
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*made, self._now(connection)])
            rows = cursor.fetchall()
        # A column that ignores case finds other keys, too.
        return {made[key]: pickle.loads(base64.b64decode(value)) for key, value in rows if key in made}

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        """Set the value."""
        self._store("set", self.make_and_validate_key(key, version=version), value, timeout)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set ``key`` unless it is there."""
        return self._store("add", self.make_and_validate_key(key, version=version), value, timeout)

    def _store(self, mode: str, key: str, value: Any, timeout: Any) -> bool:
        connection = self._connection(write=True)
        data = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("latin1")
        expires, now = self._expires(connection, timeout), self._now(connection)
        with connection.cursor() as cursor:
            cursor.execute(self._sql(connection, "SELECT COUNT(*) FROM {table}"))
            if cursor.fetchone()[0] > self._max_entries:
                self._cull(connection, cursor, now)
            condition = " AND {expires} < %s" if mode == "add" else ""
            update = self._sql(connection, "UPDATE {table} SET {value} = %s, {expires} = %s WHERE {cache_key} = %s" + condition)
            exists = self._sql(connection, "SELECT 1 FROM {table} WHERE {cache_key} = %s")
            insert = self._sql(connection, "INSERT INTO {table} ({cache_key}, {value}, {expires}) VALUES (%s, %s, %s)")
            try:
                with transaction.atomic(using=connection.alias):
                    cursor.execute(exists, [key])
                    if cursor.fetchone():
                        cursor.execute(update, [data, expires, key, *([now] if condition else [])])
                        return mode == "set" or cursor.rowcount > 0
                    cursor.execute(insert, [key, data, expires])
            except DatabaseError:
                # Somebody else inserted the key in the meantime; of a cache that is no error.
                return False
        return True

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set a new timeout."""
        made = self.make_and_validate_key(key, version=version)
        connection = self._connection(write=True)
        sql = self._sql(connection, "UPDATE {table} SET {expires} = %s WHERE {cache_key} = %s AND {expires} >= %s")
        with connection.cursor() as cursor:
            cursor.execute(sql, [self._expires(connection, timeout), made, self._now(connection)])
            return bool(cursor.rowcount)

    def delete(self, key: Any, version: Any = None) -> bool:
        """Delete the key."""
        return self._delete([self.make_and_validate_key(key, version=version)])

    def delete_many(self, keys: Iterable[Any], version: Any = None) -> None:
        """Delete several keys by one statement."""
        self._delete([self.make_and_validate_key(key, version=version) for key in keys])

    def _delete(self, keys: list[str]) -> bool:
        if not keys:
            return False
        connection = self._connection(write=True)
        places = ", ".join(["%s"] * len(keys))
        with connection.cursor() as cursor:
            cursor.execute(self._sql(connection, "DELETE FROM {table} WHERE {cache_key} IN ({places})", places=places), keys)
            return bool(cursor.rowcount)

    def has_key(self, key: Any, version: Any = None) -> bool:
        """Tell whether the key is there."""
        made = self.make_and_validate_key(key, version=version)
        connection = self._connection(write=False)
        with connection.cursor() as cursor:
            sql = self._sql(connection, "SELECT 1 FROM {table} WHERE {cache_key} = %s AND {expires} >= %s")
            cursor.execute(sql, [made, self._now(connection)])
            return cursor.fetchone() is not None

    def clear(self) -> None:
        """Delete all rows."""
        connection = self._connection(write=True)
        with connection.cursor() as cursor:
            cursor.execute(self._sql(connection, "DELETE FROM {table}"))

    def _cull(self, connection: Any, cursor: Any, now: Any) -> None:
        if self._cull_frequency == 0:
            self.clear()
            return
        cursor.execute(self._sql(connection, "DELETE FROM {table} WHERE {expires} < %s"), [now])
        cursor.execute(self._sql(connection, "SELECT COUNT(*) FROM {table}"))
        remaining = cursor.fetchone()[0]
        if remaining <= self._max_entries:
            return
        cull = remaining // self._cull_frequency
        cursor.execute(
            self._sql(connection, "SELECT {cache_key} FROM {table} ORDER BY {cache_key} LIMIT 1 OFFSET %s"), [cull]
        )
        if last := cursor.fetchone():
            cursor.execute(self._sql(connection, "DELETE FROM {table} WHERE {cache_key} < %s"), [last[0]])
