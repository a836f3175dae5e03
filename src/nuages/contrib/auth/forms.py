"""Forms for logging in, and for creating and changing users and passwords."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from nuages import forms, mail
from nuages.contrib.auth import password_validation
from nuages.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from nuages.contrib.auth.logins import authenticate, get_user_model
from nuages.contrib.auth.models import User
from nuages.contrib.auth.tokens import default_token_generator
from nuages.contrib.sites.shortcuts import get_current_site
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _
from nuages.loggers import get_logger
from nuages.modelforms import ModelForm
from nuages.template import loader
from nuages.text.encoding import force_bytes
from nuages.text.formatting import capfirst
from nuages.text.http import urlsafe_base64_encode
from nuages.views.decorators.debug import sensitive_variables

logger = get_logger("contrib.auth")


def _new_password_widget() -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": "new-password"})


def _unicode_ci_compare(one: str, other: str) -> bool:
    """Whether two texts are the same after Unicode's normalization (UTR 36, 2.11.2)."""
    return unicodedata.normalize("NFKC", one).casefold() == unicodedata.normalize("NFKC", other).casefold()


class ReadOnlyPasswordHashWidget(forms.Widget):
    """Shows what may be shown of a stored password, and a link to change it."""

    template_name = "auth/widgets/read_only_password_hash.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The button's text and the parts to show."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        usable = bool(value) and not value.startswith(UNUSABLE_PASSWORD_PREFIX)
        context["button_label"] = _("Reset password") if usable else _("Set password")
        return context

    def id_for_label(self, id_: str) -> Any:
        """No label: there is nothing to type into."""
        return None


class ReadOnlyPasswordHashField(forms.Field):
    """A stored password, which the form never changes."""

    widget = ReadOnlyPasswordHashWidget

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("disabled", True)
        super().__init__(*args, **kwargs)


class UsernameField(forms.CharField):
    """A user name, normalized so that names which look alike are alike."""

    def to_python(self, value: Any) -> Any:
        """The name in Unicode's form NFKC; texts that are too long anyway are left as they are."""
        value = super().to_python(value)
        if value is None or (self.max_length is not None and len(value) > self.max_length):
            return value
        return unicodedata.normalize("NFKC", value)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """Attributes for browsers and password managers."""
        return {**super().widget_attrs(widget), "autocapitalize": "none", "autocomplete": "username"}


class SetPasswordMixin:
    """Two fields for a new password, and what is done with it."""

    error_messages = {"password_mismatch": _("The two password fields didn’t match.")}

    @staticmethod
    def create_password_fields(
        label1: Any = _("Password"), label2: Any = _("Password confirmation")
    ) -> tuple[Any, Any]:
        """The fields."""
        first = forms.CharField(
            label=label1,
            required=False,
            strip=False,
            widget=_new_password_widget(),
            help_text=password_validation.password_validators_help_text_html(),
        )
        second = forms.CharField(
            label=label2,
            required=False,
            widget=_new_password_widget(),
            strip=False,
            help_text=_("The same password again, to be sure."),
        )
        return first, second

    @sensitive_variables("password1", "password2")
    def validate_passwords(
        self, password1_field_name: str = "password1", password2_field_name: str = "password2"
    ) -> None:
        """Complain about a missing password, or two different ones."""
        form: Any = self
        values = []
        for name in (password1_field_name, password2_field_name):
            value = form.cleaned_data.get(name)
            if not value and name not in form.errors:
                error = ValidationError(form.fields[name].error_messages["required"], code="required")
                form.add_error(name, error)
            values.append(value)
        if all(values) and values[0] != values[1]:
            error = ValidationError(self.error_messages["password_mismatch"], code="password_mismatch")
            form.add_error(password2_field_name, error)

    @sensitive_variables("password")
    def validate_password_for_user(self, user: Any, password_field_name: str = "password2") -> None:
        """Ask the password validators."""
        form: Any = self
        password = form.cleaned_data.get(password_field_name)
        if not password:
            return
        try:
            password_validation.validate_password(password, user)
        except ValidationError as error:
            form.add_error(password_field_name, error)

    def set_password_and_save(self, user: Any, password_field_name: str = "password1", commit: bool = True) -> Any:
        """Set the password; save the user unless ``commit`` is false."""
        form: Any = self
        user.set_password(form.cleaned_data[password_field_name])
        if commit:
            user.save()
        return user

    def __class_getitem__(cls, *args: Any, **kwargs: Any) -> Any:
        return cls


class SetUnusablePasswordMixin:
    """A choice whether the user may log in with a password at all."""

    usable_password_help_text: str = _("Without a password, the user can still log in by other ways that are set up.")

    @staticmethod
    def create_usable_password_field(help_text: Any = usable_password_help_text) -> forms.ChoiceField:
        """The field."""
        return forms.ChoiceField(
            label=_("Password-based authentication"),
            required=False,
            initial="true",
            choices={"true": _("Enabled"), "false": _("Disabled")},
            widget=forms.RadioSelect(attrs={"class": "radiolist inline"}),
            help_text=help_text,
        )

    @sensitive_variables("password1", "password2")
    def validate_passwords(
        self, *args: Any, usable_password_field_name: str = "usable_password", **kwargs: Any
    ) -> None:
        """As without the choice, when a password is wanted."""
        form: Any = self
        wanted = form.cleaned_data.pop(usable_password_field_name, "true").lower() != "false"
        form.cleaned_data["set_usable_password"] = wanted
        if wanted:
            super().validate_passwords(*args, **kwargs)  # type: ignore[misc]

    def validate_password_for_user(self, user: Any, *args: Any, **kwargs: Any) -> None:
        """As without the choice, when a password is wanted."""
        form: Any = self
        if form.cleaned_data["set_usable_password"]:
            super().validate_password_for_user(user, *args, **kwargs)  # type: ignore[misc]

    def set_password_and_save(self, user: Any, *args: Any, commit: bool = True, **kwargs: Any) -> Any:
        """Set the password or take it away."""
        form: Any = self
        if form.cleaned_data["set_usable_password"]:
            return super().set_password_and_save(user, *args, commit=commit, **kwargs)  # type: ignore[misc]
        user.set_unusable_password()
        if commit:
            user.save()
        return user


class BaseUserCreationForm(SetPasswordMixin, ModelForm):
    """Creates a user from a name and a password."""

    password1, password2 = SetPasswordMixin.create_password_fields()

    class Meta:
        model = User
        fields: Any = ("username",)
        field_classes = {"username": UsernameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_field = self._meta.model.USERNAME_FIELD
        if name_field in self.fields:
            self.fields[name_field].widget.attrs["autofocus"] = True

    def clean(self) -> Any:
        """Compare the passwords."""
        self.validate_passwords()
        return super().clean()

    def _post_clean(self) -> None:
        super()._post_clean()
        # The instance is filled by now: a password may be compared with the user's name.
        self.validate_password_for_user(self.instance)

    def save(self, commit: bool = True) -> Any:
        """Create the user."""
        user: Any = super().save(commit=False)
        user = self.set_password_and_save(user, commit=commit)
        if commit and hasattr(self, "save_m2m"):
            self.save_m2m()
        return user


class UserCreationForm(BaseUserCreationForm):
    """As ``BaseUserCreationForm``, refusing names that differ in case only."""

    def clean_username(self) -> Any:
        """Refuse a name that somebody has in another case."""
        username = self.cleaned_data.get("username")
        if username and self._meta.model.objects.filter(username__iexact=username).exists():
            self._update_errors(
                ValidationError({"username": self.instance.unique_error_message(self._meta.model, ["username"])})
            )
            return None
        return username


class AdminUserCreationForm(SetUnusablePasswordMixin, UserCreationForm):
    """Creates a user in the back office, with or without a password."""

    usable_password = SetUnusablePasswordMixin.create_usable_password_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].required = False
        self.fields["password2"].required = False


class UserChangeForm(ModelForm):
    """Changes a user, but for the password."""

    password: ReadOnlyPasswordHashField = ReadOnlyPasswordHashField(
        label=_("Password"),
        help_text=_("Passwords are stored as hashes: nobody can read them. They can only be replaced."),
    )

    class Meta:
        model = User
        fields: Any = "__all__"
        field_classes = {"username": UsernameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance and not self.instance.has_usable_password() and "password" in self.fields:
            self.fields["password"].help_text = _("Give this user a password to let them log in with one.")
        permissions = self.fields.get("user_permissions")
        if permissions:
            permissions.queryset = permissions.queryset.select_related("content_type")


class AuthenticationForm(forms.Form):
    """Logs users in: ``get_user`` is who they are."""

    username: UsernameField = UsernameField(widget=forms.TextInput(attrs={"autofocus": True}))
    password = forms.CharField(
        strip=False,
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    error_messages = {
        "invalid_login": _("Please enter a correct %(username)s and password. Mind capital letters in both."),
        "inactive": _("This account is inactive."),
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user_cache = request, None
        model: Any = get_user_model()
        self.username_field = model._meta.get_field(model.USERNAME_FIELD)
        field = self.fields["username"]
        field.max_length = self.username_field.max_length or 254
        field.widget.attrs["maxlength"] = field.max_length
        if field.label is None:
            field.label = capfirst(self.username_field.verbose_name)

    @sensitive_variables()
    def clean(self) -> Any:
        """Find the user."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username is not None and password:
            self.user_cache = authenticate(self.request, username=username, password=password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data

    def confirm_login_allowed(self, user: Any) -> None:
        """Raise ``ValidationError`` for users who may not log in; a place for own rules."""
        if not user.is_active:
            raise ValidationError(self.error_messages["inactive"], code="inactive")

    def get_user(self) -> Any:
        """The user, once the form is valid."""
        return self.user_cache

    def get_invalid_login_error(self) -> ValidationError:
        """The complaint about a wrong name or password."""
        return ValidationError(
            self.error_messages["invalid_login"],
            code="invalid_login",
            params={"username": self.username_field.verbose_name},
        )


class PasswordResetForm(forms.Form):
    """Mails a link by which users who forgot their password set a new one."""

    email = forms.EmailField(label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """Send one mail; a failure is logged, not shown: it would tell which addresses are known."""
        subject = "".join(loader.render_to_string(subject_template_name, context).splitlines())
        body = loader.render_to_string(email_template_name, context)
        message = mail.EmailMultiAlternatives(subject, body, from_email, [to_email])
        if html_email_template_name is not None:
            message.attach_alternative(loader.render_to_string(html_email_template_name, context), "text/html")
        try:
            message.send()
        except Exception:
            logger.exception("Failed to send password reset email to %s", context["user"].pk)

    def get_users(self, email: str) -> Iterator[Any]:
        """The active users with that address and a password to be reset."""
        model = get_user_model()
        field = model.get_email_field_name()
        candidates = model._default_manager.filter(**{f"{field}__iexact": email, "is_active": True})
        return (
            user
            for user in candidates
            if user.has_usable_password() and _unicode_ci_compare(email, getattr(user, field))
        )

    def save(
        self,
        domain_override: str | None = None,
        subject_template_name: str = "registration/password_reset_subject.txt",
        email_template_name: str = "registration/password_reset_email.html",
        use_https: bool = False,
        token_generator: Any = default_token_generator,
        from_email: str | None = None,
        request: Any = None,
        html_email_template_name: str | None = None,
        extra_email_context: dict[str, Any] | None = None,
    ) -> None:
        """Send each user of the address a mail with a one-time link."""
        if domain_override:
            site_name = domain = domain_override
        else:
            site = get_current_site(request)
            site_name, domain = site.name, site.domain
        model = get_user_model()
        field = model.get_email_field_name()
        for user in self.get_users(self.cleaned_data["email"]):
            address = getattr(user, field)
            context = {
                "email": address,
                "domain": domain,
                "site_name": site_name,
                "uid": urlsafe_base64_encode(force_bytes(user._meta.pk.value_to_string(user))),
                "user": user,
                "token": token_generator.make_token(user),
                "protocol": "https" if use_https else "http",
                **(extra_email_context or {}),
            }
            self.send_mail(
                subject_template_name, email_template_name, context, from_email, address, html_email_template_name
            )


class SetPasswordForm(SetPasswordMixin, forms.Form):
    """Sets a password without asking for the old one."""

    new_password1, new_password2 = SetPasswordMixin.create_password_fields(
        label1=_("New password"), label2=_("New password confirmation")
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean(self) -> Any:
        """Compare the passwords and ask the validators."""
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password2")
        return super().clean()

    def save(self, commit: bool = True) -> Any:
        """Set the password."""
        return self.set_password_and_save(self.user, "new_password1", commit=commit)


class PasswordChangeForm(SetPasswordForm):
    """Sets a password, asking for the old one."""

    error_messages = {
        **SetPasswordForm.error_messages,
        "password_incorrect": _("Your old password was entered incorrectly. Please enter it again."),
    }
    old_password = forms.CharField(
        label=_("Old password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    field_order = ["old_password", "new_password1", "new_password2"]

    @sensitive_variables("old_password")
    def clean_old_password(self) -> str:
        """Check the old password."""
        old_password: str = self.cleaned_data["old_password"]
        if not self.user.check_password(old_password):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old_password


class AdminPasswordChangeForm(SetUnusablePasswordMixin, SetPasswordMixin, forms.Form):
    """Sets or takes away a user's password in the back office."""

    required_css_class = "required"
    usable_password_help_text: str = SetUnusablePasswordMixin.usable_password_help_text
    password1, password2 = SetPasswordMixin.create_password_fields()

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        first, second = self.fields["password1"], self.fields["password2"]
        first.widget.attrs["autofocus"] = True
        if user.has_usable_password():
            first.required = second.required = False
            self.fields["usable_password"] = self.create_usable_password_field(self.usable_password_help_text)

    def clean(self) -> Any:
        """Compare the passwords and ask the validators."""
        self.validate_passwords()
        self.validate_password_for_user(self.user)
        return super().clean()

    def save(self, commit: bool = True) -> Any:
        """Set the password."""
        return self.set_password_and_save(self.user, commit=commit)

    @property
    def changed_data(self) -> list[str]:
        """``["password"]`` when a password is set or taken away."""
        data = super().changed_data
        if "set_usable_password" in data or ("password1" in data and "password2" in data):
            return ["password"]
        return []
