"""A cache in files: one file per key, its expiry time and then its value, compressed."""

from __future__ import annotations

import glob
import os
import pickle
import random
import tempfile
import time
import zlib
from hashlib import md5
from typing import IO, Any

from nuages.cache.backends.protocol import DEFAULT_TIMEOUT, BaseCache


class FileBasedCache(BaseCache):
    """Keeps pickled values in the folder that LOCATION names."""

    cache_suffix = ".djcache"
    pickle_protocol = pickle.HIGHEST_PROTOCOL

    def __init__(self, dir: Any, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._dir = os.path.abspath(dir)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set ``key`` unless it is there."""
        if self.has_key(key, version):
            return False
        self.set(key, value, timeout, version)
        return True

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """Return the value, or ``default``."""
        path = self._key_to_file(key, version)
        try:
            with open(path, "rb") as file:
                if not self._is_expired(file):
                    return pickle.loads(zlib.decompress(file.read()))
        except FileNotFoundError:
            return default
        self._delete(path)
        return default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        """Set the value: written aside and moved, so that nobody reads half of it."""
        os.makedirs(self._dir, 0o700, exist_ok=True)
        path = self._key_to_file(key, version)
        self._cull()
        descriptor, aside = tempfile.mkstemp(dir=self._dir)
        try:
            with open(descriptor, "wb") as file:
                self._write_content(file, timeout, value)
            os.replace(aside, path)
        except BaseException:
            os.remove(aside)
            raise

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set a new timeout."""
        value = self.get(key, self._missing_key, version=version)
        if value is self._missing_key:
            return False
        self.set(key, value, timeout, version)
        return True

    def delete(self, key: Any, version: Any = None) -> bool:
        """Delete the key."""
        return self._delete(self._key_to_file(key, version))

    def has_key(self, key: Any, version: Any = None) -> bool:
        """Tell whether the key is there."""
        path = self._key_to_file(key, version)
        try:
            with open(path, "rb") as file:
                if not self._is_expired(file):
                    return True
        except FileNotFoundError:
            return False
        self._delete(path)
        return False

    def clear(self) -> None:
        """Delete all files of caches in the folder."""
        for path in self._list_cache_files():
            self._delete(path)

    def _write_content(self, file: IO[bytes], timeout: Any, value: Any) -> None:
        file.write(pickle.dumps(self.get_backend_timeout(timeout), self.pickle_protocol))
        file.write(zlib.compress(pickle.dumps(value, self.pickle_protocol)))

    def _is_expired(self, file: IO[bytes]) -> bool:
        try:
            moment = pickle.load(file)
        except EOFError:
            moment = 0
        return moment is not None and moment < time.time()

    def _delete(self, path: str) -> bool:
        if not path.startswith(self._dir) or not os.path.exists(self._dir):
            return False
        try:
            os.remove(path)
        except FileNotFoundError:
            return False
        return True

    def _cull(self) -> None:
        files = self._list_cache_files()
        if len(files) < self._max_entries:
            return
        if self._cull_frequency == 0:
            self.clear()
            return
        for path in random.sample(files, len(files) // self._cull_frequency):
            self._delete(path)

    def _key_to_file(self, key: Any, version: Any = None) -> str:
        made = self.make_and_validate_key(key, version=version)
        name = md5(made.encode(), usedforsecurity=False).hexdigest()
        return os.path.join(self._dir, name + self.cache_suffix)

    def _list_cache_files(self) -> list[str]:
        return glob.glob(os.path.join(glob.escape(self._dir), f"*{self.cache_suffix}"))
