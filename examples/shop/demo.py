"""``make demo``: makes the shop's database if there is none, and serves the shop for production.

``python examples/shop/demo.py --port 8000`` does the same. Everything is kept in ``shop.sqlite3`` beside this file: delete it
to begin anew.
"""

import argparse
import os
import socket
import sys
from pathlib import Path

from rich.console import Console
from rich.panel import Panel

from nuages import setup
from nuages.cli import call_command

HERE = Path(__file__).resolve().parent
LOGIN = PASSWORD = "admin"


def main() -> None:
    """Prepare, say where the shop is, and serve it until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Serves the demonstration shop.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()

    console = Console()
    check_port(arguments.host, arguments.port)
    sys.path.insert(0, str(HERE))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    os.environ.setdefault("NUAGES_SETTINGS_MODULE", "project.settings")
    setup()
    prepare(console)
    address = f"http://{arguments.host}:{arguments.port}/"
    console.print(
        Panel.fit(
            f"The shop        [bold link={address}]{address}[/]\n"
            f"The back office [bold link={address}admin/]{address}admin/[/]\n"
            f"Log in as       [bold]{LOGIN}[/] with the password [bold]{PASSWORD}[/]\n\nCtrl-C ends it.",
            title="Éclaircie",
            border_style="cyan",
        )
    )
    call_command("serve", host=arguments.host, port=arguments.port, workers=arguments.workers)


def check_port(host: str, port: int) -> None:
    """Stop with a plain word if something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"Port {port} of {host} is not free ({error.strerror}). Choose another one: make demo PORT={port + 1}")


def prepare(console: Console) -> None:
    """Migrate, load the products once, make the admin's account, collect the static files."""
    with console.status("Preparing the database"):
        call_command("migrate", interactive=False, verbosity=0)
    call_command("load_shop", login=LOGIN, password=PASSWORD)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main()
