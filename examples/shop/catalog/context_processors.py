"""What every page shows of the catalog."""

from typing import Any

from catalog.models import Category
from nuages import HttpRequest


def categories(request: HttpRequest) -> dict[str, Any]:
    """The shelves, for the navigation; they are read when a template asks for them."""
    return {"categories": Category.objects.all()}
