"""What error reports must not show (documentation: howto/error-reporting)."""

from __future__ import annotations

import functools
import re
from typing import Any

from nuages.conf import DEPRECATED_EMAIL_SETTINGS, names, settings
from nuages.http import QueryDict
from nuages.text.datastructures import MultiValueDict
from nuages.urls.match import unwrapped
from nuages.views.decorators.debug import ALL, sensitive_code, wrapper_code


class CallableSettingWrapper:
    """A callable from the settings, so that templates show it and do not call it."""

    def __init__(self, callable_setting: Any) -> None:
        self._wrapped = callable_setting

    def __repr__(self) -> str:
        return repr(self._wrapped)


class SafeExceptionReporterFilter:
    """Replaces passwords, keys and the like by stars. A subclass may be named by ``DEFAULT_EXCEPTION_REPORTER_FILTER``."""

    cleansed_substitute = "********************"
    hidden_settings = re.compile("API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|HTTP_COOKIE", flags=re.IGNORECASE)

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        """Give a setting as it may be shown; dicts and lists are looked through."""
        try:
            hidden = bool(self.hidden_settings.search(key))
        except TypeError:
            hidden = False  # a key that is no string
        if hidden:
            return self.cleansed_substitute
        cleansed: Any = value
        if isinstance(value, dict):
            cleansed = {name: self.cleanse_setting(name, content) for name, content in value.items()}
        elif isinstance(value, list):
            cleansed = [self.cleanse_setting("", item) for item in value]
        elif isinstance(value, tuple):
            cleansed = tuple(self.cleanse_setting("", item) for item in value)
        return CallableSettingWrapper(cleansed) if callable(cleansed) else cleansed

    def get_safe_settings(self) -> dict[str, Any]:
        """Give all settings as they may be shown; once MAILERS is set, those that it replaces are left out."""
        replaced = DEPRECATED_EMAIL_SETTINGS if hasattr(settings, "MAILERS") else ()
        names = [name for name in dir(settings) if name.isupper() and name not in replaced]
        return {name: self.cleanse_setting(name, getattr(settings, name)) for name in names}

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """Give META as it may be shown."""
        if not hasattr(request, "META"):
            return {}
        return {key: self.cleanse_setting(key, value) for key, value in request.META.items()}

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        """Give the cookies as they may be shown; the session's is hidden."""
        if not hasattr(request, "COOKIES"):
            return {}
        cookies = {key: self.cleanse_setting(key, value) for key, value in request.COOKIES.items()}
        if settings.SESSION_COOKIE_NAME in cookies:
            cookies[settings.SESSION_COOKIE_NAME] = self.cleansed_substitute
        return cookies

    def is_active(self, request: Any) -> bool:
        """Tell if marked variables and parameters are hidden: not in development."""
        return settings.DEBUG is False

    def get_cleansed_multivaluedict(self, request: Any, multivaluedict: Any) -> Any:
        """Hide the marked parameters in a copy of ``multivaluedict``."""
        marked = getattr(request, "sensitive_post_parameters", [])
        if self.is_active(request) and marked:
            multivaluedict = multivaluedict.copy()
            for name in list(multivaluedict) if marked == ALL else marked:
                if name in multivaluedict:
                    multivaluedict[name] = self.cleansed_substitute
        return multivaluedict

    def get_post_parameters(self, request: Any) -> Any:
        """Give the POST parameters as they may be shown."""
        if request is None:
            return {}
        marked = getattr(request, "sensitive_post_parameters", [])
        if not (self.is_active(request) and marked):
            return request.POST
        cleansed = request.POST.copy()
        for name in list(cleansed) if marked == ALL else marked:
            if name in cleansed:
                cleansed[name] = self.cleansed_substitute
        return cleansed

    def cleanse_special_types(self, request: Any, value: Any) -> Any:
        """Hide marked parameters in variables that hold POST data."""
        try:
            if isinstance(value, (QueryDict, MultiValueDict)):
                return self.get_cleansed_multivaluedict(request, value)
        except Exception as error:
            return f"{error!r} while evaluating {type(value)!r}"
        return value

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> list[tuple[str, Any]]:
        """Give the local variables of a frame as they may be shown."""
        local = tb_frame.f_locals
        code = tb_frame.f_code
        hidden = sensitive_code.get(code)
        active = self.is_active(request)
        if active and hidden == ALL:
            return [(name, self.cleansed_substitute) for name in local]
        shown = []
        for name, value in local.items():
            if active and ((hidden and name in hidden) or (code in wrapper_code and name.startswith("func_"))):
                value = self.cleansed_substitute
            else:
                value = self.cleanse_special_types(request, value)
            shown.append((name, value))
        return shown


@functools.lru_cache
def get_default_exception_reporter_filter() -> Any:
    """Give the filter of the settings."""
    return names.import_string(settings.DEFAULT_EXCEPTION_REPORTER_FILTER)()


def get_exception_reporter_filter(request: Any) -> Any:
    """Give the filter for a request."""
    return getattr(request, "exception_reporter_filter", get_default_exception_reporter_filter())


def get_exception_reporter_class(request: Any) -> Any:
    """Give the class of reports for a request."""
    default = names.import_string(settings.DEFAULT_EXCEPTION_REPORTER)
    return getattr(request, "exception_reporter_class", default)


def get_caller(request: Any) -> str:
    """Give the dotted name of the view that was called."""
    match = getattr(request, "resolver_match", None)
    return match._func_path if match is not None and unwrapped(match.func) else ""
