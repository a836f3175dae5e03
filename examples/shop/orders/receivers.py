"""What happens when an order is placed."""

from typing import Any

from nuages.i18n.translation import gettext as _
from nuages.mail import send_mail
from nuages.signals import receiver
from nuages.template.loader import render_to_string
from orders.models import Order
from orders.signals import order_placed


@receiver(order_placed)
def send_confirmation(sender: Any, order: Order, **kwargs: Any) -> None:
    """Write to the customer."""
    lines = order.lines.select_related("product")
    total = sum(line.total for line in lines)
    text = render_to_string("orders/confirmation.txt", {"order": order, "lines": lines, "total": total})
    send_mail(_("Your order %s") % order.number, text, None, [order.email], fail_silently=True)
