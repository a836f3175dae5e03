"""``AdminSite``: the registered models, the pages that belong to no model, and who may enter."""

from __future__ import annotations

from collections.abc import Callable, ItemsView
from functools import update_wrapper
from typing import Any
from weakref import WeakSet

from nuages.apps import apps
from nuages.conf import names
from nuages.conf.names import import_string
from nuages.contrib.admin import actions
from nuages.contrib.admin.exceptions import AlreadyRegistered, NotRegistered
from nuages.contrib.admin.options.modeladmin import ModelAdmin
from nuages.contrib.admin.pages import SitePages
from nuages.exceptions import ImproperlyConfigured
from nuages.i18n.translation import gettext as _
from nuages.i18n.translation import gettext_lazy
from nuages.models import Model
from nuages.text.lazy import LazyObject, lazy
from nuages.urls import NoReverseMatch, URLPattern, URLResolver, include, path, re_path, reverse, reverse_lazy
from nuages.views.decorators.cache import never_cache
from nuages.views.decorators.csrf import csrf_protect

__all__ = ["AdminSite", "AlreadyRegistered", "DefaultAdminSite", "NotRegistered", "all_sites", "site"]

all_sites: WeakSet[AdminSite] = WeakSet()


class AdminSite(SitePages):
    """A back office. There may be several, each with models and a name of its own."""

    site_title: Any = lazy(lambda: _("%(framework)s site admin") % {"framework": names.framework()}, str)()
    site_header: Any = lazy(lambda: _("%(framework)s administration") % {"framework": names.framework()}, str)()
    index_title: Any = gettext_lazy("Site administration")
    site_url: Any = "/"
    enable_nav_sidebar = True
    empty_value_display = "-"
    final_catch_all_view = True

    not_registered = NotRegistered

    def __init__(self, name: str = "admin") -> None:
        self._registry: dict[Any, ModelAdmin] = {}
        self.name = name
        self._actions: dict[str, Callable[..., Any]] = {"delete_selected": actions.delete_selected}
        self._global_actions = self._actions.copy()
        all_sites.add(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"

    # Registration

    def check(self, app_configs: Any) -> list[Any]:
        """What is wrong with the registered models' declarations."""
        chosen = set(apps.get_app_configs() if app_configs is None else app_configs)
        return [
            message
            for model_admin in self._registry.values()
            if model_admin.model._meta.app_config in chosen
            for message in model_admin.check()
        ]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Show a model or several, declared by ``admin_class`` or the options.

        Raises ``AlreadyRegistered`` for one that is registered, ``ImproperlyConfigured`` for one that has no objects of its own.
        """
        admin_class = admin_class or ModelAdmin
        models: Any = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        for model in models:
            if model._meta.abstract:
                raise ImproperlyConfigured(
                    f"The model {model.__name__} is abstract, so it cannot be registered with admin."
                )
            if model._meta.is_composite_pk:
                raise ImproperlyConfigured(
                    f"The model {model.__name__} has a composite primary key, so it cannot be registered with admin."
                )
            if self.is_registered(model):
                registered = str(self.get_model_admin(model))
                plain = registered.removesuffix(".ModelAdmin")
                where = f"in app {plain!r}" if plain != registered else f"with {registered!r}"
                raise AlreadyRegistered(f"The model {model.__name__} is already registered {where}.")
            if model._meta.swapped:
                continue
            chosen = admin_class
            if options:
                chosen = type(f"{model.__name__}Admin", (admin_class,), {**options, "__module__": __name__})
            self._registry[model] = chosen(model, self)

    def unregister(self, model_or_iterable: Any) -> None:
        """Show models no longer; ``NotRegistered`` for one that is not shown."""
        for model in [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable:
            if not self.is_registered(model):
                raise NotRegistered(f"The model {model.__name__} is not registered")
            del self._registry[model]

    def is_registered(self, model: Any) -> bool:
        """Whether the model is shown."""
        return model in self._registry

    def get_model_admin(self, model: Any) -> ModelAdmin:
        """The model's ``ModelAdmin``; ``NotRegistered`` without one."""
        try:
            return self._registry[model]
        except KeyError:
            raise NotRegistered(f"The model {model.__name__} is not registered.") from None

    # Actions of all models

    def add_action(self, action: Callable[..., Any], name: str | None = None) -> None:
        """Offer an action for every model."""
        name = name or action.__name__
        self._actions[name] = self._global_actions[name] = action

    def disable_action(self, name: str) -> None:
        """Offer an action no longer, except where a model names it; ``KeyError`` for an unknown one."""
        del self._actions[name]

    def get_action(self, name: str) -> Callable[..., Any]:
        """The action of that name, disabled or not; ``KeyError`` for an unknown one."""
        return self._global_actions[name]

    @property
    def actions(self) -> ItemsView[str, Callable[..., Any]]:
        """The offered actions."""
        return self._actions.items()

    # Addresses

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Let only those into a view who have permission; others get to the login page and back."""

        def inner(request: Any, *args: Any, **kwargs: Any) -> Any:
            if self.has_permission(request):
                return view(request, *args, **kwargs)
            if request.path == reverse("admin:logout", current_app=self.name):
                return self._redirect(reverse("admin:index", current_app=self.name))
            return self._to_login(request)

        wrapped = inner if cacheable else never_cache(inner)
        # Pages in other places may be included without the middleware.
        if not getattr(view, "csrf_exempt", False):
            wrapped = csrf_protect(wrapped)
        return update_wrapper(wrapped, view) if hasattr(view, "__name__") else wrapped

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The patterns of all pages."""

        def wrap(view: Any, cacheable: bool = False) -> Any:
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                return self.admin_view(view, cacheable)(*args, **kwargs)

            wrapper.admin_site = self  # type: ignore[attr-defined]
            # The login page itself must be open under LoginRequiredMiddleware.
            wrapper.login_url = reverse_lazy("admin:login", current_app=self.name)  # type: ignore[attr-defined]
            return update_wrapper(wrapper, view)

        patterns: list[Any] = [
            path("", wrap(self.index), name="index"),
            path("login/", self.login, name="login"),
            path("logout/", wrap(self.logout), name="logout"),
            path("password_change/", wrap(self.password_change, cacheable=True), name="password_change"),
            path("password_change/done/", wrap(self.password_change_done, cacheable=True), name="password_change_done"),
            path("autocomplete/", wrap(self.autocomplete_view), name="autocomplete"),
            path("jsi18n/", wrap(self.i18n_javascript, cacheable=True), name="jsi18n"),
            path("r/<path:content_type_id>/<path:object_id>/", wrap(self.view_on_site), name="view_on_site"),
        ]
        labels: list[str] = []
        for model, model_admin in self._registry.items():
            opts = model._meta
            patterns.append(path(f"{opts.app_label}/{opts.model_name}/", include(model_admin.urls)))
            if opts.app_label not in labels:
                labels.append(opts.app_label)
        if labels:
            patterns.append(re_path(rf"^(?P<app_label>{'|'.join(labels)})/$", wrap(self.app_index), name="app_list"))
        if self.final_catch_all_view:
            patterns.append(re_path(r"(?P<url>.*)$", wrap(self.catch_all_view)))
        return patterns

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        """What ``path()`` takes: patterns, application namespace, instance namespace."""
        return self.get_urls(), "admin", self.name

    # What is shown of the registry

    def get_app_list(self, request: Any, app_label: str | None = None) -> list[dict[str, Any]]:
        """The applications with the models that the user may see, both sorted by name."""
        found = sorted(self._build_app_dict(request, app_label).values(), key=lambda app: app["name"].lower())
        for app in found:
            app["models"].sort(key=lambda model: model["name"])
        return found

    def _build_app_dict(self, request: Any, label: str | None = None) -> dict[str, Any]:
        """The same by label, unsorted; with ``label`` only that one."""
        found: dict[str, Any] = {}
        for model, model_admin in self._registry.items():
            app_label = model._meta.app_label
            if (label and app_label != label) or not model_admin.has_module_permission(request):
                continue
            perms = model_admin.get_model_perms(request)
            if True not in perms.values():
                continue
            if app_label not in found:
                found[app_label] = {
                    "name": apps.get_app_config(app_label).verbose_name,
                    "app_label": app_label,
                    "app_url": self._reverse_or_none("app_list", app_label=app_label),
                    "has_module_perms": True,
                    "models": [],
                }
            found[app_label]["models"].append(self._describe(model, perms))
        return found

    def _describe(self, model: type[Model], perms: dict[str, bool]) -> dict[str, Any]:
        opts: Any = model._meta
        prefix = f"{opts.app_label}_{opts.model_name}"
        may_list = perms.get("change") or perms.get("view")
        return {
            "model": model,
            "name": self._capitalized(opts.verbose_name_plural),
            "object_name": opts.object_name,
            "perms": perms,
            "admin_url": self._reverse_or_none(f"{prefix}_changelist") if may_list else None,
            "add_url": self._reverse_or_none(f"{prefix}_add") if perms.get("add") else None,
            "view_only": not perms.get("change"),
        }

    def _reverse_or_none(self, name: str, **kwargs: Any) -> str | None:
        try:
            return reverse(f"admin:{name}", kwargs=kwargs, current_app=self.name)
        except NoReverseMatch:
            return None


class DefaultAdminSite(LazyObject):
    """The site of the installed admin configuration, made when first used."""

    def _setup(self) -> None:
        self._wrapped = import_string(apps.get_app_config("admin").default_site)()  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return repr(self._wrapped)


site: Any = DefaultAdminSite()
