"""Views of many objects. See "Multiple object mixins"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nuages.exceptions import ImproperlyConfigured
from nuages.http import Http404, HttpRequest
from nuages.i18n.translation import gettext as _
from nuages.models import QuerySet
from nuages.views.generic.view import ContextMixin, TemplateResponseMixin, View
from nuages.views.pagination import InvalidPage, Paginator


class MultipleObjectMixin(ContextMixin):
    """Lists ``queryset``, or all objects of ``model``, in pages if ``paginate_by`` is set."""

    allow_empty = True
    queryset: Any = None
    model: Any = None
    paginate_by: int | None = None
    paginate_orphans = 0
    context_object_name: str | None = None
    paginator_class: Any = Paginator
    page_kwarg = "page"
    ordering: Any = None
    kwargs: dict[str, Any]
    request: HttpRequest
    object_list: Any

    def get_queryset(self) -> Any:
        """The objects: a queryset, or any iterable."""
        if self.queryset is not None:
            found = self.queryset.all() if isinstance(self.queryset, QuerySet) else self.queryset
        elif self.model is not None:
            found = self.model._default_manager.all()
        else:
            name = type(self).__name__
            raise ImproperlyConfigured(
                f"{name} is missing a QuerySet. "
                f"Define {name}.model, {name}.queryset, or override {name}.get_queryset()."
            )
        ordering = self.get_ordering()
        if ordering:
            found = found.order_by(*((ordering,) if isinstance(ordering, str) else ordering))
        return found

    def get_ordering(self) -> Any:
        """The names of the fields to order by."""
        return self.ordering

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Any, Any, Any, bool]:
        """Paginator, page, its objects, and whether there are other pages; raises ``Http404`` for a wrong page."""
        paginator = self.get_paginator(
            queryset, page_size, orphans=self.get_paginate_orphans(), allow_empty_first_page=self.get_allow_empty()
        )
        wanted = self.kwargs.get(self.page_kwarg) or self.request.GET.get(self.page_kwarg) or 1
        try:
            number = paginator.num_pages if wanted == "last" else int(wanted)
        except ValueError:
            raise Http404(_("Page is not “last”, nor a number.")) from None
        try:
            page = paginator.page(number)
        except InvalidPage as error:
            shown = {"page_number": number, "message": str(error)}
            raise Http404(_("Invalid page (%(page_number)s): %(message)s") % shown) from error
        return paginator, page, page.object_list, page.has_other_pages()

    def get_paginate_by(self, queryset: Any) -> int | None:
        """The number of objects on a page, ``None`` for no pages."""
        return self.paginate_by

    def get_paginator(
        self, queryset: Any, per_page: int, orphans: int = 0, allow_empty_first_page: bool = True, **kwargs: Any
    ) -> Any:
        """The paginator."""
        return self.paginator_class(
            queryset, per_page, orphans=orphans, allow_empty_first_page=allow_empty_first_page, **kwargs
        )

    def get_paginate_orphans(self) -> int:
        """How many objects the last page may have beyond its size."""
        return self.paginate_orphans

    def get_allow_empty(self) -> bool:
        """Whether an empty list is shown, and not answered with 404."""
        return self.allow_empty

    def get_context_object_name(self, object_list: Any) -> str | None:
        """The name of the list in the context, besides ``object_list``."""
        if self.context_object_name:
            return self.context_object_name
        model = getattr(object_list, "model", None)
        return f"{model._meta.model_name}_list" if model is not None else None

    def get_context_data(self, *, object_list: Any = None, **kwargs: Any) -> dict[str, Any]:
        """Adds the list, and the page that it is."""
        shown = self.object_list if object_list is None else object_list
        size = self.get_paginate_by(shown)
        name = self.get_context_object_name(shown)
        context: dict[str, Any] = {"paginator": None, "page_obj": None, "is_paginated": False}
        if size:
            paginator, page, shown, is_paginated = self.paginate_queryset(shown, size)
            context = {"paginator": paginator, "page_obj": page, "is_paginated": is_paginated}
        context["object_list"] = shown
        if name is not None:
            context[name] = shown
        return super().get_context_data(**{**context, **kwargs})


class BaseListView(MultipleObjectMixin, View):
    """Shows a list; a subclass chooses how to answer."""

    render_to_response: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the list; 404 for an empty one where that is not allowed."""
        self.object_list = self.get_queryset()
        if not self.get_allow_empty() and self._is_empty():
            name = type(self).__name__
            raise Http404(_("Empty list and “%(class_name)s.allow_empty” is False.") % {"class_name": name})
        return self.render_to_response(self.get_context_data())

    def _is_empty(self) -> bool:
        # With pages only part of a queryset is loaded: ask, and do not load it all.
        if self.get_paginate_by(self.object_list) is not None and hasattr(self.object_list, "exists"):
            return not self.object_list.exists()
        return not self.object_list


class MultipleObjectTemplateResponseMixin(TemplateResponseMixin):
    """Chooses the template of a list: ``<app>/<model>_list.html`` at last."""

    template_name_suffix = "_list"
    object_list: Any

    def get_template_names(self) -> Sequence[str]:
        """``template_name``, if set, then the name by the model of the list."""
        names = [] if self.template_name is None else [self.template_name]
        model = getattr(self.object_list, "model", None)
        if model is not None:
            names.append(f"{model._meta.app_label}/{model._meta.model_name}{self.template_name_suffix}.html")
        elif not names:
            raise ImproperlyConfigured(
                f"{type(self).__name__} requires either a 'template_name' attribute "
                "or a queryset, which 'get_queryset()' returns."
            )
        return names


class ListView(MultipleObjectTemplateResponseMixin, BaseListView):
    """Renders a list of objects."""
