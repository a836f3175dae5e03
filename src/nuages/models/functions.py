"""Database functions, under the name by which projects import them (documentation: ref/models/database-functions)."""

from nuages.sql import functions
from nuages.sql.functions import *  # noqa: F403

__all__ = functions.__all__
