"""Matching and reversing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.exceptions import ImproperlyConfigured
from nuages.urls import NoReverseMatch, Resolver404, URLResolver, include, path, re_path, reverse, set_script_prefix
from nuages.urls.inversion import invert
from nuages.urls.patterns import RegexPattern
from nuages.urls.resolvers import URLPattern


def view(request, **kwargs):
    """A view."""


def site(*patterns):
    """A root resolver."""
    return URLResolver(RegexPattern(r"^/"), list(patterns))


INNER = [
    path("", view, name="index"),
    path("<int:pk>/", view, name="detail"),
    path("new/", view, name="new"),
    path("files/<path:rest>", view, name="file"),
]
SITE = site(
    path("", view, name="home"),
    path("polls/", include((INNER, "polls"))),
    path("other/", include((INNER, "polls"), namespace="other")),
    path("users/<slug:user>/", include(INNER)),
    re_path(r"^old/(\d+)/(?:x/)?$", view, name="old"),
    path("polls/<str:anything>/", view, {"extra": 1}, name="fallback"),
    re_path(r"^(?P<year>\d{4})/", include(INNER)),
)


@pytest.mark.parametrize(
    ("url", "name", "kwargs", "args"),
    [
        ("/", "home", {}, ()),
        ("/polls/", "polls:index", {}, ()),
        ("/polls/7/", "polls:detail", {"pk": 7}, ()),
        ("/polls/new/", "polls:new", {}, ()),
        ("/polls/nine/", "fallback", {"anything": "nine", "extra": 1}, ()),
        ("/polls/files/a/b.txt", "polls:file", {"rest": "a/b.txt"}, ()),
        ("/other/7/", "other:detail", {"pk": 7}, ()),
        ("/users/ann/7/", "detail", {"user": "ann", "pk": 7}, ()),
        ("/old/5/x/", "old", {}, ("5",)),
        ("/2020/3/", "detail", {"year": "2020", "pk": 3}, ()),
    ],
)
def test_matching(url, name, kwargs, args):
    match = SITE.resolve(url)
    assert (match.view_name, match.kwargs, match.args) == (name, kwargs, args)


def test_what_was_tried_is_told():
    with pytest.raises(Resolver404) as caught:
        SITE.resolve("/polls/a/b/c/")
    tried = caught.value.args[0]["tried"]
    assert [len(chain) for chain in tried] == [1, 2, 2, 2, 2, 1, 1, 1, 1, 1]
    assert SITE.resolve("/polls/7/").tried[-1][-1].name == "detail"


class Plain(URLPattern):
    """A subclass is asked itself, one after the other: the yardstick for the trie."""

    def resolve(self, url):
        return super().resolve(url)


SEGMENTS = st.sampled_from(["a", "b", "7", "<int:x>", "<str:y>", "<slug:z>", "<path:p>", "a-<int:x>"])


@given(
    st.lists(st.lists(SEGMENTS, min_size=1, max_size=3, unique=True), min_size=1, max_size=6),
    st.lists(st.sampled_from(["a", "b", "7", "a-7", "é"]), min_size=1, max_size=3),
)
def test_the_trie_keeps_the_order_of_declaration(routes, segments):
    texts = ["/".join(route) + "/" for route in routes]
    texts = [text for text in texts if text.count("int:x") < 2]
    compiled = site(*[path(text, view, name=str(index)) for index, text in enumerate(texts)])
    asked = site(*[Plain(item.pattern, item.callback, {}, item.name) for item in compiled.url_patterns])
    url = "/" + "/".join(segments) + "/"

    def found(resolver):
        try:
            match = resolver.resolve(url)
        except Resolver404:
            return None
        return match.url_name, match.kwargs

    assert found(compiled) == found(asked)


def test_reversing(override):
    override(ROOT_URLCONF=[*SITE.url_patterns])
    urls = tuple(SITE.url_patterns)
    assert reverse("home", urls) == "/"
    assert reverse("polls:detail", urls, args=[3]) == "/polls/3/"
    assert reverse("polls:detail", urls, args=[3], current_app="other") == "/other/3/"
    assert reverse("other:file", urls, kwargs={"rest": "a b/c"}, query={"q": [1, 2]}, fragment="x y") == (
        "/other/files/a%20b/c?q=1&q=2#x y"
    )
    assert reverse("detail", urls, kwargs={"year": "2020", "pk": 1}) == "/2020/1/"
    with pytest.raises(NoReverseMatch):
        reverse("detail", urls, kwargs={"year": "20", "pk": 1})
    with pytest.raises(NoReverseMatch, match="is not a registered namespace"):
        reverse("none:index", urls)


def test_reversing_below_a_prefix():
    set_script_prefix("/site")
    try:
        assert reverse("home", tuple(SITE.url_patterns)) == "/site/"
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        (r"places?/$", ["place/"]),
        (r"places+/", ["places/"]),
        (r"(?:places/)?$", [""]),
        (r"x/(?:(?P<a>\d+)/)?$", ["x/", "x/%(a)s/"]),
        (r"(\w+)-\1/[abc]/a{2,4}", ["%(_0)s-%(_0)s/a/aa"]),
        (r"((?P<inner>x)/)?(\w+)", ["%(_1)s", "%(_0)s%(_1)s"]),
        (r"(?:one|other)/x", []),
        (r"100%", ["100%%"]),
    ],
)
def test_inversion(regex, expected):
    assert sorted(text for text, _names in invert(regex)) == sorted(expected)


def test_a_urlconf_may_include_itself():
    patterns = []
    patterns += [path("again/", include(patterns)), path("end/", view, name="end")]
    root = URLResolver(RegexPattern(r"^/"), patterns)
    assert root.resolve("/again/again/end/").url_name == "end"
    assert root.reverse("end") == "end/"


def test_mistakes_are_named():
    with pytest.raises(ImproperlyConfigured, match="whitespace"):
        path("<int: x>/", view)
    with pytest.raises(ImproperlyConfigured, match="more than once"):
        path("<int:x>/<int:x>/", view)
    with pytest.raises(ImproperlyConfigured, match="invalid converter"):
        path("<odd:x>/", view)
    with pytest.raises(TypeError):
        path("x/", "no view")
    with pytest.raises(ImproperlyConfigured):
        include(INNER, namespace="without-app-name")
