"""Sessions in files."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from itertools import repeat
from pathlib import Path
from typing import Any

from nuages.conf import settings
from nuages.contrib.sessions.backends.store import VALID_KEY_CHARS, CreateError, SessionBase, UpdateError
from nuages.contrib.sessions.exceptions import InvalidSessionKey
from nuages.exceptions import ImproperlyConfigured, SuspiciousOperation
from nuages.i18n import timezone
from nuages.loggers import get_logger


class SessionStore(SessionBase):
    """A session as a file below ``SESSION_FILE_PATH``, by default the folder for temporary files."""

    storage_path: str
    _storage_path: str
    def __init__(self, session_key: str | None = None) -> None:
        self.storage_path = self._get_storage_path()
        self.file_prefix: str = settings.SESSION_COOKIE_NAME
        super().__init__(session_key)

    @classmethod
    def _get_storage_path(cls) -> str:
        found = cls.__dict__.get("_storage_path")
        if found is None:
            found = settings.SESSION_FILE_PATH or tempfile.gettempdir()
            if not os.path.isdir(found):
                raise ImproperlyConfigured(
                    f"SESSION_FILE_PATH names {found!r}, which is no folder. Create it, or set another one."
                )
            cls._storage_path = str(found)
        return str(found)

    def _key_to_file(self, session_key: str | None = None) -> str:
        key = session_key or self._get_or_create_session_key()
        if not set(key).issubset(VALID_KEY_CHARS):
            raise InvalidSessionKey("Invalid characters in session key")
        return os.path.join(self.storage_path, self.file_prefix + key)

    def _last_modification(self) -> datetime.datetime:
        zone = datetime.UTC if settings.USE_TZ else None
        return datetime.datetime.fromtimestamp(os.stat(self._key_to_file()).st_mtime, tz=zone)

    def _expiry_date(self, session_data: dict[str, Any]) -> datetime.datetime:
        return self.get_expiry_date(modification=self._last_modification(), expiry=session_data.get("_session_expiry"))

    def load(self) -> dict[str, Any]:
        """The file's data; a new session when it is missing, broken or expired."""
        try:
            text = Path(self._key_to_file()).read_text("ascii")
        except (OSError, SuspiciousOperation):
            self._session_key = None
            return {}
        if not text:
            return {}
        try:
            data = self.decode(text)
        except (EOFError, SuspiciousOperation) as error:
            get_logger(f"security.{type(error).__name__}").warning(str(error))
            self.create()
            return {}
        if data and self._expiry_date(data) < timezone.now():
            self.delete()
            self.create()
            return {}
        return data

    def create(self) -> None:
        """Create a file under a new key."""
        self._save_under_new_key(repeat(None))

    def save(self, must_create: bool = False) -> None:
        """Write the file as a whole, so that a reader never sees half of it."""
        if self.session_key is None:
            return self.create()
        data = self._loaded(no_load=must_create)
        path = self._key_to_file()
        try:
            os.close(os.open(path, os.O_WRONLY | (os.O_CREAT | os.O_EXCL if must_create else 0), 0o600))
        except FileNotFoundError:
            if not must_create:
                raise UpdateError from None
            raise
        except FileExistsError:
            raise CreateError from None
        handle, temporary = tempfile.mkstemp(dir=self.storage_path, prefix=f"{self.file_prefix}_out_")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self.encode(data).encode())
            shutil.move(temporary, path)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def exists(self, session_key: str) -> bool:
        """Whether there is a file for the key."""
        return os.path.exists(self._key_to_file(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """Delete the file, if there is one."""
        key = session_key or self.session_key
        if key is not None:
            Path(self._key_to_file(key)).unlink(missing_ok=True)

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the files whose time is over."""
        prefix = settings.SESSION_COOKIE_NAME
        for name in os.listdir(cls._get_storage_path()):
            if name.startswith(prefix):
                # Loading a session whose time is over deletes its file.
                store = cls(name.removeprefix(prefix))
                store.create = lambda: None  # type: ignore[method-assign]
                store.load()
