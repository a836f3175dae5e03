"""The ``Host`` header: splitting it, and holding it against ``ALLOWED_HOSTS``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from nuages.text.http import is_same_domain

HOST = re.compile(r"([a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::([0-9]+))?")


@lru_cache(1024)
def split_domain_port(host: str) -> tuple[str, str]:
    """Give ``(domain, port)``, in lower case and without a final dot; two empty strings for a host that is malformed."""
    match = HOST.fullmatch(host.lower())
    if match is None:
        return "", ""
    domain, port = match.group(1), match.group(2) or ""
    return domain.removesuffix("."), port


@lru_cache(1024)
def is_allowed(host: str, allowed_hosts: tuple[str, ...]) -> bool:
    """Tell if ``host``, with or without a port, is well formed and fits one of the patterns."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed_hosts)


def validate_host(host: str, allowed_hosts: Iterable[str]) -> bool:
    """Tell if ``host`` (without port) fits a pattern: ``*``, ``.example.com`` with its subdomains, or a full name."""
    return any(pattern == "*" or is_same_domain(host, pattern) for pattern in allowed_hosts)
