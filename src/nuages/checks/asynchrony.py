"""Checks of asynchronous support."""

import os
from typing import Any

from nuages.checks.messages import Error
from nuages.checks.registry import Tags, register
from nuages.conf import names

E001 = Error(
    "The environment allows blocking calls on the event loop, which must not be in deployment.",
    hint="Remove the …_ALLOW_ASYNC_UNSAFE variable: it switches off the protection of the event loop.",
    id="async.E001",
)


@register(Tags.async_support, deploy=True)
def check_async_unsafe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Report the environment variable that allows blocking calls on the loop."""
    return [E001] if os.environ.get(names.environment("ALLOW_ASYNC_UNSAFE")) else []
