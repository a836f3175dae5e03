"""Sessions in every back end, and their middleware."""

import datetime
from importlib import import_module
from typing import Any

import pytest

from nuages import bridge
from nuages.contrib.sessions.backends.store import UpdateError
from nuages.contrib.sessions.middleware import SessionMiddleware
from nuages.http import HttpResponse
from nuages.i18n import timezone
from nuages.test import RequestFactory

STORES = ["db", "cache", "cached_db", "file", "signed_cookies"]


def store(name: str) -> Any:
    return import_module(f"nuages.contrib.sessions.backends.{name}").SessionStore


@pytest.mark.parametrize("name", STORES)
def test_what_is_stored_is_found_again(db: Any, override: Any, tmp_path: Any, name: str) -> None:
    override(SESSION_FILE_PATH=str(tmp_path))
    session = store(name)()
    assert session.is_empty()
    session["seen"] = [1, 2]
    session.save()
    again = store(name)(session.session_key)
    assert again["seen"] == [1, 2]
    assert not again.modified
    again.flush()
    assert again.session_key is None
    if name != "signed_cookies":
        assert not store(name)(session.session_key).get("seen")


@pytest.mark.parametrize("name", ["db", "cache", "cached_db", "file"])
def test_a_deleted_session_does_not_come_back(db: Any, override: Any, tmp_path: Any, name: str) -> None:
    override(SESSION_FILE_PATH=str(tmp_path))
    one = store(name)()
    one["a"] = 1
    one.save()
    other = store(name)(one.session_key)
    other["b"] = 2
    one.delete()
    with pytest.raises(UpdateError):
        other.save()


def test_keys_change_at_login_and_data_stays(db: Any) -> None:
    session = store("db")()
    session["a"] = 1
    session.save()
    before = session.session_key
    session.cycle_key()
    assert session.session_key != before
    assert session["a"] == 1
    assert not store("db")().exists(before)


def test_ages(db: Any) -> None:
    session = store("db")()
    session.set_expiry(100)
    assert session.get_expiry_age() == 100
    session.set_expiry(0)
    assert session.get_expire_at_browser_close()
    session.set_expiry(timezone.now() + datetime.timedelta(hours=1))
    assert 3590 < session.get_expiry_age() <= 3600


def test_expired_sessions_are_cleared(db: Any) -> None:
    session = store("db")()
    session["a"] = 1
    session.set_expiry(-10)
    session.save()
    assert store("db")(session.session_key).get("a") is None
    store("db").clear_expired()
    assert not store("db")().exists(session.session_key)


def test_the_middleware_sets_keeps_and_deletes_the_cookie(db: Any) -> None:
    def view(request: Any) -> HttpResponse:
        request.session["a"] = 1
        return HttpResponse()

    request = RequestFactory().get("/")
    response = SessionMiddleware(view)(request)
    key = response.cookies["sessionid"].value
    assert response.cookies["sessionid"]["httponly"]
    assert response["Vary"] == "Cookie"
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = key
    assert "sessionid" not in SessionMiddleware(lambda request: HttpResponse())(request).cookies

    def forget(request: Any) -> HttpResponse:
        request.session.flush()
        return HttpResponse()

    assert SessionMiddleware(forget)(request).cookies["sessionid"]["max-age"] == 0


def test_on_the_loop(transactional_db: Any) -> None:
    async def visit() -> Any:
        session = store("cache")()
        await session.aset("a", 1)
        await session.asave()
        return await store("cache")(session.session_key).aget("a")

    assert bridge.block(visit)() == 1
