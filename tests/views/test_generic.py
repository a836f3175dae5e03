"""Class-based views without models: dispatch, templates, redirects and forms."""

import asyncio

import pytest

from nuages import forms
from nuages.exceptions import ImproperlyConfigured
from nuages.http import HttpResponse
from nuages.test.requests import RequestFactory
from nuages.views.generic import FormView, ListView, RedirectView, TemplateView, View

rf = RequestFactory()


class Simple(View):
    """Says hello."""

    greeting = "hello"

    def get(self, request, name="you"):
        return HttpResponse(f"{self.greeting} {name}")


def test_dispatch_and_attributes():
    view = Simple.as_view(greeting="hi")
    assert view(rf.get("/"), name="me").content == b"hi me"
    assert view(rf.head("/")).status_code == 200
    assert view(rf.post("/")).status_code == 405
    assert view(rf.get("/", REQUEST_METHOD="DISPATCH")).status_code == 405
    assert view.__doc__ == "Says hello." and view.view_class is Simple
    assert view(rf.options("/")).headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("arguments", [{"get": 1}, {"unknown": 1}])
def test_as_view_refuses_unknown_arguments(arguments):
    with pytest.raises(TypeError):
        Simple.as_view(**arguments)


def test_async_handlers():
    class Async(View):
        async def get(self, request):
            return HttpResponse("async")

    class Mixed(Async):
        def post(self, request):
            return HttpResponse()

    view = Async.as_view()
    assert Async.view_is_async and asyncio.iscoroutinefunction(view)
    assert asyncio.run(view(rf.get("/"))).content == b"async"
    assert asyncio.run(view(rf.post("/"))).status_code == 405
    with pytest.raises(ImproperlyConfigured):
        Mixed.as_view()


def test_setup_must_be_called():
    class Forgetful(Simple):
        def setup(self, request, *args, **kwargs):
            pass

    with pytest.raises(AttributeError, match="has no 'request' attribute"):
        Forgetful.as_view()(rf.get("/"))


def test_template_view_context():
    response = TemplateView.as_view(template_name="t.html", extra_context={"a": 1})(rf.get("/"), b=2)
    assert response.template_name == ["t.html"]
    assert (response.context_data["a"], response.context_data["b"]) == (1, 2)
    with pytest.raises(ImproperlyConfigured):
        TemplateView.as_view()(rf.get("/"))


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({}, 302),
        ({"permanent": True}, 301),
        ({"preserve_request": True}, 307),
        ({"preserve_request": True, "permanent": True}, 308),
    ],
)
def test_redirects(options, status):
    response = RedirectView.as_view(url="/to/%(pk)s/?a=1", query_string=True, **options)(rf.post("/?b=2"), pk=3)
    assert (response.status_code, response["Location"]) == (status, "/to/3/?a=1&b=2")


def test_redirect_without_target_is_gone():
    assert RedirectView.as_view()(rf.get("/")).status_code == 410


def test_form_view():
    class Form(forms.Form):
        name = forms.CharField()

    view = FormView.as_view(form_class=Form, template_name="t.html", success_url="/done/")
    assert isinstance(view(rf.get("/")).context_data["form"], Form)
    assert view(rf.post("/", {"name": ""})).context_data["form"].errors
    assert view(rf.post("/", {"name": "x"}))["Location"] == "/done/"


def test_list_view_of_a_plain_list():
    view = ListView.as_view(queryset=list("abcde"), template_name="t.html", paginate_by=2)
    context = view(rf.get("/?page=last")).context_data
    assert context["object_list"] == ["e"] and context["is_paginated"]
    assert context["page_obj"].number == 3
