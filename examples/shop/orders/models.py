"""Orders and their lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from catalog.models import Product
from nuages import models, reverse, settings
from nuages.i18n.translation import gettext_lazy as _
from nuages.models import F, Q, Sum
from nuages.text.crypto import get_random_string


def new_number() -> str:
    """A number that nobody can guess: it opens the page of the order."""
    return get_random_string(10, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789")


class OrderQuerySet(models.QuerySet["Order"]):
    """What the pages ask for again and again."""

    def with_total(self) -> Self:
        """With the sum of the lines, and the number of articles."""
        return self.annotate(
            total=Sum(F("lines__price") * F("lines__quantity"), output_field=models.DecimalField()),
            articles=Sum("lines__quantity"),
        )


class Order(models.Model):
    """What a customer has bought, and where it goes."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        PAID = "paid", _("Paid")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", _("Cancelled")

    class Country(models.TextChoices):
        BELGIUM = "BE", _("Belgium")
        CANADA = "CA", _("Canada")
        FRANCE = "FR", _("France")
        LUXEMBOURG = "LU", _("Luxembourg")
        SWITZERLAND = "CH", _("Switzerland")
        UNITED_KINGDOM = "GB", _("United Kingdom")

    number = models.CharField(_("number"), max_length=10, unique=True, default=new_number, editable=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("customer"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.NEW)
    email = models.EmailField(_("email address"))
    name = models.CharField(_("name"), max_length=100)
    street = models.CharField(_("street and number"), max_length=120)
    postcode = models.CharField(_("postcode"), max_length=12)
    city = models.CharField(_("city"), max_length=80)
    country = models.CharField(_("country"), max_length=2, choices=Country, default=Country.FRANCE)
    note = models.TextField(_("note"), blank=True, max_length=500)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["status", "-created"], name="order_by_status")]
        verbose_name = _("order")
        verbose_name_plural = _("orders")

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("orders:order", args=[self.number])


class OrderLine(models.Model):
    """One product of an order, with its price on that day."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", verbose_name=_("order"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="order_lines", verbose_name=_("product"))
    price = models.DecimalField(_("price"), max_digits=8, decimal_places=2)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="one_line_per_product"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
        ]
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product}"

    @property
    def total(self) -> Decimal:
        """The price of the line."""
        return self.price * self.quantity
