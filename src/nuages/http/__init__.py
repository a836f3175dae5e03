"""Requests and responses (documentation: ref/request-response)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuages.http.cookies import SimpleCookie, parse_cookie
from nuages.http.errors import BadHeaderError, Http404, RawPostDataException, UnreadablePostError
from nuages.http.headers import HttpHeaders, ResponseHeaders
from nuages.http.querydict import QueryDict
from nuages.http.request import HttpRequest
from nuages.http.response import (
    HttpResponse, HttpResponseBadRequest, HttpResponseBase, HttpResponseForbidden, HttpResponseGone,
    HttpResponseNotAllowed, HttpResponseNotFound, HttpResponseNotModified, HttpResponsePermanentRedirect,
    HttpResponseRedirect, HttpResponseServerError, JsonResponse,
)
from nuages.http.streaming import StreamingHttpResponse
from nuages.ondemand import on_demand

if TYPE_CHECKING:
    from nuages.http.downloads import FileResponse
else:
    __getattr__, __dir__ = on_demand(__name__, {"nuages.http.downloads": "FileResponse"})

__all__ = [
    "BadHeaderError", "FileResponse", "Http404", "HttpHeaders", "HttpRequest", "HttpResponse",
    "HttpResponseBadRequest", "HttpResponseBase", "HttpResponseForbidden", "HttpResponseGone",
    "HttpResponseNotAllowed", "HttpResponseNotFound", "HttpResponseNotModified", "HttpResponsePermanentRedirect",
    "HttpResponseRedirect", "HttpResponseServerError", "JsonResponse", "QueryDict", "RawPostDataException",
    "ResponseHeaders", "SimpleCookie", "StreamingHttpResponse", "UnreadablePostError", "parse_cookie",
]
