"""URL patterns of flat pages."""

from nuages.conf.names import public
from nuages.contrib.flatpages import views
from nuages.urls import path

urlpatterns = [path("<path:url>", views.flatpage, name=public("nuages.contrib.flatpages.views.flatpage"))]
