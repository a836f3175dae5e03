"""Inheritance, inclusion, libraries, engines, links and the bridge."""

import asyncio
import gc
import linecache
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from nuages import bridge
from nuages.http import HttpRequest
from nuages.template import Context, Engine, Library, TemplateSyntaxError
from nuages.template.context import make_context
from nuages.template.engines import EngineHandler
from nuages.template.loader import render_to_string, select_template

CACHED = "nuages.template.loaders.cached.Loader"
LOCMEM = "nuages.template.loaders.locmem.Loader"


def engine(templates: dict[str, str], cached: bool = True) -> Engine:
    loader: Any = (LOCMEM, templates)
    return Engine(loaders=[(CACHED, [loader])] if cached else [loader])


CHAIN = {
    "root": "<{% block a %}root{% endblock %}|{% block b %}b{{ x }}{% endblock %}>",
    "middle": "{% extends 'root' %}{% block a %}middle({{ block.super }}){% endblock %}",
    "leaf": "{% extends parent %}{% block a %}leaf({{ block.super }}){% endblock %}{% block b %}{% for x in xs %}{{ block.super }}{% endfor %}{% endblock %}",
}


@pytest.mark.parametrize("cached", [True, False])
def test_inheritance(cached: bool) -> None:
    made = engine(CHAIN, cached)
    for _ in range(2):
        assert made.render_to_string("leaf", {"parent": "middle", "xs": [1, 2]}) == "<leaf(middle(root))|b1b2>"
        assert made.render_to_string("leaf", {"parent": made.get_template("root"), "xs": [3]}) == "<leaf(root)|b3>"


def test_links_hold_until_the_loader_is_reset() -> None:
    templates = {"page": "{% extends 'base' %}{% block a %}{% include 'part' %}{% endblock %}", "base": "1{% block a %}{% endblock %}", "part": "x"}
    made = engine(templates)
    page = made.get_template("page")
    assert page.render(Context()) == "1x"
    templates.update(base="2{% block a %}{% endblock %}", part="y")
    assert page.render(Context()) == "1x"
    made.template_loaders[0].reset()
    assert page.render(Context()) == "2y"


def test_include_passes_what_it_is_told() -> None:
    made = engine({"t": "{% include name with y=2 %}{% include 'p' with y=3 only %}{% include names %}", "p": "[{{ x }}{{ y }}]"})
    assert made.render_to_string("t", {"name": "p", "x": 1, "names": ["none", "p"]}) == "[12][3][1]"


def test_recursive_include() -> None:
    made = engine({"tree": "{{ n.name }}({% for n in n.children %}{% include 'tree' %}{% endfor %})"})
    leaf = {"name": "b", "children": []}
    assert made.render_to_string("tree", {"n": {"name": "a", "children": [leaf, leaf]}}) == "a(b()b())"


def test_libraries() -> None:
    register = Library()

    @register.simple_tag(takes_context=True)
    def both(context: Any, one: Any, *rest: Any, two: str = "2", **more: Any) -> str:
        return f"{context['x']}<{one}{list(rest)}{two}{more}>"

    @register.simple_block_tag
    def wrap(content: str, mark: str = "*") -> str:
        return f"{mark}{content}{mark}"

    @register.inclusion_tag("part")
    def part(n: int) -> dict[str, Any]:
        return {"n": n}

    made = engine({"part": "({{ n }}{{ x }})"})
    made.template_builtins.append(register)

    def render(source: str) -> str:
        return str(made.from_string(source).render(Context({"x": 1})))

    assert render("{% both 'a' 3 two='b' z=4 %}") == "1&lt;a[3]b{&#x27;z&#x27;: 4}&gt;"
    assert render("{% both 'a' as y %}{{ y|safe }}") == "1<a[]2{}>"
    assert render("{% wrap mark='+' %}{{ x }}{% endwrap %}{% part 5 %}") == "+1+(5)"
    for source in ("{% both %}", "{% part 1 2 %}", "{% part m=1 %}", "{% wrap 'a' mark='b' %}{% endwrap %}"):
        with pytest.raises(TemplateSyntaxError):
            render(source)


def test_engines_come_from_the_settings() -> None:
    handler = EngineHandler(
        [
            {"BACKEND": "nuages.template.backends.native.Templates", "NAME": "one", "OPTIONS": {"autoescape": False, "context_processors": []}},
            {"BACKEND": "nuages.template.backends.dummy.TemplateStrings", "NAME": "two"},
            {"BACKEND": "nuages.template.backends.jinja2.Jinja2", "NAME": "three"},
        ]
    )
    assert list(handler) == ["one", "two", "three"]
    assert handler["one"].from_string("{{ x }}").render({"x": "<"}) == "<"
    assert handler["two"].from_string("$x").render({"x": "<"}) == "&lt;"
    assert handler["three"].from_string("{{ x }}").render({"x": "<"}) == "&lt;"


def test_loader_functions(override: Any) -> None:
    override(TEMPLATES=[{"BACKEND": "nuages.template.backends.native.Templates", "OPTIONS": {"loaders": [(LOCMEM, {"a": "{{ x }}{% load i18n static %}"})]}}])
    assert render_to_string(["none", "a"], {"x": 1}) == "1"
    with pytest.raises(TypeError):
        select_template("a")


def test_rendering_waits_on_the_loop() -> None:
    async def value() -> str:
        await asyncio.sleep(0)
        return "waited"

    template = Engine().from_string("{% for i in n %}{{ slow }}{% endfor %}")

    async def main() -> list[Any]:
        context = {"n": "ab", "slow": lambda: bridge.wait(value())}
        return await asyncio.gather(*(bridge.run(template.render, Context(context)) for _ in range(3)))

    assert asyncio.run(main()) == ["waitedwaited"] * 3


def test_a_template_is_shared_between_threads() -> None:
    template = Engine().from_string("{% for i in n %}{% cycle 'a' 'b' %}{{ i }}{% endfor %}")
    with ThreadPoolExecutor(4) as pool:
        results = set(pool.map(lambda _: str(template.render(Context({"n": range(50)}))), range(40)))
    assert len(results) == 1


def test_generated_code_goes_with_its_template() -> None:
    template = Engine().from_string("{{ x }}")
    template.render(Context())
    filename = template.nodelist.program(Context()).filename
    assert filename in linecache.cache
    del template
    gc.collect()
    assert filename not in linecache.cache


class Kept:
    """What a page is made of."""


def test_a_page_is_freed_without_the_garbage_collector() -> None:
    made = engine({"root": "{% block a %}{% with x=kept %}{{ x }}{% endwith %}{% endblock %}", "leaf": "{% extends 'root' %}"})
    kept = Kept()
    gone = weakref.ref(kept)
    gc.disable()
    try:
        context = make_context({"kept": kept}, HttpRequest())
        context.update({"more": kept})
        assert made.get_template("leaf").render(context)
        del kept, context
        assert gone() is None
    finally:
        gc.enable()


def test_a_layer_leaves_the_context_it_was_put_on() -> None:
    context = Context({"a": 1})
    with context.push(a=2) as layer:
        assert (context["a"], layer.context) == (2, context)
    assert context["a"] == 1
    with Context().push(a=2) as layer:
        assert (layer, layer.context) == ({"a": 2}, None)
