"""Questions about models and values: what a name means, how a value is shown, what a deletion takes along."""

from __future__ import annotations

import datetime
import decimal
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import Any

from nuages import models
from nuages.contrib.auth.abstract import AbstractBaseUser
from nuages.contrib.auth.logins import get_permission_codename, get_user_model
from nuages.contrib.auth.templatetags.auth import render_password_as_hash
from nuages.db import router
from nuages.exceptions import FieldDoesNotExist, ValidationError
from nuages.i18n import formats, timezone
from nuages.i18n.translation import ngettext
from nuages.i18n.translation import override as translation_override
from nuages.models.constants import LOOKUP_SEP
from nuages.models.deletion import Collector
from nuages.sql.expressions.functional import DatabaseDefault
from nuages.template.libraries.static import static
from nuages.text.formatting import capfirst
from nuages.text.html import format_html
from nuages.text.regex import _lazy_re_compile
from nuages.text.safestring import SafeString
from nuages.urls import NoReverseMatch, reverse
from nuages.validators import EMPTY_VALUES, URLValidator

# Characters of a primary key that would mean something in an address.
_QUOTED = {ord(char): f"_{ord(char):02X}" for char in ':/_#?;@&=+$,"[]<>%\n\\'}
_UNQUOTE = _lazy_re_compile("_([0-9A-F]{2})")
_QUOTED_BACK = {value[1:]: chr(key) for key, value in _QUOTED.items()}

_FALSE_TEXTS = ("", "false", "0")


class FieldIsAForeignKeyColumnName(Exception):
    """A name is that of a foreign key's column, not of a field."""


# Addresses


def quote(value: Any) -> Any:
    """A primary key as part of an address; what is no text stays as it is."""
    return value.translate(_QUOTED) if isinstance(value, str) else value


def unquote(text: str) -> str:
    """The reverse of ``quote``."""
    return str(_UNQUOTE.sub(lambda match: _QUOTED_BACK.get(match[1], match[0]), text))


def prepare_lookup_value(key: str, value: Any, separator: str = ",") -> Any:
    """The value of a filter from its text in the address."""
    if isinstance(value, list):
        return [prepare_lookup_value(key, item, separator=separator) for item in value]
    if key.endswith("__in"):
        return value.split(separator)
    if key.endswith("__isnull"):
        return value.lower() not in _FALSE_TEXTS
    return value


def build_q_object_from_lookup_parameters(parameters: dict[str, list[Any]]) -> models.Q:
    """All lookups, each with any of its values."""
    combined = models.Q()
    for name, values in parameters.items():
        combined &= reduce(or_, (models.Q((name, value)) for value in values))
    return combined


def lookup_spawns_duplicates(opts: Any, lookup_path: str) -> bool:
    """Whether filtering by the path may give an object several times."""
    for name in lookup_path.split(LOOKUP_SEP):
        if name == "pk":
            name = opts.pk.name
        try:
            field = opts.get_field(name)
        except FieldDoesNotExist:
            continue  # a lookup such as "exact"
        if hasattr(field, "path_infos"):
            path = field.path_infos
            opts = path[-1].to_opts
            if any(step.m2m for step in path):
                return True
    return False


def get_last_value_from_parameters(parameters: dict[str, Any], key: str) -> Any:
    """The last value of a parameter, whether it was given as a list or alone."""
    value = parameters.get(key)
    return value[-1] if isinstance(value, list) else value


# Declarations


def flatten(fields: Iterable[Any]) -> list[Any]:
    """The names of a list in which some stand in groups."""
    return [name for entry in fields for name in (entry if isinstance(entry, (list, tuple)) else (entry,))]


def flatten_fieldsets(fieldsets: Iterable[tuple[Any, dict[str, Any]]]) -> list[Any]:
    """The names of all fields of ``fieldsets``."""
    return [name for _title, options in fieldsets for name in flatten(options["fields"])]


def lookup_field(name: Any, obj: Any, model_admin: Any = None) -> tuple[Any, Any, Any]:
    """(field or ``None``, attribute or callable, value) of what a column or a read-only field names.

    The name is a field, a callable, an attribute or method of the admin, an attribute or method of the model, or a path of these.
    """
    try:
        field = _get_non_gfk_field(obj._meta, name)
    except (FieldDoesNotExist, FieldIsAForeignKeyColumnName):
        pass
    else:
        return field, None, getattr(obj, name)
    if callable(name):
        return None, name, name(obj)
    if model_admin is not None and name != "__str__" and hasattr(model_admin, name):
        attribute = getattr(model_admin, name)
        return None, attribute, attribute(obj) if callable(attribute) else attribute
    value = obj
    attribute = None
    for part in [name] if name == "__str__" or not isinstance(name, str) else name.split(LOOKUP_SEP):
        attribute = getattr(value, part)
        value = attribute() if callable(attribute) else attribute
        if value is None:
            break
    if hasattr(obj, "_meta") and LOOKUP_SEP in name and name != "__str__":
        with suppress(FieldDoesNotExist, AttributeError, NotRelationField):
            field = get_fields_from_path(type(obj), name)[-1]
            if value is not None and not field.is_relation:
                return field, attribute, value
    if hasattr(type(obj), name) and isinstance(getattr(type(obj), name), property):
        attribute = getattr(type(obj), name).fget
    return None, attribute, value


def _get_non_gfk_field(opts: Any, name: Any) -> Any:
    """The field of that name, unless it stands for several objects or is just a foreign key's column."""
    if callable(name):
        raise FieldDoesNotExist
    field = opts.get_field(name)
    if field.is_relation and ((field.many_to_one and not field.related_model) or field.one_to_many):
        raise FieldDoesNotExist
    if (
        field.is_relation
        and not field.many_to_many
        and hasattr(field, "attname")
        and field.attname == name != field.name
    ):
        raise FieldIsAForeignKeyColumnName
    return field


def label_for_field(name: Any, model: Any, model_admin: Any = None, return_attr: bool = False, form: Any = None) -> Any:
    """The title of what ``name`` names, and with ``return_attr`` the attribute or callable behind it.

    Raises ``AttributeError`` for a name that means nothing.
    """
    attribute: Any = None
    try:
        field = _get_non_gfk_field(model._meta, name)
        label = getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name
    except FieldIsAForeignKeyColumnName:
        label, attribute = pretty_name(name), name
    except FieldDoesNotExist:
        if name == "__str__":
            label, attribute = str(model._meta.verbose_name), str
        else:
            attribute, label = _attribute_and_label(name, model, model_admin, form)
    return (label, attribute) if return_attr else label


def _attribute_and_label(name: Any, model: Any, model_admin: Any, form: Any) -> tuple[Any, Any]:
    if callable(name):
        attribute = name
    elif hasattr(model_admin, name):
        attribute = getattr(model_admin, name)
    elif hasattr(model, name):
        attribute = getattr(model, name)
    elif form is not None and name in form.fields:
        attribute = form.fields[name]
    else:
        try:
            attribute = get_fields_from_path(model, name)[-1]
        except (FieldDoesNotExist, NotRelationField):
            where = model._meta.object_name
            if model_admin:
                where += f" or {model_admin.__class__.__name__}"
            if form is not None:
                where += f" or {form.__class__.__name__}"
            raise AttributeError(f"Unable to lookup '{name}' on {where}") from None
    described: Any = attribute.fget if isinstance(attribute, property) else attribute
    if hasattr(described, "short_description"):
        return attribute, described.short_description
    if callable(attribute):
        return attribute, "--" if attribute.__name__ == "<lambda>" else pretty_name(attribute.__name__)
    return attribute, pretty_name(name)


def pretty_name(name: str) -> str:
    """``first_name`` as "First name"."""
    return name.replace("_", " ").capitalize() if name else ""


def help_text_for_field(name: str, model: Any) -> Any:
    """The field's help text, or an empty text."""
    try:
        field = _get_non_gfk_field(model._meta, name)
    except (FieldDoesNotExist, FieldIsAForeignKeyColumnName):
        return ""
    return getattr(field, "help_text", "")


# Relations and paths


class NotRelationField(Exception):
    """A path goes on behind a field that leads nowhere."""


def get_model_from_relation(field: Any) -> Any:
    """The model to which a field leads; ``NotRelationField`` if it leads nowhere."""
    if not hasattr(field, "path_infos"):
        raise NotRelationField
    return field.path_infos[-1].to_opts.model


def reverse_field_path(model: Any, path: str) -> tuple[Any, str]:
    """The model at the path's end, and the path from there back to ``model``."""
    back: list[str] = []
    parent = model
    pieces = path.split(LOOKUP_SEP)
    for piece in pieces:
        field = parent._meta.get_field(piece)
        # The last field is no step when it leads nowhere: only what leads to another model is walked back.
        if len(back) == len(pieces) - 1 and not hasattr(field, "path_infos"):
            break
        if field.is_relation and not (field.auto_created and not field.concrete):
            name = field.related_query_name()
        else:
            name = field.field.name
        back.insert(0, name)
        parent = get_model_from_relation(field)
    return parent, LOOKUP_SEP.join(back)


def get_fields_from_path(model: Any, path: str) -> list[Any]:
    """The fields that a path goes through."""
    fields: list[Any] = []
    for piece in path.split(LOOKUP_SEP):
        parent = get_model_from_relation(fields[-1]) if fields else model
        fields.append(parent._meta.get_field(piece))
    return fields


def model_format_dict(obj: Any) -> dict[str, Any]:
    """``verbose_name`` and ``verbose_name_plural`` of a model, an instance, a QuerySet or options, for messages."""
    if isinstance(obj, (models.Model, type)):
        opts: Any = obj._meta  # type: ignore[union-attr]
    elif isinstance(obj, models.QuerySet):
        opts = obj.model._meta
    else:
        opts = obj
    return {"verbose_name": opts.verbose_name, "verbose_name_plural": opts.verbose_name_plural}


def model_ngettext(obj: Any, n: int | None = None) -> str:
    """The model's name in the number of the objects."""
    if isinstance(obj, models.QuerySet):
        n = obj.count() if n is None else n
        obj = obj.model
    names = model_format_dict(obj)
    return ngettext(names["verbose_name"], names["verbose_name_plural"], n or 0)


# Values


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


# Deletion


class NestedObjects(Collector):
    """Collects what a deletion takes along, as a tree."""

    def __init__(self, *args: Any, force_collection: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, force_collection=force_collection, **kwargs)  # type: ignore[misc]
        self.edges: dict[Any, list[Any]] = defaultdict(list)
        self.protected: set[Any] = set()
        self.model_objs: dict[Any, set[Any]] = defaultdict(set)

    def add_edge(self, source: Any, target: Any) -> None:
        """``target`` goes because ``source`` goes (``None``: because it was asked for)."""
        self.edges[source].append(target)

    def collect(  # type: ignore[override]
        self, objs: Any, source: Any = None, source_attr: str | None = None, **kwargs: Any
    ) -> None:
        """Collect the objects and what depends on them; what protects them is noted instead of raised."""
        for obj in objs:
            if source_attr and not source_attr.endswith("+"):
                related = source_attr % {
                    "class": source._meta.model_name,
                    "app_label": source._meta.app_label,
                }
                self.add_edge(getattr(obj, related), obj)
            else:
                self.add_edge(None, obj)
            self.model_objs[obj._meta.model].add(obj)
        try:
            super().collect(objs, source_attr=source_attr, **kwargs)
        except models.ProtectedError as error:
            self.protected.update(error.protected_objects)
        except models.RestrictedError as error:
            self.protected.update(error.restricted_objects)

    def _has_signal_listeners(self, model: Any) -> bool:
        """As if there were some: whole objects are needed, for their texts."""
        return True

    def related_objects(self, related_model: Any, related_fields: Any, objs: Any) -> Any:
        """With the objects that point at, which the tree needs."""
        found = super().related_objects(related_model, related_fields, objs)
        return found.select_related(*[field.name for field in related_fields])

    def _nested(self, obj: Any, seen: set[Any], format_callback: Callable[[Any], Any] | None) -> list[Any]:
        if obj in seen:
            return []
        seen.add(obj)
        children = [item for child in self.edges.get(obj, ()) for item in self._nested(child, seen, format_callback)]
        shown = [format_callback(obj) if format_callback else obj]
        return [*shown, children] if children else shown

    def nested(self, format_callback: Callable[[Any], Any] | None = None) -> list[Any]:
        """The tree as nested lists: each object is followed by the list of those that go with it."""
        seen: set[Any] = set()
        return [item for root in self.edges.get(None, ()) for item in self._nested(root, seen, format_callback)]

    def can_fast_delete(self, *args: Any, **kwargs: Any) -> bool:
        """Never: every object is to be shown."""
        return False


def get_deleted_objects(
    objs: Any, request: Any, admin_site: Any
) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
    """(tree of texts, counts by model name, names of models that may not be deleted, objects in the way) of a deletion."""
    try:
        first = objs[0]
    except IndexError:
        return [], {}, set(), []
    collector = NestedObjects(using=router.db_for_write(first._meta.model), origin=objs)
    collector.collect(objs)
    forbidden: set[Any] = set()

    def describe(obj: Any) -> Any:
        model = type(obj)
        opts = obj._meta
        plain = f"{capfirst(opts.verbose_name)}: {obj}"
        if not admin_site.is_registered(model):
            return plain
        if not admin_site.get_model_admin(model).has_delete_permission(request, obj):
            forbidden.add(opts.verbose_name)
        try:
            address = reverse(f"{admin_site.name}:{opts.app_label}_{opts.model_name}_change", None, (quote(obj.pk),))
        except NoReverseMatch:
            return plain
        return format_html('{}: <a href="{}">{}</a>', capfirst(opts.verbose_name), address, obj)

    tree = collector.nested(describe)
    protected = [describe(obj) for obj in collector.protected]
    counts = {model._meta.verbose_name_plural: len(found) for model, found in collector.model_objs.items()}
    return tree, counts, forbidden, protected


# Changes


def construct_change_message(form: Any, formsets: Any, add: bool) -> list[dict[str, Any]]:
    """What a submitted page did, as data that a ``LogEntry`` stores in English and shows in any language."""
    changed = form.changed_data
    with translation_override(None):
        labels = _changed_labels(form, changed)
    message: list[dict[str, Any]] = []
    if add:
        message.append({"added": {}})
    elif changed:
        message.append({"changed": {"fields": labels}})
    with translation_override(None):
        for formset in formsets or ():
            for obj in formset.new_objects:
                message.append({"added": _named(obj)})
            for obj, fields in formset.changed_objects:
                changes = _named(obj)
                changes["fields"] = _changed_labels(formset.forms[0], fields)
                message.append({"changed": changes})
            for obj in formset.deleted_objects:
                message.append({"deleted": _named(obj)})
    return message


def _named(obj: Any) -> dict[str, Any]:
    return {"name": str(obj._meta.verbose_name), "object": str(obj)}


def _changed_labels(form: Any, names: Iterable[str]) -> list[str]:
    labels = []
    for name in names:
        try:
            labels.append(str(form.fields[name].label or name))
        except KeyError:
            labels.append(name)
    return labels


def permission_codename(action: str, opts: Any) -> str:
    """``"app.add_model"``."""
    return f"{opts.app_label}.{get_permission_codename(action, opts)}"
