"""The cart, the checkout, and the page of an order."""

from typing import Any

from catalog.models import Product
from nuages import HttpRequest, HttpResponse, get_object_or_404, redirect, render
from nuages.contrib import messages
from nuages.i18n.translation import gettext as _
from nuages.i18n.translation import ngettext
from nuages.models import Prefetch, QuerySet
from nuages.text.http import url_has_allowed_host_and_scheme
from nuages.views.decorators.cache import never_cache
from nuages.views.decorators.http import require_POST
from nuages.views.generic import DetailView, FormView
from orders.cart import Cart
from orders.forms import CheckoutForm, QuantityForm
from orders.models import Order, OrderLine
from orders.services import OutOfStock, place


@never_cache
def show_cart(request: HttpRequest) -> HttpResponse:
    """What is in the cart."""
    return render(request, "orders/cart.html")


@require_POST
def change_cart(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a product (``add``), or set how many of it are in the cart."""
    product = get_object_or_404(Product.objects.visible(), pk=pk)
    form = QuantityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The quantity must be a number from 0 to 99."))
        return redirect("orders:cart")
    cart, quantity = Cart(request.session), form.cleaned_data["quantity"]
    if "add" in request.POST:
        cart.add(product, quantity)
        text = ngettext("%(name)s is in your cart.", "%(count)d × %(name)s are in your cart.", quantity)
        messages.success(request, text % {"name": product.title, "count": quantity})
    else:
        cart.set(product, quantity)
        messages.success(request, _("Your cart has changed."))
    back = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if own else "orders:cart")


class Checkout(FormView):
    """Address and order."""

    form_class = CheckoutForm
    template_name = "orders/checkout.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.cart = Cart(request.session)
        if not self.cart.lines:
            messages.info(request, _("Your cart is empty."))
            return redirect("orders:cart")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        known = {"name": user.get_full_name(), "email": user.email} if user.is_authenticated else {}
        return {**super().get_form_kwargs(), "initial": known}

    def form_valid(self, form: CheckoutForm) -> HttpResponse:
        order = form.save(commit=False)
        order.customer = self.request.user if self.request.user.is_authenticated else None
        try:
            place(order, self.cart)
        except OutOfStock as error:
            messages.error(self.request, _("There is not enough left of %s.") % error.product)
            return redirect("orders:cart")
        self.cart.clear()
        return redirect(order)


class OrderPage(DetailView):
    """The confirmation of an order; who knows its number may see it."""

    slug_field = slug_url_kwarg = "number"
    template_name = "orders/order.html"
    context_object_name = "order"

    def get_queryset(self) -> QuerySet[Order]:
        lines = OrderLine.objects.select_related("product__category")
        return Order.objects.with_total().prefetch_related(Prefetch("lines", queryset=lines))
