"""One-time messages to the user (documentation: ref/contrib/messages)."""

from nuages.contrib.messages.api import *  # noqa: F403
from nuages.contrib.messages.constants import *  # noqa: F403
from nuages.contrib.messages.storage.store import Message as Message
