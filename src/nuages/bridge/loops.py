"""Whether an event loop runs, asked without importing asyncio: where nobody has imported it, none does.

Call it as ``loops.running_loop()``: once asyncio is there, its own function stands in this place.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs in this thread, or None."""
    events = sys.modules.get("asyncio.events")
    quick = getattr(events, "_get_running_loop", None)  # missing while another thread imports it
    if quick is None:
        return None
    globals()["running_loop"] = quick
    return quick()  # type: ignore[no-any-return]
