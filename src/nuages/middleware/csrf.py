"""Protection against cross-site request forgery (documentation: ref/csrf).

A client holds a secret in a cookie (or session) and shows it in the form or a header. The form carries it masked with a fresh
pad each time, so that compression of responses gives nothing away: ``mask + (secret + mask)``, added letter by letter.
"""

from __future__ import annotations

import string
from collections import defaultdict
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from nuages.conf import settings
from nuages.conf.logs import log_response
from nuages.exceptions import DisallowedHost, ImproperlyConfigured
from nuages.http.caching import patch_vary_headers
from nuages.http.errors import UnreadablePostError
from nuages.http.headers import HttpHeaders
from nuages.loggers import get_logger
from nuages.middleware.plans import Plan
from nuages.text.crypto import constant_time_compare, get_random_string
from nuages.text.deprecation import MiddlewareMixin
from nuages.text.http import is_same_domain
from nuages.urls.callables import get_callable

logger = get_logger("security.csrf")

CSRF_SECRET_LENGTH = 32
CSRF_TOKEN_LENGTH = 2 * CSRF_SECRET_LENGTH
CSRF_ALLOWED_CHARS = string.ascii_letters + string.digits
CSRF_SESSION_KEY = "_csrftoken"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")

REASON_BAD_ORIGIN = "Origin checking failed - %s is not trusted."
REASON_NO_REFERER = "Referer checking failed - no Referer."
REASON_BAD_REFERER = "Referer checking failed - %s is not trusted."
REASON_NO_CSRF_COOKIE = "CSRF cookie not set."
REASON_CSRF_TOKEN_MISSING = "CSRF token missing."
REASON_MALFORMED_REFERER = "Referer checking failed - Referer is malformed."
REASON_INSECURE_REFERER = "Referer checking failed - HTTPS needs a secure Referer."
REASON_INCORRECT_LENGTH = "has incorrect length"
REASON_INVALID_CHARACTERS = "has invalid characters"

COOKIE_OPTIONS = {
    "path": "PATH",
    "domain": "DOMAIN",
    "max_age": "AGE",
    "samesite": "SAMESITE",
    "secure": "SECURE",
    "httponly": "HTTPONLY",
}
POSITION = {character: index for index, character in enumerate(CSRF_ALLOWED_CHARS)}
ALPHABET = frozenset(CSRF_ALLOWED_CHARS)


class RejectRequest(Exception):
    """A request fails a check."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidTokenFormat(Exception):
    """A token has another length or other characters than tokens have."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _get_failure_view() -> Any:
    """Give the view of ``CSRF_FAILURE_VIEW``."""
    return get_callable(settings.CSRF_FAILURE_VIEW)


def _get_new_csrf_string() -> str:
    return get_random_string(CSRF_SECRET_LENGTH, allowed_chars=CSRF_ALLOWED_CHARS)


def _mask_cipher_secret(secret: str) -> str:
    """Mask a secret with a fresh pad."""
    mask = _get_new_csrf_string()
    size = len(CSRF_ALLOWED_CHARS)
    return mask + "".join(
        CSRF_ALLOWED_CHARS[(POSITION[a] + POSITION[b]) % size] for a, b in zip(secret, mask, strict=True)
    )


def _unmask_cipher_token(token: str) -> str:
    """Give the secret of a masked token."""
    mask, cipher = token[:CSRF_SECRET_LENGTH], token[CSRF_SECRET_LENGTH:]
    return "".join(CSRF_ALLOWED_CHARS[POSITION[a] - POSITION[b]] for a, b in zip(cipher, mask, strict=True))


def _add_new_csrf_cookie(request: Any) -> str:
    secret = _get_new_csrf_string()
    request.META.update({"CSRF_COOKIE": secret, "CSRF_COOKIE_NEEDS_UPDATE": True})
    return secret


def get_token(request: Any) -> str:
    """Give a masked token for a form, and let the response set the cookie."""
    if "CSRF_COOKIE" in request.META:
        secret = request.META["CSRF_COOKIE"]
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    else:
        secret = _add_new_csrf_cookie(request)
    return _mask_cipher_secret(secret)


def rotate_token(request: Any) -> None:
    """Change the secret; done at login."""
    _add_new_csrf_cookie(request)


def _check_token_format(token: str) -> None:
    if len(token) not in (CSRF_TOKEN_LENGTH, CSRF_SECRET_LENGTH):
        raise InvalidTokenFormat(REASON_INCORRECT_LENGTH)
    if not ALPHABET.issuperset(token):
        raise InvalidTokenFormat(REASON_INVALID_CHARACTERS)


def _does_token_match(request_csrf_token: str, csrf_secret: str) -> bool:
    """Compare a token, masked or bare, with a bare secret."""
    if len(request_csrf_token) == CSRF_TOKEN_LENGTH:
        request_csrf_token = _unmask_cipher_token(request_csrf_token)
    assert len(request_csrf_token) == CSRF_SECRET_LENGTH, "tokens are checked before they are compared"
    return constant_time_compare(request_csrf_token, csrf_secret)


class CsrfViewMiddleware(MiddlewareMixin):
    """Refuses unsafe requests without the client's secret, or from an origin that is not trusted."""

    @cached_property
    def csrf_trusted_origins_hosts(self) -> list[str]:
        """Hosts of ``CSRF_TRUSTED_ORIGINS``; a star at the start becomes a leading dot."""
        return [urlsplit(origin).netloc.lstrip("*") for origin in settings.CSRF_TRUSTED_ORIGINS]

    @cached_property
    def allowed_origins_exact(self) -> set[str]:
        """Trusted origins without a star."""
        return {origin for origin in settings.CSRF_TRUSTED_ORIGINS if "*" not in origin}

    @cached_property
    def allowed_origin_subdomains(self) -> dict[str, list[str]]:
        """By scheme: the domains whose subdomains are trusted."""
        allowed: dict[str, list[str]] = defaultdict(list)
        for origin in settings.CSRF_TRUSTED_ORIGINS:
            if "*" in origin:
                parts = urlsplit(origin)
                allowed[parts.scheme].append(parts.netloc.lstrip("*"))
        return allowed

    def _accept(self, request: Any) -> None:
        request.csrf_processing_done = True

    def _reject(self, request: Any, reason: str) -> Any:
        response = _get_failure_view()(request, reason=reason)
        log_response("Forbidden (%s): %s", reason, request.path, response=response, request=request, logger=logger)
        return response

    def _get_secret(self, request: Any) -> str | None:
        """Give the client's secret.

        :raises InvalidTokenFormat: the cookie holds something else.
        """
        if settings.CSRF_USE_SESSIONS:
            try:
                secret = request.session.get(CSRF_SESSION_KEY)
            except AttributeError:
                raise ImproperlyConfigured(
                    "CSRF_USE_SESSIONS needs request.session: put SessionMiddleware in front of CsrfViewMiddleware."
                ) from None
        else:
            secret = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
            if secret is not None:
                _check_token_format(secret)
        if secret is None:
            return None
        # Cookies of older releases were masked.
        return _unmask_cipher_token(secret) if len(secret) == CSRF_TOKEN_LENGTH else secret

    def _set_csrf_cookie(self, request: Any, response: Any) -> None:
        secret = request.META["CSRF_COOKIE"]
        if settings.CSRF_USE_SESSIONS:
            if request.session.get(CSRF_SESSION_KEY) != secret:
                request.session[CSRF_SESSION_KEY] = secret
            return
        response.set_cookie(
            settings.CSRF_COOKIE_NAME,
            secret,
            **{option: getattr(settings, f"CSRF_COOKIE_{name}") for option, name in COOKIE_OPTIONS.items()},
        )
        patch_vary_headers(response, ("Cookie",))

    # -- where a request comes from -----------------------------------------------------------------------------------

    def _origin_verified(self, request: Any) -> bool:
        origin = request.META["HTTP_ORIGIN"]
        try:
            good = f"{request.scheme if not request.is_secure() else 'https'}://{request.get_host()}"
        except DisallowedHost:
            pass
        else:
            if origin == good:
                return True
        if origin in self.allowed_origins_exact:
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return any(is_same_domain(parts.netloc, host) for host in self.allowed_origin_subdomains.get(parts.scheme, ()))

    def _check_referer(self, request: Any) -> None:
        referer = request.META.get("HTTP_REFERER")
        if referer is None:
            raise RejectRequest(REASON_NO_REFERER)
        try:
            parts = urlsplit(referer)
        except ValueError:
            raise RejectRequest(REASON_MALFORMED_REFERER) from None
        if "" in (parts.scheme, parts.netloc):
            raise RejectRequest(REASON_MALFORMED_REFERER)
        if parts.scheme != "https":
            raise RejectRequest(REASON_INSECURE_REFERER)
        if any(is_same_domain(parts.netloc, host) for host in self.csrf_trusted_origins_hosts):
            return
        good = self._own_domain(request)
        if good is None or not is_same_domain(parts.netloc, good):
            raise RejectRequest(REASON_BAD_REFERER % parts.geturl())

    def _own_domain(self, request: Any) -> str | None:
        """Give the domain that the cookie belongs to, with its port."""
        domain = settings.SESSION_COOKIE_DOMAIN if settings.CSRF_USE_SESSIONS else settings.CSRF_COOKIE_DOMAIN
        if domain is None:
            try:
                return request.get_host()  # type: ignore[no-any-return]
            except DisallowedHost:
                return None
        port = request.get_port()
        return domain if port in ("443", "80") else f"{domain}:{port}"

    # -- the token ----------------------------------------------------------------------------------------------------

    def _bad_token_message(self, reason: str, token_source: str) -> str:
        source = token_source if token_source == "POST" else f"the {HttpHeaders.parse_header_name(token_source)!r} HTTP header"
        return f"CSRF token from {source} {reason}."

    def _check_token(self, request: Any) -> None:
        try:
            secret = self._get_secret(request)
        except InvalidTokenFormat as error:
            raise RejectRequest(f"CSRF cookie {error.reason}.") from None
        if secret is None:
            raise RejectRequest(REASON_NO_CSRF_COOKIE)
        token, source = "", "POST"
        if request.method == "POST":
            try:
                token = request.POST.get("csrfmiddlewaretoken", "")
            except UnreadablePostError:
                pass  # the client went away; nobody will read the answer
        if token == "":
            source = settings.CSRF_HEADER_NAME
            try:
                token = request.META[source]
            except KeyError:
                raise RejectRequest(REASON_CSRF_TOKEN_MISSING) from None
        try:
            _check_token_format(token)
        except InvalidTokenFormat as error:
            raise RejectRequest(self._bad_token_message(error.reason, source)) from None
        if not _does_token_match(token, secret):
            raise RejectRequest(self._bad_token_message("incorrect", source))

    # -- hooks --------------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """The secret comes in a cookie, if it does not come in the session; what is to be sent back is noted in ``META``."""
        return Plan(asks_cookies=not settings.CSRF_USE_SESSIONS, answers_if=("META", "_meta"))

    def process_request(self, request: Any) -> None:
        """Note the client's secret; a malformed one is replaced."""
        try:
            secret = self._get_secret(request)
        except InvalidTokenFormat:
            _add_new_csrf_cookie(request)
        else:
            if secret is not None:
                request.META["CSRF_COOKIE"] = secret

    def process_view(self, request: Any, callback: Any, callback_args: Any, callback_kwargs: Any) -> Any:
        """Check an unsafe request; give the failure page for one that fails."""
        if request.method in SAFE_METHODS:
            request.csrf_processing_done = True
            return None
        if getattr(request, "csrf_processing_done", False) or getattr(callback, "csrf_exempt", False):
            return None
        if getattr(request, "_dont_enforce_csrf_checks", False):  # the test client
            return self._accept(request)
        try:
            if "HTTP_ORIGIN" in request.META:
                if not self._origin_verified(request):
                    raise RejectRequest(REASON_BAD_ORIGIN % request.META["HTTP_ORIGIN"])
            elif request.is_secure():
                self._check_referer(request)
            self._check_token(request)
        except RejectRequest as error:
            return self._reject(request, error.reason)
        return self._accept(request)

    def process_response(self, request: Any, response: Any) -> Any:
        """Set the cookie if somebody used the token."""
        if request._noted("CSRF_COOKIE_NEEDS_UPDATE"):
            self._set_csrf_cookie(request, response)
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
        return response
