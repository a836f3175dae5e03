"""The back office of the tests."""

from typing import Any, ClassVar

from tests.contrib.models import Book, Chapter, Genre, Writer

from nuages.contrib import admin
from nuages.contrib.auth.admin import GroupAdmin, UserAdmin
from nuages.contrib.auth.models import Group, User
from nuages.http import HttpResponse
from nuages.urls import include, path

site = admin.AdminSite(name="admin")


class ChapterInline(admin.TabularInline):
    """Chapters as rows."""

    model = Chapter
    extra = 1


@admin.action(description="Sell out", permissions=["change"])
def sell_out(modeladmin: Any, request: Any, queryset: Any) -> None:
    """Take books out of print."""
    queryset.update(in_print=False)


@admin.action(description="Raise price", location=admin.ActionLocation.CHANGE_FORM)
def raise_price(modeladmin: Any, request: Any, queryset: Any) -> Any:
    """Answer with the titles."""
    return HttpResponse(",".join(book.title for book in queryset))


@admin.register(Book, site=site)
class BookAdmin(admin.ModelAdmin):
    """All kinds of columns, filters and fields."""

    list_display = ("title", "writer", "price", "in_print", "dear")
    list_editable = ("price",)
    list_filter = ("kind", "in_print", "writer")
    search_fields = ("title", "writer__name")
    date_hierarchy = "published"
    list_per_page = 5
    inlines = (ChapterInline,)
    actions = (sell_out, raise_price)
    autocomplete_fields = ("writer",)
    filter_horizontal = ("genres",)
    prepopulated_fields: ClassVar[dict[str, Any]] = {"slug": ("title",)}
    save_as = True

    @admin.display(boolean=True, ordering="price")
    def dear(self, book: Book) -> bool:
        """Whether the book costs much."""
        return book.price > 20


@admin.register(Writer, site=site)
class WriterAdmin(admin.ModelAdmin):
    """Can be searched."""

    search_fields = ("name",)
    ordering = ("name",)


site.register(Genre)
site.register(User, UserAdmin)
site.register(Group, GroupAdmin)

urlpatterns = [path("admin/doc/", include("nuages.contrib.admindocs.urls")), path("admin/", site.urls), path("accounts/", include("nuages.contrib.auth.urls"))]
