"""Messages: levels, storages, tags."""

import hashlib
from typing import Any

import pytest

from nuages.contrib import messages
from nuages.contrib.messages.api import MessageFailure
from nuages.contrib.messages.storage.cookie import CookieStorage
from nuages.contrib.messages.storage.fallback import FallbackStorage
from nuages.contrib.messages.storage.session import SessionStorage
from nuages.http import HttpResponse
from nuages.test import RequestFactory
from nuages.text.safestring import SafeString, mark_safe


def request_with(kind: Any) -> Any:
    request = RequestFactory().get("/")
    request.session = {}
    request._messages = kind(request)
    return request


@pytest.mark.parametrize("kind", [CookieStorage, SessionStorage, FallbackStorage])
def test_messages_survive_until_they_are_shown(kind: Any) -> None:
    request = request_with(kind)
    messages.success(request, mark_safe("<b>Saved</b>"), extra_tags="big")
    response = HttpResponse()
    request._messages.update(response)
    following = RequestFactory().get("/")
    following.session = request.session
    following.COOKIES.update({name: cookie.value for name, cookie in response.cookies.items()})
    following._messages = kind(following)
    [shown] = messages.get_messages(following)
    assert (str(shown), shown.tags) == ("<b>Saved</b>", "big success")
    assert isinstance(shown.message, SafeString)
    response = HttpResponse()
    following._messages.update(response)
    assert not following.session
    if kind is not SessionStorage:
        assert response.cookies["messages"]["max-age"] == 0


def test_levels() -> None:
    request = request_with(SessionStorage)
    assert messages.get_level(request) == messages.INFO
    messages.debug(request, "no")
    messages.set_level(request, messages.DEBUG)
    assert messages.get_level(request) == messages.DEBUG
    messages.debug(request, "yes")
    messages.set_level(request, messages.ERROR)
    messages.warning(request, "no")
    assert [str(message) for message in messages.get_messages(request)] == ["yes"]


def test_a_forged_cookie_is_ignored() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["messages"] = "[[1,2]]:forged"
    assert list(CookieStorage(request)) == []


def test_what_does_not_fit_into_the_cookie_goes_into_the_session() -> None:
    request = request_with(FallbackStorage)
    for number in range(5):
        messages.info(request, "".join(hashlib.sha256(f"{number}{part}".encode()).hexdigest() for part in range(30)))
    response = HttpResponse()
    assert request._messages.update(response) == []
    assert len(response.cookies["messages"].value) < 4096
    assert request.session


def test_without_the_middleware() -> None:
    request = RequestFactory().get("/")
    with pytest.raises(MessageFailure):
        messages.info(request, "x")
    messages.info(request, "x", fail_silently=True)
