"""Text without regard to case; the fields exist for old migrations only."""

from __future__ import annotations

from nuages import models
from nuages.models.fields.checking import removed_details

_COLLATED = '%s(db_collation="…") with a case-insensitive non-deterministic collation'


class CICharField(models.CharField):
    """Text of limited length without regard to case."""

    system_check_removed_details = removed_details("CICharField is", _COLLATED % "CharField", "E905")


class CIEmailField(models.EmailField):
    """An email address without regard to case."""

    system_check_removed_details = removed_details("CIEmailField is", _COLLATED % "EmailField", "E906")


class CITextField(models.TextField):
    """Text without regard to case."""

    system_check_removed_details = removed_details("CITextField is", _COLLATED % "TextField", "E907")
