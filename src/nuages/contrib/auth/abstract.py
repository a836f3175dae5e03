"""The least that a user model needs: a password and a name to log in with."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator
from typing import Any, ClassVar

from nuages import bridge, models
from nuages.conf import settings
from nuages.contrib.auth import password_validation
from nuages.contrib.auth.hashers import check_password, is_password_usable, make_password
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.crypto import get_random_string, salted_digest


class BaseUserManager(models.Manager):
    """What managers of users share."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The address with its domain in lower case."""
        text = email or ""
        name, at, domain = text.strip().rpartition("@")
        return f"{name}@{domain.lower()}" if at else text

    def make_random_password(
        self, length: int = 10, allowed_chars: str = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    ) -> str:
        """A random password without characters that look alike."""
        warnings.warn("BaseUserManager.make_random_password() is deprecated.", DeprecationWarning, stacklevel=2)
        return get_random_string(length, allowed_chars)

    def get_by_natural_key(self, username: Any) -> Any:
        """The user of that name."""
        return self.get(**{self.model.USERNAME_FIELD: username})

    aget_by_natural_key = bridge.shell(get_by_natural_key)


class AbstractBaseUser(models.Model):
    """A user model's base (documentation: topics/auth/customizing). A subclass names its ``USERNAME_FIELD``."""

    password = models.CharField(_("password"), max_length=128)
    last_login = models.DateTimeField(_("last login"), blank=True, null=True)

    is_active: Any = True
    is_anonymous: ClassVar[Any] = property(lambda self: False, doc="Always false: this is a real user.")
    is_authenticated: ClassVar[Any] = property(lambda self: True, doc="Always true: this is a real user.")

    USERNAME_FIELD: ClassVar[str]
    EMAIL_FIELD: ClassVar[str]
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # The password as given, until it has been validated and saved.
    _password: str | None = None

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.get_username())

    def save(self, **kwargs: Any) -> None:
        """Save, and tell the password validators about a new password."""
        super().save(**kwargs)
        if self._password is not None:
            password_validation.password_changed(self._password, self)
            self._password = None

    def get_username(self) -> Any:
        """The value of ``USERNAME_FIELD``."""
        return getattr(self, self.USERNAME_FIELD)

    def natural_key(self) -> tuple[Any]:
        """The name, as fixtures know the user."""
        return (self.get_username(),)

    def clean(self) -> None:
        """Normalize the name."""
        setattr(self, self.USERNAME_FIELD, self.normalize_username(self.get_username()))

    @classmethod
    def normalize_username(cls, username: Any) -> Any:
        """The name in Unicode's form NFKC, so that names which look alike are alike."""
        return unicodedata.normalize("NFKC", username) if isinstance(username, str) else username

    @classmethod
    def get_email_field_name(cls) -> str:
        """The name of the field with the address."""
        return getattr(cls, "EMAIL_FIELD", "email")

    def set_password(self, raw_password: str | None) -> None:
        """Hash a new password into the instance, without saving it."""
        self.password = make_password(raw_password)
        self._password = raw_password

    def _rehash(self, raw_password: str) -> None:
        self.set_password(raw_password)
        # It is no new password: validators that keep a history are not to know.
        self._password = None
        self.save(update_fields=["password"])

    def check_password(self, raw_password: str | None) -> bool:
        """Whether the password is right; hashes it anew if the hash is out of date."""
        return check_password(raw_password, self.password, self._rehash)

    acheck_password = bridge.shell(check_password)

    def set_unusable_password(self) -> None:
        """Set a password that nothing fits."""
        self.password = make_password(None)

    def has_usable_password(self) -> bool:
        """Whether the user can log in with a password at all."""
        return is_password_usable(self.password)

    def get_session_auth_hash(self) -> str:
        """What a session remembers of the password."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same for each former ``SECRET_KEY``."""
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(key)

    def _session_hash(self, secret: Any) -> str:
        # The salt is part of the stored format.
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_digest(salt, self.password, secret, "sha256").hex()
