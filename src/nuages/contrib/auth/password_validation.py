"""Which passwords are good enough (documentation: topics/auth/passwords)."""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.exceptions import FieldDoesNotExist, ImproperlyConfigured, ValidationError
from nuages.i18n.translation import gettext as _
from nuages.i18n.translation import ngettext
from nuages.signals import receiver, setting_changed
from nuages.text.html import format_html, format_html_join
from nuages.text.lazy import lazy


@functools.cache
def get_default_password_validators() -> list[Any]:
    """The validators of ``AUTH_PASSWORD_VALIDATORS``."""
    return get_password_validators(settings.AUTH_PASSWORD_VALIDATORS)


@receiver(setting_changed)
def _follow_settings(*, setting: str, **kwargs: Any) -> None:
    if setting == "AUTH_PASSWORD_VALIDATORS":
        get_default_password_validators.cache_clear()


def get_password_validators(validator_config: Iterable[dict[str, Any]]) -> list[Any]:
    """The validators that the entries name, made with their ``OPTIONS``."""
    validators = []
    for entry in validator_config:
        try:
            factory = import_string(entry["NAME"])
        except ImportError as error:
            raise ImproperlyConfigured(
                f"The module in NAME could not be imported: {entry['NAME']}. Check your AUTH_PASSWORD_VALIDATORS setting."
            ) from error
        validators.append(factory(**entry.get("OPTIONS", {})))
    return validators


def _chosen(validators: Sequence[Any] | None) -> Sequence[Any]:
    return get_default_password_validators() if validators is None else validators


def validate_password(password: str, user: Any = None, password_validators: Sequence[Any] | None = None) -> None:
    """Raise a ``ValidationError`` with the complaints of all validators."""
    errors = []
    for validator in _chosen(password_validators):
        try:
            validator.validate(password, user)
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)


def password_changed(password: str, user: Any = None, password_validators: Sequence[Any] | None = None) -> None:
    """Tell the validators that the password has been changed."""
    for validator in _chosen(password_validators):
        if hasattr(validator, "password_changed"):
            validator.password_changed(password, user)


def password_validators_help_texts(password_validators: Sequence[Any] | None = None) -> list[str]:
    """What each validator asks for."""
    return [validator.get_help_text() for validator in _chosen(password_validators)]


def _help_text_html(password_validators: Sequence[Any] | None = None) -> str:
    texts = password_validators_help_texts(password_validators)
    items = format_html_join("", "<li>{}</li>", ((text,) for text in texts))
    return format_html("<ul>{}</ul>", items) if items else ""


password_validators_help_text_html = lazy(_help_text_html, str)


class MinimumLengthValidator:
    """A least length."""

    def __init__(self, min_length: int = 8) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` for a shorter password."""
        if len(password) < self.min_length:
            raise ValidationError(
                self.get_error_message(), code="password_too_short", params={"min_length": self.min_length}
            )

    def get_error_message(self) -> str:
        """The complaint."""
        return (
            ngettext(
                "This password is too short: at least %d character is needed.",
                "This password is too short: at least %d characters are needed.",
                self.min_length,
            )
            % self.min_length
        )

    def get_help_text(self) -> str:
        """What is asked for."""
        return ngettext(
            "Use at least %(min_length)d character.", "Use at least %(min_length)d characters.", self.min_length
        ) % {"min_length": self.min_length}


def exceeds_maximum_length_ratio(password: str, max_similarity: float, value: str) -> bool:
    """Whether the password is so much longer than the value that they cannot be similar enough."""
    length, own = len(value), len(password)
    return own >= 10 * length and length < max_similarity / 2 * own


class UserAttributeSimilarityValidator:
    """Not too much like the user's name or address."""

    DEFAULT_USER_ATTRIBUTES = ("username", "first_name", "last_name", "email")

    def __init__(self, user_attributes: Iterable[str] = DEFAULT_USER_ATTRIBUTES, max_similarity: float = 0.7) -> None:
        self.user_attributes = user_attributes
        if max_similarity < 0.1:
            raise ValueError("max_similarity must be at least 0.1")
        self.max_similarity = max_similarity

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` for a password that is similar to an attribute or a word of it."""
        if not user:
            return
        lowered = password.lower()
        for name in self.user_attributes:
            value = getattr(user, name, None)
            if not value or not isinstance(value, str):
                continue
            whole = value.lower()
            if any(self._is_similar(lowered, part) for part in [*re.split(r"\W+", whole), whole]):
                raise ValidationError(
                    self.get_error_message(), code="password_too_similar", params={"verbose_name": _verbose(user, name)}
                )

    def _is_similar(self, password: str, part: str) -> bool:
        if exceeds_maximum_length_ratio(password, self.max_similarity, part):
            return False
        return SequenceMatcher(a=password, b=part).quick_ratio() >= self.max_similarity

    def get_error_message(self) -> str:
        """The complaint."""
        return _("This password is too much like the %(verbose_name)s.")

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("Do not use anything like your name, address or other personal data.")


def _verbose(user: Any, name: str) -> str:
    try:
        return str(user._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


class CommonPasswordValidator:
    """None of the 20,000 passwords that are tried first. ``password_list_path`` names another list, a word a line."""

    DEFAULT_PASSWORD_LIST_PATH = Path(__file__).resolve().parent / "common-passwords.txt.gz"

    def __init__(self, password_list_path: str | Path = DEFAULT_PASSWORD_LIST_PATH) -> None:
        self._path = Path(password_list_path)
        if not self._path.is_file():
            raise FileNotFoundError(f"There is no list of common passwords at {self._path}.")

    @functools.cached_property
    def passwords(self) -> frozenset[str]:
        """The words, read when first needed."""
        raw = self._path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
        return frozenset(line.strip() for line in text.splitlines())

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` for one of the words, in any case."""
        if password.lower().strip() in self.passwords:
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def get_error_message(self) -> str:
        """The complaint."""
        return _("This password is too common.")

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("Do not use one of the passwords that everybody uses.")


class NumericPasswordValidator:
    """Not digits alone."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` for nothing but digits."""
        if password.isdigit():
            raise ValidationError(self.get_error_message(), code="password_entirely_numeric")

    def get_error_message(self) -> str:
        """The complaint."""
        return _("This password is entirely numeric.")

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("Use more than digits.")
