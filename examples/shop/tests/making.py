"""Objects for tests."""

from decimal import Decimal
from typing import Any

from catalog.models import Category, Product


def make_product(name: str = "Umbrella", **values: Any) -> Product:
    """A product on its shelf."""
    category, _ = Category.objects.get_or_create(name="Shelf", slug="shelf", name_fr="Rayon")
    slug = name.lower().replace(" ", "-")
    defaults = {"price": Decimal("12.50"), "stock": 5, "sku": slug[:16], "slug": slug, "category": category}
    return Product.objects.create(name=name, **{**defaults, **values})
