"""The URL patterns of static files, for development."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.contrib.staticfiles.views import serve
from nuages.urls.static import static

urlpatterns: list[Any] = []


def staticfiles_urlpatterns(prefix: str | None = None) -> list[Any]:
    """Patterns that serve static files below ``STATIC_URL``; none when DEBUG is off."""
    return static(prefix or settings.STATIC_URL or "", view=serve)


if settings.DEBUG and not urlpatterns:
    urlpatterns += staticfiles_urlpatterns()
