"""The abstract model of a stored session, for projects that add columns."""

from __future__ import annotations

from typing import Any

from nuages import models
from nuages.i18n.translation import gettext_lazy as _


class BaseSessionManager(models.Manager):
    """Saves sessions by hand."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The data as signed text."""
        return str(self.model.get_session_store_class()().encode(session_dict))

    def save(self, session_key: str, session_dict: dict[str, Any], expire_date: Any) -> Any:
        """Save the data under the key; delete the session when there is no data."""
        session = self.model(session_key, self.encode(session_dict), expire_date)
        if session_dict:
            session.save()
        else:
            session.delete()
        return session


class AbstractBaseSession(models.Model):
    """Key, signed data and expiry date."""

    session_key = models.CharField(_("session key"), max_length=40, primary_key=True)
    session_data = models.TextField(_("session data"))
    expire_date = models.DateTimeField(_("expire date"), db_index=True)

    objects = BaseSessionManager()

    class Meta:
        verbose_name, verbose_name_plural = _("session"), _("sessions")
        abstract = True

    def __str__(self) -> str:
        return str(self.session_key)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The ``SessionStore`` that reads and writes these rows."""
        raise NotImplementedError(f"{cls.__name__} must define get_session_store_class().")

    def get_decoded(self) -> dict[str, Any]:
        """The data."""
        decoded: dict[str, Any] = self.get_session_store_class()().decode(self.session_data)
        return decoded
