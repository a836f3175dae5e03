"""Every cache keeps the same promises, blocking and on the loop."""

import asyncio
import time

import pytest

from nuages.cache import InvalidCacheBackendError, caches
from nuages.cache.backends.db import DatabaseCache
from nuages.cache.backends.filebased import FileBasedCache
from nuages.cache.backends.locmem import LocMemCache
from nuages.cache.backends.protocol import CacheKeyWarning
from nuages.cache.backends.redis import RedisCache
from nuages.cli import call_command

TABLE = "cached entries"


@pytest.fixture(params=["memory", "files", "database", "redis"])
def cache(request, tmp_path):
    params = {"KEY_PREFIX": "nu-test"}
    if request.param == "database":
        connection = request.getfixturevalue("transactional_db")
        call_command("createcachetable", TABLE, verbosity=0)
        yield DatabaseCache(TABLE, params)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(TABLE)}")
        return
    if request.param == "redis":
        redis = pytest.importorskip("redis")
        made = RedisCache("redis://127.0.0.1:6379/9", params)
        try:
            made.clear()
        except redis.exceptions.ConnectionError:
            pytest.skip("no Redis here")
    else:
        made = LocMemCache(str(tmp_path), params) if request.param == "memory" else FileBasedCache(tmp_path, params)
    yield made
    made.clear()


def test_values(cache):
    cache.set("a", {"x": [1]})
    assert cache.get("a") == {"x": [1]} and "a" in cache and cache.get("b", 7) == 7
    assert cache.add("a", 1) is False and cache.add("b", 1) is True
    assert cache.get_many(["a", "b", "c"]) == {"a": {"x": [1]}, "b": 1}
    assert cache.delete("a") is True and cache.delete("a") is False
    assert cache.get_or_set("n", lambda: None) is None and "n" in cache


def test_keys_differ_by_case(cache):
    cache.set("Ann", 1)
    assert cache.get("ann") is None and cache.get_many(["ann", "Ann"]) == {"Ann": 1}


def test_timeouts(cache):
    cache.set("now", 1, timeout=0)
    cache.set("soon", 1, timeout=1)
    cache.set("never", 1, timeout=None)
    assert cache.get("now") is None and cache.get("soon") == 1
    assert cache.touch("soon", 60) and not cache.touch("now", 60)
    time.sleep(1.1)
    assert cache.get("soon") == 1 and cache.get("never") == 1


def test_counting_and_versions(cache):
    cache.set_many({"n": 1, "m": 2})
    assert cache.incr("n", 4) == 5 and cache.decr("n") == 4
    with pytest.raises(ValueError):
        cache.incr("missing")
    assert cache.incr_version("m") == 2 and cache.get("m") is None and cache.get("m", version=2) == 2
    cache.delete_many(["n"])
    assert cache.get("n") is None


def test_on_the_loop(cache):
    async def main():
        await cache.aset("a", 1)
        assert await cache.aincr("a") == 2
        assert await asyncio.gather(*(cache.aget("a") for _ in range(5))) == [2] * 5
        assert await cache.aget_many(["a", "z"]) == {"a": 2}

    asyncio.run(main())


def test_what_is_used_least_goes_first(tmp_path):
    cache = LocMemCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 9}})
    for number in range(9):
        cache.set(number, number)
    cache.get(0)
    cache.set("new", 1)
    assert cache.get(0) == 0 and cache.get(1) is None


def test_keys(tmp_path):
    cache = LocMemCache(str(tmp_path), {"VERSION": 3, "KEY_PREFIX": "p"})
    assert cache.make_key("k") == "p:3:k"
    with pytest.warns(CacheKeyWarning):
        cache.set("a key", 1)
    with pytest.raises(InvalidCacheBackendError):
        caches["missing"]
