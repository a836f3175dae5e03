"""Signals about connections (documentation: ref/signals)."""

from nuages.signals import Signal

connection_created = Signal()
"""Sent with ``connection`` when a driver connection was opened and set up."""
