"""FlatPage: a page with a URL, a title and content."""

from __future__ import annotations

from typing import Any

from nuages import models
from nuages.conf.names import import_string
from nuages.contrib.sites.models import Site
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.encoding import iri_to_uri
from nuages.urls import NoReverseMatch, get_script_prefix, reverse


class FlatPage(models.Model):
    """A page kept in the database."""

    url = models.CharField(max_length=100, verbose_name=_("URL"), db_index=True)
    title = models.CharField(max_length=200, verbose_name=_("title"))
    content = models.TextField(_("content"), blank=True)
    enable_comments = models.BooleanField(_("enable comments"), default=False)
    template_name = models.CharField(
        _("template name"),
        blank=True,
        max_length=70,
        help_text=_("Example: “flatpages/contact_page.html”. Without one, the page uses “flatpages/default.html”."),
    )
    registration_required = models.BooleanField(
        _("registration required"),
        default=False,
        help_text=_("Show the page only to users who are logged in."),
    )
    sites = models.ManyToManyField(Site, verbose_name=_("sites"))

    class Meta:
        db_table = "django_flatpage"
        verbose_name = _("flat page")
        verbose_name_plural = _("flat pages")
        ordering = ["url"]

    def __str__(self) -> str:
        return f"{self.url} -- {self.title}"

    def get_absolute_url(self) -> Any:
        """The URL by a pattern of the project, else the bare URL under the script's prefix."""
        from_patterns = flatpage_url(self.url)
        if from_patterns is not None:
            return from_patterns
        return iri_to_uri(get_script_prefix().rstrip("/") + self.url)


def flatpage_url(url: str) -> str | None:
    """The URL of the page by the view's pattern, in either spelling; None if there is no pattern."""
    view = import_string("nuages.contrib.flatpages.views.flatpage")  # which imports this module
    for candidate in (url.lstrip("/"), url):
        try:
            return str(reverse(view, kwargs={"url": candidate}))
        except NoReverseMatch:
            continue
    return None
