"""Sites in the admin."""

from nuages.contrib import admin
from nuages.contrib.sites.models import Site


@admin.register(Site)
class SiteAdmin(admin.ModelAdmin):
    """Domain and name."""

    list_display = ("domain", "name")
    search_fields = ("domain", "name")
