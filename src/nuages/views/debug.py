"""Error pages for developers, and the reports that go out by mail."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

from nuages.conf import settings
from nuages.http import Http404, HttpResponse, HttpResponseNotFound
from nuages.i18n import timezone
from nuages.template import Context, Engine, TemplateDoesNotExist
from nuages.template.filters import force_escape, pprint
from nuages.text.encoding import force_str
from nuages.text.version import get_version
from nuages.urls import resolve
from nuages.views.cleansing import (
    CallableSettingWrapper,
    SafeExceptionReporterFilter,
    get_caller,
    get_default_exception_reporter_filter,
    get_exception_reporter_class,
    get_exception_reporter_filter,
)
from nuages.views.csrf import builtin_template_path, source_of
from nuages.views.frames import ExceptionCycleWarning, cause_of, causes, describe_source, source_lines

__all__ = [
    "CallableSettingWrapper",
    "ExceptionCycleWarning",
    "ExceptionReporter",
    "SafeExceptionReporterFilter",
    "default_urlconf",
    "get_caller",
    "get_default_exception_reporter_filter",
    "get_exception_reporter_class",
    "get_exception_reporter_filter",
    "technical_404_response",
    "technical_500_response",
]

DEBUG_ENGINE = Engine(debug=True, libraries={"i18n": "nuages.template.libraries.i18n"})
LONGEST_VALUE = 4096
CONTEXT_LINES = 7


def technical_500_response(request: Any, exc_type: Any, exc_value: Any, tb: Any, status_code: int = 500) -> HttpResponse:
    """Give the page for an unexpected exception: HTML where the client accepts it, else text."""
    reporter = get_exception_reporter_class(request)(request, exc_type, exc_value, tb)
    preferred = request.get_preferred_type(["text/html", "text/plain"])
    if preferred == "text/html":
        # Bytes, since DEFAULT_CHARSET may lack signs of the page, which names its own charset.
        page = reporter.get_traceback_html().encode()
        response = HttpResponse(page, status=status_code, content_type="text/html")
    else:
        response = HttpResponse(
            reporter.get_traceback_text(), status=status_code, content_type=f"text/plain; charset={settings.DEFAULT_CHARSET}"
        )
    response.is_debug_page = True  # type: ignore[attr-defined]
    return response


def technical_404_response(request: Any, exception: Any) -> HttpResponse:
    """Give the page for a path that leads nowhere: with all patterns that were tried."""
    details = exception.args[0] if exception.args and isinstance(exception.args[0], dict) else {}
    error_url = details.get("path", request.path_info[1:])
    resolved = "tried" not in details
    if resolved:
        match = getattr(request, "resolver_match", None)
        tried = match.tried if match else None
    else:
        tried = details["tried"]
        if not tried or (request.path_info == "/" and is_first_contact(tried)):
            return default_urlconf(request)
    urlconf = getattr(request, "urlconf", settings.ROOT_URLCONF)
    if not isinstance(urlconf, str):
        urlconf = urlconf.__name__ if isinstance(urlconf, types.ModuleType) else getattr(urlconf, "name", repr(urlconf))
    template = DEBUG_ENGINE.from_string(source_of(builtin_template_path("technical_404.html")))
    context = Context(
        {
            "urlconf": urlconf,
            "request_path": error_url,
            "urlpatterns": tried,
            "resolved": resolved,
            "reason": str(exception),
            "request": request,
            "settings": get_default_exception_reporter_filter().get_safe_settings(),
            "raising_view_name": raising_view(request),
        }
    )
    response = HttpResponseNotFound(template.render(context))
    response.is_debug_page = True  # type: ignore[attr-defined]
    return response


def is_first_contact(tried: list[Any]) -> bool:
    """Tell if a project has nothing but the admin yet."""
    return len(tried) == 1 and len(tried[0]) == 1 and (
        getattr(tried[0][0], "app_name", "") == getattr(tried[0][0], "namespace", "") == "admin"
    )


def raising_view(request: Any) -> str:
    """Give the name of the view that raised a 404."""
    try:
        match = resolve(request.path)
    except Http404:
        return ""
    return match._func_path


def default_urlconf(request: Any) -> HttpResponse:
    """Greet the developer of a project without any pages."""
    template = DEBUG_ENGINE.from_string(source_of(builtin_template_path("default_urlconf.html")))
    return HttpResponse(template.render(Context({"version": get_version()})))


class ExceptionReporter:
    """Describes an exception for people. A subclass may be named by ``DEFAULT_EXCEPTION_REPORTER``."""

    def __init__(self, request: Any, exc_type: Any, exc_value: Any, tb: Any, is_email: bool = False) -> None:
        self.request = request
        self.filter = get_exception_reporter_filter(request)
        self.exc_type = exc_type
        self.exc_value = exc_value
        self.tb = tb
        self.is_email = is_email
        self.template_info = getattr(exc_value, "template_debug", None)
        self.template_does_not_exist = False
        self.postmortem: Any = None

    @property
    def html_template_path(self) -> Path:
        """The template of the page."""
        return builtin_template_path("technical_500.html")

    @property
    def text_template_path(self) -> Path:
        """The template of the text."""
        return builtin_template_path("technical_500.txt")

    def _get_raw_insecure_uri(self) -> str:
        """Give the address even where the host is not allowed: for display only."""
        return f"{self.request.scheme}://{self.request._get_raw_host()}{self.request.get_full_path()}"

    def get_traceback_data(self) -> dict[str, Any]:
        """Give all that the templates show."""
        if self.exc_type and issubclass(self.exc_type, TemplateDoesNotExist):
            self.template_does_not_exist = True
            self.postmortem = self.exc_value.chain or [self.exc_value]
        frames = self.get_traceback_frames()
        for index, frame in enumerate(frames):
            if "vars" in frame:
                frame["vars"] = [(name, force_escape(self._shown(value))) for name, value in frame["vars"]]
            frames[index] = frame
        data: dict[str, Any] = {
            "is_email": self.is_email,
            "frames": frames,
            "request": self.request,
            "request_meta": self.filter.get_safe_request_meta(self.request),
            "request_COOKIES_items": self.filter.get_safe_cookies(self.request).items(),
            "user_str": self._user(),
            "filtered_POST_items": [],
            "settings": self.filter.get_safe_settings(),
            "sys_executable": sys.executable,
            "sys_version_info": ".".join(map(str, sys.version_info[:3])),
            "server_time": timezone.now(),
            "framework_version": get_version(),
            "django_version_info": get_version(),
            "sys_path": sys.path,
            "template_info": self.template_info,
            "template_does_not_exist": self.template_does_not_exist,
            "postmortem": self.postmortem,
            "unicode_hint": self._unicode_hint(),
        }
        if self.request is not None:
            data.update(
                request_GET_items=self.request.GET.items(),
                request_FILES_items=self.request.FILES.items(),
                request_insecure_uri=self._get_raw_insecure_uri(),
                raising_view_name=get_caller(self.request),
                filtered_POST_items=list(self.filter.get_post_parameters(self.request).items()),
            )
        if self.exc_type:
            data["exception_type"] = self.exc_type.__name__
        if self.exc_value:
            data["exception_value"] = getattr(self.exc_value, "raw_error_message", None) or str_of(self.exc_value)
            if notes := getattr(self.exc_value, "__notes__", None):
                data["exception_notes"] = "\n" + "\n".join(notes)
        if frames:
            data["lastframe"] = frames[-1]
        return data

    def _user(self) -> str | None:
        if self.request is None:
            return None
        try:
            user = getattr(self.request, "user", None)
            return None if user is None else str(user)
        except Exception:
            return "[unable to retrieve the current user]"  # the database may be what failed

    def _unicode_hint(self) -> str:
        if not (self.exc_type and issubclass(self.exc_type, UnicodeError)):
            return ""
        start, end = getattr(self.exc_value, "start", None), getattr(self.exc_value, "end", None)
        if start is None or end is None:
            return ""
        text = self.exc_value.args[1]
        return str(force_str(text[max(start - 5, 0) : min(end + 5, len(text))], "ascii", errors="replace"))

    def _shown(self, value: Any) -> str:
        text = pprint(value)
        if len(text) > LONGEST_VALUE:
            return f"{text[:LONGEST_VALUE]}… <trimmed {len(text)} bytes string>"
        return str(text)

    def get_traceback_html(self) -> str:
        """Give the page."""
        return self._render(self.html_template_path)

    def get_traceback_text(self) -> str:
        """Give the text."""
        return self._render(self.text_template_path, autoescape=False)

    def _render(self, path: Path, autoescape: bool = True) -> str:
        template = DEBUG_ENGINE.from_string(source_of(path))
        return str(template.render(Context(self.get_traceback_data(), autoescape=autoescape, use_l10n=False)))

    def _get_source(self, filename: str, loader: Any, module_name: str) -> Any:
        return source_lines(filename, loader, module_name)

    def _get_explicit_or_implicit_cause(self, exc_value: Any) -> Any:
        return cause_of(exc_value)

    def get_traceback_frames(self) -> list[dict[str, Any]]:
        """Give the frames of the exception and of its causes, the first cause first."""
        if self.exc_value is None:
            return self._frames_of(None, self.tb)
        frames: list[dict[str, Any]] = []
        for exception in causes(self.exc_value):
            traceback = self.tb if exception is self.exc_value else exception.__traceback__
            frames += self._frames_of(exception, traceback)
        return frames

    def _frames_of(self, exception: Any, traceback: Any) -> list[dict[str, Any]]:
        cause = self._get_explicit_or_implicit_cause(exception) if exception is not None else None
        about = {
            "exc_cause": cause,
            "exc_cause_explicit": getattr(exception, "__cause__", True),
        }
        frames = []
        while traceback is not None:
            if not traceback.tb_frame.f_locals.get("__traceback_hide__"):
                frames.append(self._describe(traceback) | about)
            traceback = traceback.tb_next
        if not frames and exception is not None:
            frames.append({"tb": None, "type": "user", **about})
        return frames

    def _describe(self, traceback: Any) -> dict[str, Any]:
        source = describe_source(self._get_source, traceback, CONTEXT_LINES)
        module = source["module"]
        return source | {
            "tb": traceback,
            "type": "framework" if module.split(".")[0] in ("nuages", "django") else "user",
            "function": traceback.tb_frame.f_code.co_name,
            "vars": self.filter.get_traceback_frame_variables(self.request, traceback.tb_frame),
            "id": id(traceback),
            **plain_line(source),
        }

    def get_exception_traceback_frames(self, exc_value: Any, tb: Any) -> Any:
        """Iterate over the frames of one exception."""
        return iter(self._frames_of(exc_value, tb))


def plain_line(source: dict[str, Any]) -> dict[str, str]:
    """Give the line without its indentation, and the carets moved along."""
    line = source["context_line"]
    indent = len(line) - len(line.lstrip())
    return {"stripped": line.strip(), "carets": source["colno"][indent:]}


def str_of(exception: BaseException) -> str:
    """Give the text of an exception; one whose text fails is named by its type."""
    try:
        return str(exception)
    except Exception:
        return f"<unprintable {type(exception).__name__}>"

