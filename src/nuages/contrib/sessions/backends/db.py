"""Sessions in the database."""

from __future__ import annotations

from itertools import repeat
from typing import Any

from nuages import bridge
from nuages.apps import apps
from nuages.contrib.sessions.backends.store import CreateError, SessionBase, UpdateError
from nuages.db import DatabaseError, IntegrityError, router, transaction
from nuages.exceptions import SuspiciousOperation
from nuages.i18n import timezone
from nuages.loggers import get_logger
from nuages.text.lazy import classproperty


class SessionStore(SessionBase):
    """A session as a row of ``django_session``."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The model of the rows; a subclass may return its own."""
        # From the registry: this module must be importable before the models are.
        return apps.get_model("sessions", "Session")

    @classproperty
    def model(cls) -> Any:
        """The model of the rows."""
        return cls.get_model_class()

    def _row(self) -> Any:
        try:
            return self.model.objects.get(session_key=self.session_key, expire_date__gt=timezone.now())
        except (self.model.DoesNotExist, SuspiciousOperation) as error:
            if isinstance(error, SuspiciousOperation):
                get_logger(f"security.{type(error).__name__}").warning(str(error))
            self._session_key = None
            return None

    def load(self) -> dict[str, Any]:
        """The row's data; without one the session loses its key."""
        row = self._row()
        return self.decode(row.session_data) if row else {}

    def exists(self, session_key: str) -> bool:
        """Whether there is a row with the key."""
        return bool(self.model.objects.filter(session_key=session_key).exists())

    def create(self) -> None:
        """Insert a row under a new key."""
        self._save_under_new_key(repeat(None))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row for ``data``, unsaved; a subclass may fill further columns."""
        return self.model(
            session_key=self._get_or_create_session_key(),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
        )

    acreate_model_instance = bridge.shell(create_model_instance)

    def save(self, must_create: bool = False) -> None:
        """Insert or update the row, in one transaction."""
        if self.session_key is None:
            return self.create()
        row = self.create_model_instance(self._loaded(no_load=must_create))
        using = router.db_for_write(self.model, instance=row)
        try:
            with transaction.atomic(using=using):
                row.save(force_insert=must_create, force_update=not must_create, using=using)
        except IntegrityError:
            if must_create:
                raise CreateError from None
            raise
        except DatabaseError:
            if not must_create:
                raise UpdateError from None
            raise

    def delete(self, session_key: str | None = None) -> None:
        """Delete the row, if there is one."""
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=key).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the rows whose time is over."""
        cls.get_model_class().objects.filter(expire_date__lt=timezone.now()).delete()
