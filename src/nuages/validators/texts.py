"""Validators of text by patterns."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from nuages.conf.deconstruct import deconstructible
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.regex import lazy_compile

EMPTY_VALUES: tuple[Any, ...] = (None, "", [], (), {})


@deconstructible(path="nuages.validators.RegexValidator")
class RegexValidator:
    """Accepts what ``regex`` finds itself in; with ``inverse_match``, what it does not.

    Raises TypeError if ``flags`` are given with a compiled pattern.
    """

    regex: Any = ""
    message: Any = _("Enter a valid value.")
    code: str = "invalid"
    inverse_match = False
    flags: int = 0

    def __init__(
        self, regex: Any = None, message: Any = None, code: str | None = None, inverse_match: bool | None = None, flags: int | None = None
    ) -> None:
        given = {"regex": regex, "message": message, "code": code, "inverse_match": inverse_match, "flags": flags}
        for name, value in given.items():
            if value is not None:
                setattr(self, name, value)
        if self.flags and not isinstance(self.regex, str):
            raise TypeError("flags belong to a pattern given as text: a compiled one has its own.")
        self.regex = lazy_compile(self.regex, self.flags)

    def __call__(self, value: Any) -> None:
        """Validate."""
        if bool(self.regex.search(str(value))) is self.inverse_match:
            raise ValidationError(self.message, code=self.code, params={"value": value})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RegexValidator):
            return False
        same_pattern = (self.regex.pattern, self.regex.flags) == (other.regex.pattern, other.regex.flags)
        return same_pattern and (self.message, self.code, self.inverse_match) == (other.message, other.code, other.inverse_match)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


integer_validator = RegexValidator(r"^-?[0-9]+\Z", message=_("Enter a valid integer."), code="invalid")


def validate_integer(value: Any) -> None:
    """Accept text that is an integer."""
    integer_validator(value)


slug_re = lazy_compile(r"^[-a-zA-Z0-9_]+\Z")
validate_slug = RegexValidator(slug_re, _("A slug may hold only letters, digits, underscores and hyphens."), "invalid")
slug_unicode_re = lazy_compile(r"^[-\w]+\Z")
validate_unicode_slug = RegexValidator(
    slug_unicode_re, _("A slug may hold only letters and digits of any script, underscores and hyphens."), "invalid"
)


def int_list_validator(sep: str = ",", message: Any = None, code: str = "invalid", allow_negative: bool = False) -> RegexValidator:
    """Return a validator of integers separated by ``sep``."""
    number = rf"{'-?' if allow_negative else ''}[0-9]+"
    pattern = lazy_compile(rf"^{number}(?:{re.escape(sep)}{number})*\Z")
    return RegexValidator(pattern, message=message, code=code)


validate_comma_separated_integer_list = int_list_validator(message=_("Enter only digits separated by commas."))


@deconstructible(path="nuages.validators.ProhibitNullCharactersValidator")
class ProhibitNullCharactersValidator:
    """Accepts text without NUL characters."""

    message: Any = _("Null characters are not allowed.")
    code = "null_characters_not_allowed"

    def __init__(self, message: Any = None, code: str | None = None) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code

    def __call__(self, value: Any) -> None:
        """Validate."""
        if "\x00" in str(value):
            raise ValidationError(self.message, code=self.code, params={"value": value})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and (self.message, self.code) == (other.message, other.code)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]
