"""What aggregates with an order were once made with."""

from __future__ import annotations

import warnings
from typing import Any

from nuages.text.deprecation import RemovedInNextVersionWarning


class OrderableAggMixin:
    """Deprecated: an aggregate says ``allow_order_by = True`` by itself."""

    allow_order_by = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        text = f"{cls.__name__} needs no OrderableAggMixin: set allow_order_by = True on it."
        warnings.warn(text, RemovedInNextVersionWarning, stacklevel=2)
        super().__init_subclass__(**kwargs)
