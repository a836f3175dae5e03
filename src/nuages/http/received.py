"""What requests of all servers share: parameters, cookies and forms that are parsed when they are asked for."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from nuages.conf import settings
from nuages.http.cookies import parse_cookie
from nuages.http.querydict import QueryDict
from nuages.http.request import HttpRequest


class ReceivedRequest(HttpRequest):
    """A request from a server. Subclasses fill `META`, the path and the stream."""

    resolver_match: Any = None

    def raw_query(self) -> Any:
        """Give the query string."""
        return self.META.get("QUERY_STRING", "")

    def raw_cookie(self) -> str:
        """Give the ``Cookie`` header."""
        return self.META.get("HTTP_COOKIE", "")  # type: ignore[no-any-return]

    def _has_cookies(self) -> bool:
        return bool(self.COOKIES) if "COOKIES" in self.__dict__ else bool(self.raw_cookie())

    @cached_property
    def GET(self) -> QueryDict:  # type: ignore[override]
        """The parameters of the query string."""
        return QueryDict(self.raw_query(), encoding=self._encoding)

    @cached_property
    def COOKIES(self) -> dict[str, str]:  # type: ignore[override]
        """The cookies."""
        raw = self.raw_cookie()
        return parse_cookie(raw) if raw else {}

    POST: Any = property(HttpRequest._get_post, HttpRequest._set_post)  # type: ignore[assignment]
    FILES: Any = property(HttpRequest._get_files, HttpRequest._set_files)  # type: ignore[assignment]


class ScopedRequest(ReceivedRequest):
    """A request from a server on the loop, whose headers stay where they are until somebody asks."""

    def _take_path(self, path: str, root_path: str) -> None:
        self.script_name = script_name = settings.FORCE_SCRIPT_NAME or root_path or ""
        self.path = self.path_info = path or "/"
        if not script_name:
            return
        prefix = script_name.rstrip("/")
        below = path[len(prefix) :] if prefix and path.startswith(prefix) else ""
        # The server's path holds the prefix; at the boundary of a segment it is taken off.
        self.path_info = below if below.startswith("/") else ("/" if prefix and path == prefix else self.path)

    def close(self) -> None:
        """Close the uploaded files and the body."""
        if "_files" in self.__dict__:
            super().close()
        self._stream.close()

    @cached_property
    def content_type(self) -> str | None:  # type: ignore[override]
        """The MIME type of the body."""
        self._read_content_type()
        return self.__dict__.get("content_type")

    @cached_property
    def content_params(self) -> dict[str, str] | None:  # type: ignore[override]
        """The parameters of the Content-Type header."""
        self._read_content_type()
        return self.__dict__.get("content_params")

    def _read_content_type(self) -> None:
        self._set_content_type_params(self.META)


