"""Run the production server."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.conf import settings
from nuages.db import connections
from nuages.server.production import TARGET, Options, refusal, serve, static_mounts


class Command(BaseCommand):
    """``serve``: Granian over RSGI, with workers."""

    help = "Serves the project in production: workers, HTTP/2, static files, graceful restarts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("--host", default="127.0.0.1", help="Address to listen on (default: 127.0.0.1).")
        add("--port", type=int, default=8000, help="Port to listen on (default: 8000).")
        add("--uds", help="Path of a Unix socket to listen on instead.")
        add("--workers", type=int, help="Worker processes (default: one per core).")
        add("--app", default=TARGET, help="module:object of another application.")
        add("--http", choices=("auto", "1", "2"), default="auto", help="Versions of HTTP to speak.")
        add("--certificate", help="Certificate file for TLS.")
        add("--key", help="Key file for TLS.")
        add("--no-static", action="store_false", dest="static", help="Don't serve STATIC_ROOT.")
        add("--access-log", action="store_true", help="Log each request.")

    def handle(self, **options: Any) -> None:
        """Serve until told to stop."""
        connections.close_all()  # workers must not share those of this process
        chosen = self.server_options(options)
        self._check_files(chosen)
        self._check_address(chosen)
        serve(chosen)

    def _check_files(self, options: Options) -> None:
        if bool(options.certificate) != bool(options.key):
            raise CommandError("TLS needs both: --certificate FILE and --key FILE.")
        for file in filter(None, (options.certificate, options.key)):
            if not Path(file).is_file():
                raise CommandError(f"There is no file {file!r} (an argument of --certificate or --key).")
        module = options.target.partition(":")[0]
        try:
            missing = find_spec(module) is None
        except ModuleNotFoundError:
            missing = True
        if missing:
            raise CommandError(f"There is no module {module!r}: --app names an application as module:object.")

    def _check_address(self, options: Options) -> None:
        """Try the address here: the server itself would fail less gracefully."""
        if options.socket is not None:
            return
        if reason := refusal(options.address, options.port):
            raise CommandError(reason)

    def server_options(self, options: dict[str, Any]) -> Options:
        """What the server is to do."""
        static = static_mounts(settings.STATIC_URL, settings.STATIC_ROOT) if options["static"] else {}
        return Options(
            address=options["host"],
            port=options["port"],
            socket=options["uds"],
            workers=options["workers"],
            http=options["http"],
            certificate=options["certificate"],
            key=options["key"],
            static=static,
            access_log=options["access_log"],
            target=options["app"],
        )
