"""``{% url %}`` with a constant name: what it remembers must follow all that an address depends on."""

from types import SimpleNamespace
from typing import Any

import pytest

from nuages.http import HttpRequest
from nuages.i18n import translation
from nuages.template import Context, Engine, RequestContext
from nuages.urls import (
    NoReverseMatch,
    clear_script_prefix,
    include,
    path,
    re_path,
    register_converter,
    set_script_prefix,
    set_urlconf,
)
from nuages.urls.conf import i18n_patterns


def view(request: Any, **kwargs: Any) -> None:
    """A view."""


class Hexadecimal:
    """A converter of a project's own."""

    regex = "[0-9a-f]+"

    def to_python(self, value: str) -> int:
        return int(value, 16)

    def to_url(self, value: Any) -> str:
        if value < 0:
            raise ValueError("negative")
        return f"{value:x}"


register_converter(Hexadecimal, "hexadecimal")
SHOP = ([path("cart/<hexadecimal:number>/", view, name="cart")], "shop")
PATTERNS = [
    path("plain/<int:pk>/", view, name="book"),
    path("plain/<int:pk>/<slug:part>/", view, name="book"),
    path("p%ge/<int:number>/", view, name="page"),
    path("part/<slug:part>/", view, name="part"),
    path("text/<text>", view, name="text"),
    re_path(r"^one/(?P<number>[0-9]+)/?$", view, name="one"),
    path("file/<path:rest>", view, name="file"),
    re_path(r"^either/(?:(\d+)/)?$", view, name="either"),
    path("default/<int:pk>/", view, {"kind": "x"}, name="kind"),
    path("first/", include(SHOP, namespace="first")),
    path("second/", include(SHOP, namespace="second")),
]
urlpatterns = PATTERNS
ENGINE = Engine(libraries={"i18n": "nuages.template.libraries.i18n"})


@pytest.fixture(autouse=True)
def site(override: Any) -> Any:
    override(ROOT_URLCONF=__name__)
    yield
    clear_script_prefix()
    set_urlconf(None)


def render(source: str, context: Any = None, **values: Any) -> str:
    return ENGINE.from_string(source).render(Context(values) if context is None else context)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% url 'book' 7 %}", "/plain/7/"),
        ("{% url 'book' n %}", "/plain/5/"),
        ("{% url 'page' n %}{% url 'page' number=n %}", "/p%25ge/5//p%25ge/5/"),
        ("{% url 'part' 'a-b' %}{% url 'part' part='a_b' %}", "/part/a-b//part/a_b/"),
        ("{% url 'text' 'a-b' %}{% url 'text' 'a é' %}{% url 'text' text=n %}", "/text/a-b/text/a%20%C3%A9/text/5"),
        ("{% url 'book' pk=n %}", "/plain/5/"),
        ("{% url 'book' n 'two' %}", "/plain/5/two/"),
        ("{% url 'book' part='a' pk=n %}", "/plain/5/a/"),
        ("{% url name n %}", "/plain/5/"),
        ("{% url 'fi'|add:'le' rest %}", "/file/a%20&amp;%C3%A9/%253"),
        ("{% url 'file' rest %}", "/file/a%20&amp;%C3%A9/%253"),
        ("{% autoescape off %}{% url 'file' rest %}{% endautoescape %}", "/file/a%20&%C3%A9/%253"),
        ("{% url 'file' rest as u %}{{ u }}", "/file/a%20&amp;%C3%A9/%253"),
        ("{% url 'one' n %}{% url 'one' number=n %}", "/one/5/one/5"),
        ("{% url 'either' %}{% url 'either' 3 %}", "/either//either/3/"),
        ("{% url 'kind' pk=n %}{% url 'kind' pk=n kind='x' %}", "/default/5//default/5/"),
        ("{% url 'shop:cart' 255 %}", "/second/cart/ff/"),
        ("{% url 'first:cart' number=10 %}", "/first/cart/a/"),
        ("{% url 'nothing' as u %}[{{ u }}]{% url 'shop:nothing' as u %}[{{ u }}]", "[][]"),
        ("{% for x in xs %}{% url 'book' x %}{% endfor %}", "/plain/1//plain/2/"),
    ],
)
def test_addresses(tag: str, expected: str) -> None:
    for _ in range(2):
        assert render(tag, n=5, name="book", rest="a &é/%3", xs=[1, 2]) == expected


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("{% url 'book' 'x' %}", r"Reverse for 'book' with arguments '\('x',\)' not found. 2 pattern"),
        ("{% url 'book' pk=n %}", "with keyword arguments"),
        ("{% url 'page' n %}", "Reverse for 'page' with arguments"),
        ("{% url 'page' pk=5 %}", "with keyword arguments"),
        ("{% url 'page' %}", "with no arguments"),
        ("{% url 'part' 'a b' %}", "with arguments"),
        ("{% url 'text' 'a/b' %}", "with arguments"),
        ("{% url 'text' '' %}", "with arguments"),
        ("{% url 'shop:cart' n %}", "Reverse for 'cart' with arguments"),
        ("{% url 'nothing' %}", "'nothing' is neither a view nor a name"),
        ("{% url 'no:thing' %}", "'no' is not a registered namespace"),
    ],
)
def test_what_cannot_be_reversed(tag: str, message: str) -> None:
    template = ENGINE.from_string(tag)
    for _ in range(2):
        with pytest.raises(NoReverseMatch, match=message):
            template.render(Context({"n": -1}))


def test_an_argument_that_fails_is_no_missing_view() -> None:
    def broken() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        render("{% url 'book' x as u %}", x=broken)
    with pytest.raises(ValueError, match="positional or keyword"):
        render("{% url 'book' 1 part='a' %}")


def test_mount_points_and_other_patterns() -> None:
    template = ENGINE.from_string("{% url 'book' 1 %}{% url 'first:cart' 1 %}{% url 'part' 'a' %}")
    assert template.render(Context()) == "/plain/1//first/cart/1//part/a/"
    set_script_prefix("/app")
    assert template.render(Context()) == "/app/plain/1//app/first/cart/1//app/part/a/"
    set_script_prefix("/é//")
    assert template.render(Context()) == "/%C3%A9//plain/1//%C3%A9//first/cart/1//%C3%A9//part/a/"
    set_urlconf((path("other/", include(PATTERNS)),))
    assert template.render(Context()) == "/%C3%A9//other/plain/1//%C3%A9//other/first/cart/1//%C3%A9//other/part/a/"
    set_urlconf(None)
    clear_script_prefix()
    assert template.render(Context()) == "/plain/1//first/cart/1//part/a/"


def test_another_root(override: Any) -> None:
    template = ENGINE.from_string("{% url 'book' 1 %}{% url 'part' 'a' %}")
    assert template.render(Context()) == "/plain/1//part/a/"
    override(ROOT_URLCONF=(path("new/<int:n>/", view, name="book"), path("<slug:n>/", view, name="part")))
    assert template.render(Context()) == "/new/1//a/"
    override(ROOT_URLCONF=(path("<int:n>/", view, name="book"), path("/<slug:n>/", view, name="part")))
    assert template.render(Context()) == "/1//%2Fa/"


def test_languages(override: Any) -> None:
    set_urlconf(tuple(i18n_patterns(path("book/<int:pk>/", view, name="book"))))
    template = ENGINE.from_string("{% load i18n %}{% for n in xs %}{% url 'book' n %}{% language 'de' %}{% url 'book' n %}{% endlanguage %}{% endfor %}")
    with translation.override("en"):
        assert template.render(Context({"xs": [1, 2]})) == "/en/book/1//de/book/1//en/book/2//de/book/2/"
    with translation.override("fr"):
        assert template.render(Context({"xs": [3]})) == "/fr/book/3//de/book/3/"


def test_the_application_of_the_request_is_preferred() -> None:
    template = ENGINE.from_string("{% url 'shop:cart' 1 %}{% url 'first:cart' 1 %}")
    request = HttpRequest()
    assert template.render(RequestContext(request)) == "/second/cart/1//first/cart/1/"
    request.resolver_match = SimpleNamespace(namespace="first")
    assert template.render(RequestContext(request)) == "/first/cart/1//first/cart/1/"
    request.current_app = "second"
    assert template.render(RequestContext(request)) == "/second/cart/1//first/cart/1/"
    request.current_app = "first"
    assert template.render(RequestContext(request)) == "/first/cart/1//first/cart/1/"
    request.current_app = None
    assert template.render(RequestContext(request)) == "/second/cart/1//first/cart/1/"
