"""The errors of a form: a list for each field, and a dictionary of these lists.

See "How errors are displayed" in the forms API documentation.
"""

from __future__ import annotations

import json
from collections import UserList
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, SupportsIndex

from nuages.exceptions import ValidationError
from nuages.forms.renderable import RenderableErrorMixin
from nuages.forms.renderers import get_default_renderer
from nuages.text.html import escape


class ErrorDict(dict[str, Any], RenderableErrorMixin):
    """Field names and the errors of each; ``"__all__"`` holds those of the whole form."""

    renderer: Any
    template_name = "django/forms/errors/dict/default.html"
    template_name_text = "django/forms/errors/dict/text.html"
    template_name_ul = "django/forms/errors/dict/ul.html"

    def __init__(self, *args: Any, renderer: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.renderer = renderer or get_default_renderer()

    def __copy__(self) -> ErrorDict:
        return type(self)(self, renderer=self.renderer)

    def copy(self) -> ErrorDict:
        """A shallow copy with the same renderer."""
        return self.__copy__()

    def __str__(self) -> str:
        return RenderableErrorMixin.__str__(self)  # not that of the container

    def as_data(self) -> dict[str, list[ValidationError]]:
        """The original ``ValidationError`` instances, by field."""
        return {field: errors.as_data() for field, errors in self.items()}

    def get_json_data(self, escape_html: bool = False) -> dict[str, list[dict[str, str]]]:
        """Message and code of each error, by field."""
        return {field: errors.get_json_data(escape_html) for field, errors in self.items()}

    def as_json(self, escape_html: bool = False) -> str:
        """``get_json_data()`` as JSON text."""
        return json.dumps(self.get_json_data(escape_html))

    def get_context(self) -> dict[str, Any]:
        """The context of the error templates."""
        return {"errors": self.items(), "error_class": "errorlist"}


class ErrorList(UserList[Any], list[Any], RenderableErrorMixin):  # type: ignore[misc]
    """The errors of one field, given as messages or ``ValidationError`` instances and read as messages."""

    renderer: Any
    template_name = "django/forms/errors/list/default.html"
    template_name_text = "django/forms/errors/list/text.html"
    template_name_ul = "django/forms/errors/list/ul.html"

    def __init__(
        self,
        initlist: Iterable[Any] | None = None,
        error_class: str | None = None,
        renderer: Any = None,
        field_id: str | None = None,
    ) -> None:
        super().__init__(initlist)
        self.error_class: str = f"errorlist {error_class}" if error_class else "errorlist"
        self.renderer = renderer or get_default_renderer()
        self.field_id = field_id

    def __str__(self) -> str:
        return RenderableErrorMixin.__str__(self)  # not that of the container

    def as_data(self) -> list[ValidationError]:
        """The errors as ``ValidationError`` instances."""
        return ValidationError(self.data).error_list

    def copy(self) -> ErrorList:
        """A copy with the same errors, classes and renderer."""
        duplicate = type(self)(self.data, renderer=self.renderer, field_id=self.field_id)
        duplicate.error_class = self.error_class
        return duplicate

    def get_json_data(self, escape_html: bool = False) -> list[dict[str, str]]:
        """Message and code of each error."""
        found = []
        for error in self.as_data():
            message = next(iter(error))
            found.append({"message": escape(message) if escape_html else message, "code": error.code or ""})
        return found

    def as_json(self, escape_html: bool = False) -> str:
        """``get_json_data()`` as JSON text."""
        return json.dumps(self.get_json_data(escape_html))

    def get_context(self) -> dict[str, Any]:
        """The context of the error templates."""
        return {"errors": self, "error_class": self.error_class, "field_id": self.field_id}

    def __bool__(self) -> bool:
        return bool(self.data)

    def __iter__(self) -> Iterator[Any]:
        for error in self.data:
            yield next(iter(error)) if isinstance(error, ValidationError) else error

    def __repr__(self) -> str:
        return repr(list(self))

    def __contains__(self, item: object) -> bool:
        return item in list(self)

    def __eq__(self, other: object) -> bool:
        return list(self) == other

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        error = self.data[index]
        if isinstance(error, ValidationError):
            return next(iter(error))
        return error

    def __reduce_ex__(self, *args: Any, **kwargs: Any) -> Any:
        # As a subclass of list, the items would otherwise be pickled (and appended) a second time.
        parts = super(UserList, self).__reduce_ex__(*args, **kwargs)
        return (*parts[:3], None, None)
