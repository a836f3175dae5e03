"""Flat pages in the admin."""

from nuages.contrib import admin
from nuages.contrib.flatpages.forms import FlatpageForm
from nuages.contrib.flatpages.models import FlatPage
from nuages.i18n.translation import gettext_lazy as _


@admin.register(FlatPage)
class FlatPageAdmin(admin.ModelAdmin):
    """The page first, what is rarely needed folded away."""

    form = FlatpageForm
    fieldsets = (
        (None, {"fields": ("url", "title", "content", "sites")}),
        (_("Advanced options"), {"classes": ("collapse",), "fields": ("registration_required", "template_name")}),
    )
    list_display = ("url", "title")
    list_filter = ("sites", "registration_required")
    search_fields = ("url", "title")
