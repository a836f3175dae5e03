"""The cart: quantities by product, kept in the visitor's session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from catalog.models import Product

KEY = "cart"
MOST = 99


@dataclass(frozen=True)
class CartLine:
    """A product in the cart."""

    product: Product
    quantity: int

    @property
    def total(self) -> Decimal:
        """The price of the line."""
        return self.product.price * self.quantity

    @property
    def available(self) -> bool:
        """Whether the stock suffices."""
        return self.quantity <= self.product.stock


class Cart:
    """Reads and writes the cart of a session."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.quantities: dict[str, int] = session.get(KEY, {})

    def __len__(self) -> int:
        return sum(self.quantities.values())

    def __iter__(self) -> Iterator[CartLine]:
        return iter(self.lines)

    @cached_property
    def lines(self) -> list[CartLine]:
        """The lines, by one query; products that are gone are left out."""
        if not self.quantities:
            return []
        products = Product.objects.visible().filter(pk__in=self.quantities).select_related("category")
        return [CartLine(product, self.quantities[str(product.pk)]) for product in products]

    @property
    def total(self) -> Decimal:
        """What all of it costs."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def available(self) -> bool:
        """Whether everything can be sent."""
        return all(line.available for line in self.lines)

    def add(self, product: Product, quantity: int = 1) -> None:
        """Put some more of a product in."""
        self.set(product, self.quantities.get(str(product.pk), 0) + quantity)

    def set(self, product: Product, quantity: int) -> None:
        """Have so many of a product in; none takes it out."""
        if quantity > 0:
            self.quantities[str(product.pk)] = min(quantity, MOST)
        else:
            self.quantities.pop(str(product.pk), None)
        self._save()

    def clear(self) -> None:
        """Take everything out."""
        self.quantities = {}
        self._save()

    def _save(self) -> None:
        self.session[KEY] = self.quantities
        self.__dict__.pop("lines", None)
