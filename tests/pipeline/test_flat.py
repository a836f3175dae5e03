"""Middleware written out as one function: plans save calls, and nothing else."""

import copy
import pickle

import pytest

from nuages.conf import settings
from nuages.contrib.auth.middleware import AuthenticationMiddleware
from nuages.contrib.messages.middleware import MessageMiddleware
from nuages.contrib.sessions.middleware import SessionMiddleware
from nuages.exceptions import ImproperlyConfigured
from nuages.http import HttpResponse
from nuages.middleware.clickjacking import XFrameOptionsMiddleware
from nuages.middleware.csrf import CsrfViewMiddleware
from nuages.middleware.plans import NOTHING_KNOWN, plan_of
from nuages.middleware.security import SecurityMiddleware
from nuages.pipeline.flat import flat
from nuages.test.requests import RequestFactory
from nuages.text.deprecation import MiddlewareMixin


def answer(request):
    """The view."""
    return HttpResponse("view")


def run(*middlewares, view=answer, request=None):
    """Send a request through middleware, the outermost first; give it and its answer."""
    request = request or RequestFactory().get("/")
    return request, flat([kind(view) for kind in middlewares], view)(request)


def test_offered_attributes_are_made_once_and_only_when_they_are_asked_for():
    made = []

    class Offers(SessionMiddleware):
        def _store(self, request):
            made.append(request)
            return super()._store(request)

    request, response = run(Offers, AuthenticationMiddleware, MessageMiddleware)
    assert response.content == b"view" and made == []
    assert request.session is request.session and made == [request]
    assert "session" in vars(request) and "user" not in vars(request)
    assert hasattr(request, "user") and not hasattr(request, "nobody")


def test_offered_attributes_exist_only_behind_the_middleware_that_offers_them():
    seen = []

    class Looks(MiddlewareMixin):
        def process_request(self, request):
            seen.append((hasattr(request, "session"), hasattr(request, "user")))

    run(Looks, SessionMiddleware, Looks, AuthenticationMiddleware, Looks)
    assert seen == [(False, False), (True, False), (True, True)]


def test_an_offer_replaces_what_was_set_before_and_gives_way_to_what_is_set_after():
    request = RequestFactory().get("/")
    request.session = "old"
    run(SessionMiddleware, request=request)
    assert request.session != "old"
    request.session = "new"
    assert request.session == "new"


def test_offers_of_others_are_kept():
    request = RequestFactory().get("/")
    request.offer("basket", lambda request: ["egg"])
    run(SessionMiddleware, AuthenticationMiddleware, request=request)
    assert request.basket == ["egg"] and request.is_offered("user") and request.is_offered("basket")


def test_what_every_request_has_cannot_be_offered():
    with pytest.raises(ValueError, match="'body'"):
        RequestFactory().get("/").offer("body", str)


def test_users_need_a_session():
    with pytest.raises(ImproperlyConfigured, match="SessionMiddleware"):
        AuthenticationMiddleware(answer).process_request(RequestFactory().get("/"))


def test_copies_keep_offers_and_pickles_drop_them():
    request, _response = run(SessionMiddleware)
    assert copy.copy(request).is_offered("session") and copy.deepcopy(request).is_offered("session")
    request.environ = request.META = {"REQUEST_METHOD": "GET"}
    request.session.clear()
    del request.session
    assert not hasattr(pickle.loads(pickle.dumps(request)), "session")


def test_a_session_is_saved_only_if_it_was_touched(monkeypatch):
    calls = []
    monkeypatch.setattr(SessionMiddleware, "process_response", lambda self, request, response: calls.append(request) or response)
    run(SessionMiddleware)
    assert calls == []
    touch = lambda request: HttpResponse(str(request.session.get("a")))  # noqa: E731
    touched, _response = run(SessionMiddleware, view=touch)
    assert calls == [touched]
    with_cookie = RequestFactory(headers={"cookie": "a=b"}).get("/")
    run(SessionMiddleware, request=with_cookie)
    assert calls == [touched, with_cookie]
    monkeypatch.setattr(settings, "SESSION_SAVE_EVERY_REQUEST", True)
    saved, _response = run(SessionMiddleware)
    assert calls[-1] is saved


def test_an_overridden_hook_is_called():
    class Loud(XFrameOptionsMiddleware):
        def process_response(self, request, response):
            response["X-Loud"] = "1"
            return super().process_response(request, response)

    class Value(XFrameOptionsMiddleware):
        def get_xframe_options_value(self, request, response):
            return "SAMEORIGIN"

    assert plan_of(Loud(answer)) is NOTHING_KNOWN
    assert run(Loud)[1].headers["X-Loud"] == "1"
    assert run(Value)[1].headers["X-Frame-Options"] == "SAMEORIGIN"
    assert run(XFrameOptionsMiddleware)[1].headers["X-Frame-Options"] == "DENY"


def test_constant_headers_do_not_replace_those_of_the_view():
    def view(request):
        response = HttpResponse("view", headers={"x-frame-options": "ALLOW", "Referrer-Policy": "origin"})
        response.xframe_options_exempt = "exempt" in request.GET
        return response

    headers = run(SecurityMiddleware, XFrameOptionsMiddleware, view=view)[1].headers
    assert headers["X-Frame-Options"] == "ALLOW" and headers["Referrer-Policy"] == "origin"
    assert headers["X-Content-Type-Options"] == "nosniff"

    def exempt(request):
        response = HttpResponse("view")
        response.xframe_options_exempt = True
        return response

    assert "X-Frame-Options" not in run(XFrameOptionsMiddleware, view=exempt)[1].headers


def test_the_token_goes_out_when_a_view_used_it():
    from_view = []

    def view(request):
        request.META.update({"CSRF_COOKIE": "a" * 32, "CSRF_COOKIE_NEEDS_UPDATE": True})
        from_view.append(request)
        return HttpResponse("view")

    assert "csrftoken" in run(CsrfViewMiddleware, view=view)[1].cookies


def test_a_hook_that_raises_is_answered_and_those_further_out_see_the_answer():
    seen = []

    class Notes(MiddlewareMixin):
        def process_response(self, request, response):
            seen.append(response.status_code)
            return response

    class RaisesDown(MiddlewareMixin):
        def process_request(self, request):
            raise PermissionError("down")

        def process_response(self, request, response):
            raise AssertionError("not reached")

    class RaisesUp(MiddlewareMixin):
        def process_response(self, request, response):
            raise PermissionError("up")

    assert run(Notes, RaisesDown, Notes)[1].status_code == 500 and seen == [500]
    assert run(Notes, RaisesUp, Notes)[1].status_code == 500 and seen == [500, 200, 500]


def test_an_early_answer_passes_only_those_that_were_asked():
    seen = []

    class Notes(MiddlewareMixin):
        def process_response(self, request, response):
            seen.append(self.get_response is answer)
            return response

    class Answers(Notes):
        def process_request(self, request):
            return HttpResponse("early")

    assert run(Notes, Answers, Notes)[1].content == b"early" and len(seen) == 2
