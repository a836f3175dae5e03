"""Validators of uploaded files."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from nuages.conf.deconstruct import deconstructible
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _


@deconstructible(path="nuages.validators.FileExtensionValidator")
class FileExtensionValidator:
    """Accepts files whose names end in one of ``allowed_extensions``, in any case. Says nothing of their content."""

    message: Any = _("The extension “%(extension)s” is not allowed. Allowed: %(allowed_extensions)s.")
    code = "invalid_extension"

    def __init__(self, allowed_extensions: Sequence[str] | None = None, message: Any = None, code: str | None = None) -> None:
        self.allowed_extensions: list[str] | None = None if allowed_extensions is None else [name.lower() for name in allowed_extensions]
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code

    def __call__(self, value: Any) -> None:
        """Validate."""
        extension = Path(value.name).suffix[1:].lower()
        allowed = self.allowed_extensions
        if allowed is not None and extension not in allowed:
            params = {"extension": extension, "allowed_extensions": ", ".join(allowed), "value": value}
            raise ValidationError(self.message, code=self.code, params=params)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return False
        return (set(self.allowed_extensions or []), self.message, self.code) == (
            set(other.allowed_extensions or []), other.message, other.code,
        )  # fmt: skip

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


def get_available_image_extensions() -> list[str]:
    """Return the extensions of the images that Pillow can read; none without Pillow."""
    try:
        image = import_module("PIL.Image")
    except ImportError:
        return []
    image.init()
    return [extension.lower()[1:] for extension in image.EXTENSION]


def validate_image_file_extension(value: Any) -> None:
    """Accept files whose names end like those of images."""
    FileExtensionValidator(allowed_extensions=get_available_image_extensions())(value)
