"""A site that one side filled is opened by the other: rows, logins, cookies, tokens, messages, permissions."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.parity import catalogs, sides
from tests.parity.sides import Side

FILL = """
import datetime, json, sys
from decimal import Decimal
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.contrib.flatpages.models import FlatPage
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
from django.core import signing
from django.test import Client
from django.utils.http import urlsafe_base64_encode
from django.utils.encoding import force_bytes
from polls.models import Choice, Question

User = get_user_model()
admin = User.objects.create_superuser("admin", "admin@example.com", "pa$$ é word", last_name="O'Hara 100%")
group = Group.objects.create(name="Writers")
group.permissions.set(Permission.objects.filter(content_type__app_label="polls"))
for name in ("pbkdf2_sha256", "pbkdf2_sha1", "scrypt", "md5", "argon2"):
    try:
        password = make_password("secret", hasher=name)
    except Exception:
        continue
    User.objects.create(username=name, password=password).groups.add(group)
User.objects.create_user("unusable")
for number in range(3):
    question = Question.objects.create(
        question_text=f"What's {number}% of é?",
        pub_date=datetime.datetime(2024, 2, 29, 23, 59, 59, 123456 * number % 1000000, tzinfo=datetime.timezone.utc))
    for text in ("Yes", "No"):
        question.choice_set.create(choice_text=text, votes=number)
page = FlatPage.objects.create(url="/about/", title="About", content="<p>us</p>")
page.sites.add(Site.objects.get())
Redirect.objects.create(site=Site.objects.get(), old_path="/old/", new_path="/new/")
LogEntry.objects.create(user=admin, content_type=ContentType.objects.get_for_model(Question), object_id="1",
    object_repr="What's", action_flag=ADDITION, change_message=json.dumps([{"added": {}}]))

browser = Client()
assert browser.login(username="admin", password="pa$$ é word")
assert browser.get("/polls/leave/").content == b"left"
admin.refresh_from_db()
print(json.dumps({
    "cookies": {name: morsel.value for name, morsel in browser.cookies.items()},
    "token": default_token_generator.make_token(admin),
    "uid": urlsafe_base64_encode(force_bytes(admin.pk)),
    "signed": signing.dumps({"a": [1, None, "é"]}, salt="parity", compress=True),
    "sealed": signing.Signer(salt="x").sign("value"),
    "stamped": signing.TimestampSigner().sign("value"),
    "auth_hash": admin.get_session_auth_hash(),
}))
"""

READ = """
import json, sys
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.contrib.flatpages.models import FlatPage
from django.contrib.redirects.models import Redirect
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.test import Client
from polls.models import Question

given = json.loads(GIVEN)
User = get_user_model()
admin = User.objects.get(username="admin")
assert admin.check_password("pa$$ é word") and not admin.check_password("password")
assert authenticate(username="admin", password="pa$$ é word") == admin
hashed = list(User.objects.exclude(username__in=["admin", "unusable"]))
assert len(hashed) >= 3
for user in hashed:
    if user.password.startswith("argon2") and not HAS_ARGON2:
        continue
    assert user.check_password("secret"), user.username
    assert user.has_perms(["polls.add_question", "polls.view_choice"]) and not user.has_perm("auth.add_user")
assert not User.objects.get(username="unusable").has_usable_password()
assert default_token_generator.check_token(admin, given["token"])
assert signing.loads(given["signed"], salt="parity", max_age=1000) == {"a": [1, None, "é"]}
assert signing.Signer(salt="x").unsign(given["sealed"]) == "value"
assert signing.TimestampSigner().unsign(given["stamped"], max_age=1000) == "value"
assert admin.get_session_auth_hash() == given["auth_hash"]

browser = Client()
for name, value in given["cookies"].items():
    browser.cookies[name] = value
seen = browser.get("/polls/whoami/").json()
assert seen == {"user": "admin", "seen": {"polls": [1, 2]}, "messages": [[30, "Wait & <b>see</b> é", "big"]]}, seen
assert browser.get("/polls/basket/").content == b"3 apples"
assert browser.get("/admin/polls/question/").status_code == 200
assert browser.get("/admin/polls/question/1/change/").status_code == 200
assert Client().get(f"/polls/whoami/").json()["user"] == ""
question = Question.objects.order_by("pk")[1]
assert question.pub_date.isoformat() == "2024-02-29T23:59:59.123456+00:00", question.pub_date
assert [str(choice) for choice in question.choice_set.order_by("pk")] == ["Yes", "No"]
assert FlatPage.objects.get().sites.get().domain == "example.com"
assert Redirect.objects.get(old_path="/old/").new_path == "/new/"
assert LogEntry.objects.filter(object_id="1").first().get_change_message() in ("Added.",)
posted = browser.post("/polls/%d/vote/" % question.pk, {"choice": question.choice_set.first().pk})
assert posted.status_code == 302
assert question.choice_set.order_by("pk").first().votes == 2
posted = browser.post("/admin/polls/question/add/", {"question_text": "New?", "pub_date_0": "2025-01-02", "pub_date_1": "03:04:05",
    "choice_set-TOTAL_FORMS": "1", "choice_set-INITIAL_FORMS": "0", "choice_set-0-choice_text": "Maybe", "choice_set-0-votes": "4"})
assert posted.status_code == 302, posted.content
assert Question.objects.get(question_text="New?").choice_set.get().votes == 4
print("read")
"""


def read(side: Side, given: str, database: str, argon2: bool) -> None:
    """Check on one side what the other wrote and gave out."""
    said = side.script(f"HAS_ARGON2 = {argon2}\nGIVEN = {given!r}\n{READ}", database=database)
    assert said.strip().endswith("read")


@pytest.fixture(scope="module")
def prepared(ours_and_theirs: tuple[Side, Side], database: Callable[[], str]) -> tuple[str, str]:
    """A database migrated by each side."""
    ours, theirs = ours_and_theirs
    names = database(), database()
    Path(theirs.folder, "polls/migrations/0001_initial.py").unlink(missing_ok=True)
    theirs.run("makemigrations", "-v0", database=names[1])
    text = Path(theirs.folder, "polls/migrations/0001_initial.py").read_text()
    Path(ours.folder, "polls/migrations/0001_initial.py").write_text(text)
    for side, name in zip(ours_and_theirs, names, strict=True):
        side.run("migrate", "-v0", database=name)
    return names


def test_django_fills_and_nuages_opens(ours_and_theirs: tuple[Side, Side], prepared: tuple[str, str]) -> None:
    ours, theirs = ours_and_theirs
    given = theirs.script(FILL, database=prepared[1])
    assert "No migrations to apply." in ours.run("migrate", database=prepared[1])
    read(ours, given, prepared[1], argon2=True)
    theirs.run("migrate", "--check", database=prepared[1])
    theirs.run("makemigrations", "--check", database=prepared[1])


def test_nuages_fills_and_django_opens(ours_and_theirs: tuple[Side, Side], prepared: tuple[str, str]) -> None:
    ours, theirs = ours_and_theirs
    given = ours.script(FILL, database=prepared[0])
    assert "No migrations to apply." in theirs.run("migrate", database=prepared[0])
    found = theirs.run("shell", "--no-imports", "-v0", "-c", "import importlib.util as u; print(bool(u.find_spec('argon2')))", database=prepared[0])
    read(theirs, given, prepared[0], argon2=found.strip() == "True")
    ours.run("migrate", "--check", database=prepared[0])
    ours.run("makemigrations", "--check", database=prepared[0])


def test_both_wrote_the_same(ours_and_theirs: tuple[Side, Side], prepared: tuple[str, str]) -> None:
    """After the two tests above: equal rows, but for what holds times, salts and session keys."""
    apart = ("auth_user", "auth_user_groups", "django_session", "django_admin_log", "django_migrations", "polls_question",
             "auth_permission", "auth_group_permissions", "django_content_type")  # fmt: skip
    ours, theirs = (catalogs.rows(name, sides.HOST, *apart) for name in prepared)
    assert catalogs.differences(ours, theirs) == []


def test_fixtures_travel(ours_and_theirs: tuple[Side, Side], prepared: tuple[str, str], work: Path, database: Callable[[], str]) -> None:
    """``dumpdata`` of both sides is equal, and what one dumps the other loads."""
    models = ("polls", "sites", "flatpages", "redirects", "auth.Group")
    options = ("--natural-foreign", "--natural-primary", "--indent", "1")
    for kind in ("json", "xml", "jsonl"):
        texts = [side.run("dumpdata", *models, "--format", kind, *options, database=prepared[1]) for side in ours_and_theirs]
        if kind == "json":
            assert json.loads(texts[0]) == json.loads(texts[1])
        else:
            laid_out = [re.sub(r">\s+<", "><", text.strip()) for text in texts]
            assert laid_out[0] == laid_out[1]
            continue
        for side, text in zip(ours_and_theirs, reversed(texts), strict=True):
            file = work / f"{side.name}.{kind}"
            file.write_text(text)
            name = database()
            side.run("migrate", "-v0", database=name)
            assert "Installed" in side.run("loaddata", str(file), database=name)
            assert json.loads(side.run("dumpdata", *models, *options, database=name)) == json.loads(texts[0])
