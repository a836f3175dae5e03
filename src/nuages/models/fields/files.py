"""FileField and ImageField: a file in a storage, its name in the column."""

from __future__ import annotations

import datetime
import importlib.util
import posixpath
from collections.abc import Callable
from typing import Any

from nuages import checks, forms
from nuages.conf.names import public_home
from nuages.exceptions import FieldError
from nuages.files import File
from nuages.files.images import ImageFile
from nuages.files.storage import Storage, default_storage
from nuages.http.filenames import validate_file_name
from nuages.i18n.translation import gettext_lazy as _
from nuages.models import signals
from nuages.models.fields.attributes import DeferredAttribute
from nuages.models.fields.deconstructing import with_options
from nuages.models.fields.field import Field
from nuages.sql.expressions import DatabaseDefault


class FieldFile(File):
    """The value of a FileField: a file by its name, opened when it is read."""

    def __init__(self, instance: Any, field: Any, name: str | None) -> None:
        super().__init__(None, name)
        self.instance, self.field, self.storage = instance, field, field.storage
        self._committed = True

    def __eq__(self, other: object) -> bool:
        return bool(self.name == (other.name if hasattr(other, "name") else other))

    def __hash__(self) -> int:
        return hash(self.name)

    def __bool__(self) -> bool:
        return bool(self.name)

    def _require_file(self) -> None:
        if not self:
            raise ValueError(f"The '{self.field.name}' attribute has no file associated with it.")

    def _get_file(self) -> Any:
        self._require_file()
        if getattr(self, "_file", None) is None:
            self._file = self.storage.open(self.name, "rb")
        return self._file

    def _set_file(self, file: Any) -> None:
        self._file = file

    def _del_file(self) -> None:
        del self._file

    file: Any = property(_get_file, _set_file, _del_file)

    @property
    def path(self) -> str:
        """The path in the file system, for storages that have one."""
        self._require_file()
        return self.storage.path(self.name)  # type: ignore[no-any-return]

    @property
    def url(self) -> str:
        """The URL."""
        self._require_file()
        return self.storage.url(self.name)  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """The size in bytes."""
        self._require_file()
        if not self._committed:
            return self.file.size  # type: ignore[no-any-return]
        return self.storage.size(self.name)  # type: ignore[no-any-return]

    def open(self, mode: str = "rb") -> FieldFile:  # type: ignore[override]
        """Open or reopen the file in `mode`."""
        self._require_file()
        if getattr(self, "_file", None) is None:
            self.file = self.storage.open(self.name, mode)
        else:
            self.file.open(mode)
        return self

    def save(self, name: str, content: Any, save: bool = True) -> None:
        """Store `content` under a name made of `name`, and save the instance if asked."""
        name = self.field.generate_filename(self.instance, name)
        self._now_named(self.storage.save(name, content, max_length=self.field.max_length), save)

    def delete(self, save: bool = True) -> None:
        """Delete the file, and save the instance if asked."""
        if not self:
            return
        if getattr(self, "_file", None) is not None:
            self.close()
            del self.file
        self.storage.delete(self.name)
        self._now_named(None, save)

    def _now_named(self, name: str | None, save: bool) -> None:
        """Note which file of the storage belongs to the instance from now on."""
        self.name, self._committed = name, name is not None
        setattr(self.instance, self.field.attname, name)
        if save:
            self.instance.save()

    @property
    def closed(self) -> bool:
        """Whether the file is closed, or was never opened."""
        file = getattr(self, "_file", None)
        return file is None or bool(file.closed)

    def close(self) -> None:
        """Close the file if it is open."""
        file = getattr(self, "_file", None)
        if file is not None:
            file.close()

    def __getstate__(self) -> dict[str, Any]:
        # What cannot be pickled is restored by the descriptor.
        return {"name": self.name, "closed": False, "_committed": True, "_file": None, "instance": self.instance, "field": self.field}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state.pop("closed", None)
        self.__dict__.update(state)
        self.storage = self.field.storage


class FileDescriptor(DeferredAttribute):
    """Gives a FieldFile, whatever was assigned: a name, a File or another FieldFile."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        file = super().__get__(instance, cls)
        field: Any = self.field
        if isinstance(file, FieldFile):
            if not hasattr(file, "field"):
                # Unpickled: these were left out.
                file.instance, file.field, file.storage = instance, field, field.storage
            elif instance is not file.instance:
                file.instance = instance
        elif isinstance(file, str) or file is None:
            instance.__dict__[field.attname] = field.attr_class(instance, field, file)
        elif isinstance(file, DatabaseDefault):
            if not isinstance(field.db_default, str):
                return file  # an expression: only the database knows the name
            instance.__dict__[field.attname] = field.attr_class(instance, field, field.db_default)
        elif isinstance(file, File):
            made = field.attr_class(instance, field, file.name)
            made.file = file
            made._committed = False
            instance.__dict__[field.attname] = made
        return instance.__dict__[field.attname]

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class FileField(Field[Any]):
    """A file: `upload_to` says where in the storage, `storage` which one (an object, or a callable that gives one)."""

    attr_class: Any = FieldFile
    descriptor_class: Any = FileDescriptor
    description: Any = _("File")

    def __init__(
        self, verbose_name: Any = None, name: str | None = None, upload_to: Any = "", storage: Any = None, **kwargs: Any
    ) -> None:
        self._primary_key_set_explicitly = "primary_key" in kwargs
        self.storage = default_storage if storage is None else storage  # a lazy storage must not be made by asking for its truth
        if callable(self.storage) and not isinstance(self.storage, Storage):
            self._storage_callable: Callable[[], Any] = self.storage
            self.storage = self.storage()
            if not isinstance(self.storage, Storage):
                kind = self.__class__.__qualname__
                raise TypeError(f"{kind}.storage must be a subclass/instance of {public_home(Storage)}")
        self.upload_to = upload_to
        kwargs.setdefault("max_length", 100)
        super().__init__(verbose_name, name, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        found = super().check(**kwargs)
        if self._primary_key_set_explicitly:
            found.append(checks.Error(
                f"'primary_key' is not a valid argument for a {self.__class__.__name__}.", obj=self, id="fields.E201",
            ))
        if isinstance(self.upload_to, str) and self.upload_to.startswith("/"):
            found.append(checks.Error(
                f"{self.__class__.__name__}'s 'upload_to' argument must be a relative path, not an absolute path.",
                hint="Remove the leading slash.", obj=self, id="fields.E202",
            ))
        return found

    def deconstruct(self) -> Any:
        storage = getattr(self, "_storage_callable", self.storage)
        parts = with_options(
            super().deconstruct(), upload_to=self.upload_to, storage=None if storage is default_storage else storage
        )
        options = parts[-1]
        if options.get("max_length") == 100:
            del options["max_length"]
        return parts

    def get_internal_type(self) -> str:
        return "FileField"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value is None else str(value)

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        file = super().pre_save(model_instance, add)
        if isinstance(file, DatabaseDefault):
            return file
        if file.name is None and getattr(file, "_file", None) is not None:
            raise nameless(file)
        if file and not file._committed:
            # The content is written now that the row is.
            file.save(file.name, file.file, save=False)
        return file

    def generate_filename(self, instance: Any, filename: str) -> str:
        """The name in the storage: `upload_to` (a pattern of dates, or a callable) applied to `filename`."""
        if callable(self.upload_to):
            filename = self.upload_to(instance, filename)
        else:
            folder = datetime.datetime.now().strftime(str(self.upload_to))
            filename = posixpath.join(folder, filename)
        filename = validate_file_name(filename, allow_relative_path=True)
        return self.storage.generate_filename(filename)  # type: ignore[no-any-return]

    def save_form_data(self, instance: Any, data: Any) -> None:
        # None means "unchanged" and False means "cleared".
        if data is not None:
            setattr(instance, self.name, data or "")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.FileField, "max_length": self.max_length, **kwargs})


def nameless(file: Any) -> Exception:
    """The failure of content that has no name."""
    kind = type(file.file).__qualname__
    return FieldError(f"File for {file.field.name} must have the name attribute specified to be saved: give {kind} a name.")


class ImageFileDescriptor(FileDescriptor):
    """Keeps the fields of width and height up to date when an image is assigned."""

    def __set__(self, instance: Any, value: Any) -> None:
        before = instance.__dict__.get(self.field.attname)
        super().__set__(instance, value)
        # While an instance is being made, the signal after it does this once.
        if before is not None:
            field: Any = self.field
            field.update_dimension_fields(instance, force=True)


class ImageFieldFile(ImageFile, FieldFile):
    """The value of an ImageField."""

    def delete(self, save: bool = True) -> None:
        if hasattr(self, "_dimensions_cache"):
            del self._dimensions_cache
        super().delete(save)

    def save(self, name: str, content: Any, save: bool = True) -> None:
        if hasattr(self, "_dimensions_cache"):
            del self._dimensions_cache
        super().save(name, content, save)


class ImageField(FileField):
    """A FileField that takes images only, and can note their width and height in other fields."""

    attr_class = ImageFieldFile
    descriptor_class = ImageFileDescriptor
    description = _("Image")

    def __init__(
        self, verbose_name: Any = None, name: str | None = None, width_field: str | None = None, height_field: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.width_field, self.height_field = width_field, height_field
        super().__init__(verbose_name, name, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        found = super().check(**kwargs)
        if importlib.util.find_spec("PIL") is None:
            problem = "Cannot use ImageField because Pillow is not installed."
            found.append(checks.Error(
                problem,
                hint='Install the package pillow, for example with "python -m pip install Pillow".', obj=self, id="fields.E210",
            ))
        return found

    def deconstruct(self) -> Any:
        width, height = self.width_field or None, self.height_field or None
        return with_options(super().deconstruct(), width_field=width, height_field=height)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        # Listening costs all instances something: only where there are fields to fill.
        if not cls._meta.abstract and (self.width_field or self.height_field):
            signals.post_init.connect(self.update_dimension_fields, sender=cls)

    def update_dimension_fields(self, instance: Any, force: bool = False, *args: Any, **kwargs: Any) -> None:
        """Put width and height of the image into their fields, if these are empty or with `force`."""
        wanted = [(name, dimension) for name, dimension in ((self.width_field, "width"), (self.height_field, "height")) if name]
        if not wanted or self.attname not in instance.__dict__:
            return
        file = getattr(instance, self.attname)
        if not file and not force:
            return
        filled = all(getattr(instance, name) for name, _dimension in wanted)
        if filled and not force:
            return
        for name, dimension in wanted:
            setattr(instance, name, getattr(file, dimension) if file else None)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.ImageField, **kwargs})
