"""Views of one object. See "Single object mixins"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nuages.exceptions import ImproperlyConfigured
from nuages.http import Http404, HttpRequest
from nuages.i18n.translation import gettext as _
from nuages.models import Model
from nuages.views.generic.view import ContextMixin, TemplateResponseMixin, View


class SingleObjectMixin(ContextMixin):
    """Finds one object by the ``pk`` or ``slug`` of the URL, among ``queryset`` or all of ``model``."""

    model: Any = None
    queryset: Any = None
    slug_field = "slug"
    context_object_name: str | None = None
    slug_url_kwarg = "slug"
    pk_url_kwarg = "pk"
    query_pk_and_slug = False
    kwargs: dict[str, Any]
    object: Any

    def get_object(self, queryset: Any = None) -> Any:
        """The object; raises ``Http404`` when there is none, ``AttributeError`` when the URL names none."""
        found = self.get_queryset() if queryset is None else queryset
        pk, slug = self.kwargs.get(self.pk_url_kwarg), self.kwargs.get(self.slug_url_kwarg)
        if pk is None and slug is None:
            raise AttributeError(
                f"{type(self).__name__} got neither an object pk nor a slug: "
                f"capture '{self.pk_url_kwarg}' or '{self.slug_url_kwarg}' in its URL pattern."
            )
        if pk is not None:
            found = found.filter(pk=pk)
        if slug is not None and (pk is None or self.query_pk_and_slug):
            found = found.filter(**{self.get_slug_field(): slug})
        try:
            return found.get()
        except found.model.DoesNotExist as error:
            name = found.model._meta.verbose_name
            raise Http404(_("No %(verbose_name)s found matching the query") % {"verbose_name": name}) from error

    def get_queryset(self) -> Any:
        """A fresh copy of the queryset to search."""
        if self.queryset is not None:
            return self.queryset.all()
        if self.model:
            return self.model._default_manager.all()
        name = type(self).__name__
        raise ImproperlyConfigured(
            f"{name} is missing a QuerySet. Define {name}.model, {name}.queryset, or override {name}.get_queryset()."
        )

    def get_slug_field(self) -> str:
        """The name of the field that ``slug`` is compared with."""
        return self.slug_field

    def get_context_object_name(self, obj: Any) -> str | None:
        """The name of the object in the context, besides ``object``."""
        if self.context_object_name:
            return self.context_object_name
        return obj._meta.model_name if isinstance(obj, Model) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the object."""
        context: dict[str, Any] = {}
        shown = getattr(self, "object", None)
        if shown:
            context["object"] = shown
            name = self.get_context_object_name(shown)
            if name:
                context[name] = shown
        return super().get_context_data(**{**context, **kwargs})


class BaseDetailView(SingleObjectMixin, View):
    """Shows one object; a subclass chooses how to answer."""

    render_to_response: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the object."""
        self.object = self.get_object()
        return self.render_to_response(self.get_context_data(object=self.object))


class SingleObjectTemplateResponseMixin(TemplateResponseMixin):
    """Chooses the template of an object: ``<app>/<model><suffix>.html`` at last."""

    template_name_field: str | None = None
    template_name_suffix = "_detail"
    model: Any = None
    object: Any

    def get_template_names(self) -> Sequence[str]:
        """``template_name`` alone; else what the object's field says, then the name by its model."""
        if self.template_name is not None:
            return [self.template_name]
        names = []
        shown = getattr(self, "object", None)
        if shown and self.template_name_field:
            own = getattr(shown, self.template_name_field, None)
            if own:
                names.append(own)
        meta = self._model_options(shown)
        if meta is not None:
            names.append(f"{meta.app_label}/{meta.model_name}{self.template_name_suffix}.html")
        if not names:
            raise ImproperlyConfigured(
                "SingleObjectTemplateResponseMixin requires a definition of 'template_name', 'template_name_field', "
                "or 'model'; else override 'get_template_names()'."
            )
        return names

    def _model_options(self, shown: Any) -> Any:
        if isinstance(shown, Model):
            return shown._meta
        model = getattr(self, "model", None)
        return model._meta if isinstance(model, type) and issubclass(model, Model) else None


class DetailView(SingleObjectTemplateResponseMixin, BaseDetailView):
    """Renders one object."""
