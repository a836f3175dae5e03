"""A whole site in one file.

::

    from nuages import Nuages

    app = Nuages()

    @app.get("/hello/<str:name>")
    def hello(request, name):
        return {"hello": name}

    if __name__ == "__main__":
        app.run()

`Nuages` configures settings from its arguments (unless the project has configured them), is its own URLconf, and is an
application for RSGI, ASGI and WSGI servers: ``granian app:app``, ``uvicorn app:app``, ``gunicorn app:app``. The file is an
installed application of its own: models that are declared below ``Nuages()`` belong to it.

The command line and the servers are named by their paths: under another server, or in a test, they are never loaded.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from nuages import bridge
from nuages.apps import AppConfig, apps
from nuages.conf import env, names, settings
from nuages.http import HttpResponse, JsonResponse
from nuages.http.response import HttpResponseBase, HttpResponseNotAllowed
from nuages.pipeline.checking import is_coroutine_function
from nuages.server.application import Application
from nuages.start import setup
from nuages.text.crypto import get_random_string
from nuages.urls import path as url_path
from nuages.urls.current import clear_url_caches

V = TypeVar("V", bound=Callable[..., Any])

MIDDLEWARE = [
    "nuages.middleware.security.SecurityMiddleware",
    "nuages.contrib.sessions.middleware.SessionMiddleware",
    "nuages.middleware.addresses.CommonMiddleware",
    "nuages.middleware.csrf.CsrfViewMiddleware",
    "nuages.contrib.auth.middleware.AuthenticationMiddleware",
    "nuages.contrib.messages.middleware.MessageMiddleware",
    "nuages.middleware.clickjacking.XFrameOptionsMiddleware",
]
CONTEXT_PROCESSORS = [
    "nuages.template.context_processors.request",
    "nuages.contrib.auth.context_processors.auth",
    "nuages.contrib.messages.context_processors.messages",
]
#: Methods that change nothing, so that nobody need forge them.
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: What the back office needs.
ADMIN_APPS = [f"nuages.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")]


class FileConfig(AppConfig):
    """The file of a site, as an application."""

    def __init__(self, module: ModuleType, file: Path) -> None:
        self.label = re.sub(r"\W", "_", file.stem)
        self.path = str(file.parent)
        super().__init__(module.__name__, module)

    def import_models(self) -> None:
        """The models are declared further down in the same file."""
        super().import_models()
        self.models_module = self.module


class Nuages:
    """A site in one file.

    :param debug: error pages for developers; ``DEBUG`` of the environment by default.
    :param admin: install what the back office needs: users, sessions, messages, static files.
    :param pages: templates by name, besides those in the folder ``templates``.
    :param options: any setting, in lower or upper case (``installed_apps=[…]``, ``databases={…}``).
    """

    do_not_call_in_templates = True

    def __init__(
        self,
        name: str | None = None,
        *,
        debug: bool | None = None,
        admin: bool = False,
        pages: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        caller = sys._getframe(1).f_globals
        self.name = name or caller.get("__name__", "__main__")
        self.file: Path = Path(caller.get("__file__", "app.py")).resolve()
        module = sys.modules.get(caller.get("__name__", "")) or ModuleType(self.name)
        if module.__name__ in ("__main__", "__mp_main__"):
            # a server's worker imports the file by its own name: it must not declare its models a second time
            sys.modules.setdefault(self.file.stem, module)
        self.urlpatterns: list[Any] = []
        self._routes: dict[str, dict[str, Any]] = {}
        self._dispatchers: dict[str, Any] = {}
        self._application = Application()
        if settings.configured or os.environ.get("NUAGES_SETTINGS_MODULE"):
            return
        given = {key.upper(): value for key, value in options.items()}
        installed = [*(ADMIN_APPS if admin else []), *given.pop("INSTALLED_APPS", [])]
        given["INSTALLED_APPS"] = [*dict.fromkeys(installed), FileConfig(module, self.file)]
        settings.configure(**{**self._defaults(debug, installed, pages or {}), **given})
        self.setup()

    def _defaults(self, debug: bool | None, installed: list[str], pages: Mapping[str, str]) -> dict[str, Any]:
        debugging = env("DEBUG", False) if debug is None else debug
        base = self.file.parent
        # the workers of a server inherit the key
        key = os.environ.setdefault("SECRET_KEY", get_random_string(50))
        loaders = [
            ("nuages.template.loaders.locmem.Loader", dict(pages)),
            ("nuages.template.loaders.filesystem.Loader", [str(base / "templates")]),
            "nuages.template.loaders.app_directories.Loader",
        ]
        return {
            "DEBUG": debugging,
            "SECRET_KEY": key,
            "ALLOWED_HOSTS": ["*"] if debugging else env("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"]),
            "ROOT_URLCONF": self,
            "BASE_DIR": base,
            "MIDDLEWARE": of_installed(MIDDLEWARE, installed),
            "DATABASES": {
                "default": {"ENGINE": "nuages.db.backends.sqlite3", "NAME": str(base / f"{self.file.stem}.sqlite3")}
            },
            "TEMPLATES": [
                {
                    "BACKEND": "nuages.template.backends.native.Templates",
                    "OPTIONS": {"loaders": loaders, "context_processors": of_installed(CONTEXT_PROCESSORS, installed)},
                }
            ],
            "STATIC_URL": "static/",
            "USE_TZ": True,
        }

    # -- routes -------------------------------------------------------------------------------------------------------

    def route(self, route: str, methods: Iterable[str] = ("GET",), name: str | None = None) -> Callable[[V], V]:
        """Lead a route to a view for some methods. Views of other methods may have the same route.

        A view may return a response, a string (HTML), bytes, or anything that JSON can express; or a pair of such content
        and a status.
        """
        key = route.removeprefix("/")
        wanted = [method.upper() for method in methods]

        def register(view: V) -> V:
            table = self._routes.get(key)
            if table is None:
                table = self._routes[key] = {}
                self._dispatchers[key] = dispatcher(table)
                self._add(url_path(key, self._dispatchers[key], name=name or view.__name__))
            for method in wanted:
                table[method] = adapted(view)
            # One view that is not exempt keeps the others of its route protected.
            self._dispatchers[key].csrf_exempt = all(
                getattr(view, "csrf_exempt", False) for method, view in table.items() if method not in SAFE
            )
            return view

        return register

    def get(self, route: str, name: str | None = None) -> Callable[[V], V]:
        """`route` for GET (and HEAD)."""
        return self.route(route, ("GET", "HEAD"), name)

    def post(self, route: str, name: str | None = None) -> Callable[[V], V]:
        """`route` for POST."""
        return self.route(route, ("POST",), name)

    def put(self, route: str, name: str | None = None) -> Callable[[V], V]:
        """`route` for PUT."""
        return self.route(route, ("PUT",), name)

    def patch(self, route: str, name: str | None = None) -> Callable[[V], V]:
        """`route` for PATCH."""
        return self.route(route, ("PATCH",), name)

    def delete(self, route: str, name: str | None = None) -> Callable[[V], V]:
        """`route` for DELETE."""
        return self.route(route, ("DELETE",), name)

    def include(self, route: str, target: Any) -> None:
        """Mount an ``include(…)``, ``admin.site.urls`` or a view below a route."""
        self._add(url_path(route.removeprefix("/"), target))

    def _add(self, pattern: Any) -> None:
        self.urlpatterns.append(pattern)
        clear_url_caches()  # a route may come when the first request was answered already

    # -- running ------------------------------------------------------------------------------------------------------

    def setup(self) -> None:
        """Load the applications."""
        if not apps.ready:
            setup()

    def main(self) -> None:
        """Run the command that the command line names (``python app.py createsuperuser``); else make the tables and serve."""
        if len(sys.argv) > 1:
            names.import_string("nuages.cli.execute_from_command_line")(sys.argv)
            return
        names.import_string("nuages.cli.call_command")("migrate", run_syncdb=True, verbosity=0)
        self.run()

    def run(self, address: str = "127.0.0.1", port: int = 8000, *, reload: bool | None = None, workers: int = 1) -> None:
        """Serve: with a watcher and error pages in debug mode, else for production."""
        target = f"{self.file.stem}:{self._variable()}"
        sys.path.insert(0, str(self.file.parent))
        self.setup()
        if settings.DEBUG if reload is None else reload:
            run = names.import_string("nuages.server.development.runserver")
            run(address, port, target=target, paths=[self.file.parent])
        else:
            production = import_module("nuages.server.production")
            production.serve(production.Options(address=address, port=port, workers=workers, target=target))

    def _variable(self) -> str:
        module = sys.modules.get("__main__")
        for name, value in vars(module).items() if module else ():
            if value is self:
                return name
        return "app"

    def __rsgi_init__(self, loop: Any) -> None:
        self._application.__rsgi_init__(loop)

    def __rsgi_del__(self, loop: Any) -> None:
        self._application.__rsgi_del__(loop)

    def __rsgi__(self, scope: Any, protocol: Any) -> Any:
        return self._application.__rsgi__(scope, protocol)

    def __call__(self, *args: Any) -> Any:
        """Answer ASGI or WSGI."""
        return self._application(*args)


def of_installed(paths: list[str], installed: list[str]) -> list[str]:
    """Leave out what belongs to applications that are not installed."""
    return [path for path in paths if ".contrib." not in path or ".".join(path.split(".")[:3]) in installed]


def dispatcher(table: dict[str, Any]) -> Any:
    """Give a view that chooses by method; asynchronous views are awaited by the bridge."""

    def view(request: Any, **kwargs: Any) -> Any:
        chosen = table.get(request.method)
        if chosen is None:
            return HttpResponseNotAllowed(sorted(table))
        if getattr(chosen, "threaded", False):
            return bridge.offload(chosen, request, **kwargs)
        return chosen(request, **kwargs)

    bridge.name_from(view, "chosen")
    return view


def adapted(view: Any) -> Any:
    """Let a view return data in place of a response."""
    if is_coroutine_function(view):
        view = bridge.block(view)

    @wraps(view)
    def sync_view(request: Any, *args: Any, **kwargs: Any) -> Any:
        return as_response(view(request, *args, **kwargs))

    return sync_view


def as_response(result: Any) -> Any:
    """Turn what a view returned into a response."""
    status = 200
    if isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], int):
        result, status = result
    if isinstance(result, HttpResponseBase):
        return result
    if result is None:
        return HttpResponse(status=204 if status == 200 else status)
    if isinstance(result, (str, bytes)):
        return HttpResponse(result, status=status)
    return JsonResponse(result, safe=False, status=status)
