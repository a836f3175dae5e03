"""Content Security Policy: its keywords, nonces and the text of a policy (W3C CSP Level 3)."""

import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from nuages.text.lazy import SimpleLazyObject, empty


class CSP(StrEnum):
    """Headers and source keywords, quoted as a policy wants them; ``NONCE`` stands for the nonce of each response."""

    # Whose content is allowed.
    SELF, NONE = "'self'", "'none'"
    NONCE = "<CSP_NONCE_SENTINEL>"
    STRICT_DYNAMIC = "'strict-dynamic'"
    # What is allowed though it is risky.
    UNSAFE_INLINE, UNSAFE_EVAL, UNSAFE_HASHES = "'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'"
    WASM_UNSAFE_EVAL = "'wasm-unsafe-eval'"
    REPORT_SAMPLE = "'report-sample'"
    # The headers that carry a policy.
    HEADER_ENFORCE = "Content-Security-Policy"
    HEADER_REPORT_ONLY = f"{HEADER_ENFORCE}-Report-Only"


def generate_nonce() -> str:
    """Return a fresh random nonce."""
    return secrets.token_urlsafe(16)


class LazyNonce(SimpleLazyObject):
    """A nonce that is made when it is first printed; true once that has happened."""

    def __init__(self) -> None:
        super().__init__(generate_nonce)

    def __bool__(self) -> bool:
        return self._wrapped is not empty


def build_policy(config: Mapping[str, Any], nonce: Any = None) -> str:
    """Return the header's value for ``config`` (directive → True, a source or sources), in the order given.

    The placeholder for the nonce becomes ``'nonce-…'`` where a nonce is in use, and is left out otherwise.
    """
    directives = []
    for name, values in config.items():
        if values in (None, False):
            continue
        if values is True:
            directives.append(name)
            continue
        sources = [values] if isinstance(values, str) else sorted(values) if isinstance(values, set | frozenset) else values
        text = _sources(sources, nonce)
        if text:
            directives.append(f"{name} {text}")
    return "; ".join(directives)


def _sources(sources: Iterable[Any], nonce: Any) -> str:
    shown = []
    for source in sources:
        if source != CSP.NONCE:
            shown.append(str(source))
        elif nonce:
            shown.append(f"'nonce-{nonce}'")
    return " ".join(shown)
