"""Run the production server."""

import multiprocessing
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from nuages.cli.command import BaseCommand, CommandParser
from nuages.conf import settings


class Command(BaseCommand):
    """``serve``: Granian over RSGI, with workers."""

    help = "Serves the project in production: workers, HTTP/2, static files, graceful restarts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("--host", default="127.0.0.1", help="Address to listen on (default: 127.0.0.1).")
        add("--port", type=int, default=8000, help="Port to listen on (default: 8000).")
        add("--workers", type=int, default=0, help="Worker processes (default: one per core).")
        add(
            "--app",
            default="nuages.server.rsgi:get_rsgi_application",
            help="The application, or a function that makes it.",
        )
        add("--uds", help="Path of a Unix socket to listen on instead.")
        add("--ssl-certificate", help="Certificate file for TLS.")
        add("--ssl-keyfile", help="Key file for TLS.")
        add("--no-static", action="store_false", dest="static", help="Don't serve STATIC_ROOT.")
        add("--access-log", action="store_true", help="Log each request.")

    def handle(self, **options: Any) -> None:
        """Serve until told to stop."""
        server = Granian(**self.server_options(options))
        server.serve()

    def server_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Arguments of the server."""
        found: dict[str, Any] = {
            "target": options["app"],
            "factory": options["app"].rpartition(":")[2].startswith("get_"),
            "address": options["host"],
            "port": options["port"],
            "interface": Interfaces.RSGI,
            "workers": options["workers"] or multiprocessing.cpu_count(),
            "log_access": options["access_log"],
            "websockets": True,
        }
        if options["uds"]:
            found["uds"] = options["uds"]
        if options["ssl_certificate"]:
            found["ssl_cert"], found["ssl_key"] = options["ssl_certificate"], options["ssl_keyfile"]
        if options["static"] and settings.STATIC_ROOT and str(settings.STATIC_URL).startswith("/"):
            found["static_path_mount"], found["static_path_route"] = settings.STATIC_ROOT, settings.STATIC_URL
        return found
