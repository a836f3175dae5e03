"""Tokens for one-time links, as in the mail that resets a password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nuages.conf import settings
from nuages.text.crypto import constant_time_compare, salted_hmac
from nuages.text.http import base36_to_int, int_to_base36

_EPOCH = datetime(2001, 1, 1)


class PasswordResetTokenGenerator:
    """Makes and checks tokens that end with their first use: with a new password, address or login they no longer fit."""

    # Part of the token's format.
    key_salt = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
    algorithm: str = ""

    def __init__(self) -> None:
        self.algorithm = self.algorithm or "sha256"
        self._secret: Any = None
        self._secret_fallbacks: list[Any] | None = None

    @property
    def secret(self) -> Any:
        """The key; ``SECRET_KEY`` unless set."""
        return self._secret or settings.SECRET_KEY

    @secret.setter
    def secret(self, value: Any) -> None:
        self._secret = value

    @property
    def secret_fallbacks(self) -> list[Any]:
        """Old keys, whose tokens still count."""
        return settings.SECRET_KEY_FALLBACKS if self._secret_fallbacks is None else self._secret_fallbacks

    @secret_fallbacks.setter
    def secret_fallbacks(self, value: list[Any]) -> None:
        self._secret_fallbacks = value

    def make_token(self, user: Any) -> str:
        """A token for the user, valid ``PASSWORD_RESET_TIMEOUT`` seconds."""
        return self._make_token_with_timestamp(user, self._num_seconds(self._now()), self.secret)

    def check_token(self, user: Any, token: str | None) -> bool:
        """Whether the token was made for the user, as they are now, and not too long ago."""
        stamp, dash, _ = (token or "").partition("-")
        if not user or not dash or "-" in _:
            return False
        try:
            made = base36_to_int(stamp)
        except ValueError:
            return False
        keys = [self.secret, *self.secret_fallbacks]
        if not any(constant_time_compare(self._make_token_with_timestamp(user, made, key), token) for key in keys):
            return False
        return self._num_seconds(self._now()) - made <= settings.PASSWORD_RESET_TIMEOUT

    def _make_token_with_timestamp(self, user: Any, timestamp: int, secret: Any) -> str:
        digest = salted_hmac(
            self.key_salt, self._make_hash_value(user, timestamp), secret=secret, algorithm=self.algorithm
        ).hexdigest()
        return f"{int_to_base36(timestamp)}-{digest[::2]}"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        last_login = user.last_login and user.last_login.replace(microsecond=0, tzinfo=None)
        email = getattr(user, user.get_email_field_name(), "") or ""
        return f"{user.pk}{user.password}{last_login if last_login else ''}{timestamp}{email}"

    def _num_seconds(self, moment: datetime) -> int:
        return int((moment - _EPOCH).total_seconds())

    def _now(self) -> datetime:
        return datetime.now()


default_token_generator = PasswordResetTokenGenerator()
