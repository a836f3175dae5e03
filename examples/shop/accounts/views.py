"""Pages of the accounts; those about passwords come with ``nuages.contrib.auth``."""

from accounts.forms import SignUpForm
from nuages import HttpResponse
from nuages.contrib import messages
from nuages.contrib.auth import login
from nuages.contrib.auth import views as auth_views
from nuages.contrib.auth.mixins import LoginRequiredMixin
from nuages.i18n.translation import gettext as _
from nuages.models import QuerySet
from nuages.urls import reverse_lazy
from nuages.views.generic import CreateView, ListView
from orders.models import Order


class SignUp(CreateView):
    """Make an account, and be logged in."""

    form_class = SignUpForm
    template_name = "accounts/sign_up.html"
    success_url = reverse_lazy("accounts:orders")

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        response = super().form_valid(form)
        login(self.request, self.object)
        messages.success(self.request, _("Welcome, %s!") % self.object.username)
        return response


class PasswordChange(auth_views.PasswordChangeView):
    """Change one's password."""

    template_name = "accounts/password.html"  # registration/password_change_form.html is that of the back office
    success_url = reverse_lazy("accounts:orders")

    def form_valid(self, form: object) -> HttpResponse:
        messages.success(self.request, _("Your password has changed."))
        return super().form_valid(form)


class MyOrders(LoginRequiredMixin, ListView):
    """What the customer has ordered."""

    template_name = "accounts/orders.html"
    context_object_name = "orders"
    paginate_by = 10

    def get_queryset(self) -> QuerySet[Order]:
        return self.request.user.orders.with_total().order_by("-created", "-pk")
