"""Fields whose value is text, or is read from a short piece of text."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from nuages import validators
from nuages.exceptions import ValidationError
from nuages.forms.fields.field import Field
from nuages.forms.widgets.widget import EmailInput, Textarea, URLInput, Widget
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.ipv6 import MAX_IPV6_ADDRESS_LENGTH, clean_ipv6_address


class CharField(Field):
    """Text, stripped of surrounding white space unless ``strip=False``."""

    def __init__(
        self,
        *,
        max_length: int | None = None,
        min_length: int | None = None,
        strip: bool = True,
        empty_value: Any = "",
        **kwargs: Any,
    ) -> None:
        self.max_length, self.min_length = max_length, min_length
        self.strip, self.empty_value = strip, empty_value
        super().__init__(**kwargs)
        limits = ((validators.MinLengthValidator, min_length), (validators.MaxLengthValidator, max_length))
        self.validators += [make(int(limit)) for make, limit in limits if limit is not None]
        self.validators.append(validators.ProhibitNullCharactersValidator())

    def to_python(self, value: Any) -> Any:
        """Text; ``empty_value`` for nothing."""
        if not self._is_empty(value):
            value = str(value)
            if self.strip:
                value = value.strip()
        return self.empty_value if self._is_empty(value) else value

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        """``maxlength`` and ``minlength``."""
        attrs = super().widget_attrs(widget)
        if not widget.is_hidden:
            if self.max_length is not None:
                attrs["maxlength"] = str(self.max_length)
            if self.min_length is not None:
                attrs["minlength"] = str(self.min_length)
        return attrs


class RegexField(CharField):
    """Text that a regular expression finds something in."""

    def __init__(self, regex: str | re.Pattern[str], **kwargs: Any) -> None:
        kwargs.setdefault("strip", False)
        super().__init__(**kwargs)
        self._regex_validator: Any = None
        self._set_regex(regex)

    def _get_regex(self) -> re.Pattern[str]:
        return self._regex

    def _set_regex(self, regex: str | re.Pattern[str]) -> None:
        self._regex = re.compile(regex) if isinstance(regex, str) else regex
        if self._regex_validator in self.validators:
            self.validators.remove(self._regex_validator)
        self._regex_validator = validators.RegexValidator(regex=self._regex)
        self.validators.append(self._regex_validator)

    regex = property(_get_regex, _set_regex)


class EmailField(CharField):
    """An email address."""

    widget = EmailInput
    default_validators = [validators.validate_email]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 320)  # RFC 3696, section 3, as its errata have it
        super().__init__(strip=True, **kwargs)


class SlugField(CharField):
    """Letters, digits, underscores and hyphens; letters of all scripts with ``allow_unicode``."""

    default_validators = [validators.validate_slug]

    def __init__(self, *, allow_unicode: bool = False, **kwargs: Any) -> None:
        self.allow_unicode = allow_unicode
        if allow_unicode:
            self.default_validators = [validators.validate_unicode_slug]  # type: ignore[misc]
        super().__init__(**kwargs)


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*\Z")
# Schemes whose URLs have no "//" and a host (RFC 3986, section 3): they pass unchanged to the validator.
_OPAQUE = frozenset({"mailto", "tel", "urn", "data", "news", "sms", "javascript"})


class URLField(CharField):
    """A URL; one without a scheme gets ``assume_scheme``."""

    widget = URLInput
    default_error_messages = {"invalid": _("Enter a valid URL.")}
    default_validators = [validators.URLValidator()]

    def __init__(self, *, assume_scheme: str | None = None, **kwargs: Any) -> None:
        self.assume_scheme: str = assume_scheme or "https"
        super().__init__(strip=True, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The URL with a scheme."""
        value = super().to_python(value)
        if not value:
            return value
        scheme, colon, rest = value.partition(":")
        if colon and scheme.lower() in _OPAQUE:
            return value
        try:
            if colon and _SCHEME.match(scheme) and rest.startswith("//"):
                return urlunsplit(urlsplit(value))
            prefix = f"{self.assume_scheme}:" if value.startswith("//") else f"{self.assume_scheme}://"
            return urlunsplit(urlsplit(prefix + value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class UUIDField(CharField):
    """A UUID, in any spelling that ``uuid.UUID`` reads."""

    default_error_messages = {"invalid": _("Enter a valid UUID.")}

    def prepare_value(self, value: Any) -> Any:
        """The UUID as text."""
        return str(value) if isinstance(value, uuid.UUID) else value

    def to_python(self, value: Any) -> Any:
        """A ``uuid.UUID``, ``None`` for nothing."""
        value = super().to_python(value)
        if self._is_empty(value):
            return None
        if isinstance(value, uuid.UUID):
            return value
        try:
            return uuid.UUID(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class GenericIPAddressField(CharField):
    """An IPv4 or IPv6 address, the latter normalised as RFC 4291, section 2.2 has it."""

    def __init__(self, *, protocol: str = "both", unpack_ipv4: bool = False, **kwargs: Any) -> None:
        self.unpack_ipv4 = unpack_ipv4
        self.default_validators = validators.ip_address_validators(protocol, unpack_ipv4)  # type: ignore[misc]
        kwargs.setdefault("max_length", MAX_IPV6_ADDRESS_LENGTH)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """The normalised address."""
        if self._is_empty(value):
            return ""
        value = str(value).strip()
        if ":" in value:
            return clean_ipv6_address(value, self.unpack_ipv4, max_length=self.max_length or MAX_IPV6_ADDRESS_LENGTH)
        return value


class InvalidJSONInput(str):
    """Submitted text that is no JSON; shown again as it came."""


class JSONString(str):
    """A JSON value that is a text, to tell it from JSON text."""


class JSONField(CharField):
    """JSON text; the value is what it means."""

    default_error_messages = {"invalid": _("Enter a valid JSON.")}
    widget = Textarea

    def __init__(self, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        self.encoder = encoder
        self.decoder = decoder
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """The decoded value."""
        if self.disabled:
            return value
        if self._is_empty(value):
            return None
        if isinstance(value, (list, dict, int, float, JSONString)):
            return value
        try:
            decoded = json.loads(value, cls=self.decoder)
        except json.JSONDecodeError:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})
        return JSONString(decoded) if isinstance(decoded, str) else decoded

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The decoded value, or the text as it came."""
        shown = initial if self.disabled else data
        if self.disabled or shown is None:
            return shown
        try:
            return json.loads(shown, cls=self.decoder)
        except json.JSONDecodeError:
            return InvalidJSONInput(shown)

    def prepare_value(self, value: Any) -> Any:
        """The value as JSON text."""
        if isinstance(value, InvalidJSONInput):
            return value
        return json.dumps(value, ensure_ascii=False, cls=self.encoder)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the JSON is another; the order of keys does not matter."""
        if super().has_changed(initial, data):
            return True
        if self.disabled:
            return False
        # Python calls True and 1 equal, JSON does not.
        written = json.dumps(initial, sort_keys=True, cls=self.encoder)
        return written != json.dumps(self.to_python(data), sort_keys=True, cls=self.encoder)


class ComboField(CharField):
    """Text that several fields check, one after the other."""

    def __init__(self, fields: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in fields:
            field.required = False  # this field checks that itself
        self.fields = fields

    def clean(self, value: Any) -> Any:
        """The value after all fields have cleaned it in turn."""
        super().clean(value)
        for field in self.fields:
            value = field.clean(value)
        return value


