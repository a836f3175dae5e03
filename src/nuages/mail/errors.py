"""What can be wrong with the setting MAILERS."""

from nuages.exceptions import ImproperlyConfigured


class InvalidMailer(ImproperlyConfigured):
    """The configuration of a mailer is wrong."""

    def __init__(self, problem: str, *, alias: str | None = None) -> None:
        super().__init__(f"MAILERS[{alias!r}]: {problem}" if alias is not None else problem)


class MailerDoesNotExist(ImproperlyConfigured, KeyError):
    """MAILERS has no such alias; only for this, so that code which can do without mail may ignore it."""

    def __init__(self, *, alias: str) -> None:
        super().__init__(f"The mailer '{alias}' is not configured.")

    def __str__(self) -> str:
        return str(self.args[0])
