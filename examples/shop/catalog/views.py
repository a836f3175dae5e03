"""Pages of the catalog."""

from typing import Any

from catalog.forms import FilterForm, ReviewForm
from catalog.models import Category, Product, Review
from catalog.pictures import draw
from nuages import HttpRequest, HttpResponse, JsonResponse, get_object_or_404, redirect, render
from nuages.contrib import messages
from nuages.contrib.auth.decorators import login_required
from nuages.i18n.translation import gettext as _
from nuages.models import Count, Prefetch, Q, QuerySet
from nuages.views.decorators.cache import cache_control
from nuages.views.decorators.http import require_GET, require_POST
from nuages.views.generic import DetailView, ListView

SUGGESTIONS = 6


def home(request: HttpRequest) -> HttpResponse:
    """The first page: shelves, and products that the shop is proud of."""
    products = Product.objects.visible().rated().select_related("category")
    shelves = Category.objects.annotate(count=Count("products", filter=Q(products__active=True)))
    return render(
        request,
        "catalog/home.html",
        {
            "shelves": shelves.order_by("position", "name"),
            "featured": products.filter(featured=True).order_by("-price", "pk")[:8],
            "newest": products.order_by("-created", "-pk")[:4],
        },
    )


class ProductList(ListView):
    """All products, with search, filters and order."""

    paginate_by = 24
    template_name = "catalog/product_list.html"
    context_object_name = "products"

    def get_queryset(self) -> QuerySet[Product]:
        self.form = FilterForm(self.request.GET)
        return self.form.apply(Product.objects.visible().rated().select_related("category"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, **kwargs)


class CategoryPage(ProductList):
    """The products of one shelf."""

    def get_queryset(self) -> QuerySet[Product]:
        self.category = get_object_or_404(Category, slug=self.kwargs["slug"])
        return super().get_queryset().filter(category=self.category)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(category=self.category, **kwargs)


class ProductPage(DetailView):
    """One product, its reviews, and what stands beside it on the shelf."""

    template_name = "catalog/product.html"
    context_object_name = "product"

    def get_queryset(self) -> QuerySet[Product]:
        published = Review.objects.filter(published=True).select_related("author")
        return (
            Product.objects.visible()
            .rated()
            .select_related("category")
            .prefetch_related("tags", Prefetch("reviews", queryset=published, to_attr="published_reviews"))
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        product = self.object
        beside = Product.objects.visible().rated().filter(category=product.category).exclude(pk=product.pk)
        form = kwargs.pop("form", None)
        if form is None and self.request.user.is_authenticated:
            form = ReviewForm(product=product, author=self.request.user)
        mine = any(review.author_id == self.request.user.pk for review in product.published_reviews)
        return super().get_context_data(
            form=form, reviewed=mine, beside=beside.select_related("category").order_by("-featured", "pk")[:4], **kwargs
        )


@require_POST
@login_required
def add_review(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a customer's review; with faults in it, show the product's page with the form again."""
    product = get_object_or_404(Product.objects.visible(), slug=slug)
    form = ReviewForm(request.POST, product=product, author=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Thank you for your review."))
        return redirect(product)
    page = ProductPage()
    page.setup(request, slug=slug)
    page.object = page.get_object()
    return page.render_to_response(page.get_context_data(form=form), status=422)


@require_GET
@cache_control(public=True, max_age=86400)
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The product's picture, drawn for it."""
    product = get_object_or_404(Product.objects.select_related("category").only("sku", "category__slug"), slug=slug)
    return HttpResponse(draw(product.category.slug, product.sku), content_type="image/svg+xml")


async def suggestions(request: HttpRequest) -> JsonResponse:
    """What the search field offers while somebody types. Its query waits on the event loop, not in a thread."""
    text = request.GET.get("q", "").strip()
    found = Product.objects.visible().search(text).order_by("name")[:SUGGESTIONS] if len(text) > 1 else Product.objects.none()
    return JsonResponse({"products": [{"name": p.title, "url": p.get_absolute_url()} async for p in found]})
