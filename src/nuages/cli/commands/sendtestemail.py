"""Send a test mail."""

import socket
from typing import Any

from nuages.cli.command import BaseCommand, CommandParser
from nuages.i18n import timezone
from nuages.mail import mail_admins, mail_managers, send_mail


class Command(BaseCommand):
    """``sendtestemail``: to addresses, to the managers, to the admins."""

    help = "Sends a test mail to the given addresses, and to managers or admins if asked."
    missing_args_message = "Name who is to get the mail: addresses, --managers or --admins."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("email", nargs="*", help="Addresses to send to.")
        parser.add_argument("--managers", action="store_true", help="Send to the addresses in MANAGERS.")
        parser.add_argument("--admins", action="store_true", help="Send to the addresses in ADMINS.")
        parser.add_argument("--using", metavar="ALIAS", help="The mailer (in MAILERS) to send with.")

    def handle(self, *args: str, **options: Any) -> None:
        """Send."""
        subject = f"Test email from {socket.gethostname()} on {timezone.now()}"
        mailer = {"using": options["using"]} if options["using"] else {}
        if options["email"]:
            send_mail(
                subject=subject,
                message="If you're reading this, it was successful.",
                from_email=None,
                recipient_list=options["email"],
                **mailer,
            )
        if options["managers"]:
            mail_managers(subject, "This mail went to the managers of the site.", **mailer)
        if options["admins"]:
            mail_admins(subject, "This mail went to the admins of the site.", **mailer)
