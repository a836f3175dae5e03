"""The catalog in the back office."""

from typing import Any

from catalog.models import Category, Product, Review, Tag
from nuages import HttpRequest
from nuages.contrib import admin, messages
from nuages.i18n.translation import gettext_lazy as _
from nuages.i18n.translation import ngettext
from nuages.models import Count, F, QuerySet


class StockFilter(admin.SimpleListFilter):
    """Shelves that run empty."""

    title = _("stock")
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("Sold out")), ("low", _("Five or fewer")), ("plenty", _("More than five"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        conditions: dict[str | None, dict[str, int]] = {
            "none": {"stock": 0},
            "low": {"stock__range": (1, 5)},
            "plenty": {"stock__gt": 5},
        }
        return queryset.filter(**conditions.get(self.value(), {}))


class ReviewInline(admin.TabularInline):
    """The reviews of a product, on its page."""

    model = Review
    extra = 0
    fields = ["author", "rating", "title", "published"]
    autocomplete_fields = ["author"]


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "name_fr", "position", "product_count"]
    list_editable = ["position"]
    search_fields = ["name", "name_fr"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).annotate(count=Count("products"))

    @admin.display(description=_("products"), ordering="count")
    def product_count(self, category: Any) -> int:
        return category.count


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "name_fr"]
    search_fields = ["name", "name_fr"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "category", "price", "stock", "active", "featured"]
    list_editable = ["active"]
    list_filter = ["category", StockFilter, "active", "featured", "tags"]
    list_select_related = ["category"]
    list_per_page = 50
    search_fields = ["name", "name_fr", "sku"]
    search_help_text = _("Name or article number")
    autocomplete_fields = ["category"]
    filter_horizontal = ["tags"]
    prepopulated_fields = {"slug": ["name"]}
    date_hierarchy = "created"
    inlines = [ReviewInline]
    fieldsets = [
        (None, {"fields": ["name", "name_fr", "slug", "sku", "category", "tags"]}),
        (_("Texts"), {"fields": ["text", "text_fr"], "classes": ["collapse"]}),
        (_("Sale"), {"fields": [("price", "stock"), ("active", "featured")]}),
    ]
    actions = ["restock", "hide"]

    @admin.action(description=_("Add ten of each to the stock"))
    def restock(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        changed = queryset.update(stock=F("stock") + 10)
        self.message_user(request, ngettext("%d product restocked.", "%d products restocked.", changed) % changed)

    @admin.action(description=_("Hide from customers"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        changed = queryset.update(active=False)
        text = ngettext("%d product hidden.", "%d products hidden.", changed) % changed
        self.message_user(request, text, messages.WARNING)


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    list_display = ["title", "product", "author", "rating", "published", "created"]
    list_filter = ["published", "rating", "created"]
    list_select_related = ["product", "author"]
    search_fields = ["title", "text", "product__name", "author__username"]
    autocomplete_fields = ["product", "author"]
    readonly_fields = ["created"]
    actions = ["publish", "withhold"]

    @admin.action(description=_("Publish"))
    def publish(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        changed = queryset.update(published=True)
        self.message_user(request, ngettext("%d review published.", "%d reviews published.", changed) % changed)

    @admin.action(description=_("Withhold"))
    def withhold(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        changed = queryset.update(published=False)
        self.message_user(request, ngettext("%d review withheld.", "%d reviews withheld.", changed) % changed)
