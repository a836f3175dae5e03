"""Views with a form: to send something, and to create, change and delete an object. See "Editing mixins"."""

from __future__ import annotations

from typing import Any

from nuages.exceptions import ImproperlyConfigured
from nuages.forms.form import Form
from nuages.http import HttpRequest, HttpResponseRedirect
from nuages.http.response import HttpResponseBase
from nuages.modelforms import modelform_factory
from nuages.views.generic.detail import BaseDetailView, SingleObjectMixin, SingleObjectTemplateResponseMixin
from nuages.views.generic.view import ContextMixin, TemplateResponseMixin, View


class FormMixin(ContextMixin):
    """Makes a form from ``form_class`` and the request, and goes to ``success_url`` when it is valid."""

    initial: dict[str, Any] = {}
    form_class: Any = None
    success_url: Any = None
    prefix: str | None = None
    request: HttpRequest
    render_to_response: Any

    def get_initial(self) -> dict[str, Any]:
        """A copy of the form's initial data."""
        return self.initial.copy()

    def get_prefix(self) -> str | None:
        """The form's prefix."""
        return self.prefix

    def get_form_class(self) -> Any:
        """The form's class."""
        return self.form_class

    def get_form(self, form_class: Any = None) -> Any:
        """The form."""
        return (form_class or self.get_form_class())(**self.get_form_kwargs())

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form's arguments: with the data of ``POST`` and ``PUT`` requests."""
        options: dict[str, Any] = {"initial": self.get_initial(), "prefix": self.get_prefix()}
        if self.request.method in ("POST", "PUT"):
            options.update(data=self.request.POST, files=self.request.FILES)
        return options

    def get_success_url(self) -> str:
        """Where to go when the form is valid."""
        if not self.success_url:
            raise ImproperlyConfigured("No URL to redirect to. Provide a success_url.")
        return str(self.success_url)  # may be lazy

    def form_valid(self, form: Any) -> HttpResponseBase:
        """The answer to a valid form."""
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> Any:
        """The answer to an invalid form: the form again, with its errors."""
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the form."""
        if "form" not in kwargs:
            kwargs["form"] = self.get_form()
        return super().get_context_data(**kwargs)


class ModelFormMixin(FormMixin, SingleObjectMixin):
    """Makes a model form of the named ``fields`` for the object of the view."""

    fields: Any = None
    object: Any

    def get_form_class(self) -> Any:
        """``form_class``, else a model form of ``fields``."""
        if self.fields is not None and self.form_class:
            raise ImproperlyConfigured("Set either 'fields' or 'form_class', not both.")
        if self.form_class:
            return self.form_class
        if self.fields is None:
            raise ImproperlyConfigured(
                f"Using ModelFormMixin (base class of {type(self).__name__}) "
                "without the 'fields' attribute is prohibited."
            )
        return modelform_factory(self._edited_model(), fields=self.fields)

    def _edited_model(self) -> Any:
        if self.model is not None:
            return self.model
        shown = getattr(self, "object", None)
        return type(shown) if shown is not None else self.get_queryset().model

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the object as ``instance``."""
        options = super().get_form_kwargs()
        if hasattr(self, "object"):
            options["instance"] = self.object
        return options

    def get_success_url(self) -> str:
        """``success_url`` with the object's fields filled in, else the object's own URL."""
        if self.success_url:
            return str(self.success_url).format(**self.object.__dict__)
        try:
            return self.object.get_absolute_url()  # type: ignore[no-any-return]
        except AttributeError as error:
            raise ImproperlyConfigured(
                f"No URL to redirect to. Set {type(self).__name__}.success_url, or give the model get_absolute_url()."
            ) from error

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Save the form."""
        self.object = form.save()
        return super().form_valid(form)


class ProcessFormView(View):
    """Shows a form for ``GET``, and validates it for ``POST`` and ``PUT``."""

    get_context_data: Any
    get_form: Any
    form_valid: Any
    form_invalid: Any
    render_to_response: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form."""
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Validate the form."""
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def put(self, *args: Any, **kwargs: Any) -> Any:
        """As ``POST``."""
        return self.post(*args, **kwargs)


class BaseFormView(FormMixin, ProcessFormView):  # type: ignore[misc]
    """A form; a subclass chooses how to answer."""


class FormView(TemplateResponseMixin, BaseFormView):
    """Renders a form."""


class BaseCreateView(ModelFormMixin, ProcessFormView):  # type: ignore[misc]
    """Creates an object; a subclass chooses how to answer."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show an empty form."""
        self.object = None
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Validate the form, and create the object."""
        self.object = None
        return super().post(request, *args, **kwargs)


class CreateView(SingleObjectTemplateResponseMixin, BaseCreateView):
    """Renders a form that creates an object."""

    template_name_suffix = "_form"


class BaseUpdateView(ModelFormMixin, ProcessFormView):  # type: ignore[misc]
    """Changes an object; a subclass chooses how to answer."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the object in the form."""
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Validate the form, and change the object."""
        self.object = self.get_object()
        return super().post(request, *args, **kwargs)


class UpdateView(SingleObjectTemplateResponseMixin, BaseUpdateView):
    """Renders a form that changes an object."""

    template_name_suffix = "_form"


class DeletionMixin:
    """Deletes the object of the view."""

    success_url: Any = None
    get_object: Any
    object: Any

    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Delete the object, and go to the success URL."""
        self.object = self.get_object()
        url = self.get_success_url()
        self.object.delete()
        return HttpResponseRedirect(url)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As ``DELETE``, which HTML forms cannot send."""
        return self.delete(request, *args, **kwargs)

    def get_success_url(self) -> str:
        """Where to go afterwards, with the object's fields filled in."""
        if not self.success_url:
            raise ImproperlyConfigured("No URL to redirect to. Provide a success_url.")
        return str(self.success_url).format(**self.object.__dict__)


class BaseDeleteView(DeletionMixin, FormMixin, BaseDetailView):  # type: ignore[misc]
    """Deletes an object after a confirmation, which may be a form; a subclass chooses how to answer."""

    form_class = Form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Validate the confirmation."""
        self.object = self.get_object()
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Delete the object."""
        url = self.get_success_url()
        self.object.delete()
        return HttpResponseRedirect(url)


class DeleteView(SingleObjectTemplateResponseMixin, BaseDeleteView):  # type: ignore[misc]
    """Renders a confirmation, and deletes an object."""

    template_name_suffix = "_confirm_delete"
