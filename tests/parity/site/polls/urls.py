from django.urls import path

from . import views

app_name = "polls"
urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("whoami/", views.whoami),
    path("<int:question_id>/vote/", views.vote, name="vote"),
    path("<int:pk>/results/", views.ResultsView.as_view(), name="results"),
    path("<int:pk>/", views.DetailView.as_view(), name="detail"),
    path("leave/", views.leave),
    path("basket/", views.basket),
]
