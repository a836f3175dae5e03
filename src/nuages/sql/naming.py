"""Names in the database: shortened to what it takes, and made unique by a digest."""

from __future__ import annotations

from hashlib import md5


def split_identifier(identifier: str) -> tuple[str, str]:
    """``namespace, name`` of an identifier such as ``schema"."table``; quotes are taken off."""
    namespace, dot, name = identifier.partition('"."')
    if not dot:
        namespace, name = "", identifier
    return namespace.strip('"'), name.strip('"')


def names_digest(*names: str, length: int) -> str:
    """The first `length` hexadecimal digits of a digest over `names`; the same in every process and version."""
    digest = md5(usedforsecurity=False)
    for name in names:
        digest.update(name.encode())
    return digest.hexdigest()[:length]


def truncate_name(identifier: str, length: int | None = None, hash_len: int = 4) -> str:
    """`identifier`, with its end replaced by a digest if it is longer than `length`."""
    namespace, name = split_identifier(identifier)
    if length is None or len(name) <= length:
        return identifier
    short = name[: length - hash_len] + names_digest(name, length=hash_len)
    return f'{namespace}"."{short}' if namespace else short
