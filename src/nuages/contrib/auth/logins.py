"""Finding out who a user is, and remembering it in the session."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from nuages import bridge
from nuages.apps import apps
from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.contrib.auth.anonymous import AnonymousUser
from nuages.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from nuages.exceptions import ImproperlyConfigured, PermissionDenied
from nuages.middleware.csrf import rotate_token
from nuages.text.crypto import constant_time_compare
from nuages.views.decorators.debug import sensitive_variables

SESSION_KEY = "_auth_user_id"
BACKEND_SESSION_KEY = "_auth_user_backend"
HASH_SESSION_KEY = "_auth_user_hash"
REDIRECT_FIELD_NAME = "next"

_SENSITIVE = re.compile("api|token|key|secret|password|signature", re.I)
_HIDDEN = "*" * 20


def load_backend(path: str) -> Any:
    """An instance of the backend that the dotted path names."""
    return import_string(path)()


def _backends() -> Iterator[tuple[Any, str]]:
    paths = settings.AUTHENTICATION_BACKENDS
    if not paths:
        raise ImproperlyConfigured(
            "No authentication backends have been defined. Does AUTHENTICATION_BACKENDS contain anything?"
        )
    for path in paths:
        yield load_backend(path), path


def get_backends() -> list[Any]:
    """Instances of all ``AUTHENTICATION_BACKENDS``; ``ImproperlyConfigured`` when there is none."""
    return [backend for backend, _ in _backends()]


def _takes(backend: Any, credentials: dict[str, Any]) -> bool:
    try:
        inspect.signature(backend.authenticate).bind(None, **credentials)
    except (TypeError, AttributeError):
        return False
    return True


@sensitive_variables("credentials")
def authenticate(request: Any = None, **credentials: Any) -> Any:
    """The user to whom the credentials belong, or ``None``: the first backend that takes and knows them decides.

    A backend that raises ``PermissionDenied`` ends the search. ``user_login_failed`` is sent when nobody is found.
    """
    for backend, path in _backends():
        if not _takes(backend, credentials):
            continue
        try:
            user = backend.authenticate(request, **credentials)
        except PermissionDenied:
            break
        if user is not None:
            user.backend = path
            return user
    shown = {name: _HIDDEN if _SENSITIVE.search(name) else value for name, value in credentials.items()}
    user_login_failed.send(sender=__package__, credentials=shown, request=request)
    return None


def _stored_user_pk(request: Any) -> Any:
    """The primary key that the session remembers; ``KeyError`` without one."""
    return get_user_model()._meta.pk.to_python(request.session[SESSION_KEY])


@sensitive_variables("user")
def login(request: Any, user: Any, backend: Any = None) -> None:
    """Remember the user in the session, under a new key.

    ``backend`` is the dotted path (or class) of the backend that knows the user; it may be left out when the user comes from
    ``authenticate`` or there is only one. Raises ``ValueError`` otherwise, ``TypeError`` for something else than a path.
    """
    path = _backend_path(user, backend)
    session_hash = user.get_session_auth_hash() if hasattr(user, "get_session_auth_hash") else ""
    session = request.session
    if SESSION_KEY in session:
        same = _stored_user_pk(request) == user.pk
        if not same or (session_hash and not constant_time_compare(session.get(HASH_SESSION_KEY, ""), session_hash)):
            # Nobody inherits the session of somebody else.
            session.flush()
    else:
        session.cycle_key()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = path
    session[HASH_SESSION_KEY] = session_hash
    if hasattr(request, "user"):
        request.user = user
    rotate_token(request)
    user_logged_in.send(sender=type(user), request=request, user=user)


def _backend_path(user: Any, backend: Any) -> str:
    path = backend or getattr(user, "backend", None)
    if path is None:
        paths = [path for _, path in _backends()]
        if len(paths) != 1:
            raise ValueError(
                "AUTHENTICATION_BACKENDS has several entries: say which one knows the user, by the `backend` argument or by an "
                "attribute `backend` of the user."
            )
        return str(paths[0])
    if not isinstance(path, str):
        raise TypeError(f"backend must be a dotted import path string (got {path!r}).")
    return path


def logout(request: Any) -> None:
    """Forget the user and everything else in the session."""
    user = getattr(request, "user", None)
    if not getattr(user, "is_authenticated", True):
        user = None
    user_logged_out.send(sender=type(user), request=request, user=user)
    request.session.flush()
    if hasattr(request, "user"):
        request.user = AnonymousUser()


def get_user_model() -> Any:
    """The model that ``AUTH_USER_MODEL`` names; ``ImproperlyConfigured`` if it is not installed."""
    try:
        return apps.get_model(settings.AUTH_USER_MODEL, require_ready=False)
    except ValueError:
        raise ImproperlyConfigured("AUTH_USER_MODEL must be of the form 'app_label.model_name'") from None
    except LookupError:
        raise ImproperlyConfigured(
            f"AUTH_USER_MODEL refers to model '{settings.AUTH_USER_MODEL}' that has not been installed"
        ) from None


def get_user(request: Any) -> Any:
    """The user that the session remembers, or ``AnonymousUser``. A session whose password has changed is flushed."""
    session = request.session
    try:
        user_id = _stored_user_pk(request)
        path = session[BACKEND_SESSION_KEY]
    except KeyError:
        return AnonymousUser()
    if path not in settings.AUTHENTICATION_BACKENDS:
        return AnonymousUser()
    user = load_backend(path).get_user(user_id)
    if user is not None and hasattr(user, "get_session_auth_hash") and not _session_is_current(session, user):
        session.flush()
        user = None
    return user or AnonymousUser()


def _session_is_current(session: Any, user: Any) -> bool:
    """Whether the session was made with the user's present password, signed with a present or former key."""
    found = session.get(HASH_SESSION_KEY)
    if not found:
        return False
    current = user.get_session_auth_hash()
    if constant_time_compare(found, current):
        return True
    if any(constant_time_compare(found, old) for old in user.get_session_auth_fallback_hash()):
        session.cycle_key()
        session[HASH_SESSION_KEY] = current
        return True
    return False


def get_permission_codename(action: str, opts: Any) -> str:
    """The code name of a model's permission, ``add_book``."""
    return f"{action}_{opts.model_name}"


def update_session_auth_hash(request: Any, user: Any) -> None:
    """Keep this session alive after its user's password was changed."""
    request.session.cycle_key()
    if hasattr(user, "get_session_auth_hash") and request.user == user:
        request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()


aauthenticate = bridge.shell(authenticate)
alogin = bridge.shell(login)
alogout = bridge.shell(logout)
aget_user = bridge.shell(get_user)
aupdate_session_auth_hash = bridge.shell(update_session_auth_hash)
