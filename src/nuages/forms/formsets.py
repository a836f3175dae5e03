"""Formsets: any number of forms of one kind on one page. See the formsets documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from nuages.exceptions import ValidationError
from nuages.forms.errors import ErrorList
from nuages.forms.fields.numbers import BooleanField, IntegerField
from nuages.forms.form import Form
from nuages.forms.media import Media
from nuages.forms.renderable import RenderableFormMixin
from nuages.forms.renderers import get_default_renderer
from nuages.forms.widgets.widget import CheckboxInput, HiddenInput, NumberInput
from nuages.i18n.translation import gettext_lazy as _
from nuages.i18n.translation import ngettext_lazy
from nuages.text.lazy import cached_property

# The names of the fields that formsets add to those of the forms.
TOTAL_FORM_COUNT, INITIAL_FORM_COUNT = "TOTAL_FORMS", "INITIAL_FORMS"
MIN_NUM_FORM_COUNT, MAX_NUM_FORM_COUNT = "MIN_NUM_FORMS", "MAX_NUM_FORMS"
ORDERING_FIELD_NAME, DELETION_FIELD_NAME = "ORDER", "DELETE"

#: fewest forms of a formset, where ``formset_factory`` is not told otherwise
DEFAULT_MIN_NUM = 0
#: most forms of a formset, where ``formset_factory`` is not told otherwise
DEFAULT_MAX_NUM = 1000


class ManagementForm(Form):
    """The hidden form that says how many forms a submitted formset has.

    The two limits are only for scripts in the page; what comes back of them is not read.
    """

    TOTAL_FORMS = IntegerField(widget=HiddenInput)
    INITIAL_FORMS = IntegerField(widget=HiddenInput)
    MIN_NUM_FORMS = IntegerField(required=False, widget=HiddenInput)
    MAX_NUM_FORMS = IntegerField(required=False, widget=HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Counts that are missing or wrong are zero, so that the formset can still be shown."""
        cleaned = super().clean() or {}
        for name in (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT):
            cleaned.setdefault(name, 0)
        return cleaned


class BaseFormSet(RenderableFormMixin):
    """What formsets do; ``formset_factory`` makes the subclasses, with the form and the options below."""

    form: ClassVar[Any]
    extra: ClassVar[int]
    can_order: ClassVar[bool]
    can_delete: ClassVar[bool]
    can_delete_extra: ClassVar[bool]
    max_num: ClassVar[int]
    min_num: ClassVar[int]
    absolute_max: ClassVar[int]
    validate_max: ClassVar[bool]
    validate_min: ClassVar[bool]
    renderer: Any = None
    form_renderer: Any = None

    deletion_widget: Any = CheckboxInput
    ordering_widget: Any = NumberInput
    default_error_messages: ClassVar[Mapping[str, Any]] = {
        "missing_management_form": _(
            "ManagementForm data is missing or was tampered with. Missing fields: %(field_names)s. "
            "If the page is not at fault, please report this as a bug."
        ),
        "too_many_forms": ngettext_lazy("Please submit at most %(num)d form.", "Please submit at most %(num)d forms.", "num"),
        "too_few_forms": ngettext_lazy("Please submit at least %(num)d form.", "Please submit at least %(num)d forms.", "num"),
    }

    template_name_p = "django/forms/formsets/p.html"
    template_name_ul = "django/forms/formsets/ul.html"
    template_name_div = "django/forms/formsets/div.html"
    template_name_table = "django/forms/formsets/table.html"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        auto_id: Any = "id_%s",
        prefix: str | None = None,
        initial: Sequence[Mapping[str, Any]] | None = None,
        error_class: type[ErrorList] = ErrorList,
        form_kwargs: Mapping[str, Any] | None = None,
        error_messages: Mapping[str, Any] | None = None,
    ) -> None:
        self.is_bound: bool = data is not None or files is not None
        self.prefix: str = prefix or self.get_default_prefix()
        self.auto_id = auto_id
        self.data: Any = data or {}
        self.files: Any = files or {}
        self.initial = initial
        self.form_kwargs: Mapping[str, Any] | dict[str, Any] = form_kwargs or {}
        self.error_class = error_class
        self._errors: Any = None
        self._non_form_errors: Any = None
        self.form_renderer = self.renderer
        if self.renderer is None:
            self.renderer = get_default_renderer()
        elif isinstance(self.renderer, type):
            self.renderer = self.form_renderer = self.renderer()
        messages: dict[str, Any] = {}
        for ancestor in reversed(type(self).__mro__):
            messages.update(getattr(ancestor, "default_error_messages", {}))
        messages.update(error_messages or {})
        self.error_messages = messages

    def __iter__(self) -> Iterator[Any]:
        """The forms, in the order in which they are shown."""
        return iter(self.forms)

    def __getitem__(self, index: Any) -> Any:
        return self.forms[index]

    def __len__(self) -> int:
        return len(self.forms)

    def __bool__(self) -> bool:
        return True  # with no form at all, there is the management form

    def __repr__(self) -> str:
        if self._errors is None:
            valid: Any = "Unknown"
        else:
            valid = self.is_bound and not self._non_form_errors and not any(self._errors)
        count = self.total_form_count()
        return f"<{type(self).__qualname__}: bound={self.is_bound} valid={valid} total_forms={count}>"

    @cached_property
    def management_form(self) -> ManagementForm:
        """The hidden form with the counts."""
        options = {"auto_id": self.auto_id, "prefix": self.prefix, "renderer": self.renderer}
        if self.is_bound:
            form = ManagementForm(self.data, **options)
            form.full_clean()
            return form
        counts = {
            TOTAL_FORM_COUNT: self.total_form_count(),
            INITIAL_FORM_COUNT: self.initial_form_count(),
            MIN_NUM_FORM_COUNT: self.min_num,
            MAX_NUM_FORM_COUNT: self.max_num,
        }
        return ManagementForm(initial=counts, **options)

    def total_form_count(self) -> int:
        """How many forms there are; never more than ``absolute_max`` of submitted ones."""
        if self.is_bound:
            return min(int(self.management_form.cleaned_data[TOTAL_FORM_COUNT]), self.absolute_max)
        initial = self.initial_form_count()
        total = max(initial, self.min_num) + self.extra
        if self.max_num < 0:
            return total
        # Initial forms are shown even where there are too many of them.
        return max(initial, min(total, self.max_num))

    def initial_form_count(self) -> int:
        """How many forms have initial data."""
        if self.is_bound:
            return self.management_form.cleaned_data[INITIAL_FORM_COUNT]  # type: ignore[no-any-return]
        return len(self.initial) if self.initial else 0

    @cached_property
    def forms(self) -> list[Any]:
        """The forms of the set."""
        return [self._construct_form(index, **self.get_form_kwargs(index)) for index in range(self.total_form_count())]

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """More keyword arguments of the form at ``index``, which is ``None`` for the empty form."""
        return dict(self.form_kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        options: dict[str, Any] = {
            "auto_id": self.auto_id,
            "prefix": self.add_prefix(i),
            "error_class": self.error_class,
            # A browser would complain of empty extra forms.
            "use_required_attribute": False,
        }
        if self.form_renderer is not None:
            options["renderer"] = self.form_renderer
        if self.is_bound:
            options["data"], options["files"] = self.data, self.files
        if self.initial and "initial" not in kwargs and i < len(self.initial):
            options["initial"] = self.initial[i]
        if i >= self.initial_form_count() and i >= self.min_num:
            options["empty_permitted"] = True
        options.update(kwargs)
        form = self.form(**options)
        self.add_fields(form, i)
        return form

    @property
    def initial_forms(self) -> list[Any]:
        """The forms with initial data."""
        return self.forms[: self.initial_form_count()]

    @property
    def extra_forms(self) -> list[Any]:
        """The forms after those with initial data."""
        return self.forms[self.initial_form_count() :]

    @property
    def empty_form(self) -> Any:
        """A form with ``__prefix__`` for its number, for scripts to copy."""
        options = {**self.get_form_kwargs(None), "empty_permitted": True, "use_required_attribute": False}
        if self.form_renderer is not None:
            options["renderer"] = self.form_renderer
        form = self.form(auto_id=self.auto_id, prefix=self.add_prefix("__prefix__"), **options)
        self.add_fields(form, None)
        return form

    @property
    def cleaned_data(self) -> list[dict[str, Any]]:
        """The cleaned data of each form; ``AttributeError`` unless the formset is valid."""
        self._require_valid("cleaned_data")
        return [form.cleaned_data for form in self.forms]

    def _require_valid(self, name: str, unless: bool = False) -> None:
        if unless or not self.is_valid():
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    @property
    def deleted_forms(self) -> list[Any]:
        """The forms marked for deletion, of a valid formset."""
        if not self.can_delete or not self.is_valid():
            return []
        return [form for index, form in enumerate(self.forms) if self._counts(index, form) and self._should_delete_form(form)]

    def _counts(self, index: int, form: Any) -> bool:
        """Whether a form is one that the user filled in, and not an extra one left empty."""
        return index < self.initial_form_count() or form.has_changed()

    @property
    def ordered_forms(self) -> list[Any]:
        """The forms by their order field, those without a number last; not those marked for deletion.

        ``AttributeError`` unless the formset is valid and has ``can_order``.
        """
        self._require_valid("ordered_forms", unless=not self.can_order)
        kept = []
        for index, form in enumerate(self.forms):
            if self._counts(index, form) and not (self.can_delete and self._should_delete_form(form)):
                position = form.cleaned_data[ORDERING_FIELD_NAME]
                kept.append((position is None, position or 0, index))
        return [self.forms[index] for _unset, _position, index in sorted(kept)]

    @classmethod
    def get_default_prefix(cls) -> str:
        """The prefix of all names."""
        return "form"

    @classmethod
    def get_deletion_widget(cls) -> Any:
        """The widget of the field that marks a form for deletion."""
        return cls.deletion_widget

    @classmethod
    def get_ordering_widget(cls) -> Any:
        """The widget of the order field."""
        return cls.ordering_widget

    def non_form_errors(self) -> ErrorList:
        """The errors of the formset as a whole."""
        if self._non_form_errors is None:
            self.full_clean()
        return self._non_form_errors  # type: ignore[no-any-return]

    @property
    def errors(self) -> list[Any]:
        """The errors of each form that is not to be deleted."""
        if self._errors is None:
            self.full_clean()
        return self._errors  # type: ignore[no-any-return]

    def total_error_count(self) -> int:
        """How many errors there are, of all forms and of the whole."""
        return len(self.non_form_errors()) + sum(len(found) for errors in self.errors for found in errors.values())

    def _should_delete_form(self, form: Any) -> bool:
        return bool(form.cleaned_data.get(DELETION_FIELD_NAME, False))

    def is_valid(self) -> bool:
        """Whether the formset has data, and all forms that are not to be deleted and the whole are valid."""
        if not self.is_bound:
            return False
        self.errors
        checked = [form for form in self.forms if not (self.can_delete and self._should_delete_form(form))]
        # All of them, also after the first that is not valid.
        verdicts = [form.is_valid() for form in checked]
        return all(verdicts) and not self.non_form_errors()

    def full_clean(self) -> None:
        """Clean all forms and then the whole, filling ``errors`` and ``non_form_errors``."""
        self._errors = []
        self._non_form_errors = self._form_level()
        if not self.is_bound:
            return
        if not self.management_form.is_valid():
            names = [self.management_form.add_prefix(name) for name in self.management_form.errors]
            self._non_form_errors.append(self._failure("missing_management_form", field_names=", ".join(names)))
        empty = 0
        for index, form in enumerate(self.forms):
            if not self._counts(index, form):
                empty += 1
            errors = form.errors
            if not (self.can_delete and self._should_delete_form(form)):
                self._errors.append(errors)
        try:
            self._check_count(empty)
            self.clean()
        except ValidationError as error:
            self._non_form_errors = self._form_level(error.error_list)

    def _form_level(self, errors: Iterable[Any] | None = None) -> ErrorList:
        return self.error_class(errors, error_class="nonform", renderer=self.renderer)

    def _failure(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code] % params, code=code)

    def _check_count(self, empty: int) -> None:
        submitted = self.management_form.cleaned_data[TOTAL_FORM_COUNT]
        kept = self.total_form_count() - len(self.deleted_forms)
        if (self.validate_max and kept > self.max_num) or submitted > self.absolute_max:
            raise self._failure("too_many_forms", num=self.max_num)
        if self.validate_min and kept - empty < self.min_num:
            raise self._failure("too_few_forms", num=self.min_num)

    def clean(self) -> None:
        """Validation across forms: override it to raise ``ValidationError``."""

    def has_changed(self) -> bool:
        """Whether any form has changed."""
        return any(form.has_changed() for form in self)

    def add_fields(self, form: Any, index: int | None) -> None:
        """Add the fields of order and deletion to a form; ``index`` is ``None`` for the empty form."""
        is_initial = index is not None and index < self.initial_form_count()
        if self.can_order:
            form.fields[ORDERING_FIELD_NAME] = IntegerField(
                label=_("Order"),
                initial=index + 1 if is_initial and index is not None else None,
                required=False,
                widget=self.get_ordering_widget(),
            )
        if self.can_delete and (self.can_delete_extra or is_initial):
            form.fields[DELETION_FIELD_NAME] = BooleanField(
                label=_("Delete"), required=False, widget=self.get_deletion_widget()
            )

    def add_prefix(self, index: Any) -> str:
        """The prefix of the form at ``index``."""
        return f"{self.prefix}-{index}"

    def is_multipart(self) -> bool:
        """Whether the forms upload files."""
        form = self.forms[0] if self.forms else self.empty_form
        return bool(form.is_multipart())

    @property
    def media(self) -> Media:
        """The assets of the forms."""
        return self.forms[0].media if self.forms else self.empty_form.media  # type: ignore[no-any-return]

    @property
    def template_name(self) -> str:  # type: ignore[override]
        """The template of the formset: the renderer's, unless a class sets its own."""
        return self.renderer.formset_template_name  # type: ignore[no-any-return]

    def get_context(self) -> dict[str, Any]:
        """The context of the formset templates."""
        return {"formset": self}


def formset_factory(
    form: Any,
    formset: type[BaseFormSet] = BaseFormSet,
    extra: int = 1,
    can_order: bool = False, can_delete: bool = False,
    max_num: int | None = None, validate_max: bool = False,
    min_num: int | None = None, validate_min: bool = False,
    absolute_max: int | None = None,
    can_delete_extra: bool = True,
    renderer: Any = None,
) -> Any:
    """A formset class for a form class.

    ``extra`` empty forms follow those with initial data, as long as there are at most ``max_num``. The server never
    makes more than ``absolute_max`` forms, by default 1000 more than ``max_num``; ``ValueError`` if that is less.
    """
    most = DEFAULT_MAX_NUM if max_num is None else max_num
    ceiling = most + DEFAULT_MAX_NUM if absolute_max is None else absolute_max
    if ceiling < most:
        raise ValueError(f"'absolute_max' ({ceiling}) must not be less than 'max_num' ({most}).")
    options = {
        "form": form,
        "renderer": renderer,
        "extra": extra,
        "max_num": most,
        "min_num": DEFAULT_MIN_NUM if min_num is None else min_num,
        "absolute_max": ceiling,
        "can_delete": can_delete,
        "can_delete_extra": can_delete_extra,
        "can_order": can_order,
        "validate_max": validate_max,
        "validate_min": validate_min,
    }
    return type(f"{form.__name__.removesuffix('Form')}FormSet", (formset,), options)


def all_valid(formsets: Iterable[BaseFormSet]) -> bool:
    """Whether all formsets are valid; each is validated, also after the first that is not."""
    verdicts = [formset.is_valid() for formset in formsets]
    return all(verdicts)
