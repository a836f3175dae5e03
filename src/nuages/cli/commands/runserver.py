"""Run the development server."""

import errno
import os
import re
import socket
import sys
from datetime import datetime
from typing import Any

from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.conf import names, settings
from nuages.db import connections
from nuages.server.development import runserver
from nuages.server.production import refusal
from nuages.server.reloading import run_with_reloader
from nuages.server.threaded import WSGIServer, get_internal_wsgi_application, run

_HOST = r"(?P<ipv4>\d{1,3}(?:\.\d{1,3}){3})|(?P<ipv6>\[[0-9a-fA-F:]+\])|(?P<name>[\w-]+(?:\.[\w-]+)*)"
ADDRESS = re.compile(rf"(?:(?P<addr>{_HOST}):)?(?P<port>\d+)", re.ASCII)

# What a user is told when the address cannot be bound.
BINDING_ERRORS = {
    errno.EADDRINUSE: "That port is already in use.",
    errno.EADDRNOTAVAIL: "That IP address can't be assigned to.",
    errno.EACCES: "The system lets only privileged users open that port.",
}


class Command(BaseCommand):
    """``runserver``: serves the project, and restarts when its code changes."""

    help = "Starts a web server for development; it restarts itself when code changes."
    requires_system_checks = []  # they run in the serving process
    default_addr, default_addr_ipv6 = "127.0.0.1", "::1"
    default_port, protocol = "8000", "http"
    server_cls: type[WSGIServer] = WSGIServer
    suppressed_base_arguments = {"--verbosity", "--traceback"}
    stealth_options = ("shutdown_message",)

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("addrport", nargs="?", help="Port, or address and port.")
        parser.add_argument("--ipv6", "-6", action="store_true", dest="use_ipv6", help="Use an IPv6 address.")
        parser.add_argument("--nothreading", action="store_false", dest="use_threading", help="Use one thread only.")
        parser.add_argument("--noreload", action="store_false", dest="use_reloader", help="Don't watch the code.")
        parser.add_argument("--skip-checks", action="store_true", help="Run without the system checks.")
        parser.add_argument(
            "--wsgi",
            action="store_true",
            default=names.installed(),
            help="Serve WSGI_APPLICATION with threads, instead of the project on an event loop.",
        )

    def execute(self, *args: Any, **options: Any) -> Any:
        """Tell the serving process about colours, as its output does not go to a terminal of its own."""
        if options["no_color"]:
            os.environ[names.environment("COLORS")] = "nocolor"
        return super().execute(*args, **options)

    def get_handler(self, *args: Any, **options: Any) -> Any:
        """The WSGI application to serve."""
        return get_internal_wsgi_application()

    def serves_static(self, options: dict[str, Any]) -> bool:
        """Whether the server on the event loop serves static files; the app that finds them says so."""
        return False

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str, Any]:
        """Check by all tags."""
        return {"tags": None}

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the address and serve."""
        self._raw_ipv6, self.use_ipv6 = False, options["use_ipv6"]
        if not (settings.DEBUG or settings.ALLOWED_HOSTS):
            raise CommandError("You must set settings.ALLOWED_HOSTS if DEBUG is False.")
        if self.use_ipv6 and not socket.has_ipv6:
            raise CommandError("Your Python does not support IPv6.")
        if options["addrport"]:
            self._parse_address(options["addrport"])
        else:
            self.addr, self.port = "", self.default_port
        if not self.addr:
            self.addr = self.default_addr_ipv6 if self.use_ipv6 else self.default_addr
            self._raw_ipv6 = self.use_ipv6
        self.run(**options)

    def _parse_address(self, text: str) -> None:
        match = ADDRESS.fullmatch(text)
        if match is None:
            raise CommandError(f'"{text}" is not a valid port number or address:port pair.')
        self.addr, self.port = match["addr"] or "", match["port"]
        if not self.port.isdigit() or int(self.port) > 65535:
            raise CommandError(f"{self.port!r} is not a valid port number: ports go from 0 to 65535.")
        if match["ipv6"]:
            self.addr = self.addr[1:-1]
            self.use_ipv6 = self._raw_ipv6 = True
        elif self.use_ipv6 and match["ipv4"]:
            raise CommandError(f"{self.addr!r} is not a valid IPv6 address.")
        elif self.addr == "0":
            self.addr = "0.0.0.0"

    def run(self, **options: Any) -> None:
        """Serve, under the reloader unless it is off."""
        if not options["wsgi"]:
            self._check(options)
            if reason := refusal(self.addr, int(self.port)):
                raise CommandError(reason)
            self.on_bind(int(self.port))
            runserver(self.addr, int(self.port), reload=options["use_reloader"], static=self.serves_static(options))
            return
        if options["use_reloader"]:
            run_with_reloader(self.inner_run, None, **options)
        else:
            self.inner_run(None, **options)

    def inner_run(self, *args: Any, **options: Any) -> None:
        """Check, bind and serve."""
        self._check(options)
        try:
            run(
                self.addr,
                int(self.port),
                self.get_handler(*args, **options),
                ipv6=self.use_ipv6,
                threading=options["use_threading"],
                on_bind=self.on_bind,
                server_cls=self.server_cls,
            )
        except OSError as error:
            self.stderr.write(f"Error: {BINDING_ERRORS.get(error.errno or 0, error)}")
            os._exit(1)  # a thread of the reloader may still run
        except KeyboardInterrupt:
            if options.get("shutdown_message"):
                self.stdout.write(options["shutdown_message"])
            sys.exit(0)

    def _check(self, options: dict[str, Any]) -> None:
        if not options["skip_checks"]:
            self.stdout.write("Performing system checks...\n\n")
            self.check(**{**self.get_check_kwargs(options), "display_num_errors": True})
        self.check_migrations()
        for connection in connections.all(initialized_only=True):
            connection.close()

    def on_bind(self, server_port: int) -> None:
        """Say where the server listens."""
        address = f"[{self.addr}]" if self._raw_ipv6 else self.addr
        if self.addr == "0":
            address = "0.0.0.0"
        key = "CTRL-BREAK" if sys.platform == "win32" else "CONTROL-C"
        product = names.public("nuages").partition(".")[0].capitalize()
        self.stdout.write(
            f"{datetime.now():%B %d, %Y - %X}\n{product} version {self.get_version()}, using settings "
            f"{settings.SETTINGS_MODULE!r}\nStarting development server at {self.protocol}://{address}:{server_port}/\n"
            f"Quit the server with {key}."
        )
        if os.environ.get(names.environment("RUNSERVER_HIDE_WARNING")) != "true":
            self.stdout.write(
                self.style.WARNING("This server is for development only: for production use 'nuages serve'.")
            )
