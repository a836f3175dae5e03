"""Forms of the accounts."""

from nuages import forms
from nuages.contrib.auth.forms import UserCreationForm
from nuages.contrib.auth.models import User
from nuages.i18n.translation import gettext_lazy as _


class SignUpForm(UserCreationForm):
    """A new customer, with an address for the confirmation of orders."""

    email = forms.EmailField(label=_("Email address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ["username", "email"]
