"""The test clients, against views without a database."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from nuages.http import HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from nuages.test import AsyncClient, AsyncRequestFactory, Client, RequestFactory, SimpleTestCase, override_settings
from nuages.test.client import RedirectCycleError
from nuages.urls import path


def echo(request: Any) -> HttpResponse:
    return JsonResponse(
        {
            "method": request.method,
            "GET": request.GET.dict(),
            "POST": request.POST.dict() if request.method == "POST" else {},
            "type": request.content_type,
            "body": request.body.decode() if request.method not in ("POST", "GET") else "",
            "agent": request.headers.get("User-Agent", ""),
            "secure": request.is_secure(),
            "cookie": request.COOKIES.get("taste", ""),
            "kind": type(request).__name__,
        }
    )


def upload(request: Any) -> HttpResponse:
    file = request.FILES["file"]
    return HttpResponse(f"{file.name} {file.read().decode()}")


def fail(request: Any) -> HttpResponse:
    raise ValueError("broken")


def set_cookie(request: Any) -> HttpResponse:
    response = HttpResponse("ok")
    response.set_cookie("taste", "sweet")
    return response


def streamed(request: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse([b"a", b"b"])


async def hello(request: Any) -> HttpResponse:
    return HttpResponse("async hello")


async def chunks(request: Any) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"x"
        yield b"y"

    return StreamingHttpResponse(parts())


class Urls:
    urlpatterns = [
        path("echo/", echo),
        path("upload/", upload),
        path("fail/", fail),
        path("cookie/", set_cookie),
        path("stream/", streamed),
        path("hello/", hello, name="hello"),
        path("chunks/", chunks),
        path("there/", lambda request: HttpResponseRedirect("/echo/?came=yes")),
        path("same/", lambda request: HttpResponse(status=307, headers={"Location": "/echo/"})),
        path("round/", lambda request: HttpResponseRedirect("/round/")),
        path("none/", lambda request: HttpResponse("body", status=204)),
    ]


@override_settings(ROOT_URLCONF=Urls)
class ClientTests(SimpleTestCase):
    def test_get_with_data_query_and_headers(self) -> None:
        data = self.client.get("/echo/", {"a": "1"}, headers={"user-agent": "me"}, secure=True).json()
        self.assertEqual((data["GET"], data["agent"], data["secure"]), ({"a": "1"}, "me", True))
        data = self.client.post("/echo/?q=2", {"a": "é"}, query_params={"p": "3"}).json()
        self.assertEqual((data["GET"], data["POST"]), ({"p": "3"}, {"a": "é"}))

    def test_json_bodies(self) -> None:
        data = self.client.put("/echo/", {"a": [1]}, content_type="application/json").json()
        self.assertEqual((data["body"], data["type"]), ('{"a": [1]}', "application/json"))

    def test_upload(self) -> None:
        from io import BytesIO

        file = BytesIO(b"content")
        file.name = "a.txt"
        self.assertContains(self.client.post("/upload/", {"file": file}), "a.txt content")

    def test_none_cannot_be_posted(self) -> None:
        with self.assertRaises(TypeError):
            self.client.post("/echo/", {"a": None})

    def test_cookies_are_kept(self) -> None:
        self.client.get("/cookie/")
        self.assertEqual(self.client.get("/echo/").json()["cookie"], "sweet")

    def test_redirects(self) -> None:
        response = self.client.post("/there/", {"a": "1"}, follow=True)
        self.assertEqual((response.redirect_chain, response.json()["GET"]), ([("/echo/?came=yes", 302)], {"came": "yes"}))
        self.assertRedirects(self.client.get("/there/"), "/echo/?came=yes")
        self.assertEqual(self.client.post("/same/", {"a": "1"}, follow=True).json()["POST"], {"a": "1"})
        with self.assertRaises(RedirectCycleError):
            self.client.get("/round/", follow=True)

    def test_exceptions(self) -> None:
        with self.assertRaisesMessage(ValueError, "broken"):
            self.client.get("/fail/")
        response = Client(raise_request_exception=False).get("/fail/")
        self.assertEqual((response.status_code, response.exc_info[0]), (500, ValueError))

    def test_bodies_that_must_not_be(self) -> None:
        self.assertEqual(self.client.get("/none/").content, b"")
        self.assertEqual(self.client.head("/echo/").content, b"")

    def test_streams_and_async_views(self) -> None:
        self.assertEqual(self.client.get("/stream/").getvalue(), b"ab")
        response = self.client.get("/hello/")
        self.assertContains(response, "async hello")
        self.assertEqual(response.resolver_match.url_name, "hello")

    async def test_async_client(self) -> None:
        response = await self.async_client.post("/echo/?q=1", {"a": "1"}, headers={"user-agent": "me"})
        data = response.json()
        self.assertEqual((data["POST"], data["GET"], data["agent"], data["kind"]), ({"a": "1"}, {"q": "1"}, "me", "ASGIRequest"))
        self.assertContains(await self.async_client.get("/hello/"), "async hello")
        response = await self.async_client.get("/there/", follow=True)
        self.assertEqual(response.redirect_chain, [("/echo/?came=yes", 302)])
        response = await self.async_client.get("/chunks/")
        self.assertEqual(b"".join([chunk async for chunk in response]), b"xy")
        with self.assertRaises(ValueError):
            await self.async_client.get("/fail/")

    def test_factories(self) -> None:
        request = RequestFactory(headers={"x-one": "1"}).get("/somewhere/", {"a": "b"})
        self.assertEqual((request.path, request.GET["a"], request.headers["X-One"]), ("/somewhere/", "b", "1"))
        request = AsyncRequestFactory().post("/somewhere/", {"a": "b"})
        self.assertEqual(request.POST["a"], "b")


def test_clients_are_separate() -> None:
    assert isinstance(AsyncClient(), RequestFactory)
    with pytest.raises(TypeError):
        Client().get()  # type: ignore[call-arg]
