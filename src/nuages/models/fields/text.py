"""Fields of text: CharField, TextField, SlugField, EmailField, URLField, FilePathField, GenericIPAddressField, UUIDField."""

from __future__ import annotations

import uuid
from typing import Any

from nuages import checks, exceptions, forms, validators
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.checking import removed_details
from nuages.models.fields.field import Field
from nuages.sql.expressions import Func
from nuages.sql.keeping import hands_on, keeps
from nuages.text.ipv6 import clean_ipv6_address


class CharField(Field[str]):
    """Text of limited length; ``max_length`` is required where the database knows no unlimited varchar."""

    def __init__(self, *args: Any, db_collation: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.db_collation = db_collation
        if self.max_length is not None:
            self.validators.append(validators.MaxLengthValidator(self.max_length))

    @property
    def description(self) -> Any:
        """What the documentation of a model says about the type."""
        return _("String (up to %(max_length)s)") if self.max_length is not None else _("String (unlimited)")

    def check(self, **kwargs: Any) -> list[Any]:
        databases = kwargs.get("databases") or []
        return [
            *super().check(**kwargs),
            *self._check_db_collation(databases, "supports_collation_on_charfield", "CharFields"),
            *self._check_max_length_attribute(**kwargs),
        ]

    def _check_max_length_attribute(self, **kwargs: Any) -> list[Any]:
        if self.max_length is None:
            databases = kwargs.get("databases")
            if databases and all(self._requires("supports_unlimited_charfield", one) for one in self._databases(databases)):
                return []
            return [checks.Error("CharFields must define a 'max_length' attribute.", obj=self, id="fields.E120")]
        if not isinstance(self.max_length, int) or isinstance(self.max_length, bool) or self.max_length <= 0:
            return [checks.Error("'max_length' must be a positive integer.", obj=self, id="fields.E121")]
        return []

    def cast_db_type(self, connection: Any) -> str | None:
        if self.max_length is None:
            return connection.ops.cast_char_field_without_max_length  # type: ignore[no-any-return]
        return super().cast_db_type(connection)

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        return {**super().db_parameters(connection), "collation": self.db_collation}

    def get_internal_type(self) -> str:
        return "CharField"

    @keeps(str)
    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else str(value)

    @hands_on()
    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {"max_length": self.max_length}
        if self.null and not self._empty_is_text():
            options["empty_value"] = None
        return super().formfield(**{**options, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.db_collation:
            kwargs["db_collation"] = self.db_collation
        return name, path, args, kwargs

    def slice_expression(self, expression: Any, start: Any, length: Any) -> Any:
        return text_slice(expression, start, length)


def text_slice(expression: Any, start: Any, length: Any) -> Any:
    """The SQL function that takes a part of a text."""
    parts = (expression, start) if length is None else (expression, start, length)
    return Func(*parts, function="SUBSTR", output_field=expression.output_field)


class TextField(Field[str]):
    """Text of any length."""

    description: Any = _("Text")

    def __init__(self, *args: Any, db_collation: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.db_collation = db_collation

    def check(self, **kwargs: Any) -> list[Any]:
        databases = kwargs.get("databases") or []
        return [
            *super().check(**kwargs),
            *self._check_db_collation(databases, "supports_collation_on_textfield", "TextFields"),
        ]

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        return {**super().db_parameters(connection), "collation": self.db_collation}

    def get_internal_type(self) -> str:
        return "TextField"

    @keeps(str)
    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else str(value)

    @hands_on()
    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def formfield(self, **kwargs: Any) -> Any:
        options = {} if self.choices is not None else {"widget": forms.Textarea}
        return super().formfield(**{"max_length": self.max_length, **options, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.db_collation:
            kwargs["db_collation"] = self.db_collation
        return name, path, args, kwargs

    def slice_expression(self, expression: Any, start: Any, length: Any) -> Any:
        return text_slice(expression, start, length)


class EmailField(CharField):
    """A CharField that holds a valid e-mail address."""

    default_validators = [validators.validate_email]
    description = _("Email address")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 254)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "max_length": self.max_length} if self.max_length else kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.EmailField, **kwargs})


class URLField(CharField):
    """A CharField that holds a valid URL."""

    default_validators = [validators.URLValidator()]
    description = _("URL")  # type: ignore[assignment]

    def __init__(self, verbose_name: Any = None, name: str | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(verbose_name, name, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("max_length") == 200:
            del kwargs["max_length"]
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.URLField, **kwargs})


class SlugField(CharField):
    """A short label of letters, digits, underscores and hyphens; indexed unless told otherwise."""

    default_validators = [validators.validate_slug]
    description = _("Slug (up to %(max_length)s)")  # type: ignore[assignment]

    def __init__(
        self, *args: Any, max_length: int | None = 50, db_index: bool = True, allow_unicode: bool = False, **kwargs: Any
    ) -> None:
        self.allow_unicode = allow_unicode
        if allow_unicode:
            self.default_validators = [validators.validate_unicode_slug]
        super().__init__(*args, max_length=max_length, db_index=db_index, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("max_length") == 50:
            del kwargs["max_length"]
        kwargs.pop("db_index", None)
        if self.db_index is False:
            kwargs["db_index"] = False
        if self.allow_unicode:
            kwargs["allow_unicode"] = True
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "SlugField"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.SlugField, "allow_unicode": self.allow_unicode, **kwargs})


class CommaSeparatedIntegerField(CharField):
    """Removed; it exists for old migrations only."""

    default_validators = [validators.validate_comma_separated_integer_list]
    description = _("Comma-separated integers")  # type: ignore[assignment]
    system_check_removed_details = removed_details(
        "CommaSeparatedIntegerField is", "CharField(validators=[validate_comma_separated_integer_list])", "E901"
    )


class FilePathField(Field[str]):
    """The name of a file in a directory; `match` (a regular expression) and `recursive` narrow and widen the choice."""

    description = _("File path")

    def __init__(
        self,
        verbose_name: Any = None,
        name: str | None = None,
        path: Any = "",
        match: str | None = None,
        recursive: bool = False,
        allow_files: bool = True,
        allow_folders: bool = False,
        **kwargs: Any,
    ) -> None:
        self.path, self.match, self.recursive = path, match, recursive
        self.allow_files, self.allow_folders = allow_files, allow_folders
        kwargs.setdefault("max_length", 100)
        super().__init__(verbose_name, name, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return [*super().check(**kwargs), *self._check_allowing_files_or_folders()]

    def _check_allowing_files_or_folders(self) -> list[Any]:
        if self.allow_files or self.allow_folders:
            return []
        return [checks.Error(
            "A FilePathField needs something to choose from: set 'allow_files', 'allow_folders' or both.", obj=self, id="fields.E140",
        )]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        defaults = {"path": "", "match": None, "recursive": False, "allow_files": True, "allow_folders": False}
        kwargs.update({key: getattr(self, key) for key, default in defaults.items() if getattr(self, key) != default})
        if kwargs.get("max_length") == 100:
            del kwargs["max_length"]
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        options = {
            "path": self.path() if callable(self.path) else self.path,
            "match": self.match, "recursive": self.recursive, "form_class": forms.FilePathField,
            "allow_files": self.allow_files, "allow_folders": self.allow_folders,
        }
        return super().formfield(**{**options, **kwargs})

    def get_internal_type(self) -> str:
        return "FilePathField"


class GenericIPAddressField(Field[str]):
    """An IPv4 or IPv6 address, kept as text or as the database's own type."""

    empty_strings_allowed = False
    description = _("IP address")

    def __init__(
        self,
        verbose_name: Any = None,
        name: str | None = None,
        protocol: str = "both",
        unpack_ipv4: bool = False,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        self.unpack_ipv4, self.protocol = unpack_ipv4, protocol
        self.default_validators = validators.ip_address_validators(protocol, unpack_ipv4)
        kwargs["max_length"] = 39
        super().__init__(verbose_name, name, *args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return [*super().check(**kwargs), *self._check_blank_and_null_values(**kwargs)]

    def _check_blank_and_null_values(self, **kwargs: Any) -> list[Any]:
        if self.null or not self.blank:
            return []
        return [checks.Error(
            "GenericIPAddressFields keep blanks as nulls: with blank=True they also need null=True.",
            obj=self, id="fields.E150",
        )]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.unpack_ipv4 is not False:
            kwargs["unpack_ipv4"] = self.unpack_ipv4
        if self.protocol != "both":
            kwargs["protocol"] = self.protocol
        if kwargs.get("max_length") == 39:
            del kwargs["max_length"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "GenericIPAddressField"

    def to_python(self, value: Any) -> Any:
        if value is None:
            return None
        value = str(value).strip()
        return clean_ipv6_address(value, self.unpack_ipv4, self._invalid()) if ":" in value else value

    def _invalid(self) -> Any:
        own = (self._error_messages or {}).get("invalid")
        return own or {
            "ipv4": _("Enter a valid IPv4 address."), "ipv6": _("Enter a valid IPv6 address."),
        }.get(self.protocol.lower(), _("Enter a valid IPv4 or IPv6 address."))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return connection.ops.adapt_ipaddressfield_value(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None:
            return None
        if ":" in str(value):
            try:
                return clean_ipv6_address(value, self.unpack_ipv4)
            except exceptions.ValidationError:
                pass
        return str(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"protocol": self.protocol, "form_class": forms.GenericIPAddressField, **kwargs})


class IPAddressField(Field[str]):
    """Removed; it exists for old migrations only."""

    empty_strings_allowed = False
    description = _("IPv4 address")
    system_check_removed_details = removed_details("IPAddressField has been", "GenericIPAddressField", "E900")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 15
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value is None else str(value)

    def get_internal_type(self) -> str:
        return "IPAddressField"


class UUIDField(Field[uuid.UUID]):
    """A universally unique identifier, as ``uuid.UUID``."""

    default_error_messages = {"invalid": _("“%(value)s” is not a valid UUID.")}
    description = _("Universally unique identifier")
    empty_strings_allowed = False

    def __init__(self, verbose_name: Any = None, **kwargs: Any) -> None:
        kwargs["max_length"] = 32
        super().__init__(verbose_name, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "UUIDField"

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        if value is None:
            return None
        value = self.to_python(value)
        return value if connection.features.has_native_uuid_field else value.hex

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, uuid.UUID):
            return value
        try:
            return uuid.UUID(**{"int" if isinstance(value, int) else "hex": value})
        except (AttributeError, ValueError, TypeError):
            raise exceptions.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value}) from None

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.UUIDField, **kwargs})
