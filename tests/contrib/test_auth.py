"""Users: passwords, permissions, logging in and out, forms, mail for a new password."""

import re
from typing import Any

import pytest

from nuages import mail
from nuages.contrib.auth import authenticate, get_user
from nuages.contrib.auth.forms import PasswordChangeForm, UserCreationForm
from nuages.contrib.auth.hashers import check_password, identify_hasher, make_password
from nuages.contrib.auth.models import AnonymousUser, Group, Permission, User
from nuages.contrib.auth.tokens import default_token_generator
from nuages.test import Client

PBKDF2 = "nuages.contrib.auth.hashers.PBKDF2PasswordHasher"
MD5 = "nuages.contrib.auth.hashers.MD5PasswordHasher"


def test_passwords_are_hashed_and_upgraded(db: Any, override: Any) -> None:
    user = User.objects.create_user("bo", password="secret")
    assert user.password.startswith("md5$")
    override(PASSWORD_HASHERS=[PBKDF2, MD5])
    assert user.check_password("secret")
    assert identify_hasher(user.password).algorithm == "pbkdf2_sha256"
    assert not user.check_password("other")
    assert not check_password("x", make_password(None))


def test_known_formats_are_read(override: Any) -> None:
    override(PASSWORD_HASHERS=[PBKDF2])
    known = "pbkdf2_sha256$10000$seasalt$CWWFdHOWwPnki7HvkcqN9iA2T3KLW1cf2uZ5kvArtVY="
    assert check_password("lètmein", known)


def test_permissions_of_users_and_groups(db: Any) -> None:
    user = User.objects.create_user("bo")
    assert not user.has_perm("contrib.add_book")
    group = Group.objects.create(name="writers")
    group.permissions.add(Permission.objects.get(codename="add_book", content_type__app_label="contrib"))
    user.groups.add(group)
    user = User.objects.get(pk=user.pk)
    assert user.has_perm("contrib.add_book")
    assert user.has_module_perms("contrib")
    assert user.get_group_permissions() == {"contrib.add_book"}
    user.is_active = False
    assert not User(pk=user.pk, is_active=False).has_perm("contrib.add_book")
    assert list(User.objects.with_perm("contrib.add_book")) == [User.objects.get(pk=user.pk)]
    assert not AnonymousUser().has_perm("contrib.add_book")


def test_logging_in_and_out(project: None) -> None:
    user = User.objects.create_user("bo", password="secret")
    assert authenticate(username="bo", password="wrong") is None
    assert authenticate(username="bo", password="secret") == user
    client = Client()
    assert client.login(username="bo", password="secret")
    key = client.session.session_key
    assert get_user(type("R", (), {"session": client.session})()) == user
    client.logout()
    assert client.session.session_key != key
    client.force_login(user)
    user.set_password("other")
    user.save()
    # The session ends when the password changes.
    assert get_user(type("R", (), {"session": client.session})()).is_anonymous


def test_creating_a_user_by_form(db: Any, override: Any) -> None:
    override(AUTH_PASSWORD_VALIDATORS=[{"NAME": "nuages.contrib.auth.password_validation.MinimumLengthValidator"}])
    short = UserCreationForm({"username": "bo", "password1": "abc", "password2": "abc"})
    assert short.errors["password2"].as_data()[0].code == "password_too_short"
    differing = UserCreationForm({"username": "bo", "password1": "abcdefghij", "password2": "x"})
    assert differing.errors["password2"] == ["The two password fields didn’t match."]
    form = UserCreationForm({"username": "bo", "password1": "abcdefghij", "password2": "abcdefghij"})
    assert form.save().check_password("abcdefghij")
    again = UserCreationForm({"username": "BO", "password1": "abcdefghij", "password2": "abcdefghij"})
    assert "username" in again.errors


def test_changing_ones_password_needs_the_old_one(db: Any) -> None:
    user = User.objects.create_user("bo", password="secret")
    data = {"old_password": "no", "new_password1": "abcdefghij", "new_password2": "abcdefghij"}
    assert PasswordChangeForm(user, data).errors["old_password"].as_data()[0].code == "password_incorrect"
    assert PasswordChangeForm(user, {**data, "old_password": "secret"}).is_valid()


def test_a_forgotten_password_is_replaced_by_mail(project: None) -> None:
    user = User.objects.create_user("bo", "bo@example.com", "secret")
    client = Client()
    assert client.post("/accounts/password_reset/", {"email": "nobody@example.com"}).status_code == 302
    assert mail.outbox == []
    client.post("/accounts/password_reset/", {"email": "bo@example.com"})
    link = re.search(r"http://testserver(/accounts/reset/\S+)", mail.outbox[0].body)
    assert link is not None
    form = client.get(link[1]).url
    assert form.endswith("/set-password/")
    client.post(form, {"new_password1": "abcdefghij", "new_password2": "abcdefghij"})
    user.refresh_from_db()
    assert user.check_password("abcdefghij")
    # A link works once.
    assert client.get(link[1]).context["validlink"] is False


def test_tokens_end_with_the_password(db: Any) -> None:
    user = User.objects.create_user("bo", password="secret")
    token = default_token_generator.make_token(user)
    assert default_token_generator.check_token(user, token)
    user.set_password("other")
    assert not default_token_generator.check_token(user, token)


@pytest.mark.parametrize("code", ["add", "change", "delete", "view"])
def test_each_model_has_its_permissions(db: Any, code: str) -> None:
    assert Permission.objects.filter(codename=f"{code}_chapter", content_type__app_label="contrib").count() == 1
