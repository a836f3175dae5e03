"""Turning passwords into what may be stored, and checking them (documentation: topics/auth/passwords).

A stored password reads ``algorithm$parameters$salt$hash``; the algorithm finds the hasher that checks it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from nuages import bridge
from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.contrib.auth.algorithms import (
    Argon2PasswordHasher,
    BasePasswordHasher,
    BCryptPasswordHasher,
    mask_hash,
    must_update_salt,
)

# isort: split
from nuages.contrib.auth.algorithms import BCryptSHA256PasswordHasher, MD5PasswordHasher, ScryptPasswordHasher

# isort: split
from nuages.contrib.auth.algorithms import PBKDF2PasswordHasher, PBKDF2SHA1PasswordHasher

# isort: split
from nuages.exceptions import ImproperlyConfigured
from nuages.signals import receiver, setting_changed
from nuages.text.crypto import get_random_string

__all__ = [
    "Argon2PasswordHasher", "BCryptPasswordHasher", "BCryptSHA256PasswordHasher", "BasePasswordHasher",
    "MD5PasswordHasher", "PBKDF2PasswordHasher", "PBKDF2SHA1PasswordHasher", "ScryptPasswordHasher",
    "UNUSABLE_PASSWORD_PREFIX", "UNUSABLE_PASSWORD_SUFFIX_LENGTH", "check_password", "get_hasher", "get_hashers",
    "get_hashers_by_algorithm", "identify_hasher", "is_password_usable", "make_password", "mask_hash",
    "must_update_salt", "reset_hashers", "verify_password",
]  # fmt: skip

UNUSABLE_PASSWORD_PREFIX = "!"
UNUSABLE_PASSWORD_SUFFIX_LENGTH = 40


def is_password_usable(encoded: str | None) -> bool:
    """Whether the stored text can be the hash of a password at all."""
    return encoded is None or not encoded.startswith(UNUSABLE_PASSWORD_PREFIX)


def verify_password(password: str | None, encoded: str | None, preferred: str = "default") -> tuple[bool, bool]:
    """Whether the password is right, and whether it should be hashed anew."""
    preferred_hasher = get_hasher(preferred)
    usable = password is not None and is_password_usable(encoded)
    try:
        hasher = identify_hasher(encoded) if usable else None
    except ValueError:  # the algorithm is unknown, or the text is no hash
        hasher = None
    if hasher is None:
        # Takes as long as a check, so that the time does not tell which accounts exist.
        make_password(get_random_string(UNUSABLE_PASSWORD_SUFFIX_LENGTH))
        return False, False
    assert password is not None
    assert encoded is not None
    other = hasher.algorithm != preferred_hasher.algorithm
    must_update = other or preferred_hasher.must_update(encoded)
    correct = hasher.verify(password, encoded)
    if not correct and not other and must_update:
        hasher.harden_runtime(password, encoded)
    return correct, must_update


def check_password(
    password: str | None, encoded: str | None, setter: Callable[[str], Any] | None = None, preferred: str = "default"
) -> bool:
    """Whether the password is right. On an event loop the hashing is done in a thread.

    ``setter(password)``, a function or a coroutine function, is called when it is right and should be hashed anew.
    """
    correct, must_update = bridge.offload(verify_password, password, encoded, preferred)
    if setter and correct and must_update and password is not None:
        (bridge.block(setter) if inspect.iscoroutinefunction(setter) else setter)(password)
    return correct


acheck_password = bridge.shell(check_password)


def make_password(
    password: str | bytes | None, salt: str | None = None, hasher: str | BasePasswordHasher = "default"
) -> str:
    """The text to store for a password; for ``None`` one that no password fits. ``TypeError`` if it is no text."""
    if password is None:
        return UNUSABLE_PASSWORD_PREFIX + get_random_string(UNUSABLE_PASSWORD_SUFFIX_LENGTH)
    if not isinstance(password, (str, bytes)):
        raise TypeError(f"Password must be a string or bytes, got {type(password).__qualname__}.")
    chosen = get_hasher(hasher)
    return chosen.encode(password, salt or chosen.salt())


@functools.lru_cache
def get_hashers() -> list[BasePasswordHasher]:
    """The hashers of ``PASSWORD_HASHERS``; ``ImproperlyConfigured`` for one without an algorithm."""
    hashers = []
    for path in settings.PASSWORD_HASHERS:
        hasher = import_string(path)()
        if not getattr(hasher, "algorithm", None):
            raise ImproperlyConfigured(f"hasher doesn't specify an algorithm name: {path}")
        hashers.append(hasher)
    return hashers


@functools.lru_cache
def get_hashers_by_algorithm() -> dict[str, BasePasswordHasher]:
    """The hashers by the name that stands in stored passwords."""
    return {hasher.algorithm: hasher for hasher in get_hashers()}


def get_hasher(algorithm: str | BasePasswordHasher = "default") -> BasePasswordHasher:
    """The hasher of that name, or the preferred one; ``ValueError`` if the settings do not have it."""
    if isinstance(algorithm, BasePasswordHasher) or hasattr(algorithm, "algorithm"):
        return algorithm  # type: ignore[return-value]
    if algorithm == "default":
        return get_hashers()[0]
    try:
        return get_hashers_by_algorithm()[algorithm]
    except KeyError:
        raise ValueError(
            f"Unknown password hashing algorithm '{algorithm}'. Add the hasher that has it to PASSWORD_HASHERS."
        ) from None


def identify_hasher(encoded: str | None) -> BasePasswordHasher:
    """The hasher that made a stored password; ``ValueError`` if there is none."""
    text = encoded or ""
    # Before they had a prefix, MD5 hashes were stored bare.
    bare_md5 = (len(text) == 32 and "$" not in text) or (len(text) == 37 and text.startswith("md5$$"))
    return get_hasher("unsalted_md5" if bare_md5 else text.split("$", 1)[0])


@receiver(setting_changed)
def reset_hashers(*, setting: str, **kwargs: Any) -> None:
    """Forget the hashers when the setting changes."""
    if setting == "PASSWORD_HASHERS":
        get_hashers.cache_clear()
        get_hashers_by_algorithm.cache_clear()
