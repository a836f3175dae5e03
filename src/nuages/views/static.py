"""Files from a folder, for development (documentation: howto/static-files, ref/views)."""

from __future__ import annotations

import mimetypes
import posixpath
from pathlib import Path
from typing import Any

from nuages.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from nuages.i18n.translation import gettext as _
from nuages.template import Context, Engine, TemplateDoesNotExist, loader
from nuages.text.http import http_date, parse_http_date
from nuages.text.paths import safe_join
from nuages.views.csrf import builtin_template_path, source_of


def serve(request: Any, path: str, document_root: Any = None, show_indexes: bool = False) -> Any:
    """Serve a file below ``document_root``. Neither fast nor hardened: for development only.

    :param show_indexes: list folders; the template ``static/directory_index.html`` may be overridden.
    :raises Http404: there is no such file.
    """
    path = posixpath.normpath(path).lstrip("/")
    full = Path(safe_join(document_root, path))
    if full.is_dir():
        if show_indexes:
            return directory_index(path, full)
        raise Http404(_("Directory indexes are not allowed here."))
    if not full.exists():
        raise Http404(_("“%(path)s” does not exist") % {"path": full})
    stat = full.stat()
    if not was_modified_since(request.META.get("HTTP_IF_MODIFIED_SINCE"), stat.st_mtime):
        return HttpResponseNotModified()
    content_type, encoding = mimetypes.guess_type(str(full))
    response = FileResponse(full.open("rb"), content_type=content_type or "application/octet-stream")
    response.headers["Last-Modified"] = http_date(stat.st_mtime)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def directory_index(path: str, fullpath: Path) -> HttpResponse:
    """List a folder."""
    try:
        template: Any = loader.select_template(["static/directory_index.html", "static/directory_index"])
    except TemplateDoesNotExist:
        source = source_of(builtin_template_path("directory_index.html"))
        template = Engine(libraries={"i18n": "nuages.template.libraries.i18n"}).from_string(source)
        context: Any = Context()
    else:
        context = {}
    files = []
    for file in sorted(fullpath.iterdir()):
        if not file.name.startswith("."):
            files.append(f"{file.name}/" if file.is_dir() else file.name)
    context.update({"directory": f"{path}/", "file_list": files})
    return HttpResponse(template.render(context))


def was_modified_since(header: str | None = None, mtime: float = 0) -> bool:
    """Tell if something changed after the time in an If-Modified-Since header; in doubt it did."""
    try:
        if header is None:
            return True
        return int(mtime) > parse_http_date(header)
    except (ValueError, OverflowError):
        return True
