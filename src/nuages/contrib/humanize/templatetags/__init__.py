"""The filters of ``{% load humanize %}``."""
