"""What every session backend shares: the dictionary, the key, the expiry and the signed text format."""

from __future__ import annotations

import string
from collections.abc import ItemsView, Iterable, KeysView, ValuesView
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, Final

from nuages import bridge, signing
from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.i18n import timezone
from nuages.loggers import get_logger
from nuages.text.crypto import get_random_string

VALID_KEY_CHARS: Final = string.ascii_lowercase + string.digits
KEY_LENGTH: Final = 32

_MISSING: Final = object()


class CreateError(Exception):
    """The new session's key is taken already."""


class UpdateError(Exception):
    """The session to be saved exists no longer."""


class SessionBase:
    """A visitor's data: a dictionary that loads when first read and saves when changed.

    A backend defines ``exists``, ``create``, ``save``, ``delete``, ``load`` and ``clear_expired``; their async twins follow.
    """

    TEST_COOKIE_NAME = "testcookie"
    TEST_COOKIE_VALUE = "worked"

    key_salt: ClassVar[str]
    _session_cache: dict[str, Any]

    def __init__(self, session_key: str | None = None) -> None:
        self._session_key = session_key
        self.accessed = False
        self.modified = False

    @cached_property
    def serializer(self) -> Any:
        """The class that makes text of the data: ``SESSION_SERIALIZER``."""
        return import_string(settings.SESSION_SERIALIZER)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # Part of the stored format: data signed under this salt must stay readable.
        cls.key_salt = f"django.contrib.sessions.{cls.__qualname__}"

    # The dictionary

    @property
    def _session(self) -> dict[str, Any]:
        self.accessed = True
        return self._loaded()

    def _loaded(self, no_load: bool = False) -> dict[str, Any]:
        cache = self.__dict__.get("_session_cache")
        if cache is None:
            cache = {} if no_load or self.session_key is None else self.load()
            self._session_cache = cache
        return cache

    _get_session = _loaded

    def __bool__(self) -> bool:
        return not self.is_empty()

    def __contains__(self, key: object) -> bool:
        return key in self._session

    def __getitem__(self, key: str) -> Any:
        return self._session[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._session[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._session[key]
        self.modified = True

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or ``default``."""
        return self._session.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """The same as ``session[key] = value``."""
        self[key] = value

    def pop(self, key: str, default: Any = _MISSING) -> Any:
        """Remove and return a value; ``KeyError`` if it is missing and there is no default."""
        self.modified = self.modified or key in self._session
        return self._session.pop(key) if default is _MISSING else self._session.pop(key, default)

    def setdefault(self, key: str, value: Any) -> Any:
        """The value, set to ``value`` first if it was missing."""
        if key not in self._session:
            self[key] = value
        return self._session[key]

    def update(self, dict_: dict[str, Any]) -> None:
        """Take over all items of ``dict_``."""
        self._session.update(dict_)
        self.modified = True

    def has_key(self, key: str) -> bool:
        """Whether the session has the key."""
        return key in self._session

    def keys(self) -> KeysView[str]:
        """The keys."""
        return self._session.keys()

    def values(self) -> ValuesView[Any]:
        """The values."""
        return self._session.values()

    def items(self) -> ItemsView[str, Any]:
        """The keys with their values."""
        return self._session.items()

    def clear(self) -> None:
        """Forget all data, at once and without loading it."""
        self._session_cache = {}
        self.accessed = self.modified = True

    def is_empty(self) -> bool:
        """Whether there is neither a key nor data."""
        return not self._session_key and not self.__dict__.get("_session_cache")

    # The test cookie

    def set_test_cookie(self) -> None:
        """Leave a mark that ``test_cookie_worked`` finds in the next request if the browser takes cookies."""
        self[self.TEST_COOKIE_NAME] = self.TEST_COOKIE_VALUE

    def test_cookie_worked(self) -> bool:
        """Whether the browser sent the mark back."""
        return bool(self.get(self.TEST_COOKIE_NAME) == self.TEST_COOKIE_VALUE)

    def delete_test_cookie(self) -> None:
        """Remove the mark."""
        del self[self.TEST_COOKIE_NAME]

    # The key

    def _get_new_session_key(self) -> str:
        while True:
            key = get_random_string(KEY_LENGTH, VALID_KEY_CHARS)
            if not self.exists(key):
                return key

    def _get_or_create_session_key(self) -> str:
        if self._session_key is None:
            self._session_key = self._get_new_session_key()
        return self._session_key

    @property
    def session_key(self) -> str | None:
        """The key, or ``None`` for a session that was never saved."""
        return self.__session_key

    @property
    def _session_key(self) -> str | None:
        return self.__session_key

    @_session_key.setter
    def _session_key(self, value: str | None) -> None:
        # A short key could be guessed, and no store holds one with a NUL: whoever sends one gets a new session.
        self.__session_key = value if value and len(value) >= 8 and "\0" not in value else None

    def flush(self) -> None:
        """Delete the session and its data, so that nothing of it can be reached again."""
        self.clear()
        self.delete()
        self._session_key = None

    def cycle_key(self) -> None:
        """Keep the data under a new key (done at login, against session fixation)."""
        data, old_key = self._session, self.session_key
        self.create()
        self._session_cache = data
        if old_key:
            self.delete(old_key)

    # The expiry

    def get_session_cookie_age(self) -> int:
        """Seconds that a session lives unless it says otherwise."""
        return settings.SESSION_COOKIE_AGE

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds until the session expires. ``modification`` and ``expiry`` replace now and the session's own expiry."""
        modification, expiry = self._expiry_parts(kwargs)
        if isinstance(expiry, datetime):
            delta = expiry - modification
            return delta.days * 86400 + delta.seconds
        return expiry or self.get_session_cookie_age()

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """When the session expires; arguments as for ``get_expiry_age``."""
        modification, expiry = self._expiry_parts(kwargs)
        if isinstance(expiry, datetime):
            return expiry
        return modification + timedelta(seconds=expiry or self.get_session_cookie_age())

    def _expiry_parts(self, given: dict[str, Any]) -> tuple[datetime, Any]:
        modification = given.get("modification") or timezone.now()
        expiry = given["expiry"] if "expiry" in given else self.get("_session_expiry")
        return modification, datetime.fromisoformat(expiry) if isinstance(expiry, str) else expiry

    def set_expiry(self, value: Any) -> None:
        """Let the session expire after ``value`` seconds or a timedelta without activity, at a datetime, with the browser
        (0), or as the settings say (``None``)."""
        if value is None:
            self.pop("_session_expiry", None)
            return
        if isinstance(value, timedelta):
            value = timezone.now() + value
        self["_session_expiry"] = value.isoformat() if isinstance(value, datetime) else value

    def get_expire_at_browser_close(self) -> bool:
        """Whether the cookie ends with the browser."""
        expiry = self.get("_session_expiry")
        return settings.SESSION_EXPIRE_AT_BROWSER_CLOSE if expiry is None else expiry == 0

    # The stored text

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The data as signed, compressed text."""
        return signing.dumps(session_dict, salt=self.key_salt, serializer=self.serializer, compress=True)

    def decode(self, session_data: str) -> dict[str, Any]:
        """The data of a text from ``encode``; an empty dictionary, and a log line, when it was tampered with."""
        try:
            data: dict[str, Any] = signing.loads(session_data, salt=self.key_salt, serializer=self.serializer)
        except signing.BadSignature:
            get_logger("security.SuspiciousSession").warning("Session data corrupted")
            return {}
        except Exception:  # any error of the serializer: an older format, say
            return {}
        return data

    # What a backend defines

    def exists(self, session_key: str) -> bool:
        """Whether a session has the key."""
        raise _missing("an exists()")

    def _save_under_new_key(self, attempts: Iterable[Any]) -> bool:
        """Save under keys that nobody has, one an attempt, until one of them is accepted; tell whether one was."""
        for _attempt in attempts:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return True
        return False

    def create(self) -> None:
        """Save a new, empty session under a new key."""
        raise _missing("a create()")

    def save(self, must_create: bool = False) -> None:
        """Save the data. Raises ``CreateError`` if ``must_create`` and the key is taken, ``UpdateError`` if it is gone."""
        raise _missing("a save()")

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session with that key, by default this one."""
        raise _missing("a delete()")

    def load(self) -> dict[str, Any]:
        """Read the data; a fresh dictionary when there is none."""
        raise _missing("a load()")

    @classmethod
    def clear_expired(cls) -> None:
        """Delete all sessions whose time is over."""
        raise NotImplementedError("This backend does not support clear_expired().")

    aget = bridge.shell(get)
    aset = bridge.shell(set)
    apop = bridge.shell(pop)
    asetdefault = bridge.shell(setdefault)
    aupdate = bridge.shell(update)
    ahas_key = bridge.shell(has_key)
    akeys = bridge.shell(keys)
    avalues = bridge.shell(values)
    aitems = bridge.shell(items)
    aset_test_cookie = bridge.shell(set_test_cookie)
    atest_cookie_worked = bridge.shell(test_cookie_worked)
    adelete_test_cookie = bridge.shell(delete_test_cookie)
    aflush = bridge.shell(flush)
    acycle_key = bridge.shell(cycle_key)
    aget_expiry_age = bridge.shell(get_expiry_age)
    aget_expiry_date = bridge.shell(get_expiry_date)
    aset_expiry = bridge.shell(set_expiry)
    aget_expire_at_browser_close = bridge.shell(get_expire_at_browser_close)
    aexists = bridge.shell(exists)
    acreate = bridge.shell(create)
    asave = bridge.shell(save)
    adelete = bridge.shell(delete)
    aload = bridge.shell(load)
    aclear_expired = bridge.shell(clear_expired)


SessionBase.key_salt = "django.contrib.sessions.SessionBase"


def _missing(method: str) -> NotImplementedError:
    return NotImplementedError(f"subclasses of SessionBase must provide {method} method")
