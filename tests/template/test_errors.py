"""Where errors are said to come from."""

import linecache
import traceback
from typing import Any

import pytest

from nuages.template import Context, Engine, Library, Node, TemplateDoesNotExist, TemplateSyntaxError


class Failing(Node):
    def render(self, context: Any) -> str:
        raise RuntimeError("failed")


def engine(debug: bool, **templates: str) -> Engine:
    register = Library()
    register.tag("fail", lambda parser, token: Failing())
    made = Engine(debug=debug, loaders=[("nuages.template.loaders.cached.Loader", [("nuages.template.loaders.locmem.Loader", templates)])])
    made.template_builtins.append(register)
    return made


def error_of(made: Engine, name: str, **values: Any) -> Any:
    with pytest.raises(Exception) as caught:
        made.get_template(name).render(Context(values))
    return caught.value


def boom() -> None:
    raise ZeroDivisionError("boom")


@pytest.mark.parametrize(
    ("source", "during", "line"),
    [
        ("a\n{% for i in n %}\n{{ i }}{% fail %}{% endfor %}", "{% fail %}", 3),
        ("a\n{{ x }}\n{{ boom }}", "{{ boom }}", 3),
        ("{% if x %}{% with y=boom %}{{ y }}{% endwith %}{% endif %}", "{% with y=boom %}", 1),
        ("{% if 1 %}\n{{ x|divisibleby:0 }}{% endif %}", "{{ x|divisibleby:0 }}", 2),
        ("{% filter upper %}{% fail %}{% endfilter %}", "{% fail %}", 1),
    ],
)
def test_debug_information_names_the_node(source: str, during: str, line: int) -> None:
    error = error_of(engine(True, t=source), "t", n=[1], x=1, boom=boom)
    debug = error.template_debug
    assert (debug["during"], debug["line"], debug["name"]) == (during, line, "t")
    assert source[debug["start"] : debug["end"]] == during


def test_debug_information_of_an_inherited_block() -> None:
    made = engine(True, base="{% block a %}{% endblock %}", child="{% extends 'base' %}\n{% block a %}{% include 'part' %}{% endblock %}", part="x\n{% fail %}")
    debug = error_of(made, "child").template_debug
    assert (debug["name"], debug["line"], debug["during"]) == ("part", 2, "{% fail %}")


def test_without_debug_a_note_names_the_line() -> None:
    error = error_of(engine(False, t="a\n{{ boom }}"), "t", boom=boom)
    assert not hasattr(error, "template_debug")
    assert "In template t, line 2." in error.__notes__


def test_tracebacks_show_the_generated_code() -> None:
    made = engine(False, t="\n{% fail %}")
    template = made.get_template("t")
    try:
        template.render(Context())
    except RuntimeError as error:
        shown = "".join(traceback.format_exception(error))
    assert "render_annotated(context)  # line 2" in shown
    filename = template.nodelist.program(Context()).filename
    assert linecache.getline(filename, 1) == "def run(context):\n"


def test_syntax_errors_point_at_the_token() -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        engine(True, t="{% if 1 %}{{ foo@bar }}{% endif %}").get_template("t")
    assert caught.value.template_debug["during"] == "{{ foo@bar }}"  # type: ignore[attr-defined]
    assert str(caught.value).startswith("Template: t, Could not parse the remainder: '@bar'")


def test_a_missing_template_tells_what_was_tried() -> None:
    made = engine(True, t="{% include 'none' %}")
    error = error_of(made, "t")
    assert isinstance(error, TemplateDoesNotExist)
    assert error.tried[0][0].template_name == "none"
    assert error.template_debug["during"] == "{% include 'none' %}"  # type: ignore[attr-defined]
