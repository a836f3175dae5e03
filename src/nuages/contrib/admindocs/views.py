"""The pages about a project's code, for the staff."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from nuages.apps import apps
from nuages.conf.names import public
from nuages.contrib import admin
from nuages.contrib.admin.views.decorators import staff_member_required
from nuages.contrib.admindocs import describing
from nuages.contrib.admindocs.modelling import (
    MODEL_METHODS_EXCLUDE,
    describe_fields,
    describe_methods,
    get_readable_field_data_type,
    get_return_data_type,
)
from nuages.contrib.admindocs.routes import Route, site_routes
from nuages.contrib.auth import get_permission_codename
from nuages.exceptions import ImproperlyConfigured, PermissionDenied
from nuages.http import Http404
from nuages.i18n.translation import gettext as _
from nuages.i18n.translation import gettext_lazy
from nuages.template import Engine
from nuages.text.decorators import method_decorator
from nuages.text.paths import safe_join
from nuages.urls import get_resolver, get_urlconf, reverse
from nuages.urls.readable import simplify_regex
from nuages.views.generic import TemplateView

__all__ = [
    "MODEL_METHODS_EXCLUDE", "BaseAdminDocsView", "BookmarkletsView", "ModelDetailView", "ModelIndexView",
    "TemplateDetailView", "TemplateFilterIndexView", "TemplateTagIndexView", "ViewDetailView", "ViewIndexView",
    "get_readable_field_data_type", "get_return_data_type", "simplify_regex", "user_has_model_view_permission",
]  # fmt: skip


@method_decorator(staff_member_required, name="dispatch")
class BaseAdminDocsView(TemplateView):
    """Base view for admindocs views."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The page; one that says what to install where docutils is missing."""
        if describing.docutils_is_available:
            return super().get(request, *args, **kwargs)
        self.template_name = "admin_doc/missing_docutils.html"
        return self.render_to_response(admin.site.each_context(request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the back office gives every page, and ``kwargs``."""
        return super().get_context_data(**{**kwargs, **admin.site.each_context(self.request)})


class BookmarkletsView(BaseAdminDocsView):
    """The bookmark that leads from a page to its view's documentation."""

    template_name = "admin_doc/bookmarklets.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With ``views_url``, the absolute address of the documentation of views."""
        address = self.request.build_absolute_uri(reverse("django-admindocs-views-index"))
        return super().get_context_data(**kwargs, views_url=address)


class _LibraryIndexView(BaseAdminDocsView):
    """What all libraries of the default template engine register, of one sort."""

    registered = ""
    role = ""
    heading: Any = ""
    crumb: Any = ""
    built_in: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With ``groups``: the libraries by name, the built-in ones first; and the ``heading``, ``crumb`` and ``built_in`` to show."""
        groups = [group for group in self._groups() if group["entries"]]
        shown = {"heading": self.heading, "crumb": self.crumb, "built_in": self.built_in}
        return super().get_context_data(**kwargs, **shown, groups=groups)

    def _groups(self) -> list[dict[str, Any]]:
        try:
            engine = Engine.get_default()
        except ImproperlyConfigured:  # several engines, none of which is the default, or of another language
            return []
        found = [self._group("", "built_in", engine.template_builtins)]
        for name, library in sorted(engine.template_libraries.items()):
            found.append(self._group(name, name, [library]))
        return found

    def _group(self, name: str, anchor: str, libraries: list[Any]) -> dict[str, Any]:
        functions: dict[str, Any] = {}
        for library in libraries:
            functions.update(getattr(library, self.registered))
        entries = [
            {"name": key, "id": f"{anchor}-{key}", **describing.render_docstring(function.__doc__, self.role, key)}
            for key, function in sorted(functions.items())
        ]
        return {"name": name, "anchor": anchor, "entries": entries}


class TemplateTagIndexView(_LibraryIndexView):
    """The template tags."""

    template_name = "admin_doc/template_tag_index.html"
    registered = "tags"
    role = "tag"
    heading, crumb, built_in = gettext_lazy("Template tags"), gettext_lazy("Tags"), gettext_lazy("Built-in tags")


class TemplateFilterIndexView(_LibraryIndexView):
    """The template filters."""

    template_name = "admin_doc/template_filter_index.html"
    registered = "filters"
    role = "filter"
    heading, crumb, built_in = gettext_lazy("Template filters"), gettext_lazy("Filters"), gettext_lazy("Built-in filters")


def _routes() -> list[Route]:
    return list(site_routes(get_resolver(get_urlconf()).url_patterns))


class ViewIndexView(BaseAdminDocsView):
    """The site's addresses with their views."""

    template_name = "admin_doc/view_index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With ``groups``: pairs of a namespace and its views, those without a namespace first."""
        routes = sorted(_routes(), key=lambda route: (route.namespace, route.url))
        groups = [(name, list(group)) for name, group in groupby(routes, key=lambda route: route.namespace)]
        return super().get_context_data(**kwargs, groups=groups)


class ViewDetailView(BaseAdminDocsView):
    """The docstring of a view of the site; ``Http404`` for any other, which is never imported."""

    template_name = "admin_doc/view_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With ``name``, ``summary``, ``body`` and ``meta``."""
        name = self.kwargs["view"]
        callback = next((route.callback for route in _routes() if route.full_name == name), None)
        if callback is None:
            raise Http404(_("No view of this site is named %(name)r.") % {"name": name})
        view = getattr(callback, "view_class", callback)
        return super().get_context_data(**{**kwargs, "name": name, **describing.render_docstring(view.__doc__, "view", name)})


def user_has_model_view_permission(user: Any, opts: Any) -> bool:
    """Whether ``user`` may see objects of the model with these options, or change them."""
    codenames = (get_permission_codename(action, opts) for action in ("view", "change"))
    return any(user.has_perm(f"{opts.app_label}.{codename}") for codename in codenames)


class ModelIndexView(BaseAdminDocsView):
    """The models that the user has access to."""

    template_name = "admin_doc/model_index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With ``groups``: dictionaries of an application's ``label``, ``title``, ``name`` and ``models``."""
        groups = []
        for config in apps.get_app_configs():
            allowed = [
                model._meta
                for model in config.get_models()
                if user_has_model_view_permission(self.request.user, model._meta)
            ]
            if allowed:
                names = {"label": config.label, "title": config.verbose_name, "name": public(config.name)}
                groups.append({**names, "models": sorted(allowed, key=lambda opts: opts.object_name)})
        return super().get_context_data(**kwargs, groups=sorted(groups, key=lambda group: str(group["title"])))


class ModelDetailView(BaseAdminDocsView):
    """The fields and methods of a model; ``PermissionDenied`` without access to its objects."""

    template_name = "admin_doc/model_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With ``name``, ``summary``, ``body``, ``fields`` and ``methods``."""
        model = self._model(self.kwargs["app_label"], self.kwargs["model_name"])
        if not user_has_model_view_permission(self.request.user, model._meta):
            raise PermissionDenied
        name = f"{model._meta.app_label}.{model._meta.object_name}"
        described = describing.render_docstring(model.__doc__, "model", name)
        facts = {"name": name, "fields": describe_fields(model), "methods": describe_methods(model)}
        return super().get_context_data(**{**kwargs, **described, **facts})

    @staticmethod
    def _model(app_label: str, model_name: str) -> Any:
        try:
            config = apps.get_app_config(app_label)
        except LookupError:
            raise Http404(_("App %(app_label)r not found") % {"app_label": app_label})
        try:
            return config.get_model(model_name)
        except LookupError:
            labels = {"model_name": model_name, "app_label": app_label}
            raise Http404(_("Model %(model_name)r not found in app %(app_label)r") % labels)


class TemplateDetailView(BaseAdminDocsView):
    """Where the template loaders look for a template, and its text."""

    template_name = "admin_doc/template_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With ``name`` and ``places``; ``SuspiciousFileOperation`` for a name that leads out of the directories."""
        name = self.kwargs["template"]
        safe_join(Path.cwd(), name)
        return super().get_context_data(**kwargs, name=name, places=self._places(name))

    @staticmethod
    def _places(name: str) -> list[dict[str, Any]]:
        try:
            engine = Engine.get_default()
        except ImproperlyConfigured:
            return []
        found = []
        for loader in engine.template_loaders:
            for origin in loader.get_template_sources(name):
                file = Path(str(origin.name))
                exists = file.is_file()
                text = file.read_text(encoding=engine.file_charset, errors="replace") if exists else ""
                found.append({"file": file, "exists": exists, "contents": text})
        return found
