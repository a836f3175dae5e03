"""Which pages the site cache hands to whom: never one visitor's page to another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from nuages.cache import cache
from nuages.contrib.auth.handlers import modwsgi
from nuages.contrib.sessions.middleware import SessionMiddleware
from nuages.http import HttpResponse
from nuages.middleware.cache import CacheMiddleware
from nuages.test import RequestFactory, override_settings


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def pages(first: dict[str, str], second: dict[str, str], *, cookie: str = "", **headers: str) -> tuple[bool, HttpResponse]:
    """Ask twice; tell whether the second answer was that of the first, and give the latter."""
    made: list[HttpResponse] = []

    def view(request: Any) -> HttpResponse:
        made.append(HttpResponse("page", headers={name.replace("_", "-"): value for name, value in headers.items()}))
        if cookie:
            made[-1].set_cookie(cookie, "of-this-visitor")
        return made[-1]

    answer = CacheMiddleware(view, page_timeout=60)
    one, _two = (answer(RequestFactory().get("/", headers=sent)) for sent in (first, second))
    return len(made) == 1, one


@pytest.mark.parametrize("control", ["", "s-maxage=5", "x-public"])
def test_credentials_are_part_of_the_key(control: str) -> None:
    headers = {"Cache_Control": control} if control else {}
    shared, answer = pages({"Authorization": "Bearer a"}, {"Authorization": "Bearer b"}, **headers)
    assert not shared
    assert answer["Vary"] == "Authorization"
    assert not pages({"Authorization": "Bearer c"}, {}, **headers)[0]


def test_public_pages_are_shared_whatever_the_credentials() -> None:
    assert pages({"Authorization": "Bearer a"}, {"Authorization": "Bearer b"}, Cache_Control="Public")[0]


@pytest.mark.parametrize("vary", [" Cookie ", "Accept,  Cookie\t", "Cookie ,Accept"])
def test_blanks_in_vary(vary: str) -> None:
    assert not pages({"Cookie": "a=1"}, {"Cookie": "a=2"}, Vary=vary)[0]
    assert pages({"Cookie": "a=3"}, {"Cookie": "a=3"}, Vary=vary)[0]


@pytest.mark.parametrize("vary", [" * ", "Accept, *"])
def test_what_varies_by_anything_is_not_shared(vary: str) -> None:
    assert not pages({}, {}, Vary=vary)[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"X-One": "ab", "X-Two": ""}, {"X-One": "a", "X-Two": "b"}),
        ({"X-One": "ab"}, {"X-Two": "ab"}),
        ({"X-One": ""}, {}),
        ({"X-One": "1HTTP_X_TWO:1:1"}, {"X-One": "1", "X-Two": "1"}),
    ],
)
def test_headers_cannot_be_mistaken_for_one_another(first: dict[str, str], second: dict[str, str]) -> None:
    assert not pages(first, second, Vary="X-One, X-Two")[0]


@pytest.mark.parametrize("sent", [{}, {"Cookie": "language=fr"}, {"Cookie": "sessionid=old"}])
def test_pages_that_give_a_cookie_are_not_shared(sent: dict[str, str]) -> None:
    assert not pages(sent, sent, cookie="sessionid", Vary="Cookie")[0]


@pytest.mark.parametrize("control", ["Private", 'private="X-User"', "No-Store", "no-cache", "max-age=9 , PRIVATE"])
def test_directives_in_any_case(control: str) -> None:
    assert not pages({}, {}, Cache_Control=control)[0]


def test_directives_that_only_look_alike() -> None:
    assert pages({}, {}, Cache_Control="x-private")[0]


@pytest.mark.usefixtures("db")
def test_session_that_is_saved_each_time_never_travels_with_a_shared_page() -> None:
    def page(request: Any) -> HttpResponse:
        return HttpResponse("the same for all")

    with override_settings(SESSION_SAVE_EVERY_REQUEST=True):
        middleware = SessionMiddleware(page)
        request = RequestFactory().get("/")
        store = middleware.SessionStore()
        store["user"] = 1
        store.create()
        request.COOKIES["sessionid"] = store.session_key
        response = middleware(request)
    assert response.cookies["sessionid"].value == store.session_key
    assert response["Vary"] == "Cookie"


@pytest.mark.usefixtures("db")
def test_apache_spends_the_time_of_a_check_on_unknown_names(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    model = modwsgi.get_user_model()
    monkeypatch.setattr(model, "set_password", lambda user, password: hashed.append(password))
    assert modwsgi.check_password({}, "nobody", "guess") is None
    assert hashed == ["guess"]
