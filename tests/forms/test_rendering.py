"""Renderers: the compiled templates, the template files and Jinja2 give the same HTML; widgets read what they wrote."""

import datetime

import pytest

from nuages import forms
from nuages.forms import renderers
from nuages.forms.markup import COMPILED
from nuages.http.querydict import QueryDict
from nuages.text.safestring import mark_safe


class Uncompiled(renderers.NativeTemplates):
    """Looks every template up in its engine."""

    def get_template(self, template_name):
        return self.engine.get_template(template_name)


class StoredFile:
    url = "/f?a=1&b=2"

    def __str__(self):
        return "<f>"


CHOICES = [("a", "A & B"), ("Group <1>", [(1, "one"), (2, "two")]), (None, "none")]


class Everything(forms.Form):
    error_css_class = "bad"
    text = forms.CharField(help_text="<b>help</b>", initial="<x>")
    safe = forms.CharField(initial=mark_safe("&amp;"), required=False)
    number = forms.IntegerField(initial=1234567)
    area = forms.CharField(widget=forms.Textarea, initial="\n</textarea>")
    check = forms.BooleanField(initial=True)
    select = forms.ChoiceField(choices=CHOICES, initial="1")
    many = forms.MultipleChoiceField(choices=CHOICES, initial=["a", 2])
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect(attrs={"class": "r"}), help_text="pick")
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput)
    several = forms.MultipleChoiceField(choices=CHOICES, widget=forms.MultipleHiddenInput, initial=["a", "1"])
    moment = forms.SplitDateTimeField(initial=datetime.datetime(2024, 1, 2, 3, 4))
    day = forms.DateField(widget=forms.SelectDateWidget(years=[2024]), initial=datetime.date(2024, 1, 2))
    file = forms.FileField(required=False, initial=StoredFile())
    known = forms.NullBooleanField()
    flags = forms.CharField(widget=forms.TextInput(attrs={"data-n": 1000, "autofocus": True, "x": False}))


def squeezed(html):
    """HTML without the white space that does not show."""
    return "".join(line.strip() for line in html.splitlines())


@pytest.mark.parametrize("style", ["as_div", "as_p", "as_ul", "as_table"])
@pytest.mark.parametrize("data", [None, {"text": "<y>", "select": "zz"}])
@pytest.mark.parametrize("other", [Uncompiled, renderers.Jinja2])
def test_all_renderers_agree(other, data, style):
    expected = getattr(Everything(data), style)()
    assert squeezed(getattr(Everything(data, renderer=other()), style)()) == squeezed(expected)


@pytest.mark.parametrize("other", [Uncompiled, renderers.Jinja2])
def test_errors_and_formsets_agree(other):
    def outputs(renderer):
        form = Everything({"text": ""}, renderer=renderer)
        formset = forms.formset_factory(Everything, renderer=renderer, can_delete=True)()
        return [form.errors.as_ul(), form.errors.as_text(), form["text"].errors.as_text(), formset.as_table(), str(formset)]

    assert [squeezed(html) for html in outputs(other())] == [squeezed(html) for html in outputs(None)]


def test_every_template_file_is_compiled_and_the_reverse():
    root = renderers._HERE
    for folder in ("templates", "jinja2"):
        found = {path.relative_to(root / folder).as_posix() for path in (root / folder).rglob("*.html")}
        assert found == set(COMPILED)


def test_project_templates_are_found(tmp_path, override):
    (tmp_path / "django/forms/widgets").mkdir(parents=True)
    (tmp_path / "django/forms/widgets/text.html").write_text("<b>{{ widget.name }}</b>")
    (tmp_path / "mine.html").write_text("<i>{{ widget.value }}</i>")
    override(
        TEMPLATES=[{"BACKEND": "nuages.template.backends.native.Templates", "DIRS": [tmp_path, renderers._HERE / "templates"]}],
        FORM_RENDERER="nuages.forms.renderers.TemplatesSetting",
    )
    assert forms.TextInput().render("n", "v") == "<b>n</b>"

    class Mine(forms.TextInput):
        template_name = "mine.html"

    assert Mine().render("n", "<v>") == "<i>&lt;v&gt;</i>"
    combined = forms.MultiWidget([Mine, forms.NumberInput])
    combined.decompress = lambda value: ["a", 1]
    assert combined.render("n", None) == '<i>a</i><input type="number" name="n_1" value="1">'


def test_default_renderer_follows_the_setting(override):
    assert type(renderers.get_default_renderer()) is renderers.NativeTemplates
    override(FORM_RENDERER="nuages.forms.renderers.Jinja2")
    assert type(renderers.get_default_renderer()) is renderers.Jinja2


@pytest.mark.parametrize(
    ("widget", "query", "expected"),
    [
        (forms.CheckboxInput(), "n=on", True),
        (forms.CheckboxInput(), "", False),
        (forms.CheckboxInput(), "n=False", False),
        (forms.SelectMultiple(), "n=1&n=2", ["1", "2"]),
        (forms.NullBooleanSelect(), "n=true", True),
        (forms.SplitDateTimeWidget(), "n_0=a&n_1=b", ["a", "b"]),
        (forms.SelectDateWidget(), "n_year=2024&n_month=2&n_day=3", "2024-02-03"),
        (forms.SelectDateWidget(), "n_year=2024&n_month=2&n_day=31", "2024-2-31"),
        (forms.SelectDateWidget(), "n_year=&n_month=&n_day=", None),
        (forms.MultiWidget({"": forms.TextInput, "last": forms.TextInput}), "n=a&n_last=b", ["a", "b"]),
    ],
)
def test_reading(widget, query, expected):
    assert widget.value_from_datadict(QueryDict(query), {}, "n") == expected


def test_required_select_needs_an_empty_first_option():
    assert not forms.Select(choices=[("a", "A")]).use_required_attribute(None)
    assert forms.Select(choices=[("", "-"), ("a", "A")]).use_required_attribute(None)


def test_clearable_file_input():
    widget = forms.ClearableFileInput()
    assert widget.value_from_datadict({"f-clear": "on"}, {}, "f") is False
    both = forms.FileField(required=False)
    form = type("F", (forms.Form,), {"f": both})({"f-clear": "on"}, {"f": "upload"})
    assert form.has_error("f", "contradiction")


def test_locale_formats_of_inputs(override):
    from nuages.i18n import translation

    with translation.override("de"):
        assert forms.DateInput().format_value(datetime.date(2024, 12, 31)) == "31.12.2024"
        assert [part["name"] for part in forms.SelectDateWidget().get_context("n", None, None)["widget"]["subwidgets"]] == [
            "n_day",
            "n_month",
            "n_year",
        ]
