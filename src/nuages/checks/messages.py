"""What a system check reports."""

from typing import Any, ClassVar

from nuages.checks.levels import CRITICAL, DEBUG, ERROR, INFO, WARNING
from nuages.conf import settings

__all__ = ["CRITICAL", "DEBUG", "ERROR", "INFO", "WARNING", "CheckMessage", "Critical", "Debug", "Error", "Info", "Warning"]


class CheckMessage:
    """One finding of a system check.

    ``level`` is one of the five numbers above; ``msg`` a short line; ``hint`` how to mend it; ``obj`` what it is about; ``id``
    a name such as ``fields.E001`` by which it can be silenced. Raises TypeError for a level that is no integer.
    """

    level: int
    msg: Any
    hint: Any
    obj: Any
    id: str | None

    def __init__(self, level: int, msg: Any, hint: Any = None, obj: Any = None, id: str | None = None) -> None:
        self.level, self.msg, self.hint, self.obj, self.id = level, msg, hint, obj, id
        if not isinstance(level, int):
            raise TypeError("The first argument should be level.")

    def _parts(self) -> tuple[Any, ...]:
        return self.level, self.msg, self.hint, self.obj, self.id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self._parts() == other._parts()

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __str__(self) -> str:
        identity = f"({self.id}) " if self.id else ""
        hint = f"\n\tHINT: {self.hint}" if self.hint else ""
        return f"{self._subject()}: {identity}{self.msg}{hint}"

    def _subject(self) -> str:
        if self.obj is None:
            return "?"
        # Models print as a class; their label is what a reader can look up.
        label = getattr(getattr(self.obj, "_meta", None), "label", None) if isinstance(self.obj, type) else None
        return str(label or self.obj)

    def __repr__(self) -> str:
        level, msg, hint, obj, id = self._parts()
        return f"<{type(self).__name__}: level={level!r}, msg={msg!r}, hint={hint!r}, obj={obj!r}, id={id!r}>"

    def is_serious(self, level: int = ERROR) -> bool:
        """Tell whether the message is at least of ``level``."""
        return self.level >= level

    def is_silenced(self) -> bool:
        """Tell whether the project silences messages of this id."""
        return self.id in settings.SILENCED_SYSTEM_CHECKS


class Debug(CheckMessage):
    """A message of level DEBUG."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(DEBUG, *args, **kwargs)


class Info(CheckMessage):
    """A message of level INFO."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(INFO, *args, **kwargs)


class Warning(CheckMessage):
    """A message of level WARNING."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(WARNING, *args, **kwargs)


class Error(CheckMessage):
    """A message of level ERROR: commands do not run."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(ERROR, *args, **kwargs)


class Critical(CheckMessage):
    """A message of level CRITICAL: commands do not run."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(CRITICAL, *args, **kwargs)
