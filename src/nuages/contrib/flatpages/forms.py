"""The form of a flat page."""

from __future__ import annotations

from typing import Any

from nuages import forms
from nuages.conf import settings
from nuages.conf.names import native
from nuages.contrib.flatpages.models import FlatPage
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext
from nuages.i18n.translation import gettext_lazy as _
from nuages.modelforms import ModelForm


class FlatpageForm(ModelForm):
    """Checks that the URL is one that the project can serve, once on each site."""

    url = forms.RegexField(
        label=_("URL"),
        max_length=100,
        regex=r"^[-\w/.~]+$",
        help_text=_("Example: “/about/contact/”. Make sure to have leading and trailing slashes."),
        error_messages={
            "invalid": _("The URL may only hold letters, digits, dots, underscores, dashes, slashes and tildes."),
        },
    )

    class Meta:
        model = FlatPage
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self._trailing_slash_required():
            self.fields["url"].help_text = _("Example: “/about/contact”. Make sure to have a leading slash.")

    def _trailing_slash_required(self) -> bool:
        adds_slashes = "nuages.middleware.addresses.CommonMiddleware"
        return bool(settings.APPEND_SLASH) and adds_slashes in map(native, settings.MIDDLEWARE)

    def clean_url(self) -> str:
        """Slashes where they belong."""
        url = str(self.cleaned_data["url"])
        if not url.startswith("/"):
            raise ValidationError(gettext("URL is missing a leading slash."), code="missing_leading_slash")
        if self._trailing_slash_required() and not url.endswith("/"):
            raise ValidationError(gettext("URL is missing a trailing slash."), code="missing_trailing_slash")
        return url

    def clean(self) -> Any:
        """One page for a URL on each site."""
        url, sites = self.cleaned_data.get("url"), self.cleaned_data.get("sites")
        same = FlatPage.objects.filter(url=url)
        if self.instance.pk:
            same = same.exclude(pk=self.instance.pk)
        if sites is not None and same.filter(sites__in=sites).exists():
            for site in sites:
                if same.filter(sites=site).exists():
                    raise ValidationError(
                        _("Flatpage with url %(url)s already exists for site %(site)s"),
                        code="duplicate_url",
                        params={"url": url, "site": site},
                    )
        return super().clean()
