"""Fields whose value is an uploaded file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from nuages import validators
from nuages.exceptions import ValidationError
from nuages.forms.fields.field import Field
from nuages.forms.widgets.files import FILE_INPUT_CONTRADICTION, ClearableFileInput, FileInput
from nuages.forms.widgets.widget import Widget
from nuages.i18n.translation import gettext_lazy as _
from nuages.i18n.translation import ngettext_lazy


class FileField(Field):
    """An uploaded file; ``max_length`` limits its name."""

    widget = ClearableFileInput
    default_error_messages = {
        "empty": _("The submitted file is empty."),
        "missing": _("No file was submitted."),
        "invalid": _("No file was submitted. Check the encoding type on the form."),
        "max_length": ngettext_lazy(
            "The name of the file may have %(max)d character; this one has %(length)d.",
            "The name of the file may have %(max)d characters; this one has %(length)d.",
            "max",
        ),
        "contradiction": _("Either submit a file or check the clear checkbox, not both."),
    }

    def __init__(self, *, max_length: int | None = None, allow_empty_file: bool = False, **kwargs: Any) -> None:
        self.max_length = max_length
        self.allow_empty_file = allow_empty_file
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """The file, checked for its name and size."""
        if self._is_empty(value):
            return None
        try:
            name, size = value.name, value.size
        except AttributeError:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if self.max_length is not None and len(name) > self.max_length:
            raise ValidationError(
                self.error_messages["max_length"],
                code="max_length",
                params={"max": self.max_length, "length": len(name)},
            )
        if not name:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not self.allow_empty_file and not size:
            raise ValidationError(self.error_messages["empty"], code="empty")
        return value

    def clean(self, value: Any, initial: Any = None) -> Any:
        """The uploaded file, else the initial one; ``False`` to clear it."""
        if value is FILE_INPUT_CONTRADICTION:
            raise ValidationError(self.error_messages["contradiction"], code="contradiction")
        if value is False:
            if not self.required:
                return False
            value = None  # a required file cannot be cleared
        if not value and initial:
            return initial
        return super().clean(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """A browser cannot send a file twice: without one, the initial stays."""
        return initial if data in (None, FILE_INPUT_CONTRADICTION) else data

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether a file came (or is to be cleared)."""
        return not self.disabled and data is not None

    def _clean_bound_field(self, bound: Any) -> Any:
        return self.clean(bound.initial if self.disabled else bound.data, bound.initial)


class ImageField(FileField):
    """An uploaded image; needs Pillow. The cleaned file has the image as ``image``."""

    default_validators = [validators.validate_image_file_extension]
    default_error_messages = {
        "invalid_image": _("Upload a valid image. The file is no image that can be read, or is damaged."),
    }

    def to_python(self, value: Any) -> Any:
        """The file, whose content Pillow recognises."""
        upload = super().to_python(value)
        if upload is None:
            return None
        from PIL import Image  # noqa: PLC0415 - an extra, needed by sites with image fields only

        try:
            image = Image.open(self._source(value))
            image.verify()
            upload.image = image
            upload.content_type = Image.MIME.get(image.format or "")
        except Exception as error:
            # Pillow raises whatever its plugins do on broken input.
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error
        if callable(getattr(upload, "seek", None)):
            upload.seek(0)
        return upload

    @staticmethod
    def _source(value: Any) -> Any:
        if hasattr(value, "temporary_file_path"):
            return value.temporary_file_path()
        return BytesIO(value.read() if hasattr(value, "read") else value["content"])

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        """``accept="image/*"`` for file inputs."""
        attrs = super().widget_attrs(widget)
        if isinstance(widget, FileInput) and "accept" not in widget.attrs:
            attrs.setdefault("accept", "image/*")
        return attrs
