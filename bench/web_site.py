"""The site that ``bench/web.py`` measures; ``BENCH`` says which."""

from __future__ import annotations

import os
import sys
from typing import Any

KIND = os.environ.get("BENCH", "plain")


class Bare:
    """The least that an RSGI server can be given."""

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        protocol.response_bytes(200, [("content-type", "text/plain")], b"Hello, World!")


if KIND == "bare":
    application: Any = Bare()
else:
    from nuages.conf import settings

    DEFAULT = [
        "nuages.middleware.security.SecurityMiddleware",
        "nuages.contrib.sessions.middleware.SessionMiddleware",
        "nuages.middleware.common.CommonMiddleware",
        "nuages.middleware.csrf.CsrfViewMiddleware",
        "nuages.contrib.auth.middleware.AuthenticationMiddleware",
        "nuages.contrib.messages.middleware.MessageMiddleware",
        "nuages.middleware.clickjacking.XFrameOptionsMiddleware",
    ]
    APPS = ["auth", "contenttypes", "sessions", "messages"]
    settings.configure(
        SECRET_KEY="benchmark" * 6,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="web_site",
        MIDDLEWARE=DEFAULT if KIND == "full" else [],
        INSTALLED_APPS=[f"nuages.contrib.{app}" for app in APPS] if KIND == "full" else [],
        DATABASES={"default": {"ENGINE": "nuages.db.backends.sqlite3", "NAME": ":memory:"}},
        LOGGING_CONFIG=None,
    )

    from nuages.http import HttpResponse, JsonResponse
    from nuages.server.rsgi import get_rsgi_application
    from nuages.urls import path

    def plain(request: Any) -> HttpResponse:
        return HttpResponse(b"Hello, World!", content_type="text/plain")

    def json(request: Any) -> HttpResponse:
        return JsonResponse({"message": "Hello, World!"})

    async def asynchronous(request: Any) -> HttpResponse:
        return HttpResponse(b"Hello, World!", content_type="text/plain")

    def item(request: Any, pk: int) -> HttpResponse:
        return HttpResponse(str(pk))

    urlpatterns = [
        path("", plain),
        path("json/", json),
        path("async/", asynchronous),
        path("items/<int:pk>/", item, name="item"),
    ]
    sys.modules.setdefault("web_site", sys.modules[__name__])
    application = get_rsgi_application()
