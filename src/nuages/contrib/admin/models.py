"""The history of changes made in the back office."""

from __future__ import annotations

import json
from typing import Any

from nuages import models
from nuages.conf import settings
from nuages.contrib.admin.addresses import quote
from nuages.contrib.admin.options.constants import ADDITION, CHANGE, DELETION
from nuages.contrib.contenttypes.models import ContentType
from nuages.i18n import timezone
from nuages.i18n.prose import get_text_list
from nuages.i18n.translation import gettext
from nuages.i18n.translation import gettext_lazy as _
from nuages.urls import NoReverseMatch, reverse

ACTION_FLAG_CHOICES = [
    (ADDITION, _("Addition")),
    (CHANGE, _("Change")),
    (DELETION, _("Deletion")),
]


class LogEntryManager(models.Manager):
    """Writes entries."""

    use_in_migrations = True

    def log_actions(
        self, user_id: Any, queryset: Any, action_flag: int, change_message: Any = "", *, single_object: bool = False
    ) -> Any:
        """Write an entry for each object; with ``single_object`` return the one, which is saved with its signals."""
        text = json.dumps(change_message) if isinstance(change_message, list) else change_message
        entries = [
            self.model(
                user_id=user_id,
                content_type_id=ContentType.objects.get_for_model(obj, for_concrete_model=False).id,
                object_id=obj.pk,
                object_repr=str(obj)[:200],
                action_flag=action_flag,
                change_message=text,
            )
            for obj in queryset
        ]
        if len(entries) == 1:
            entries[0].save()
        elif entries:
            self.model.objects.bulk_create(entries)
        return entries[0] if single_object and entries else entries


class LogEntry(models.Model):
    """That somebody added, changed or deleted an object."""

    action_time = models.DateTimeField(_("action time"), default=timezone.now, editable=False)
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    content_type = models.ForeignKey(
        ContentType, models.SET_NULL, verbose_name=_("content type"), blank=True, null=True
    )
    object_id = models.TextField(_("object id"), blank=True, null=True)
    object_repr = models.CharField(_("object repr"), max_length=200)
    action_flag = models.PositiveSmallIntegerField(_("action flag"), choices=ACTION_FLAG_CHOICES)
    change_message = models.TextField(_("change message"), blank=True)

    objects = LogEntryManager()

    class Meta:
        db_table = "django_admin_log"
        ordering = ["-action_time"]
        verbose_name, verbose_name_plural = _("log entry"), _("log entries")

    def __repr__(self) -> str:
        return str(self.action_time)

    def __str__(self) -> str:
        if self.is_addition():
            return gettext("Added “%(object)s”.") % {"object": self.object_repr}
        if self.is_change():
            return gettext("Changed “%(object)s” — %(changes)s") % {
                "object": self.object_repr,
                "changes": self.get_change_message(),
            }
        if self.is_deletion():
            return gettext("Deleted “%(object)s.”") % {"object": self.object_repr}
        return gettext("LogEntry Object")

    def is_addition(self) -> bool:
        """Whether an object was added."""
        return self.action_flag == ADDITION

    def is_change(self) -> bool:
        """Whether an object was changed."""
        return self.action_flag == CHANGE

    def is_deletion(self) -> bool:
        """Whether an object was deleted."""
        return self.action_flag == DELETION

    def get_change_message(self) -> str:
        """What was done, in the present language."""
        if not self.change_message or self.change_message[0] != "[":
            return str(self.change_message)
        try:
            parts = json.loads(self.change_message)
        except json.JSONDecodeError:
            return str(self.change_message)
        sentences = [sentence for part in parts if (sentence := _sentence(part))]
        text = " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)
        return text or gettext("No fields changed.")

    def get_edited_object(self) -> Any:
        """The object as it is now."""
        return self.content_type.get_object_for_this_type(pk=self.object_id)

    def get_admin_url(self) -> str | None:
        """The page on which the object is changed, or ``None``."""
        if not self.content_type or not self.object_id:
            return None
        name = f"admin:{self.content_type.app_label}_{self.content_type.model}_change"
        try:
            return reverse(name, args=(quote(self.object_id),))
        except NoReverseMatch:
            return None


def _sentence(part: dict[str, Any]) -> str:
    """The sentence for one part of a stored change message."""
    for kind, alone, named in (
        ("added", gettext("Added."), gettext("Added {name} “{object}”.")),
        ("changed", gettext("Changed {fields}."), gettext("Changed {fields} for {name} “{object}”.")),
        ("deleted", "", gettext("Deleted {name} “{object}”.")),
    ):
        if kind not in part:
            continue
        detail = dict(part[kind])
        if "fields" in detail:
            detail["fields"] = get_text_list([gettext(field) for field in detail["fields"]], gettext("and"))
        if "name" not in detail:
            return alone.format(**detail)
        detail["name"] = gettext(detail["name"])
        return named.format(**detail)
    return ""
