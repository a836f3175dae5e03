"""The addresses of the pages about logins and passwords, to be included."""

from nuages.contrib.auth import views
from nuages.urls import path

urlpatterns = [
    path(route, view.as_view(), name=name)
    for route, view, name in (
        ("login/", views.LoginView, "login"),
        ("logout/", views.LogoutView, "logout"),
        ("password_change/", views.PasswordChangeView, "password_change"),
        ("password_change/done/", views.PasswordChangeDoneView, "password_change_done"),
        ("password_reset/", views.PasswordResetView, "password_reset"),
        ("password_reset/done/", views.PasswordResetDoneView, "password_reset_done"),
        ("reset/<uidb64>/<token>/", views.PasswordResetConfirmView, "password_reset_confirm"),
        ("reset/done/", views.PasswordResetCompleteView, "password_reset_complete"),
    )
]
