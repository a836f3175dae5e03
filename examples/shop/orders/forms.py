"""Forms of the cart and of the checkout."""

import re
from typing import Any

from nuages import forms
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _
from orders.cart import MOST
from orders.models import Order

POSTCODES = {
    "BE": r"\d{4}",
    "CA": r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
    "FR": r"\d{5}",
    "LU": r"\d{4}",
    "CH": r"\d{4}",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
}


class QuantityForm(forms.Form):
    """How many of a product."""

    quantity = forms.IntegerField(label=_("Quantity"), min_value=0, max_value=MOST, initial=1)


class CheckoutForm(forms.ModelForm):
    """Who buys, and where the parcel goes."""

    terms = forms.BooleanField(
        label=_("I have understood that this shop is a demonstration, and that nothing will be sent"),
        error_messages={"required": _("Please tick this box to go on.")},
    )

    class Meta:
        model = Order
        fields = ["name", "email", "street", "postcode", "city", "country", "note"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "street": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "postcode": forms.TextInput(attrs={"autocomplete": "postal-code"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "country": forms.Select(attrs={"autocomplete": "country"}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        """The postcode must be one of the country."""
        cleaned = super().clean() or self.cleaned_data
        country, postcode = cleaned.get("country"), cleaned.get("postcode", "").strip().upper()
        if country and postcode and not re.fullmatch(POSTCODES[country], postcode):
            self.add_error("postcode", ValidationError(_("This is not a postcode of that country."), code="postcode"))
        elif postcode:
            cleaned["postcode"] = postcode
        return cleaned
