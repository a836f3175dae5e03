"""Typical code around the models: requests, responses, settings, forms, templates, mail, users. Type checkers read it; nothing runs it."""

from typing import Any, assert_type

from nuages import HttpRequest, HttpResponse, JsonResponse, path, render, reverse, settings
from nuages.apps import AppConfig
from nuages.checks import CheckMessage
from nuages.cli import BaseCommand
from nuages.conf import env
from nuages.contrib.auth.models import User
from nuages.forms import CharField, Form
from nuages.forms.boundfield import BoundField
from nuages.forms.errors import ErrorDict
from nuages.http import FileResponse
from nuages.http.headers import ResponseHeaders
from nuages.mail import EmailMessage, send_mail
from nuages.template import Context, Engine, Template
from nuages.views.generic import View

assert_type(settings.DEBUG, bool)
assert_type(settings.ALLOWED_HOSTS, list[str])
assert_type(env("WORKERS", 4), int)
assert_type(env("NAME", "site"), str)


def page(request: HttpRequest) -> HttpResponse:
    response = render(request, "page.html", {"name": request.GET.get("name")})
    assert_type(response.status_code, int)
    assert_type(response.headers, ResponseHeaders)
    assert_type(response.closed, bool)
    response.headers["X-Frame-Options"] = "DENY"
    return response


class Contact(Form):
    text = CharField(max_length=100)


def contact(request: HttpRequest) -> HttpResponse:
    form = Contact(request.POST)
    assert_type(form.errors, ErrorDict)
    assert_type(form["text"], BoundField)
    assert_type(form["text"].name, str)
    if form.is_valid():
        return JsonResponse({"text": form.cleaned_data["text"]})
    return HttpResponse(str(form), status=400)


class Download(View):
    def get(self, request: HttpRequest, name: str) -> FileResponse:
        return FileResponse(open(name, "rb"), as_attachment=True)


urlpatterns = [path("", page, name="home"), path("contact/", contact), path("files/<str:name>", Download.as_view())]
assert_type(reverse("home"), str)

template = Engine(dirs=["templates"]).from_string("Hello {{ name }}")
assert_type(template, Template)
assert_type(str(template.render(Context({"name": "you"}))), str)


def tell(user: User) -> int:
    assert_type(user.username, str)
    assert_type(user.is_staff, bool)
    message = EmailMessage("Hello", "text", to=[user.email])
    assert_type(message.send(), int)
    return send_mail("Hello", "text", None, [user.email])


class Command(BaseCommand):
    help = "Checks."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(self.help)


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self) -> None:
        assert_type(self.label, str)


def described(found: CheckMessage) -> str:
    assert_type(found.level, int)
    assert_type(found.id, str | None)
    return f"{found.level}: {found.msg}"
