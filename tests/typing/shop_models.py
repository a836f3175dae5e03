"""Typical user code: checked by pyright (strict where a name of ours is used), never run."""

from __future__ import annotations

from typing import assert_type

from nuages import models, path, redirect, render
from nuages.conf import env, settings
from nuages.db import connection, transaction
from nuages.forms import CharField, Form, ModelForm
from nuages.http import HttpRequest, HttpResponse, JsonResponse
from nuages.signals import Signal, receiver
from nuages.views.generic import DetailView, ListView
from nuages.views.shortcuts import get_list_or_404, get_object_or_404


class Category(models.Model):
    name = models.CharField("name", max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    name = models.CharField(max_length=200)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    stock = models.PositiveIntegerField(default=0)
    added = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name", "price"])]
        constraints = [models.CheckConstraint(condition=models.Q(price__gte=0), name="price_not_negative")]


class ProductForm(ModelForm):
    class Meta:
        model = Product
        fields = ["name", "price"]


class SearchForm(Form):
    q = CharField(required=False)


def product_list(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    products = Product.objects.select_related("category").filter(stock__gt=0).order_by("-price")[:20]
    total: int = products.count()
    if form.is_valid() and form.cleaned_data["q"]:
        products = Product.objects.filter(models.Q(name__icontains=form.cleaned_data["q"]) | models.Q(price__lt=10))
    return render(request, "list.html", {"products": products, "total": total})


async def stock(request: HttpRequest, pk: int) -> JsonResponse:
    product = await Product.objects.aget(pk=pk)
    count: int = await Product.objects.acount()
    async for other in Product.objects.filter(category=product.category):
        print(other.name)
    return JsonResponse({"stock": product.stock, "of": count})


def buy(request: HttpRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product, pk=pk)
    assert_type(product, Product)
    assert_type(get_object_or_404(Product.objects.filter(stock__gt=0), pk=pk), Product)
    assert_type(get_list_or_404(Category.objects), list[Category])
    with transaction.atomic():
        Product.objects.filter(pk=product.pk).update(stock=models.F("stock") - 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return redirect("product-list")


class ProductDetail(DetailView):
    model = Product
    template_name = "detail.html"


class Products(ListView):
    model = Product
    paginate_by = 20


sold = Signal()


@receiver(sold)
def note(sender: object, **kwargs: object) -> None:
    print(sender, settings.DEBUG)


DEBUG: bool = env("DEBUG", False)
HOSTS: list[str] = env("ALLOWED_HOSTS", ["localhost"])

urlpatterns = [
    path("", product_list, name="product-list"),
    path("<int:pk>/", ProductDetail.as_view(), name="product"),
    path("<int:pk>/stock/", stock),
]


async def types_are_what_they_say() -> None:
    assert_type(Product().name, str)
    assert_type(Product().stock, int)
    assert_type(Product().category, Category)
    assert_type(Product().category.name, str)
    assert_type(Product.objects.get(pk=1), Product)
    assert_type(Product.objects.all().first(), Product | None)
    assert_type(await Product.objects.aget(pk=1), Product)
    assert_type(Product.objects.filter(stock=1).count(), int)
    assert_type(settings.DEBUG, bool)
