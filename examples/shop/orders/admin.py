"""Orders in the back office."""

from typing import Any

from catalog.templatetags.shop import money
from nuages import HttpRequest
from nuages.contrib import admin
from nuages.i18n.translation import gettext_lazy as _
from nuages.i18n.translation import ngettext
from nuages.models import QuerySet
from orders.models import Order, OrderLine


class OrderLineInline(admin.TabularInline):
    """The lines of an order, on its page."""

    model = OrderLine
    extra = 0
    autocomplete_fields = ["product"]


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["number", "name", "status", "articles", "total", "created"]
    list_filter = ["status", "country", "created"]
    search_fields = ["number", "name", "email", "city"]
    autocomplete_fields = ["customer"]
    readonly_fields = ["number", "created"]
    date_hierarchy = "created"
    inlines = [OrderLineInline]
    actions = ["mark_paid", "mark_sent"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).with_total()

    @admin.display(description=_("articles"), ordering="articles")
    def articles(self, order: Any) -> int:
        return order.articles or 0

    @admin.display(description=_("total"), ordering="total")
    def total(self, order: Any) -> str:
        return money(order.total)

    @admin.action(description=_("Mark as paid"))
    def mark_paid(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._mark(request, queryset.filter(status=Order.Status.NEW), Order.Status.PAID)

    @admin.action(description=_("Mark as sent"))
    def mark_sent(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._mark(request, queryset.filter(status=Order.Status.PAID), Order.Status.SENT)

    def _mark(self, request: HttpRequest, orders: QuerySet[Order], status: Order.Status) -> None:
        changed = orders.order_by().values("pk")
        number = Order.objects.filter(pk__in=changed).update(status=status)
        self.message_user(request, ngettext("%d order changed.", "%d orders changed.", number) % number)
