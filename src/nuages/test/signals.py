"""Signals that tests listen to."""

from nuages.signals import Signal, setting_changed

template_rendered = Signal()
"""Sent for each template that is rendered while the test environment is set up: ``sender``, ``template``, ``context``."""

__all__ = ["setting_changed", "template_rendered"]
