"""Rendering: look-ups, escaping, tags, regions and the context as custom tags see it."""

import html
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.template import Context, Engine, Library, Node, TemplateSyntaxError, VariableDoesNotExist
from nuages.template.runtime import escape_text
from nuages.text.lazy import SimpleLazyObject
from nuages.text.safestring import mark_safe

ENGINE = Engine()


class Spy(Node):
    """Puts out what it sees in the context: such a node keeps the generator from using local variables."""

    child_nodelists = ("nodelist",)

    def __init__(self, name: str, nodelist: Any = None) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Any) -> str:
        inside = self.nodelist.render(context) if self.nodelist is not None else ""
        return f"<{context.get(self.name, '?')}{inside}>"


def library() -> Library:
    register = Library()

    @register.tag
    def spy(parser: Any, token: Any) -> Spy:
        return Spy(token.split_contents()[1])

    @register.tag
    def spyblock(parser: Any, token: Any) -> Spy:
        nodelist = parser.parse(("endspyblock",))
        parser.delete_first_token()
        return Spy(token.split_contents()[1], nodelist)

    return register


def render(source: str, engine: Engine = ENGINE, **values: Any) -> str:
    return str(engine.from_string(source).render(Context(values)))


@pytest.fixture
def spying() -> Engine:
    engine = Engine()
    engine.template_builtins.append(library())
    return engine


@given(st.text())
def test_escaping_is_that_of_html(text: str) -> None:
    expected = html.escape(text)
    assert escape_text(text) == expected
    assert render("{{ x }}", x=text) == expected
    assert render("{{ x|safe }}", x=text) == text
    assert render("{% autoescape off %}{{ x }}{% endautoescape %}", x=text) == text
    assert render("{{ x }}", x=mark_safe(text)) == text


@given(st.text(alphabet=st.characters(blacklist_characters="{}%#"), max_size=80))
def test_text_never_becomes_code(text: str) -> None:
    assert render(text) == text


@given(st.text(alphabet=st.characters(blacklist_characters="{}%#\"\\\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=40))
def test_strings_never_become_code(text: str) -> None:
    assert render('{{ "' + text + '" }}') == text
    assert render('{{ x|default:"' + text + '" }}') == text


class Record:
    kind = "record"

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def call(self) -> str:
        return "called"

    def needs(self, argument: Any) -> str:
        return "never"

    def delete(self) -> None:
        raise AssertionError("templates must not call this")

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def broken(self) -> str:
        raise AttributeError("inside")

    @property
    def silent(self) -> str:
        error = ValueError("quiet")
        error.silent_variable_failure = True  # type: ignore[attr-defined]
        raise error


class Answers:
    def __getattr__(self, name: str) -> str:
        return f"answer {name}"


class Secretive(Record):
    def __dir__(self) -> list[str]:
        return ["kind"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("r.kind", "record"),
        ("r.call", "called"),
        ("r.needs", ""),
        ("r.delete", ""),
        ("r.nothing", ""),
        ("r.silent", ""),
        ("d.items", "key wins"),
        ("d.keys.0", ""),
        ("l.1", "b"),
        ("l.7", ""),
        ("l.append", ""),
        ("l.nothing", ""),
        ("t.0", "first"),
        ("t.2", ""),
        ("s.1", "é"),
        ("s.9", ""),
        ("numbers.1", "one"),
        ("n.0", ""),
        ("answers.0", "answer 0"),
        ("given.1.name", "second"),
        ("lazy_text", "a &lt; b"),
        ("lazy_safe", "<b>"),
        ("lazy_number", "1234"),
        ("lazy.kind", "record"),
        ("lazy.call", "called"),
        ("lazy.nothing", ""),
        ("lazy_list.1", "b"),
        ("lazy_dict.items", "key wins"),
        ("nested.a.b.1", "y"),
        ("f", "from function"),
        ("f.x", ""),
        ("missing", ""),
        ("missing.a.b", ""),
        ("cls.kind", "record"),
    ],
)
def test_lookups(path: str, expected: str, spying: Engine) -> None:
    cls = type("Kept", (Record,), {"do_not_call_in_templates": True})
    values = {
        "r": Record(),
        "d": {"items": "key wins"},
        "l": ["a", "b"],
        "nested": {"a": Record(b=["x", "y"])},
        "t": ("first", "last"),
        "s": "hé",
        "numbers": {"1": "one"},
        "n": 5,
        "answers": Answers(),
        "given": lambda: [Record(), Record(name="second")],
        "lazy": SimpleLazyObject(Record),
        "lazy_text": SimpleLazyObject(lambda: "a < b"),
        "lazy_safe": SimpleLazyObject(lambda: mark_safe("<b>")),
        "lazy_number": SimpleLazyObject(lambda: 1234),
        "lazy_list": SimpleLazyObject(lambda: ["a", "b"]),
        "lazy_dict": SimpleLazyObject(lambda: {"items": "key wins"}),
        "f": lambda: "from function",
        "cls": cls,
    }
    for _ in range(2):
        assert render(f"{{{{ {path} }}}}", **values) == expected
        # The same through the stack of the context.
        assert render(f"{{{{ {path} }}}}{{% spy none %}}", spying, **values) == f"{expected}<?>"


def test_an_attribute_error_inside_a_property_is_not_hidden() -> None:
    for _ in range(2):
        with pytest.raises(AttributeError, match="inside"):
            render("{{ r.broken }}", r=Record())
        with pytest.raises(AttributeError, match="inside"):
            render("{{ a.r.broken }}", a={"r": Record()})
        with pytest.raises(AttributeError, match="inside"):
            render("{{ r.broken }}", r=type("Heir", (Record,), {"__slots__": ()})())
        with pytest.raises(AttributeError, match="inside"):
            render("{{ r.broken }}", r=SimpleLazyObject(Record))
        assert render("{{ r.broken }}", r=Secretive()) == ""


def test_a_chain_tells_which_lookup_failed() -> None:
    source = "{% for row in rows %}{{ row.one.two }},{% endfor %}"
    assert render(source, rows=[Record(one=Record(two=1)), Record(), Record(one=Record()), Record(one=Record(two=4))]) == "1,,,4,"


def test_string_if_invalid() -> None:
    engine = Engine(string_if_invalid="[%s]")
    assert render("{{ a.b }}|{{ a|upper }}|{{ x|upper }}", engine, x="x") == "[a.b]|[a]|X"
    assert render("{% if a %}yes{% else %}no{% endif %}", engine) == "no"
    assert render("{% for x in a %}{% empty %}none{% endfor %}", engine) == "none"


def test_a_missing_filter_argument_is_an_error() -> None:
    with pytest.raises(VariableDoesNotExist):
        render("{{ x|default:y }}", x="")
    assert render("{% if x|default:y %}a{% else %}b{% endif %}", x="") == "b"


LOOP = (
    "{% for a, b in pairs reversed %}{{ forloop.counter }}/{{ forloop.length }}{{ forloop.revcounter0 }}{{ a }}{{ b }}"
    "{% if forloop.first %}F{% elif forloop.last %}L{% endif %}"
    "{% for c in b %}{{ forloop.parentloop.counter0 }}{{ c }}{% endfor %};{% empty %}none{% endfor %}"
)


def test_loops_give_the_same_in_and_out_of_a_region(spying: Engine) -> None:
    pairs = [("x", "12"), ("y", "34")]
    expected = "1/21y34F0304;2/20x12L1112;"
    assert render(LOOP, pairs=pairs) == expected
    assert render(LOOP.replace("{% for c", "{% spy a %}{% for c"), spying, pairs=pairs) == "1/21y34F<y>0304;2/20x12L<x>1112;"
    assert render(LOOP) == "none"
    with pytest.raises(ValueError, match="Need 2 values to unpack in for loop; got 1"):
        render(LOOP, pairs=[(1,)])


def test_custom_tags_see_the_context(spying: Engine) -> None:
    source = (
        "{% for i in n %}{% with j=i|add:10 %}{% spy i %}{% spy j %}{% spyblock forloop %}{{ j }}{% endspyblock %}{% endwith %}{% endfor %}{% spy i %}"
    )
    output = render(source, spying, n=[1])
    assert output.startswith("<1><11><{")
    assert output.endswith("11><?>")


def test_state_belongs_to_the_rendering() -> None:
    template = ENGINE.from_string("{% for i in n %}{% cycle 'a' 'b' %}{% ifchanged i %}!{% else %}={% endifchanged %}{% endfor %}")
    for _ in range(2):
        assert template.render(Context({"n": [1, 1, 2]})) == "a!b=a!"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a and b or c", True),
        ("not a and b", False),
        ("not b in l", True),
        ("c not in l and a is not b", False),
        ("a == 1 and c >= 3", True),
        ("a < missing", False),
        ("missing is None", True),
        ("l|length == 2 or bad.thing", True),
        ("a == b == c", False),
    ],
)
def test_conditions(condition: str, expected: bool) -> None:
    assert render(f"{{% if {condition} %}}y{{% endif %}}", a=1, b=0, c=3, l=[3, 4]) == ("y" if expected else "")


@pytest.mark.parametrize("source", ["{% if %}", "{% if a or %}", "{% if a b %}", "{% if a = b %}", "{% for a b %}", "{% for a in %}", "{{ a|nofilter }}", "{{ a|upper:1 }}", "{{ a._b }}", "{{ a b }}", "{{ }}", "{% %}", "{% nothing %}", "{% with %}{% endwith %}", "{% block a %}{% block a %}{% endblock %}{% endblock %}", "{% cycle a %}", "{% autoescape x %}"])
def test_syntax_errors(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        ENGINE.from_string(source)


def test_values_are_localized_and_converted(override: Any) -> None:
    override(USE_TZ=True, TIME_ZONE="Europe/Paris", USE_THOUSAND_SEPARATOR=True, LANGUAGE_CODE="de")
    moment = datetime(2024, 7, 1, 12, 0, tzinfo=UTC)
    assert render('{{ m|date:"H:i" }} {{ n }} {{ f }}', m=moment, n=1234567, f=0.5) == "14:00 1.234.567 0,5"
    engine = Engine(libraries={"tz": "nuages.template.libraries.tz", "l10n": "nuages.template.libraries.l10n"})
    source = '{% load tz l10n %}{% localize off %}{{ n }}{% endlocalize %} {{ m|utc|date:"H:i" }} {% localtime off %}{{ m|date:"H" }}{% endlocaltime %}'
    assert render(source, engine, m=moment, n=1234567) == "1234567 12:00 12"


def test_blocks_of_text() -> None:
    source = "{% spaceless %}<b> <i>{% endspaceless %}{% filter upper %}a{{ x }}{% endfilter %}{% verbatim %}{{ x }}{% endverbatim %}{% comment %}{{ x {% endcomment %}"
    assert render(source, x="<") == "<b><i>A&LT;{{ x }}"


def test_partials() -> None:
    engine = Engine(loaders=[("nuages.template.loaders.locmem.Loader", {"p": "[{% partialdef one inline %}{{ x }}{% endpartialdef %}]{% partial one %}"})])
    assert engine.render_to_string("p", {"x": 1}) == "[1]1"
    assert engine.render_to_string("p#one", {"x": 2}) == "2"


@pytest.mark.parametrize("tag", ["", "{% spy none %}"])
def test_deep_nesting(tag: str, spying: Engine) -> None:
    seen = "<?>" if tag else ""
    loops = "{% for i in n %}" * 30 + "{{ i }}" + tag + "{% endfor %}" * 30
    assert render(loops, spying, n=[7]) == f"7{seen}"
    tests = "{% if n %}" * 120 + "{{ n.0 }}" + tag + "{% endif %}" * 120
    assert render(tests, spying, n=[7]) == f"7{seen}"
    mixed = "{% for i in n %}{% if i %}{% with j=i %}{% autoescape off %}{% spaceless %}" * 9 + "{{ j }}" + tag
    assert render(mixed + "{% endspaceless %}{% endautoescape %}{% endwith %}{% endif %}{% endfor %}" * 9, spying, n=[7]) == f"7{seen}"


def test_long_conditions() -> None:
    assert render("{% if " + " or ".join(["a"] * 200) + " or b %}y{% endif %}", b=1) == "y"
    assert render("{% if " + "not " * 40 + "a %}y{% endif %}", a=1) == "y"
    chain = "{% if a == 0 %}0" + "".join(f"{{% elif a == {n} %}}{n}" for n in range(1, 150)) + "{% else %}none{% endif %}"
    assert [render(chain, a=a) for a in (0, 77, 149, 200)] == ["0", "77", "149", "none"]
