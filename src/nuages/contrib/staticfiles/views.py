"""The view that serves static files straight from where they are found, under DEBUG only."""

from __future__ import annotations

import os
import posixpath
from typing import Any

from nuages.conf import settings
from nuages.contrib.staticfiles import finders
from nuages.http import Http404
from nuages.views import static


def serve(request: Any, path: str, insecure: bool = False, **kwargs: Any) -> Any:
    """The static file at ``path``; 404 if it is not found, or when DEBUG is off and not ``insecure``."""
    if not settings.DEBUG and not insecure:
        raise Http404
    normalized = posixpath.normpath(path).lstrip("/")
    found = finders.find(normalized)
    if not found:
        if path.endswith("/") or path == "":
            raise Http404("Directory indexes are not allowed here.")
        raise Http404(f"'{path}' could not be found")
    root, name = os.path.split(found)
    return static.serve(request, name, document_root=root, **kwargs)
