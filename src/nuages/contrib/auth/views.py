"""Views for logging in and out and for passwords (documentation: topics/auth/default)."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.contrib.auth.decorators import login_not_required, login_required
from nuages.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, PasswordResetForm, SetPasswordForm
from nuages.contrib.auth.logins import REDIRECT_FIELD_NAME, get_user_model, login, logout, update_session_auth_hash
from nuages.contrib.auth.redirects import redirect_to_login
from nuages.contrib.auth.tokens import default_token_generator
from nuages.contrib.sites.shortcuts import get_current_site
from nuages.exceptions import ImproperlyConfigured, ValidationError
from nuages.http import HttpResponseRedirect
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.decorators import method_decorator
from nuages.text.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from nuages.urls import reverse_lazy
from nuages.views.decorators.cache import never_cache
from nuages.views.decorators.csrf import csrf_protect
from nuages.views.decorators.debug import sensitive_post_parameters
from nuages.views.generic import FormView, TemplateView
from nuages.views.shortcuts import resolve_url

__all__ = [
    "INTERNAL_RESET_SESSION_TOKEN",
    "LoginView",
    "LogoutView",
    "PasswordChangeDoneView",
    "PasswordChangeView",
    "PasswordContextMixin",
    "PasswordResetCompleteView",
    "PasswordResetConfirmView",
    "PasswordResetDoneView",
    "PasswordResetView",
    "RedirectURLMixin",
    "logout_then_login",
    "redirect_to_login",
]

INTERNAL_RESET_SESSION_TOKEN = "_password_reset_token"


class RedirectURLMixin:
    """Where to go next: what the request says if that is safe, else ``next_page``."""

    next_page: Any = None
    redirect_field_name: str = REDIRECT_FIELD_NAME
    success_url_allowed_hosts: Any = set()
    request: Any

    def get_success_url(self) -> str:
        """The address."""
        return self.get_redirect_url() or self.get_default_redirect_url()

    def get_redirect_url(self, request: Any = None) -> str:
        """What the request says; empty when that leads to a host that is not allowed."""
        request = request or self.request
        url = request.POST.get(self.redirect_field_name, request.GET.get(self.redirect_field_name))
        safe = url_has_allowed_host_and_scheme(
            url, allowed_hosts=self.get_success_url_allowed_hosts(request), require_https=request.is_secure()
        )
        return str(url) if safe else ""

    def get_success_url_allowed_hosts(self, request: Any = None) -> set[str]:
        """This host and ``success_url_allowed_hosts``."""
        return {(request or self.request).get_host(), *self.success_url_allowed_hosts}

    def get_default_redirect_url(self) -> str:
        """``next_page`` resolved; ``ImproperlyConfigured`` without one."""
        if self.next_page:
            return str(resolve_url(self.next_page))
        raise ImproperlyConfigured("No URL to redirect to. Provide a next_page.")


@method_decorator([sensitive_post_parameters(), csrf_protect, never_cache, login_not_required], name="dispatch")
class LoginView(RedirectURLMixin, FormView):
    """The login page."""

    form_class: Any = AuthenticationForm
    authentication_form: Any = None
    template_name = "registration/login.html"
    redirect_authenticated_user = False
    extra_context: Any = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Send users who are logged in on, with ``redirect_authenticated_user``; ``ValueError`` if that leads back here."""
        if self.redirect_authenticated_user and request.user.is_authenticated:
            target = self.get_success_url()
            if target == request.path:
                raise ValueError(
                    "Redirection loop for authenticated user detected. LOGIN_REDIRECT_URL leads back to "
                    "this login page."
                )
            return HttpResponseRedirect(target)
        return super().dispatch(request, *args, **kwargs)

    def get_default_redirect_url(self) -> str:
        """``next_page``, else ``LOGIN_REDIRECT_URL``."""
        return str(resolve_url(self.next_page or settings.LOGIN_REDIRECT_URL))

    def get_form_class(self) -> Any:
        """``authentication_form``, else ``form_class``."""
        return self.authentication_form or self.form_class

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the request."""
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> Any:
        """Log the user in."""
        login(self.request, form.get_user())
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The site and the way on."""
        site = get_current_site(self.request)
        return {
            **super().get_context_data(**kwargs),
            self.redirect_field_name: self.get_redirect_url(),
            "site": site,
            "site_name": site.name,
            **(self.extra_context or {}),
        }


@method_decorator([csrf_protect, never_cache], name="dispatch")
class LogoutView(RedirectURLMixin, TemplateView):
    """Logs out (by POST only: a link in a mail must not)."""

    http_method_names = ["post", "options"]
    template_name = "registration/logged_out.html"
    extra_context: Any = None

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Log out and go on, or show the page."""
        logout(request)
        target = self.get_success_url()
        if target != request.get_full_path():
            return HttpResponseRedirect(target)
        return super().get(request, *args, **kwargs)

    def get_default_redirect_url(self) -> str:
        """``next_page``, else ``LOGOUT_REDIRECT_URL``, else here."""
        if self.next_page:
            return str(resolve_url(self.next_page))
        if settings.LOGOUT_REDIRECT_URL:
            return str(resolve_url(settings.LOGOUT_REDIRECT_URL))
        return str(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The site and a title."""
        site = get_current_site(self.request)
        return {
            **super().get_context_data(**kwargs),
            "site": site,
            "site_name": site.name,
            "title": _("Logged out"),
            "subtitle": None,
            **(self.extra_context or {}),
        }


def logout_then_login(request: Any, login_url: Any = None) -> Any:
    """Log out (by POST) and go to the login page."""
    return LogoutView.as_view(next_page=resolve_url(login_url or settings.LOGIN_URL))(request)


class PasswordContextMixin:
    """A title for the pages about passwords."""

    extra_context: Any = None
    title: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the title."""
        inherited: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**inherited, "title": self.title, "subtitle": None, **(self.extra_context or {})}


@method_decorator([login_not_required, csrf_protect], name="dispatch")
class PasswordResetView(PasswordContextMixin, FormView):
    """Asks for an address and mails a link."""

    email_template_name = "registration/password_reset_email.html"
    extra_email_context: Any = None
    form_class: Any = PasswordResetForm
    from_email: str | None = None
    html_email_template_name: str | None = None
    subject_template_name = "registration/password_reset_subject.txt"
    success_url: Any = reverse_lazy("password_reset_done")
    template_name = "registration/password_reset_form.html"
    title = _("Password reset")
    token_generator = default_token_generator

    def form_valid(self, form: Any) -> Any:
        """Send the mail."""
        names = "token_generator from_email email_template_name subject_template_name html_email_template_name extra_email_context"
        options = {name: getattr(self, name) for name in names.split()}
        form.save(use_https=self.request.is_secure(), request=self.request, **options)
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class PasswordResetDoneView(PasswordContextMixin, TemplateView):
    """Says that the mail was sent."""

    template_name = "registration/password_reset_done.html"
    title = _("Password reset sent")


@method_decorator([login_not_required, sensitive_post_parameters(), never_cache], name="dispatch")
class PasswordResetConfirmView(PasswordContextMixin, FormView):
    """Where the link of the mail leads.

    The token goes into the session and out of the address, so that it does not leak by the Referer header.
    """

    form_class: Any = SetPasswordForm
    post_reset_login = False
    post_reset_login_backend: Any = None
    reset_url_token = "set-password"
    success_url: Any = reverse_lazy("password_reset_complete")
    template_name = "registration/password_reset_confirm.html"
    title = _("Enter new password")
    token_generator = default_token_generator

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        """Check the link; ``ImproperlyConfigured`` for a pattern without ``uidb64`` and ``token``."""
        if "uidb64" not in kwargs or "token" not in kwargs:
            raise ImproperlyConfigured("The pattern of this view has to capture 'uidb64' and 'token' from the path.")
        self.validlink = False
        self.user = self.get_user(kwargs["uidb64"])
        token, session = kwargs["token"], self.request.session
        if self.user is not None:
            if token == self.reset_url_token:
                if self.token_generator.check_token(self.user, session.get(INTERNAL_RESET_SESSION_TOKEN)):
                    self.validlink = True
                    return super().dispatch(*args, **kwargs)
            elif self.token_generator.check_token(self.user, token):
                session[INTERNAL_RESET_SESSION_TOKEN] = token
                return HttpResponseRedirect(self.request.path.replace(token, self.reset_url_token))
        return self.render_to_response(self.get_context_data())

    def get_user(self, uidb64: str) -> Any:
        """The user of the link, or ``None``."""
        model = get_user_model()
        try:
            pk = model._meta.pk.to_python(urlsafe_base64_decode(uidb64).decode())
            return model._default_manager.get(pk=pk)
        except (TypeError, ValueError, OverflowError, model.DoesNotExist, ValidationError):
            return None

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the user."""
        return {**super().get_form_kwargs(), "user": self.user}

    def form_valid(self, form: Any) -> Any:
        """Set the password, and log in with ``post_reset_login``."""
        user = form.save()
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        if self.post_reset_login:
            login(self.request, user, self.post_reset_login_backend)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the link is valid."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.validlink:
            context["validlink"] = True
        else:
            context.update(form=None, title=_("Password reset unsuccessful"), validlink=False)
        return context


@method_decorator(login_not_required, name="dispatch")
class PasswordResetCompleteView(PasswordContextMixin, TemplateView):
    """Says that the password was set."""

    template_name = "registration/password_reset_complete.html"
    title = _("Password reset complete")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The login page."""
        return {**super().get_context_data(**kwargs), "login_url": resolve_url(settings.LOGIN_URL)}


@method_decorator([sensitive_post_parameters(), csrf_protect, login_required], name="dispatch")
class PasswordChangeView(PasswordContextMixin, FormView):
    """Changes the password of a user who is logged in."""

    form_class: Any = PasswordChangeForm
    success_url: Any = reverse_lazy("password_change_done")
    template_name = "registration/password_change_form.html"
    title = _("Password change")

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the user."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: Any) -> Any:
        """Change the password; this session stays, the user's others end."""
        form.save()
        update_session_auth_hash(self.request, form.user)
        return super().form_valid(form)


@method_decorator(login_required, name="dispatch")
class PasswordChangeDoneView(PasswordContextMixin, TemplateView):
    """Says that the password was changed."""

    template_name = "registration/password_change_done.html"
    title = _("Password change successful")
