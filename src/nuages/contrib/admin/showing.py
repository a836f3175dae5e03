"""How values are shown: in lists, on pages that may only be viewed, in deletions."""

from __future__ import annotations

import datetime
import decimal
import json
from typing import Any

from nuages import models
from nuages.contrib.auth.abstract import AbstractBaseUser
from nuages.contrib.auth.logins import get_user_model
from nuages.contrib.auth.templatetags.auth import render_password_as_hash
from nuages.exceptions import ValidationError
from nuages.i18n import formats, timezone
from nuages.sql.expressions.functional import DatabaseDefault
from nuages.template.libraries.static import static
from nuages.text.html import format_html
from nuages.text.safestring import SafeString
from nuages.validators import EMPTY_VALUES, URLValidator


def display_for_field(value: Any, field: Any, empty_value_display: Any, avoid_link: bool = False) -> Any:
    """A field's value as it is shown."""
    choices = getattr(field, "flatchoices", None)
    if choices:
        try:
            return dict(choices).get(value, empty_value_display)
        except TypeError:  # a value that cannot be a key, as a list
            hashable = {_hashable(key): text for key, text in choices}
            return hashable.get(_hashable(value), empty_value_display)
    if isinstance(field, models.BooleanField):
        return boolean_icon(value)
    if value in getattr(field, "empty_values", EMPTY_VALUES) or isinstance(value, DatabaseDefault):
        return empty_value_display
    if isinstance(field, models.DateTimeField):
        return formats.localize(timezone.template_localtime(value))
    if isinstance(field, (models.DateField, models.TimeField)):
        return formats.localize(value)
    if isinstance(field, models.DecimalField):
        return formats.number_format(value, field.decimal_places)
    if isinstance(field, (models.IntegerField, models.FloatField)):
        return formats.number_format(value)
    if isinstance(field, models.FileField) and not avoid_link:
        return format_html('<a href="{}">{}</a>', value.url, value)
    if isinstance(field, models.URLField) and not avoid_link and _is_address(value):
        return format_html('<a href="{}">{}</a>', value, value)
    if isinstance(field, models.JSONField):
        try:
            return json.dumps(value, ensure_ascii=False, cls=field.encoder)
        except TypeError:
            return display_for_value(value, empty_value_display)
    if field.name == "password" and _is_of_users(getattr(field, "model", None)):
        return render_password_as_hash(value)
    return display_for_value(value, empty_value_display)


def _is_of_users(model: Any) -> bool:
    """Whether a model's objects, or those of a model that inherits from it, are users."""
    return model is not None and (issubclass(model, AbstractBaseUser) or issubclass(get_user_model(), model))


def _hashable(value: Any) -> Any:
    return tuple(_hashable(item) for item in value) if isinstance(value, list) else value


def _is_address(value: Any) -> bool:
    """Whether a link may be made of it: a scheme such as ``javascript:`` would run in the reader's page."""
    try:
        URLValidator()(value)
    except ValidationError:
        return False
    return True


def boolean_icon(value: Any) -> Any:
    """A mark for true, false or unknown."""
    if isinstance(value, DatabaseDefault):
        value = None  # not known before the row is written
    kind = {True: "yes", False: "no", None: "unknown"}[value]
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{kind}.svg"), value)


def display_for_value(value: Any, empty_value_display: Any, boolean: bool = False) -> Any:
    """Any value as it is shown."""
    if boolean:
        return boolean_icon(value)
    if value in EMPTY_VALUES or isinstance(value, DatabaseDefault):
        return empty_value_display
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime.datetime):
        return formats.localize(timezone.template_localtime(value))
    if isinstance(value, (datetime.date, datetime.time)):
        return formats.localize(value)
    if isinstance(value, (int, decimal.Decimal, float)):
        return formats.number_format(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    if isinstance(value, SafeString):
        return value
    return str(value).strip() or empty_value_display
