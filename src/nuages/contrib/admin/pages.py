"""The pages of a site that belong to no model: index, login, logout, password, search answers."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.conf.names import public
from nuages.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from nuages.contrib.admin.options.constants import get_content_type_for_model, get_history
from nuages.contrib.admin.views.autocomplete import AutocompleteJsonView
from nuages.contrib.auth.decorators import login_not_required
from nuages.contrib.auth.logins import REDIRECT_FIELD_NAME
from nuages.contrib.auth.redirects import redirect_to_login
from nuages.contrib.auth.views import LoginView, LogoutView, PasswordChangeDoneView, PasswordChangeView
from nuages.contrib.contenttypes.views import shortcut
from nuages.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from nuages.i18n.translation import gettext as _
from nuages.template.response import TemplateResponse
from nuages.text.decorators import method_decorator
from nuages.text.formatting import capfirst
from nuages.urls import Resolver404, resolve, reverse
from nuages.views.decorators.cache import never_cache
from nuages.views.decorators.slashes import no_append_slash
from nuages.views.i18n import JavaScriptCatalog


class SitePages:
    """The pages; ``AdminSite`` adds the registry."""

    name: str
    site_title: Any
    site_header: Any
    index_title: Any
    site_url: Any
    enable_nav_sidebar: bool

    login_form: Any = None
    password_change_form: Any = None
    index_template: Any = None
    app_index_template: Any = None
    login_template: Any = None
    logout_template: Any = None
    password_change_template: Any = None
    password_change_done_template: Any = None

    def has_permission(self, request: Any) -> bool:
        """Whether the user may enter at all."""
        return bool(request.user.is_active and request.user.is_staff)

    def get_app_list(self, request: Any, app_label: str | None = None) -> list[dict[str, Any]]:
        """The applications with the models that the user may see."""
        raise NotImplementedError(f"{type(self).__name__} has no registry.")

    def each_context(self, request: Any) -> dict[str, Any]:
        """What every page is given."""
        script_name = request.META.get("SCRIPT_NAME", "")
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": script_name if self.site_url == "/" and script_name else self.site_url,
            "has_permission": self.has_permission(request),
            "available_apps": self.get_app_list(request),
            "is_popup": False,
            "is_nav_sidebar_enabled": self.enable_nav_sidebar,
            "log_entries": self.get_log_entries(request),
        }

    def get_log_entries(self, request: Any) -> Any:
        """The history shown on the index; a place to change it."""
        return get_history().select_related("content_type", "user")

    def _page(self, name: str) -> str:
        return reverse(f"admin:{name}", current_app=self.name)

    def _redirect(self, address: str) -> Any:
        return HttpResponseRedirect(address)

    def _to_login(self, request: Any) -> Any:
        return redirect_to_login(request.get_full_path(), self._page("login"))

    def _capitalized(self, text: Any) -> Any:
        return capfirst(text)

    def index(self, request: Any, extra_context: Any = None) -> Any:
        """The first page."""
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "subtitle": None,
            "app_list": self.get_app_list(request),
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, self.index_template or "admin/index.html", context)

    def app_index(self, request: Any, app_label: str, extra_context: Any = None) -> Any:
        """The page of one application; 404 if the user may see nothing of it."""
        app_list = self.get_app_list(request, app_label)
        if not app_list:
            raise Http404("The requested admin page does not exist.")
        context = {
            **self.each_context(request),
            "app_label": app_label,
            "app_list": app_list,
            "subtitle": None,
            "title": _("%(app)s administration") % {"app": app_list[0]["name"]},
            **(extra_context or {}),
        }
        request.current_app = self.name
        templates = self.app_index_template or [f"admin/{app_label}/app_index.html", "admin/app_index.html"]
        return TemplateResponse(request, templates, context)

    @method_decorator([never_cache, login_not_required])
    def login(self, request: Any, extra_context: Any = None) -> Any:
        """The login page; who is in already goes on to the index."""
        if request.method == "GET" and self.has_permission(request):
            view = LoginView()
            view.setup(request)
            return self._redirect(view.get_redirect_url() or self._page("index"))
        context = self.each_context(request) | {"title": _("Log in"), "subtitle": None}
        context |= {"username": request.user.get_username(), "app_path": request.get_full_path()}
        if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
            context[REDIRECT_FIELD_NAME] = self._page("index")
        request.current_app = self.name
        return LoginView.as_view(
            extra_context={**context, **(extra_context or {})},
            authentication_form=self.login_form or AdminAuthenticationForm,
            template_name=self.login_template or "admin/login.html",
        )(request)

    def logout(self, request: Any, extra_context: Any = None) -> Any:
        """Log out. The page that follows shows nothing that needs permission."""
        options = {
            "extra_context": {**self.each_context(request), "has_permission": False, **(extra_context or {})},
            "template_name": self.logout_template or "registration/logged_out.html",
        }
        request.current_app = self.name
        return LogoutView.as_view(**options)(request)

    def password_change(self, request: Any, extra_context: Any = None) -> Any:
        """Change one's own password."""
        request.current_app = self.name
        return PasswordChangeView.as_view(
            form_class=self.password_change_form or AdminPasswordChangeForm,
            success_url=self._page("password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
            template_name=self.password_change_template or "registration/password_change_form.html",
        )(request)

    def password_change_done(self, request: Any, extra_context: Any = None) -> Any:
        """Say that it was changed."""
        request.current_app = self.name
        return PasswordChangeDoneView.as_view(
            extra_context={**self.each_context(request), **(extra_context or {})},
            template_name=self.password_change_done_template or "registration/password_change_done.html",
        )(request)

    def i18n_javascript(self, request: Any, extra_context: Any = None) -> Any:
        """The translations of the scripts. ``extra_context`` is taken as by the other pages, and unused."""
        return JavaScriptCatalog.as_view(packages=[public("nuages.contrib.admin")])(request)

    def autocomplete_view(self, request: Any) -> Any:
        """What a search box finds."""
        return AutocompleteJsonView.as_view(admin_site=self)(request)

    def view_on_site(self, request: Any, content_type_id: str, object_id: str) -> Any:
        """Go to an object's page on the site."""
        return shortcut(request, content_type_id, object_id)

    def view_on_site_url(self, obj: Any) -> str:
        """The address of ``view_on_site`` for an object."""
        kwargs = {"content_type_id": get_content_type_for_model(obj).pk, "object_id": obj.pk}
        return reverse("admin:view_on_site", kwargs=kwargs, current_app=self.name)

    @no_append_slash
    def catch_all_view(self, request: Any, url: str) -> Any:
        """404 for what is no page; with the slash added where that makes one."""
        if settings.APPEND_SLASH and not url.endswith("/"):
            urlconf = getattr(request, "urlconf", None)
            try:
                match = resolve(f"{request.path_info}/", urlconf)
            except Resolver404:
                pass
            else:
                if getattr(match.func, "should_append_slash", True):
                    return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
        raise Http404
