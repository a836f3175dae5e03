"""URL patterns of flat pages."""

from nuages.contrib.flatpages import views
from nuages.urls import path

urlpatterns = [path("<path:url>", views.flatpage, name="nuages.contrib.flatpages.views.flatpage")]
