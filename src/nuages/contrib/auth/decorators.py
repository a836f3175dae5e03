"""Views for some users only."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from nuages import bridge
from nuages.conf import settings
from nuages.contrib.auth.logins import REDIRECT_FIELD_NAME
from nuages.contrib.auth.middleware import path_for_return
from nuages.contrib.auth.redirects import redirect_to_login
from nuages.exceptions import PermissionDenied
from nuages.views.shortcuts import resolve_url

View = Callable[..., Any]


def user_passes_test(
    test_func: Callable[[Any], Any], login_url: Any = None, redirect_field_name: str | None = REDIRECT_FIELD_NAME
) -> Callable[[View], View]:
    """Decorator: send users who fail the test (a function or a coroutine function) to the login page."""

    is_async_test = inspect.iscoroutinefunction(test_func)

    def refused(request: Any) -> Any:
        resolved = resolve_url(login_url or settings.LOGIN_URL)
        return redirect_to_login(path_for_return(request, resolved), resolved, redirect_field_name)

    def decorator(view_func: View) -> View:
        view: Callable[..., Any]
        if inspect.iscoroutinefunction(view_func):

            async def view_on_loop(request: Any, *args: Any, **kwargs: Any) -> Any:
                user = await request.auser()
                passed = await (test_func(user) if is_async_test else bridge.run(test_func, user))
                return await view_func(request, *args, **kwargs) if passed else refused(request)

            view = view_on_loop
        else:

            def blocking_view(request: Any, *args: Any, **kwargs: Any) -> Any:
                passed = bridge.block(test_func)(request.user) if is_async_test else test_func(request.user)
                return view_func(request, *args, **kwargs) if passed else refused(request)

            view = blocking_view
        wrapped: Any = wraps(view_func)(view)
        # What LoginRequiredMiddleware looks at.
        wrapped.login_url = login_url
        wrapped.redirect_field_name = redirect_field_name
        return wrapped  # type: ignore[no-any-return]

    return decorator


def login_required(
    function: View | None = None, redirect_field_name: str | None = REDIRECT_FIELD_NAME, login_url: Any = None
) -> Any:
    """Decorator: send visitors who are not logged in to the login page."""
    decorator = user_passes_test(lambda user: user.is_authenticated, login_url, redirect_field_name)
    return decorator(function) if function else decorator


def login_not_required(view_func: View) -> View:
    """Decorator: let everybody see the view, under ``LoginRequiredMiddleware``."""
    view_func.login_required = False  # type: ignore[attr-defined]
    return view_func


def permission_required(
    perm: str | Iterable[str], login_url: Any = None, raise_exception: bool = False
) -> Callable[[View], View]:
    """Decorator: send users without the permission(s) to the login page, or answer them with 403."""
    wanted = (perm,) if isinstance(perm, str) else tuple(perm)

    def decorator(view_func: View) -> View:
        def allowed(user: Any) -> bool:
            if user.has_perms(wanted):
                return True
            if raise_exception:
                raise PermissionDenied
            return False

        return user_passes_test(allowed, login_url=login_url)(view_func)

    return decorator
