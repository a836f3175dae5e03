"""Named temporary files that can be opened a second time on every system."""

from tempfile import NamedTemporaryFile, gettempdir

__all__ = ["NamedTemporaryFile", "gettempdir"]
