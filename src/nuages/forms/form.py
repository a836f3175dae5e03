"""Forms: fields that are shown, bound to data, and validated together. See the forms API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from nuages.exceptions import NON_FIELD_ERRORS, ValidationError
from nuages.forms.boundfield import BoundField
from nuages.forms.errors import ErrorDict, ErrorList
from nuages.forms.fields.field import Field
from nuages.forms.media import Media, MediaDefiningClass
from nuages.forms.renderable import RenderableFormMixin
from nuages.forms.renderers import get_default_renderer
from nuages.forms.widgets.widget import without_microseconds
from nuages.i18n.translation import gettext as _
from nuages.text.datastructures import MultiValueDict
from nuages.text.lazy import cached_property


class DeclarativeFieldsMetaclass(MediaDefiningClass):
    """Collects the fields that a class declares, and those of its ancestors, in ``base_fields``."""

    declared_fields: dict[str, Field]
    base_fields: dict[str, Field]

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        own = {key: attrs.pop(key) for key, value in list(attrs.items()) if isinstance(value, Field)}
        attrs["declared_fields"] = own
        cls = super().__new__(mcs, name, bases, attrs, **kwargs)
        collected: dict[str, Field] = {}
        for ancestor in reversed(cls.__mro__):
            collected.update(getattr(ancestor, "declared_fields", {}))
            # A None in a subclass takes an inherited field away.
            for key, value in vars(ancestor).items():
                if value is None and key in collected:
                    del collected[key]
        cls.declared_fields = cls.base_fields = collected
        return cls


class BaseForm(RenderableFormMixin):
    """What forms do, apart from how their fields are declared; see ``Form``."""

    renderer: Any
    label_suffix: Any
    base_fields: ClassVar[dict[str, Field]]
    declared_fields: ClassVar[dict[str, Field]]
    cleaned_data: dict[str, Any]
    default_renderer: Any = None
    field_order: Iterable[str] | None = None
    prefix: str | None = None
    use_required_attribute: bool = True
    bound_field_class: Any = None

    template_name_div = "django/forms/div.html"
    template_name_p = "django/forms/p.html"
    template_name_table = "django/forms/table.html"
    template_name_ul = "django/forms/ul.html"
    template_name_label = "django/forms/label.html"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        auto_id: Any = "id_%s",
        prefix: str | None = None,
        initial: Mapping[str, Any] | None = None,
        error_class: type[ErrorList] = ErrorList,
        label_suffix: Any = None,
        empty_permitted: bool = False,
        field_order: Iterable[str] | None = None,
        use_required_attribute: bool | None = None,
        renderer: Any = None,
        bound_field_class: type[BoundField] | None = None,
    ) -> None:
        self.is_bound: bool = data is not None or files is not None
        self.data: Any = MultiValueDict() if data is None else data
        self.files: Any = MultiValueDict() if files is None else files
        self.auto_id = auto_id
        if prefix is not None:
            self.prefix = prefix
        self.initial: Any = initial or {}
        self.error_class = error_class
        self.label_suffix = _(":") if label_suffix is None else label_suffix
        self.empty_permitted = empty_permitted
        self._errors: Any = None
        memo: dict[int, Any] = {}
        self.fields: dict[str, Any] = {name: field.__deepcopy__(memo) for name, field in self.base_fields.items()}
        self._bound_fields_cache: dict[str, BoundField] = {}
        self.order_fields(self.field_order if field_order is None else field_order)
        if use_required_attribute is not None:
            self.use_required_attribute = use_required_attribute
        if self.empty_permitted and self.use_required_attribute:
            raise ValueError("empty_permitted and use_required_attribute exclude each other: set one of them to False.")
        self.renderer = self._choose_renderer(renderer)
        self.bound_field_class = (
            bound_field_class
            or self.bound_field_class
            or getattr(self.renderer, "bound_field_class", None)
            or BoundField
        )

    def _choose_renderer(self, renderer: Any) -> Any:
        if renderer is None:
            renderer = self.default_renderer
        if renderer is None:
            return get_default_renderer()
        return renderer() if isinstance(renderer, type) else renderer

    def order_fields(self, field_order: Iterable[str] | None) -> None:
        """Put the named fields first, in that order; unknown names are ignored."""
        if field_order is None:
            return
        rest = self.fields
        first = {name: rest.pop(name) for name in field_order if name in rest}
        self.fields = {**first, **rest}

    def __repr__(self) -> str:
        if self._errors is None:
            valid: Any = "Unknown"
        else:
            valid = self.is_bound and not self._errors
        names = ";".join(self.fields)
        return f"<{type(self).__name__} bound={self.is_bound}, valid={valid}, fields=({names})>"

    def _bound_items(self) -> Iterator[tuple[str, BoundField]]:
        for name in self.fields:
            yield name, self[name]

    def __iter__(self) -> Iterator[BoundField]:
        for name in self.fields:
            yield self[name]

    def __getitem__(self, name: str) -> BoundField:
        try:
            field = self.fields[name]
        except KeyError:
            known = ", ".join(sorted(self.fields))
            raise KeyError(f"Key '{name}' not found in '{type(self).__name__}'. Choices are: {known}.") from None
        bound = self._bound_fields_cache.get(name)
        if bound is None:
            bound = self._bound_fields_cache[name] = field.get_bound_field(self, name)
        return bound

    @property
    def errors(self) -> ErrorDict:
        """The errors by field; reading them validates the form."""
        if self._errors is None:
            self.full_clean()
        return self._errors  # type: ignore[no-any-return]

    def is_valid(self) -> bool:
        """Whether the form has data and no errors."""
        return self.is_bound and not self.errors

    def add_prefix(self, field_name: str) -> str:
        """The name of a field's HTML element."""
        return f"{self.prefix}-{field_name}" if self.prefix else field_name

    def add_initial_prefix(self, field_name: str) -> str:
        """The name of the element with a field's initial value."""
        return f"initial-{self.add_prefix(field_name)}"

    def _widget_data_value(self, widget: Any, html_name: str) -> Any:
        return widget.value_from_datadict(self.data, self.files, html_name)

    @property
    def template_name(self) -> str:  # type: ignore[override]
        """The template of the form: the renderer's, unless a class sets its own."""
        return self.renderer.form_template_name  # type: ignore[no-any-return]

    def get_context(self) -> dict[str, Any]:
        """The context of the form templates: ``form``, ``fields``, ``hidden_fields`` and ``errors``."""
        fields = []
        hidden = []
        top = self.non_field_errors().copy()
        for name, bound in self._bound_items():
            errors = bound.errors
            if not bound.is_hidden:
                fields.append((bound, self.error_class(errors, renderer=self.renderer, field_id=bound.auto_id)))
                continue
            top += [
                _("(Hidden field %(name)s) %(error)s") % {"name": name, "error": str(error)} for error in errors
            ]
            hidden.append(bound)
        return {"form": self, "fields": fields, "hidden_fields": hidden, "errors": top}

    def non_field_errors(self) -> ErrorList:
        """The errors of the form as a whole."""
        found = self.errors.get(NON_FIELD_ERRORS)
        if found is None:
            found = self.error_class(error_class="nonfield", renderer=self.renderer)
        return found  # type: ignore[no-any-return]

    def add_error(self, field: str | None, error: Any) -> None:
        """Add an error to a field, or to the form where ``field`` is ``None``, and take the field's value away.

        ``error`` is a message, a ``ValidationError``, a list of them, or a dictionary of these by field.
        """
        if not isinstance(error, ValidationError):
            error = ValidationError(error)
        if hasattr(error, "error_dict"):
            if field is not None:
                raise TypeError("Name no field when the error is a dictionary, for that names the fields itself.")
            by_field = error.error_dict
        else:
            by_field = {field or NON_FIELD_ERRORS: error.error_list}
        for name, errors in by_field.items():
            if name not in self.errors:
                self._errors[name] = self._new_list(name)
            self._errors[name].extend(errors)
            if name in self.cleaned_data:
                del self.cleaned_data[name]

    def _new_list(self, name: str) -> ErrorList:
        if name == NON_FIELD_ERRORS:
            return self.error_class(error_class="nonfield", renderer=self.renderer)
        if name not in self.fields:
            raise ValueError(f"'{type(self).__name__}' has no field named '{name}'.")
        return self.error_class(renderer=self.renderer, field_id=self[name].auto_id)

    def has_error(self, field: str, code: str | None = None) -> bool:
        """Whether a field has errors, or one with this code."""
        return field in self.errors and (
            code is None or any(error.code == code for error in self.errors.as_data()[field])
        )

    def full_clean(self) -> None:
        """Clean all fields and then the form, filling ``errors`` and ``cleaned_data``."""
        self._errors = ErrorDict(renderer=self.renderer)
        if self.is_bound:
            self.cleaned_data = {}
            if not self.empty_permitted or self.has_changed():
                self._clean_fields()
                self._clean_form()
                self._post_clean()

    def _clean_fields(self) -> None:
        for name, bound in self._bound_items():
            try:
                self.cleaned_data[name] = bound.field._clean_bound_field(bound)
                hook = getattr(self, f"clean_{name}", None)
                if hook is not None:
                    self.cleaned_data[name] = hook()
            except ValidationError as error:
                self.add_error(name, error)

    def _clean_form(self) -> None:
        try:
            cleaned = self.clean()
        except ValidationError as error:
            self.add_error(None, error)
        else:
            if cleaned is not None:
                self.cleaned_data = cleaned

    def _post_clean(self) -> None:
        """What follows the form's own validation; model forms validate their instance here."""

    def clean(self) -> dict[str, Any] | None:
        """Validation across fields: override it to raise ``ValidationError`` or return changed data."""
        return self.cleaned_data

    def has_changed(self) -> bool:
        """Whether the data differs from the initial values."""
        return bool(self.changed_data)

    @cached_property
    def changed_data(self) -> list[str]:
        """The names of the fields whose data differs from their initial value."""
        return [name for name, bound in self._bound_items() if bound._has_changed()]

    @property
    def media(self) -> Media:
        """The assets of all widgets."""
        total = Media()
        for field in self.fields.values():
            total = total + field.widget.media
        return total

    def is_multipart(self) -> bool:
        """Whether any widget uploads files, which wants ``enctype="multipart/form-data"``."""
        return any(field.widget.needs_multipart_form for field in self.fields.values())

    def hidden_fields(self) -> list[BoundField]:
        """The hidden bound fields."""
        return [bound for bound in self if bound.is_hidden]

    def visible_fields(self) -> list[BoundField]:
        """The bound fields that are not hidden."""
        return [bound for bound in self if not bound.is_hidden]

    def get_initial_for_field(self, field: Any, field_name: str) -> Any:
        """The initial value of a field: the form's, else the field's own; callables are called."""
        value = self.initial.get(field_name, field.initial)
        if callable(value):
            value = value()
        return value if field.widget.supports_microseconds else without_microseconds(value)


class Form(BaseForm, metaclass=DeclarativeFieldsMetaclass):
    """A form whose fields are declared as attributes of the class.

    ``Form()`` is unbound, to be filled in; ``Form(request.POST, request.FILES)`` is bound, to be validated.
    """


__all__ = ["BaseForm", "DeclarativeFieldsMetaclass", "Form"]
