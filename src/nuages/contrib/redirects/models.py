"""Redirect: from a path of a site to a path or URL."""

from __future__ import annotations

from nuages import models
from nuages.contrib.sites.models import Site
from nuages.i18n.translation import gettext_lazy as _


class Redirect(models.Model):
    """Where requests for a path go that would else not be found; an empty target means "gone"."""

    site = models.ForeignKey(Site, models.CASCADE, verbose_name=_("site"))
    old_path = models.CharField(
        _("redirect from"),
        max_length=200,
        db_index=True,
        help_text=_("The path to redirect, without the domain. Example: “/events/search/”."),
    )
    new_path = models.CharField(
        _("redirect to"),
        max_length=200,
        blank=True,
        help_text=_("A path as above, or a full URL that starts with a scheme such as “https://”."),
    )

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        db_table = "django_redirect"
        unique_together = [["site", "old_path"]]
        ordering = ["old_path"]

    def __str__(self) -> str:
        return f"{self.old_path} ---> {self.new_path}"
