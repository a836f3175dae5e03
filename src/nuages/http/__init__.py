"""Requests and responses (documentation: ref/request-response)."""

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
from nuages.http.streaming import FileResponse, StreamingHttpResponse

__all__ = [
    "BadHeaderError", "FileResponse", "Http404", "HttpHeaders", "HttpRequest", "HttpResponse",
    "HttpResponseBadRequest", "HttpResponseBase", "HttpResponseForbidden", "HttpResponseGone",
    "HttpResponseNotAllowed", "HttpResponseNotFound", "HttpResponseNotModified", "HttpResponsePermanentRedirect",
    "HttpResponseRedirect", "HttpResponseServerError", "JsonResponse", "QueryDict", "RawPostDataException",
    "ResponseHeaders", "SimpleCookie", "StreamingHttpResponse", "UnreadablePostError", "parse_cookie",
]
