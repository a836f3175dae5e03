"""What may be wrong with a user model, with permissions, and with the login middleware."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from types import MethodType
from typing import Any

from nuages.apps import apps
from nuages.checks import CheckMessage, Error, Warning
from nuages.conf import settings
from nuages.conf.names import import_string, native_home
from nuages.contrib.auth.management import _get_builtin_permissions

_NAME_LIMIT, _CODENAME_LIMIT = 255, 100


def _user_model(app_configs: Any) -> Any:
    if app_configs is None:
        return apps.get_model(settings.AUTH_USER_MODEL)
    label, name = settings.AUTH_USER_MODEL.split(".")
    return next((config.get_model(name) for config in app_configs if config.label == label), None)


def check_user_model(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """``auth.E001`` to ``E003``, ``W004``, ``C009``, ``C010``."""
    model = _user_model(app_configs)
    if model is None:
        return []
    found: list[CheckMessage] = []
    if not isinstance(model.REQUIRED_FIELDS, (list, tuple)):
        found.append(Error("'REQUIRED_FIELDS' must be a list or tuple.", obj=model, id="auth.E001"))
    if model.USERNAME_FIELD in model.REQUIRED_FIELDS:
        found.append(
            Error(
                "USERNAME_FIELD is always asked for, so the field that it names has no place in REQUIRED_FIELDS.",
                hint=(
                    f"The 'USERNAME_FIELD' is currently set to '{model.USERNAME_FIELD}', you should remove "
                    f"'{model.USERNAME_FIELD}' from the 'REQUIRED_FIELDS'."
                ),
                obj=model,
                id="auth.E002",
            )
        )
    found += _check_unique_name(model)
    for attribute, code in (("is_anonymous", "C009"), ("is_authenticated", "C010")):
        if isinstance(getattr(model, attribute, None), MethodType) or isinstance(
            getattr(model(), attribute, None), MethodType
        ):
            found.append(
                Error(
                    f"{model}.{attribute} is a method: called or not, it counts as true, which lets anybody in. "
                    "Make it an attribute or a property.",
                    obj=model,
                    id=f"auth.{code}",
                )
            )
    return found


def _check_unique_name(model: Any) -> list[CheckMessage]:
    name = model.USERNAME_FIELD
    unique = model._meta.get_field(name).unique or any(
        constraint.fields == (name,) for constraint in model._meta.total_unique_constraints
    )
    if unique:
        return []
    backends = {import_string(path) for path in settings.AUTHENTICATION_BACKENDS}
    default = {import_string("nuages.contrib.auth.backends.ModelBackend")}
    if backends == default:
        return [
            Error(
                f"'{model._meta.object_name}.{name}' must be unique because it is named as the 'USERNAME_FIELD'.",
                obj=model,
                id="auth.E003",
            )
        ]
    return [
        Warning(
            f"'{model._meta.object_name}.{name}' is named as the 'USERNAME_FIELD', but it is not unique.",
            hint="Make sure that your authentication backends can handle names that several users share.",
            obj=model,
            id="auth.W004",
        )
    ]


def check_models_permissions(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """``auth.E005`` to ``E008``, ``E011``, ``E012``."""
    if app_configs is None:
        every: Iterable[Any] = apps.get_models()
    else:
        every = chain.from_iterable(config.get_models() for config in app_configs)
    return [message for model in every for message in _check_permissions_of(model)]


def _check_permissions_of(model: Any) -> list[CheckMessage]:
    opts = model._meta
    builtin = dict(_get_builtin_permissions(opts))
    found: list[CheckMessage] = []

    def complain(text: str, code: str) -> None:
        found.append(Error(text, obj=model, id=f"auth.{code}"))

    longest = max(builtin.values(), key=len, default="")
    if len(longest) > _NAME_LIMIT:
        room = _NAME_LIMIT - len(longest) + len(opts.verbose_name_raw)
        complain(
            f"The verbose_name of model '{opts.label}' must be at most {room} characters for its builtin permission names to be at most {_NAME_LIMIT} characters.",
            "E007",
        )
    longest = max(builtin, key=len, default="")
    if len(longest) > _CODENAME_LIMIT:
        room = _CODENAME_LIMIT - len(longest) + len(opts.model_name)
        complain(
            f"The name of model '{opts.label}' must be at most {room} characters for its builtin permission codenames to be at most {_CODENAME_LIMIT} characters.",
            "E011",
        )
    seen: set[str] = set()
    for codename, name in opts.permissions:
        if len(name) > _NAME_LIMIT:
            complain(
                f"The permission named '{name}' of model '{opts.label}' is longer than {_NAME_LIMIT} characters.",
                "E008",
            )
        if len(codename) > _CODENAME_LIMIT:
            complain(
                f"The permission codenamed '{codename}' of model '{opts.label}' is longer than {_CODENAME_LIMIT} characters.",
                "E012",
            )
        if codename in builtin:
            complain(
                f"The permission codenamed '{codename}' clashes with a builtin permission for model '{opts.label}'.",
                "E005",
            )
        elif codename in seen:
            complain(f"The permission codenamed '{codename}' is duplicated for model '{opts.label}'.", "E006")
        seen.add(codename)
    return found


def check_middleware(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """``auth.E013``: the login middleware needs the authentication middleware before it."""
    position: dict[str, int] = {}
    for number, path in enumerate(settings.MIDDLEWARE):
        middleware = import_string(path)
        for base in getattr(middleware, "__mro__", ()):
            if native_home(base).startswith("nuages.contrib.auth.middleware."):
                position.setdefault(base.__name__, number)
    login = position.get("LoginRequiredMiddleware")
    if login is None or position.get("AuthenticationMiddleware", login) < login:
        return []
    return [
        Error(
            "LoginRequiredMiddleware needs request.user: AuthenticationMiddleware must stand before it in MIDDLEWARE.",
            hint="Insert the authentication middleware before the login middleware.",
            id="auth.E013",
        )
    ]
