"""Forms of the catalog: filtering the list, writing a review."""

from typing import Any

from catalog.models import Product, ProductQuerySet, Review, Tag
from nuages import forms
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _
from nuages.models import F

ORDERS = {
    "name": ("name", "pk"),
    "price": ("price", "pk"),
    "-price": ("-price", "pk"),
    "new": ("-created", "-pk"),
    "rating": (F("rating").desc(nulls_last=True), "-rating_count", "pk"),
}


class FilterForm(forms.Form):
    """What the visitor of a list wants to see of it, read from the query string."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80, widget=forms.SearchInput)
    price_from = forms.DecimalField(label=_("Price from"), required=False, min_value=0)
    price_to = forms.DecimalField(label=_("Price to"), required=False, min_value=0)
    tag = forms.ModelChoiceField(
        Tag.objects.all(), label=_("Quality"), required=False, to_field_name="slug", empty_label=_("Any")
    )
    available = forms.BooleanField(label=_("In stock only"), required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("name", _("Name")),
            ("new", _("Newest")),
            ("price", _("Price, low to high")),
            ("-price", _("Price, high to low")),
            ("rating", _("Best rated")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        """Prices must stand in their order."""
        cleaned = super().clean() or self.cleaned_data
        low, high = cleaned.get("price_from"), cleaned.get("price_to")
        if low is not None and high is not None and low > high:
            raise ValidationError(_("The lower price is above the upper one."), code="prices")
        return cleaned

    def apply(self, products: ProductQuerySet) -> ProductQuerySet:
        """Give the products that were asked for; all of them if the form is not valid."""
        if not self.is_valid():
            return products.order_by(*ORDERS["name"])
        wanted = self.cleaned_data
        if wanted["q"]:
            products = products.search(wanted["q"])
        if wanted["price_from"] is not None:
            products = products.filter(price__gte=wanted["price_from"])
        if wanted["price_to"] is not None:
            products = products.filter(price__lte=wanted["price_to"])
        if wanted["tag"]:
            products = products.filter(tags=wanted["tag"])
        if wanted["available"]:
            products = products.in_stock()
        return products.order_by(*ORDERS[wanted["order"] or "name"])


class ReviewForm(forms.ModelForm):
    """Stars, a title and a text."""

    rating = forms.TypedChoiceField(
        label=_("Rating"),
        coerce=int,
        choices=[(5, "★★★★★"), (4, "★★★★☆"), (3, "★★★☆☆"), (2, "★★☆☆☆"), (1, "★☆☆☆☆")],
        help_text=_("From 1 to 5 stars."),
    )

    class Meta:
        model = Review
        fields = ["rating", "title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, product: Product, author: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.product = product
        self.instance.author = author

    def clean(self) -> dict[str, Any]:
        """One review per customer; the constraint on the table guards it against two at once."""
        cleaned = super().clean() or self.cleaned_data
        if Review.objects.filter(product=self.instance.product, author=self.instance.author).exists():
            raise ValidationError(_("You have reviewed this product already."), code="twice")
        return cleaned
