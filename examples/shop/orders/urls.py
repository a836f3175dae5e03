"""The addresses of cart and orders."""

from nuages import path
from orders import views

app_name = "orders"
urlpatterns = [
    path("cart/", views.show_cart, name="cart"),
    path("cart/<int:pk>/", views.change_cart, name="change"),
    path("checkout/", views.Checkout.as_view(), name="checkout"),
    path("orders/<slug:number>/", views.OrderPage.as_view(), name="order"),
]
