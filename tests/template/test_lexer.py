"""Tokens: kinds, positions, lines, verbatim; joined, they are the source again."""

from hypothesis import given
from hypothesis import strategies as st

from nuages.template.lexer import DebugLexer, Lexer, Token, TokenType

PIECES = st.lists(
    st.sampled_from(["text", "\n", "{{ a.b }}", "{% if a %}", "{% endif %}", "{# note #}", "{", "}", "%}", "{{", "{% verbatim %}", "{% endverbatim %}", "é<&>'\""]),
    max_size=30,
).map("".join)


@given(PIECES | st.text(max_size=60))
def test_tokens_cover_the_source_in_order(source: str) -> None:
    tokens = DebugLexer(source).tokenize()
    assert "".join(source[slice(*token.position)] for token in tokens) == source
    for token in tokens:
        start = token.position[0]
        assert token.lineno == source.count("\n", 0, start) + 1


@given(PIECES)
def test_positions_change_nothing_else(source: str) -> None:
    plain = [(token.token_type, token.contents, token.lineno) for token in Lexer(source).tokenize()]
    debug = [(token.token_type, token.contents, token.lineno) for token in DebugLexer(source).tokenize()]
    assert plain == debug


def test_kinds_and_contents() -> None:
    tokens = Lexer("a{{ b }}\n{% c d %}{# e #}").tokenize()
    assert [(token.token_type, token.contents, token.lineno) for token in tokens] == [
        (TokenType.TEXT, "a", 1),
        (TokenType.VAR, "b", 1),
        (TokenType.TEXT, "\n", 1),
        (TokenType.BLOCK, "c d", 2),
        (TokenType.COMMENT, "e", 2),
    ]


def test_verbatim_ends_only_with_its_own_name() -> None:
    kinds = [token.token_type.name for token in Lexer("{% verbatim x %}{{ a }}{% endverbatim %}{% endverbatim x %}{{ b }}").tokenize()]
    assert kinds == ["BLOCK", "TEXT", "TEXT", "BLOCK", "VAR"]


def test_split_contents_keeps_strings_whole() -> None:
    token = Token(TokenType.BLOCK, """tag "a b" x=_('c d') value|default:'e f' _("g h")""")
    assert token.split_contents() == ["tag", '"a b"', "x=_('c d')", "value|default:'e f'", '_("g h")']
