"""A cache in Redis.

Off the event loop the client's blocking sockets are used, on it its asynchronous ones, which the bridge waits for. One of the
servers takes the writes, the others (replicas) the reads.
"""

from __future__ import annotations

import pickle
import random
import re
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from nuages import bridge
from nuages.cache.backends.protocol import DEFAULT_TIMEOUT, BaseCache
from nuages.conf.names import import_string
from nuages.text.lazy import cached_property


class RedisSerializer:
    """Integers as they are, so that Redis can count with them; everything else pickled."""

    def __init__(self, protocol: int | None = None) -> None:
        self.protocol: int = pickle.HIGHEST_PROTOCOL if protocol is None else protocol

    def dumps(self, obj: Any) -> Any:
        """Return what is stored."""
        return obj if type(obj) is int else pickle.dumps(obj, self.protocol)

    def loads(self, data: Any) -> Any:
        """Return the object."""
        try:
            return int(data)
        except ValueError:
            return pickle.loads(data)


class RedisCacheClient:
    """Speaks to the servers, with a pool of connections for each; on an event loop, pools of that loop."""

    def __init__(
        self, servers: list[str], serializer: Any = None, pool_class: Any = None, parser_class: Any = None, **options: Any
    ) -> None:
        self._lib = import_module("redis")
        self._async = import_module("redis.asyncio")
        self._servers = servers
        self._pools: dict[int, Any] = {}
        self._clients: dict[int, Any] = {}
        self._loop_clients: WeakKeyDictionary[AbstractEventLoop, dict[int, Any]] = WeakKeyDictionary()
        self._client = self._lib.Redis
        self._pool_class = _imported(pool_class) or self._lib.ConnectionPool
        serializer = _imported(serializer)
        self._serializer: Any = serializer() if callable(serializer) else serializer or RedisSerializer()
        parser = _imported(parser_class)
        self._pool_options: dict[str, Any] = {**({"parser_class": parser} if parser else {}), **options}
        self._loop_options = dict(options)

    def _get_connection_pool_index(self, write: bool) -> int:
        # The first server is the one that replicates to the others.
        return 0 if write or len(self._servers) == 1 else random.randint(1, len(self._servers) - 1)

    def _get_connection_pool(self, write: bool) -> Any:
        return self._pool(self._get_connection_pool_index(write))

    def _pool(self, index: int) -> Any:
        if index not in self._pools:
            self._pools[index] = self._pool_class.from_url(self._servers[index], **self._pool_options)
        return self._pools[index]

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Return a blocking client of redis-py for the server to ask."""
        index = self._get_connection_pool_index(write)
        if index not in self._clients:
            self._clients[index] = self._client(connection_pool=self._pool(index))
        return self._clients[index]

    def _loop_client(self, write: bool) -> Any:
        clients = self._loop_clients.setdefault(get_running_loop(), {})
        index = self._get_connection_pool_index(write)
        if index not in clients:
            clients[index] = self._async.Redis.from_url(self._servers[index], **self._loop_options)
        return clients[index]

    def _do(self, command: str, *args: Any, write: bool = True, **kwargs: Any) -> Any:
        if bridge.active():
            return bridge.wait(getattr(self._loop_client(write), command)(*args, **kwargs))
        bridge.check_blocking(f"The Redis command {command}")
        return getattr(self.get_client(write=write), command)(*args, **kwargs)

    def _do_all(self, commands: Iterable[tuple[Any, ...]]) -> None:
        """Send several commands at once."""
        client = self._loop_client(True) if bridge.active() else self.get_client(write=True)
        pipeline = client.pipeline()
        for name, *args in commands:
            getattr(pipeline, name)(*args)
        result = pipeline.execute()
        if bridge.active():
            bridge.wait(result)

    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        """Set unless there; a timeout of zero stores nothing, but tells whether it could."""
        data = self._serializer.dumps(value)
        if timeout != 0:
            return bool(self._do("set", key, data, nx=True, ex=timeout))
        if stored := bool(self._do("set", key, data, nx=True)):
            self._do("delete", key)
        return stored

    def get(self, key: str, default: Any) -> Any:
        """Return the value, or ``default``."""
        data = self._do("get", key, write=False)
        return default if data is None else self._serializer.loads(data)

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        """Set the value; a timeout of zero deletes it."""
        if timeout == 0:
            self._do("delete", key)
        else:
            self._do("set", key, self._serializer.dumps(value), ex=timeout)

    def touch(self, key: str, timeout: int | None) -> bool:
        """Set a new timeout."""
        if timeout is None:
            # PERSIST says nothing of a key that had no timeout.
            return bool(self._do("persist", key)) or self.has_key(key)
        return bool(self._do("expire", key, timeout))

    def delete(self, key: str) -> bool:
        """Delete the key."""
        return bool(self._do("delete", key))

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        """Return those of the keys that are there."""
        wanted = list(keys)
        found = self._do("mget", wanted, write=False) if wanted else []
        return {key: self._serializer.loads(data) for key, data in zip(wanted, found, strict=True) if data is not None}

    def has_key(self, key: str) -> bool:
        """Tell whether the key is there."""
        return bool(self._do("exists", key, write=False))

    def incr(self, key: str, delta: int) -> Any:
        """Add to a number. Raises ValueError if the key is missing."""
        if not self.has_key(key):
            raise ValueError(f"Key '{key}' not found.")
        return self._do("incr", key, delta)

    def set_many(self, data: Mapping[str, Any], timeout: int | None) -> None:
        """Set several values in one go."""
        commands: list[tuple[Any, ...]] = [("mset", {key: self._serializer.dumps(value) for key, value in data.items()})]
        if timeout is not None:
            commands += [("expire", key, timeout) for key in data]
        self._do_all(commands)

    def delete_many(self, keys: Iterable[str]) -> None:
        """Delete several keys."""
        self._do("delete", *keys)

    def clear(self) -> bool:
        """Delete everything in the database of the server."""
        return bool(self._do("flushdb"))


class RedisCache(BaseCache):
    """Keeps values in the Redis servers that LOCATION lists; OPTIONS go to the client."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._servers = re.split("[;,]", server) if isinstance(server, str) else list(server)
        self._class: type[Any] = RedisCacheClient
        self._options = params.get("OPTIONS", {})

    @cached_property
    def _cache(self) -> Any:
        return self._class(self._servers, **self._options)

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> Any:
        """Return seconds, none of them negative; None: for ever."""
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return None if timeout is None else max(0, int(timeout))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set ``key`` unless it is there."""
        return bool(self._cache.add(self.make_and_validate_key(key, version=version), value, self.get_backend_timeout(timeout)))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """Return the value, or ``default``."""
        return self._cache.get(self.make_and_validate_key(key, version=version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        """Set the value."""
        self._cache.set(self.make_and_validate_key(key, version=version), value, self.get_backend_timeout(timeout))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set a new timeout."""
        return bool(self._cache.touch(self.make_and_validate_key(key, version=version), self.get_backend_timeout(timeout)))

    def delete(self, key: Any, version: Any = None) -> bool:
        """Delete the key."""
        return bool(self._cache.delete(self.make_and_validate_key(key, version=version)))

    def get_many(self, keys: Iterable[Any], version: Any = None) -> dict[Any, Any]:
        """Return those of the keys that are there, asked for at once."""
        made = {self.make_and_validate_key(key, version=version): key for key in keys}
        return {made[key]: value for key, value in self._cache.get_many(made).items()}

    def has_key(self, key: Any, version: Any = None) -> bool:
        """Tell whether the key is there."""
        return bool(self._cache.has_key(self.make_and_validate_key(key, version=version)))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        """Add to a number."""
        return self._cache.incr(self.make_and_validate_key(key, version=version), delta)

    def set_many(self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> list[Any]:
        """Set several values at once."""
        if data:
            made = {self.make_and_validate_key(key, version=version): value for key, value in data.items()}
            self._cache.set_many(made, self.get_backend_timeout(timeout))
        return []

    def delete_many(self, keys: Iterable[Any], version: Any = None) -> None:
        """Delete several keys at once."""
        if made := [self.make_and_validate_key(key, version=version) for key in keys]:
            self._cache.delete_many(made)

    def clear(self) -> bool:
        """Delete everything."""
        return bool(self._cache.clear())


def _imported(value: Any) -> Any:
    return import_string(value) if isinstance(value, str) else value
