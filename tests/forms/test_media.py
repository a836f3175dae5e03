"""Assets of widgets and forms: rendering, inheritance and merging."""

import pytest

from nuages import forms
from nuages.forms.media import Media, MediaOrderConflictWarning
from nuages.forms.widgets import Script, Stylesheet


def test_rendering(override):
    override(STATIC_URL="/static/")
    media = Media(css={"print": ["b.css"], "all": ["/a.css"]}, js=["x.js", Script("https://cdn/y.js", **{"async": True})])
    assert str(media).splitlines() == [
        '<link href="/a.css" media="all" rel="stylesheet">',
        '<link href="/static/b.css" media="print" rel="stylesheet">',
        '<script src="/static/x.js"></script>',
        '<script src="https://cdn/y.js" async></script>',
    ]
    assert str(media["css"]).count("<link") == 2 and "<script" not in str(media["css"])


def test_attributes_of_a_call_must_not_clash():
    media = Media(js=[Script("/x.js", nonce="a")], css={"all": [Stylesheet("/x.css")]})
    with pytest.raises(ValueError, match="Script has conflicting attributes: nonce"):
        media.render(attrs={"nonce": "b"})
    assert media["css"].render(attrs={"nonce": "b"}) == '<link href="/x.css" nonce="b" rel="stylesheet">'


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        (([1, 2], [3, 4]), [1, 3, 2, 4]),
        (([2, 3], [1, 2]), [1, 2, 3]),
        (([1, 2], [3, 2]), [1, 3, 2]),
        (([1, 1],), [1]),
        (([], None), []),
    ],
)
def test_merging(lists, expected):
    assert Media.merge(*lists) == expected


def test_opposite_orders_warn():
    with pytest.warns(MediaOrderConflictWarning):
        assert Media.merge([1, 2], [2, 1]) == [1, 2]


class Base(forms.TextInput):
    class Media:
        css = {"all": ["/base.css"]}
        js = ["/base.js"]


class Extended(Base):
    class Media:
        js = ["/more.js"]


class Alone(Base):
    class Media:
        extend = False
        js = ["/alone.js"]


class CssOnly(Base):
    class Media:
        extend = ("css",)
        js = ["/own.js"]


def test_inheritance():
    assert Extended().media._js == ["/base.js", "/more.js"]
    assert Alone().media._css == {} and Alone().media._js == ["/alone.js"]
    assert CssOnly().media._css == {"all": ["/base.css"]} and CssOnly().media._js == ["/own.js"]


def test_forms_collect_the_assets_of_their_widgets():
    class Form(forms.Form):
        a = forms.CharField(widget=Extended)
        b = forms.CharField(widget=forms.MultiWidget([Alone]))

        class Media:
            js = ["/form.js"]

    assert set(Form().media._js) == {"/base.js", "/more.js", "/alone.js", "/form.js"}


def test_assets_compare_by_path_and_attributes():
    assert Script("/a.js") == "/a.js" and hash(Script("/a.js")) == hash("/a.js")
    assert Script("/a.js") != Script("/a.js", defer=True)
    assert Script("/a.js") != Stylesheet("/a.js")
