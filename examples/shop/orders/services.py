"""Placing an order: the one thing that must happen wholly or not at all."""

from functools import partial

from catalog.models import Product
from nuages.db import transaction
from nuages.models import F
from orders.cart import Cart
from orders.models import Order, OrderLine
from orders.signals import order_placed


class OutOfStock(Exception):
    """There is not enough left of ``product``."""

    def __init__(self, product: Product) -> None:
        super().__init__(str(product))
        self.product = product


def place(order: Order, cart: Cart) -> Order:
    """Save the order with the lines of the cart, and take the products from the stock.

    The stock is compared and lowered by one statement in the database, so that two customers cannot buy the last one.
    Raises `OutOfStock` if one product does not suffice; nothing has changed then.
    """
    with transaction.atomic():
        order.save()
        for line in cart:
            enough = Product.objects.filter(pk=line.product.pk, stock__gte=line.quantity)
            if not enough.update(stock=F("stock") - line.quantity):
                raise OutOfStock(line.product)
        OrderLine.objects.bulk_create(
            OrderLine(order=order, product=line.product, price=line.product.price, quantity=line.quantity) for line in cart
        )
        transaction.on_commit(partial(order_placed.send, sender=Order, order=order))
    return order
