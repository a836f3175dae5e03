"""What can go wrong with a site's registry and its pages."""

from nuages.exceptions import SuspiciousOperation


class DisallowedModelAdminLookup(SuspiciousOperation):
    """A filter in the address goes through a field that is not open to filters."""


class DisallowedModelAdminToField(SuspiciousOperation):
    """A pop-up was asked for a field to which no registered model points."""


class AlreadyRegistered(Exception):
    """The model is registered with the site already."""


class NotRegistered(Exception):
    """The model is not registered with the site."""


class IncorrectLookupParameters(Exception):
    """The address of a list holds a filter or an order that makes no sense."""
