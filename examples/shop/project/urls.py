"""The addresses of the shop."""

from nuages import include, path
from nuages.contrib import admin
from nuages.contrib.staticfiles.storage import staticfiles_storage
from nuages.views.generic import RedirectView

admin.site.site_header = admin.site.site_title = "Éclaircie"

urlpatterns = [
    path("", include("catalog.urls")),
    path("", include("orders.urls")),
    path("account/", include("accounts.urls")),
    path("language/", include("nuages.views.languages")),
    path("admin/", admin.site.urls),
    path("favicon.ico", RedirectView.as_view(url=staticfiles_storage.url("shop/icon.svg"))),
]
