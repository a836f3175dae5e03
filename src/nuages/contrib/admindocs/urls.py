"""URL patterns of the pages about a project's code; put them in front of those of the back office."""

from nuages.contrib.admindocs import views
from nuages.urls import path

PREFIX = "django-admindocs"  # part of the documented names, which projects reverse

urlpatterns = [
    path("", views.BaseAdminDocsView.as_view(template_name="admin_doc/index.html"), name=f"{PREFIX}-docroot"),
    path("bookmarklets/", views.BookmarkletsView.as_view(), name=f"{PREFIX}-bookmarklets"),
    path("tags/", views.TemplateTagIndexView.as_view(), name=f"{PREFIX}-tags"),
    path("filters/", views.TemplateFilterIndexView.as_view(), name=f"{PREFIX}-filters"),
    path("views/", views.ViewIndexView.as_view(), name=f"{PREFIX}-views-index"),
    path("views/<view>/", views.ViewDetailView.as_view(), name=f"{PREFIX}-views-detail"),
    path("models/", views.ModelIndexView.as_view(), name=f"{PREFIX}-models-index"),
    path("models/<app_label>.<model_name>/", views.ModelDetailView.as_view(), name=f"{PREFIX}-models-detail"),
    path("templates/<path:template>/", views.TemplateDetailView.as_view(), name=f"{PREFIX}-templates"),
]
