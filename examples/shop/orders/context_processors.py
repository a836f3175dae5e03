"""What every page shows of the cart."""

from typing import Any

from nuages import HttpRequest
from orders.cart import Cart


def cart(request: HttpRequest) -> dict[str, Any]:
    """The visitor's cart."""
    return {"cart": Cart(request.session)} if hasattr(request, "session") else {}
