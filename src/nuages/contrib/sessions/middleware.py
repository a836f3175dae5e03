"""Gives each request its session, and each response the cookie."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from nuages.conf import settings
from nuages.contrib.sessions.backends.store import UpdateError
from nuages.contrib.sessions.exceptions import SessionInterrupted
from nuages.http.caching import patch_vary_headers
from nuages.middleware.plans import Plan
from nuages.text.deprecation import MiddlewareMixin
from nuages.text.http import http_date


class SessionMiddleware(MiddlewareMixin):
    """Sets ``request.session`` (documentation: topics/http/sessions)."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.SessionStore = import_module(settings.SESSION_ENGINE).SessionStore

    def plan(self) -> Plan:
        """The chain need not call a hook for a request without cookies whose session nobody touches."""
        if settings.SESSION_SAVE_EVERY_REQUEST:
            return Plan(offers={"session": self._store})
        return Plan(offers={"session": self._store}, answers_if=("session",), answers_cookies=True)

    def process_request(self, request: Any) -> None:
        """Offer the store; it loads when first read."""
        request.offer("session", self._store)

    def _store(self, request: Any) -> Any:
        return self.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))

    def process_response(self, request: Any, response: Any) -> Any:
        """Save what was changed and set, renew or delete the cookie.

        Raises ``SessionInterrupted`` when another request deleted the session meanwhile.
        """
        session = getattr(request, "session", None)
        if session is None:
            return response
        empty = session.is_empty()
        if session.accessed or (empty and settings.SESSION_COOKIE_NAME in request.COOKIES):
            patch_vary_headers(response, ("Cookie",))
        if empty:
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                response.delete_cookie(
                    settings.SESSION_COOKIE_NAME,
                    path=settings.SESSION_COOKIE_PATH,
                    domain=settings.SESSION_COOKIE_DOMAIN,
                    samesite=settings.SESSION_COOKIE_SAMESITE,
                )
        elif (session.modified or settings.SESSION_SAVE_EVERY_REQUEST) and response.status_code < 500:
            self._save(session, response)
        return response

    def _save(self, session: Any, response: Any) -> None:
        # A shared cache must not hand this cookie to others, though the page itself may not depend on the session.
        patch_vary_headers(response, ("Cookie",))
        if session.get_expire_at_browser_close():
            max_age = expires = None
        else:
            max_age = session.get_expiry_age()
            expires = http_date(time.time() + max_age)
        try:
            session.save()
        except UpdateError:
            raise SessionInterrupted(
                "The session was deleted before this request could save it: the user may have logged out elsewhere."
            ) from None
        response.set_cookie(
            settings.SESSION_COOKIE_NAME,
            session.session_key,
            path=settings.SESSION_COOKIE_PATH,
            domain=settings.SESSION_COOKIE_DOMAIN,
            expires=expires,
            max_age=max_age,
            httponly=settings.SESSION_COOKIE_HTTPONLY,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )
