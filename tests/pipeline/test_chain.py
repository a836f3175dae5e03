"""The compiled chain: order, both colours of middleware, exceptions."""

import asyncio
import logging

import pytest

from nuages.exceptions import BadRequest, MiddlewareNotUsed, PermissionDenied, SuspiciousOperation
from nuages.http import Http404, HttpResponse
from nuages.pipeline import BaseHandler, threaded
from nuages.pipeline.errors import response_for_exception
from nuages.signals import got_request_exception
from nuages.test.requests import RequestFactory
from nuages.text.deprecation import MiddlewareMixin
from nuages.urls import path, set_urlconf

calls: list[str] = []


def hook(name, **more):
    """Hook-style middleware that notes its calls."""

    def process_request(self, request):
        calls.append(f"{name} down")

    def process_response(self, request, response):
        calls.append(f"{name} up")
        return response

    return type(name, (MiddlewareMixin,), {"process_request": process_request, "process_response": process_response, **more})


class Answers(hook("answers")):
    """Answers by itself when asked to."""

    def process_request(self, request):
        super().process_request(request)
        return HttpResponse("early") if "early" in request.GET else None


class Raises(hook("raises")):
    """Raises when asked to."""

    def process_request(self, request):
        super().process_request(request)
        if "raise" in request.GET:
            raise PermissionDenied


def blocking(get_response):
    """Factory style."""

    def middleware(request):
        calls.append("blocking down")
        response = get_response(request)
        calls.append("blocking up")
        return response

    return middleware


def asynchronous(get_response):
    """Factory style, async only."""

    async def middleware(request):
        calls.append("async down")
        await asyncio.sleep(0)
        response = await get_response(request)
        calls.append("async up")
        return response

    return middleware


asynchronous.sync_capable, asynchronous.async_capable = False, True


def unused(get_response):
    """Not used."""
    raise MiddlewareNotUsed


class Whole:
    """Class style with all hooks."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        calls.append("view hook")

    def process_exception(self, request, error):
        return HttpResponse("saved") if isinstance(error, KeyError) else None


Outer, Inner = hook("outer"), hook("inner")


def page(request):
    calls.append("view")
    return HttpResponse("page")


async def async_page(request):
    await asyncio.sleep(0)
    calls.append("view")
    return HttpResponse("async page")


def raising(error):
    """A view that raises."""

    def view(request):
        raise error

    return view


urlpatterns = [
    path("", page),
    path("async/", async_page),
    path("404/", raising(Http404("x"))),
    path("403/", raising(PermissionDenied())),
    path("400/", raising(BadRequest("x"))),
    path("suspicious/", raising(SuspiciousOperation("x"))),
    path("500/", raising(ValueError("x"))),
    path("key/", raising(KeyError("x"))),
    path("none/", lambda request: None),
    path("thread/", threaded(lambda request: HttpResponse("thread"))),
]
ALL = ["Outer", "Answers", "blocking", "Raises", "unused", "asynchronous", "Inner", "Whole"]


@pytest.fixture(params=["blocking", "loop"])
def get(request, override):
    """Ask the chain, off the loop and on it."""
    override(MIDDLEWARE=[f"{__name__}.{name}" for name in ALL], ROOT_URLCONF=__name__, DEBUG=False)
    handler = BaseHandler()
    handler.load_middleware(is_async=request.param == "loop")

    def ask(url):
        calls.clear()
        message = RequestFactory().get(url)
        if request.param == "loop":
            return asyncio.run(handler.get_response_async(message))
        return handler.get_response(message)

    return ask


DOWN = ["outer down", "answers down", "blocking down", "raises down", "async down", "inner down"]
UP = ["inner up", "async up", "raises up", "blocking up", "answers up", "outer up"]


@pytest.mark.parametrize(("url", "content"), [("/", b"page"), ("/async/", b"async page")])
def test_the_order(get, url, content):
    assert get(url).content == content
    assert calls == [*DOWN, "view hook", "view", *UP]


def test_an_early_answer_goes_up_from_there(get):
    assert get("/?early=1").content == b"early"
    assert calls == ["outer down", "answers down", "answers up", "outer up"]


def test_an_exception_of_a_hook_is_a_response_for_those_outside(get):
    assert get("/?raise=1").status_code == 403
    assert calls == ["outer down", "answers down", "blocking down", "raises down", "blocking up", "answers up", "outer up"]


@pytest.mark.parametrize(
    ("url", "status"),
    [("/404/", 404), ("/nowhere/", 404), ("/403/", 403), ("/400/", 400), ("/suspicious/", 400), ("/500/", 500), ("/none/", 500), ("/key/", 200)],
)
def test_exceptions_become_responses(get, url, status):
    assert get(url).status_code == status
    assert calls[-6:] == UP


def test_a_missing_page_is_logged_behind_all_middleware(caplog):
    with caplog.at_level(logging.WARNING):
        response_for_exception(RequestFactory().get("/nowhere/"), Http404())
    assert not caplog.records  # a middleware may still redirect


def test_a_failure_is_logged_once_and_signalled(get, caplog):
    seen = []

    def receive(**kwargs):
        seen.append(kwargs["request"].path)

    got_request_exception.connect(receive)
    with caplog.at_level(logging.WARNING):
        get("/500/")
    got_request_exception.disconnect(receive)
    assert seen == ["/500/"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert caplog.records[0].name.endswith(".request") and caplog.records[0].exc_info


def test_a_blocking_view_can_be_sent_to_a_thread(get):
    assert get("/thread/").content == b"thread"


def test_a_request_or_its_class_may_name_the_urlconf():
    request = RequestFactory().get("/own/")
    view = path("own/", lambda request: HttpResponse("own"))
    request.urlconf = (view,)
    handler = BaseHandler()
    assert handler.resolve_request(request).func is view.callback

    class Placed(type(request)):
        urlconf = (view,)

    request = RequestFactory().get("/own/")
    request.__class__ = Placed
    assert handler.resolve_request(request).func is view.callback
    set_urlconf(None)
