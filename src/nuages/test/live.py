"""A real server in a thread, for tests with browsers and other clients."""

import threading
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from nuages.conf import settings
from nuages.db import connections
from nuages.http import Http404
from nuages.pipeline.errors import response_for_exception
from nuages.server.threaded import QuietWSGIRequestHandler, ThreadedWSGIServer
from nuages.server.wsgi import WSGIHandler
from nuages.test.overriding import modify_settings
from nuages.test.transactional import TransactionTestCase
from nuages.views.static import serve


class FilesHandler(WSGIHandler):
    """Serves the files of one setting's folder below its URL, and hands all else to *application*."""

    def __init__(self, application: WSGIHandler) -> None:
        self.application = application
        self.base_url = urlsplit(self.get_base_url())
        super().__init__()

    def get_base_url(self) -> str:
        """The URL below which files are served."""
        raise NotImplementedError

    def get_base_dir(self) -> str:
        """The folder of the files."""
        raise NotImplementedError

    def _should_handle(self, path: str) -> bool:
        prefix = self.base_url.path
        # an unset URL means the top of the site, which is the application's
        return bool(prefix.strip("/")) and path.startswith(prefix) and not self.base_url.netloc

    def file_path(self, url: str) -> str:
        """The path below the folder that *url* means."""
        return url2pathname(url.removeprefix(self.base_url.path))

    def get_response(self, request: Any) -> Any:
        """The file's response, or that of a missing file."""
        path = unquote(self.file_path(request.path)).replace("\\", "/")
        try:
            return serve(request, path, document_root=self.get_base_dir())
        except Http404 as error:
            return response_for_exception(request, error)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if not self._should_handle(environ.get("PATH_INFO", "")):
            return self.application(environ, start_response)
        return super().__call__(environ, start_response)


class _StaticFilesHandler(FilesHandler):
    """Serves STATIC_ROOT, as after ``collectstatic``."""

    def get_base_url(self) -> str:
        return settings.STATIC_URL or ""

    def get_base_dir(self) -> str:
        return str(settings.STATIC_ROOT)


class _MediaFilesHandler(FilesHandler):
    """Serves MEDIA_ROOT."""

    def get_base_url(self) -> str:
        return settings.MEDIA_URL or ""

    def get_base_dir(self) -> str:
        return str(settings.MEDIA_ROOT)


class LiveServerThread(threading.Thread):
    """The thread in which the server runs; ``is_ready`` is set once it listens, or has failed with ``error``."""

    server_class: Any = ThreadedWSGIServer

    def __init__(
        self, host: str, static_handler: Any, connections_override: dict[str, Any] | None = None, port: int = 0
    ) -> None:
        self.host = host
        self.port = port
        self.is_ready = threading.Event()
        self.error: Exception | None = None
        self.static_handler = static_handler
        self.connections_override = connections_override
        super().__init__()

    def run(self) -> None:
        """Serve until :meth:`terminate`."""
        for alias, connection in (self.connections_override or {}).items():
            connections[alias] = connection
        try:
            handler = self.static_handler(_MediaFilesHandler(WSGIHandler()))
            self.httpd = self._create_server(connections_override=self.connections_override)
            if self.port == 0:
                self.port = self.httpd.server_address[1]
            self.httpd.set_app(handler)
            self.is_ready.set()
            self.httpd.serve_forever()
        except Exception as error:
            self.error = error
            self.is_ready.set()
        finally:
            connections.close_all()

    def _create_server(self, connections_override: dict[str, Any] | None = None) -> Any:
        return self.server_class(
            (self.host, self.port),
            QuietWSGIRequestHandler,
            allow_reuse_address=False,
            connections_override=connections_override,
        )

    def terminate(self) -> None:
        """Stop the server and wait for the thread."""
        if hasattr(self, "httpd"):
            self.httpd.shutdown()
            self.httpd.server_close()
        self.join()


class LiveServerTestCase(TransactionTestCase):
    """Runs the project in a server thread while the tests run: see ``live_server_url``."""

    host = "localhost"
    port = 0
    server_thread_class: type[LiveServerThread] = LiveServerThread
    static_handler: Any = _StaticFilesHandler
    server_thread: ClassVar[Any]

    class _ServerURL:
        def __get__(self, instance: Any, owner: Any) -> str:
            return f"http://{owner.host}:{owner.server_thread.port}"

    class _AllowedHost:
        def __get__(self, instance: Any, owner: Any) -> str:
            return str(owner.host)

    live_server_url = _ServerURL()
    allowed_host = _AllowedHost()

    @classmethod
    def _make_connections_override(cls) -> dict[str, Any]:
        """Connections that the server must share: databases that live in one connection."""
        return {
            connection.alias: connection
            for connection in connections.all()
            if connection.vendor == "sqlite" and connection.is_in_memory_db()
        }

    @classmethod
    def setUpClass(cls) -> None:
        """Start the server."""
        super().setUpClass()
        cls.enterClassContext(modify_settings(ALLOWED_HOSTS={"append": cls.allowed_host}))
        cls._start_server_thread()

    @classmethod
    def _start_server_thread(cls) -> None:
        override = cls._make_connections_override()
        for connection in override.values():
            connection.inc_thread_sharing()
        thread = cls.server_thread = cls._create_server_thread(override)
        thread.daemon = True
        thread.start()
        cls.addClassCleanup(cls._terminate_thread)
        thread.is_ready.wait()
        if thread.error:
            raise thread.error

    @classmethod
    def _create_server_thread(cls, connections_override: dict[str, Any]) -> Any:
        return cls.server_thread_class(
            cls.host, cls.static_handler, connections_override=connections_override, port=cls.port
        )

    @classmethod
    def _terminate_thread(cls) -> None:
        cls.server_thread.terminate()
        for connection in (cls.server_thread.connections_override or {}).values():
            connection.dec_thread_sharing()
