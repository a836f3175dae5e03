"""Tags and filters that the shop's templates share."""

from decimal import Decimal
from typing import Any

from nuages.i18n.formats import number_format
from nuages.i18n.translation import get_language
from nuages.i18n.translation import gettext as _
from nuages.template import Library
from nuages.text.html import format_html
from nuages.text.safestring import SafeString

register = Library()


@register.filter
def money(value: Decimal | None) -> str:
    """An amount in euros, as the visitor's language writes it: ``€12.50``, ``12,50 €``."""
    if value is None:
        return ""
    amount = number_format(value, decimal_pos=2)
    return f"{amount}\N{NO-BREAK SPACE}€" if (get_language() or "").startswith("fr") else f"€{amount}"


@register.simple_tag
def stars(rating: float | None, count: int | None = None) -> SafeString:
    """A rating as stars, and in words for those who listen to the page."""
    if rating is None:
        return format_html('<span class="stars none">{}</span>', _("Not rated yet"))
    full = round(rating)
    label = _("%(rating)s out of 5 stars") % {"rating": number_format(round(rating, 1))}
    drawn = format_html('<span aria-hidden="true">{}{}</span>', "★" * full, "☆" * (5 - full))
    number = format_html(" <small>({})</small>", count) if count is not None else ""
    return format_html('<span class="stars" role="img" aria-label="{}">{}</span>{}', label, drawn, number)


@register.inclusion_tag("catalog/card.html")
def product_card(product: Any) -> dict[str, Any]:
    """A product in a list."""
    return {"product": product}


@register.inclusion_tag("field.html")
def field(bound: Any) -> dict[str, Any]:
    """A form's field with its label, help and errors."""
    return {"field": bound}


@register.inclusion_tag("pages.html", takes_context=True)
def page_numbers(context: Any, page: Any) -> dict[str, Any]:
    """Links to the pages around this one, with the query string of this one."""
    paginator = page.paginator
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"request": context["request"], "page_obj": page, "numbers": list(numbers)}
