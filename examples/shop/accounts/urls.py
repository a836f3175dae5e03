"""The addresses of the accounts."""

from accounts import views
from nuages import path
from nuages.contrib.auth.views import LoginView, LogoutView

app_name = "accounts"
urlpatterns = [
    path("sign-up/", views.SignUp.as_view(), name="sign_up"),
    path("log-in/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("log-out/", LogoutView.as_view(), name="logout"),
    path("password/", views.PasswordChange.as_view(), name="password"),
    path("orders/", views.MyOrders.as_view(), name="orders"),
]
