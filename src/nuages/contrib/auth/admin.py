"""Users and groups in the back office."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.contrib import admin, messages
from nuages.contrib.admin.addresses import unquote
from nuages.contrib.admin.options import IS_POPUP_VAR
from nuages.contrib.admin.rendering import AdminForm
from nuages.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from nuages.contrib.auth.logins import update_session_auth_hash
from nuages.contrib.auth.models import Group, User
from nuages.db import router, transaction
from nuages.exceptions import PermissionDenied
from nuages.http import Http404, HttpResponseRedirect
from nuages.i18n.translation import gettext
from nuages.i18n.translation import gettext_lazy as _
from nuages.template.response import TemplateResponse
from nuages.text.decorators import method_decorator
from nuages.text.html import escape
from nuages.urls import path, reverse
from nuages.views.decorators.csrf import csrf_protect
from nuages.views.decorators.debug import sensitive_post_parameters

__all__ = ["GroupAdmin", "UserAdmin"]


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    """Groups with their permissions."""

    search_fields = ("name",)
    ordering = ("name",)
    filter_horizontal = ("permissions",)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """The permissions with their content types, which their names show."""
        if db_field.name == "permissions":
            queryset = kwargs.get("queryset", db_field.remote_field.model.objects)
            kwargs["queryset"] = queryset.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request=request, **kwargs)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Users: created from a name and a password, the rest afterwards; passwords have a page of their own."""

    add_form_template = "admin/auth/user/add_form.html"
    change_user_password_template: Any = None
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets: Any = ((None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),)
    form = UserChangeForm
    add_form: Any = AdminUserCreationForm
    change_password_form: Any = AdminPasswordChangeForm
    list_display = ("username", "email", "first_name", "last_name", "is_staff")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ("groups", "user_permissions")

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """``add_fieldsets`` for a new user."""
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """``add_form`` for a new user."""
        defaults = {} if obj else {"form": self.add_form}
        return super().get_form(request, obj, change=change, **{**defaults, **kwargs})

    def get_urls(self) -> list[Any]:
        """With the page of the password."""
        page = path(
            "<id>/password/",
            self.admin_site.admin_view(self.user_change_password),
            name=f"{self.opts.app_label}_{self.opts.model_name}_password_change",
        )
        return [page, *super().get_urls()]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Never by the password: its hash could be guessed letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    @method_decorator([sensitive_post_parameters(), csrf_protect])
    def add_view(self, request: Any, form_url: str = "", extra_context: Any = None) -> Any:
        """The page for a new user, in one transaction."""
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return self._add_view(request, form_url, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            return self._add_view(request, form_url, extra_context)

    def _add_view(self, request: Any, form_url: str, extra_context: Any) -> Any:
        # Who may add users could add one that may do everything, and be that one: so changing is needed too.
        if not self.has_change_permission(request):
            if self.has_add_permission(request) and settings.DEBUG:
                raise Http404(
                    'Adding users needs the "Change user" permission besides "Add user": a new user is completed by changing it.'
                )
            raise PermissionDenied
        field = self.opts.get_field(self.model.USERNAME_FIELD)
        context = {"auto_populated_fields": (), "username_help_text": field.help_text, **(extra_context or {})}
        return super().add_view(request, form_url, context)

    @method_decorator(sensitive_post_parameters())
    def user_change_password(self, request: Any, id: str, form_url: str = "") -> Any:
        """The page that sets, replaces or takes away a password."""
        user = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user is None:
            raise Http404(
                gettext("There is no %(name)s with the key “%(key)s”.")
                % {"name": self.opts.verbose_name, "key": escape(id)}
            )
        form = self.change_password_form(user, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return self._save_password(request, user, form)
        return self._password_page(request, user, form, form_url)

    def _save_password(self, request: Any, user: Any, form: Any) -> Any:
        # The button that was used must fit the choice in the form: without scripts both can be sent.
        wanted = form.cleaned_data.get("set_usable_password", True)
        address = reverse(
            f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change", args=(user.pk,)
        )
        if bool(wanted) == ("unset-password" in request.POST):
            messages.error(request, gettext("Conflicting form data submitted. Please try again."))
            return HttpResponseRedirect(request.get_full_path())
        user = form.save()
        self.log_change(request, user, self.construct_change_message(request, form, None))
        if user.has_usable_password():
            messages.success(request, gettext("Password changed successfully."))
        else:
            messages.success(request, gettext("Password-based authentication was disabled."))
        # One's own new password must not end one's session.
        update_session_auth_hash(request, user)
        return HttpResponseRedirect(address)

    def _password_page(self, request: Any, user: Any, form: Any, form_url: str) -> Any:
        admin_form = AdminForm(form, [(None, {"fields": list(form.base_fields)})], {})
        verb = gettext("Change password: %s") if user.has_usable_password() else gettext("Set password: %s")
        context: dict[str, Any] = {
            "title": verb % escape(user.get_username()),
            "adminForm": admin_form,
            "form_url": form_url,
            "form": form,
            **self.admin_site.each_context(request),
            **dict.fromkeys(("change", "has_absolute_url", "has_delete_permission", "save_as"), False),
            **dict.fromkeys(("add", "has_change_permission", "show_save"), True),
            "original": user,
            "opts": self.opts,
            "is_popup_var": IS_POPUP_VAR,
            "is_popup": IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET,
        }
        request.current_app = self.admin_site.name
        template = self.change_user_password_template or "admin/auth/user/change_password.html"
        return TemplateResponse(request, template, context)

    def response_add(self, request: Any, obj: Any, post_url_continue: Any = None) -> Any:
        """On to the page with the rest, unless another user or a pop-up was asked for."""
        if "_addanother" not in request.POST and IS_POPUP_VAR not in request.POST:
            request.POST = request.POST.copy()
            request.POST["_continue"] = 1
        return super().response_add(request, obj, post_url_continue)
