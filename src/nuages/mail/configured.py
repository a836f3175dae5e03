"""The mailers of the setting MAILERS; without it, the one that the EMAIL_… settings describe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.mail.errors import InvalidMailer, MailerDoesNotExist
from nuages.mail.transitional import warn_without_mailer

DEFAULT_MAILER_ALIAS = "default"
_SMTP = "nuages.mail.backends.smtp.EmailBackend"


class Mailers(Mapping[str, Any]):
    """``mailers["alias"]`` makes a new backend each time: connections are not shared unless you keep one open."""

    @property
    def _is_configured(self) -> bool:
        return hasattr(settings, "MAILERS")

    @property
    def _configured(self) -> dict[str, Any]:
        return dict(settings.MAILERS) if self._is_configured else {}

    @property
    def default(self) -> Any:
        """The mailer that is used unless another is asked for."""
        return self[DEFAULT_MAILER_ALIAS]

    def __getitem__(self, alias: str) -> Any:
        return self.create(alias)

    def create(self, alias: str, **more: Any) -> Any:
        """Make the backend of an alias, ``more`` put over its options. Raises MailerDoesNotExist and InvalidMailer."""
        if not self._is_configured and alias == DEFAULT_MAILER_ALIAS:
            warn_without_mailer()
            return import_string(settings.EMAIL_BACKEND)(**more)
        try:
            config = self._configured[alias]
        except KeyError:
            raise MailerDoesNotExist(alias=alias) from None
        options = config.get("OPTIONS") or {}
        if "alias" in options:
            raise InvalidMailer("OPTIONS must not define 'alias'.", alias=alias)
        path = config.get("BACKEND", _SMTP)
        try:
            backend_class = import_string(path)
        except ImportError as error:
            raise InvalidMailer(f"Could not find BACKEND {path!r}: {error}", alias=alias) from error
        return backend_class(**{**options, **more}, alias=alias)

    def __iter__(self) -> Iterator[str]:
        return iter(self._configured)

    def __len__(self) -> int:
        return len(self._configured)

    def __contains__(self, alias: object) -> bool:
        return alias in self._configured

    def get(self, alias: str, default: Any = None) -> Any:
        """Return the mailer, or ``default`` if it is not configured."""
        try:
            return self[alias]
        except MailerDoesNotExist:
            return default


mailers = Mailers()


def get_connection(backend: str | None = None, fail_silently: bool = False, **kwds: Any) -> Any:
    """Return a backend: the default mailer with other options, or (without MAILERS) of the class at ``backend``.

    Kept for projects that do not use :data:`mailers` yet.
    """
    if mailers._is_configured:
        if backend is not None:
            raise RuntimeError("get_connection(backend, ...) is not supported with MAILERS.")
        if fail_silently:
            kwds["fail_silently"] = True
        return mailers.create(DEFAULT_MAILER_ALIAS, **kwds)
    if backend is None:
        warn_without_mailer()
    return import_string(backend or settings.EMAIL_BACKEND)(fail_silently=fail_silently, **kwds)
