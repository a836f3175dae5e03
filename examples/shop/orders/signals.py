"""Signals of the orders."""

from nuages.signals import Signal

order_placed = Signal()
"""Sent with ``order`` as soon as an order stands in the database for good."""
