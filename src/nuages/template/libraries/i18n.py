"""``{% load i18n %}``: translated text and languages (topics/i18n/translation, "In template code")."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nuages.conf import settings
from nuages.i18n import translation
from nuages.template.errors import TemplateSyntaxError
from nuages.template.expressions import FilterExpression, Variable, VariableDoesNotExist, render_value_in_context
from nuages.template.lexer import TokenType
from nuages.template.library import Library
from nuages.template.nodes import Node, NodeList
from nuages.template.parser import token_kwargs
from nuages.text.safestring import SafeData, SafeString, mark_safe

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = [
    "BlockTranslateNode",
    "GetAvailableLanguagesNode",
    "GetCurrentLanguageBidiNode",
    "GetCurrentLanguageNode",
    "GetLanguageInfoListNode",
    "GetLanguageInfoNode",
    "LanguageNode",
    "TranslateNode",
    "register",
]

register = Library()


class _AsNode(Node):
    """A node that stores one value under a name."""

    child_nodelists = ()

    def __init__(self, variable: str) -> None:
        self.variable = variable

    def value(self, context: Context) -> Any:
        raise NotImplementedError

    def render(self, context: Context) -> str:
        """Store the value; nothing is put out."""
        context[self.variable] = self.value(context)
        return ""


class GetAvailableLanguagesNode(_AsNode):
    """``{% get_available_languages as name %}``"""

    def value(self, context: Context) -> Any:
        return [(code, translation.gettext(name)) for code, name in settings.LANGUAGES]


class GetCurrentLanguageNode(_AsNode):
    """``{% get_current_language as name %}``"""

    def value(self, context: Context) -> Any:
        return translation.get_language()


class GetCurrentLanguageBidiNode(_AsNode):
    """``{% get_current_language_bidi as name %}``"""

    def value(self, context: Context) -> Any:
        return translation.get_language_bidi()


class GetLanguageInfoNode(_AsNode):
    """``{% get_language_info for code as name %}``"""

    def __init__(self, lang_code: FilterExpression, variable: str) -> None:
        super().__init__(variable)
        self.lang_code = lang_code

    def value(self, context: Context) -> Any:
        return translation.get_language_info(self.lang_code.resolve(context))


class GetLanguageInfoListNode(_AsNode):
    """``{% get_language_info_list for codes as name %}``"""

    def __init__(self, languages: FilterExpression, variable: str) -> None:
        super().__init__(variable)
        self.languages = languages

    def value(self, context: Context) -> Any:
        return [_info(language) for language in self.languages.resolve(context)]


def _info(language: Any) -> Any:
    """Return the information for a code, or for the code in a pair like those of ``settings.LANGUAGES``."""
    code = language[0] if len(language[0]) > 1 else str(language)
    return translation.get_language_info(code)


class TranslateNode(Node):
    """``{% translate "text" noop as name context "context" %}``"""

    child_nodelists = ()

    def __init__(
        self, filter_expression: FilterExpression, noop: bool, asvar: str | None = None, message_context: FilterExpression | None = None
    ) -> None:
        self.noop = noop
        self.asvar = asvar
        self.message_context = message_context
        self.filter_expression = filter_expression

    def render(self, context: Context) -> str:
        """Translate, apply the filters, and put out or store."""
        value = self._translated(context)
        shown = render_value_in_context(value, context)
        # Percent signs are doubled for translation only.
        text = shown.replace("%%", "%")
        if isinstance(shown, SafeData):
            text = mark_safe(text)
        if self.asvar:
            context[self.asvar] = text
            return ""
        return text

    def _translated(self, context: Context) -> Any:
        expression = self.filter_expression
        raw = expression.var
        if isinstance(raw, Variable):
            try:
                raw = raw.resolve(context)
            except VariableDoesNotExist:
                return expression.resolve(context)
        if not self.noop:
            raw = self._message(raw, context)
        return expression.apply_filters(raw, context)

    def _message(self, raw: Any, context: Context) -> Any:
        text = str(raw).replace("%", "%%")
        if not text:
            return ""
        if isinstance(raw, SafeData):
            text = mark_safe(text)
        if self.message_context is not None:
            return translation.pgettext(self.message_context.resolve(context), text)
        return translation.gettext(text)


class BlockTranslateNode(Node):
    """``{% blocktranslate %}…{% plural %}…{% endblocktranslate %}``"""

    child_nodelists = ()

    def __init__(
        self,
        extra_context: dict[str, FilterExpression],
        singular: list[Token],
        plural: list[Token] | None = None,
        countervar: str | None = None,
        counter: FilterExpression | None = None,
        message_context: FilterExpression | None = None,
        trimmed: bool = False,
        asvar: str | None = None,
        tag_name: str = "blocktranslate",
    ) -> None:
        self.tag_name = tag_name
        self.singular, self.plural = singular, plural
        self.countervar, self.counter = countervar, counter
        self.extra_context, self.message_context = extra_context, message_context
        self.trimmed, self.asvar = trimmed, asvar

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__}: extra_context={self.extra_context!r} singular={self.singular!r} plural={self.plural!r}>"

    def render_token_list(self, tokens: list[Token]) -> tuple[str, list[str]]:
        """Return the message as catalogs have it, and the names of its variables."""
        parts: list[str] = []
        names: list[str] = []
        for token in tokens:
            if token.token_type is TokenType.TEXT:
                parts.append(token.contents.replace("%", "%%"))
            elif token.token_type is TokenType.VAR:
                parts.append(f"%({token.contents})s")
                names.append(token.contents)
        message = "".join(parts)
        return (translation.trim_whitespace(message) if self.trimmed else message), names

    def render(self, context: Context, nested: bool = False) -> str:
        """Translate and fill in; a translation with wrong place-holders is passed over for the original text."""
        message_context = None if self.message_context is None else self.message_context.resolve(context)
        with context.update({name: value.resolve(context) for name, value in self.extra_context.items()}):
            result, names = self._message(context, message_context)
            data = {name: self._shown(name, context) for name in names}
        try:
            text = result % data
        except (KeyError, ValueError):
            if nested:
                raise TemplateSyntaxError(
                    f"{self.tag_name!r} is unable to format string returned by gettext: {result!r} using {data!r}"
                )
            with translation.override(None):
                text = self.render(context, nested=True)
        if self.asvar:
            context[self.asvar] = SafeString(text)
            return ""
        return text

    def _message(self, context: Context, message_context: str | None) -> tuple[str, list[str]]:
        singular, names = self.render_token_list(self.singular)
        if not (self.plural and self.countervar and self.counter):
            if message_context:
                return translation.pgettext(message_context, singular), names
            return translation.gettext(singular), names
        count = self.counter.resolve(context)
        if not isinstance(count, (Decimal, float, int)):
            raise TemplateSyntaxError(f"{self.countervar!r} argument to {self.tag_name!r} tag must be a number.")
        context[self.countervar] = count
        plural, more = self.render_token_list(self.plural)
        names = [*names, *more]
        if message_context:
            return translation.npgettext(message_context, singular, plural, count), names
        return translation.ngettext(singular, plural, count), names

    @staticmethod
    def _shown(name: str, context: Context) -> str:
        if name in context:
            value = context[name]
        else:
            value = context.template.engine.string_if_invalid  # type: ignore[union-attr]
            value = value % name if "%s" in value else value
        return render_value_in_context(value, context)


class LanguageNode(Node):
    """``{% language code %}…{% endlanguage %}``"""

    def __init__(self, nodelist: NodeList, language: FilterExpression) -> None:
        self.nodelist = nodelist
        self.language = language

    def render(self, context: Context) -> str:
        """Render the body in the language."""
        with translation.override(self.language.resolve(context)):
            return self.nodelist.render(context)


def _as_only(token: Token, kind: type[_AsNode]) -> _AsNode:
    words = token.contents.split()
    if len(words) != 3 or words[1] != "as":
        raise TemplateSyntaxError(f"'{words[0]}' requires 'as variable' (got {words!r})")
    return kind(words[2])


@register.tag("get_available_languages")
def do_get_available_languages(parser: Parser, token: Token) -> Node:
    """Store the languages of the settings, with translated names."""
    return _as_only(token, GetAvailableLanguagesNode)


@register.tag("get_current_language")
def do_get_current_language(parser: Parser, token: Token) -> Node:
    """Store the code of the current language."""
    return _as_only(token, GetCurrentLanguageNode)


@register.tag("get_current_language_bidi")
def do_get_current_language_bidi(parser: Parser, token: Token) -> Node:
    """Store whether the current language is written from right to left."""
    return _as_only(token, GetCurrentLanguageBidiNode)


def _for_as(token: Token, kind: str) -> tuple[str, str]:
    words = token.split_contents()
    if len(words) != 5 or words[1] != "for" or words[3] != "as":
        raise TemplateSyntaxError(f"'{words[0]}' requires 'for {kind} as variable' (got {words[1:]!r})")
    return words[2], words[4]


@register.tag("get_language_info")
def do_get_language_info(parser: Parser, token: Token) -> Node:
    """Store what is known about a language."""
    code, variable = _for_as(token, "string")
    return GetLanguageInfoNode(parser.compile_filter(code), variable)


@register.tag("get_language_info_list")
def do_get_language_info_list(parser: Parser, token: Token) -> Node:
    """Store what is known about several languages."""
    codes, variable = _for_as(token, "sequence")
    return GetLanguageInfoListNode(parser.compile_filter(codes), variable)


@register.filter
def language_name(lang_code: str) -> str:
    """Return the English name of a language."""
    return translation.get_language_info(lang_code)["name"]  # type: ignore[no-any-return]


@register.filter
def language_name_translated(lang_code: str) -> str:
    """Return the name of a language in the current one."""
    return translation.gettext(translation.get_language_info(lang_code)["name"])


@register.filter
def language_name_local(lang_code: str) -> str:
    """Return the name of a language in itself."""
    return translation.get_language_info(lang_code)["name_local"]  # type: ignore[no-any-return]


@register.filter
def language_bidi(lang_code: str) -> bool:
    """Say whether a language is written from right to left."""
    return translation.get_language_info(lang_code)["bidi"]  # type: ignore[no-any-return]


@register.tag("translate")
@register.tag("trans")
def do_translate(parser: Parser, token: Token) -> TranslateNode:
    """Translate a text, or the value of a variable."""
    words = token.split_contents()
    if len(words) < 2:
        raise TemplateSyntaxError(f"'{words[0]}' takes at least one argument")
    message = parser.compile_filter(words[1])
    noop, asvar, message_context = False, None, None
    seen: set[str] = set()
    rest = words[2:]
    while rest:
        option = rest.pop(0)
        if option in seen:
            raise TemplateSyntaxError(f"The '{option}' option was specified more than once.")
        seen.add(option)
        if option == "noop":
            noop = True
        elif option == "context":
            value = _argument(rest, words[0], option)
            if value in ("as", "noop"):
                raise TemplateSyntaxError(f"Invalid argument '{value}' provided to the '{words[0]}' tag for the context option")
            message_context = parser.compile_filter(value)
        elif option == "as":
            asvar = _argument(rest, words[0], option)
        else:
            raise TemplateSyntaxError(
                f"Unknown argument for '{words[0]}' tag: '{option}'. The only options available are 'noop', 'context' \"xxx\", and 'as VAR'."
            )
    return TranslateNode(message, noop, asvar, message_context)


def _argument(rest: list[str], tag: str, option: str) -> str:
    if not rest:
        raise TemplateSyntaxError(f"No argument provided to the '{tag}' tag for the {option} option.")
    return rest.pop(0)


@register.tag("blocktranslate")
@register.tag("blocktrans")
def do_block_translate(parser: Parser, token: Token) -> BlockTranslateNode:
    """Translate a text with variables in it, and with a plural form."""
    words = token.split_contents()
    options = _block_options(parser, words)
    countervar, counter = next(iter(options.get("count", {}).items()), (None, None))
    singular, end = _tokens(parser)
    plural: list[Token] | None = None
    if countervar and counter:
        if end.contents.strip() != "plural":
            raise TemplateSyntaxError(f"'{words[0]}' doesn't allow other block tags inside it")
        plural, end = _tokens(parser)
    if end.contents.strip() != f"end{words[0]}":
        raise TemplateSyntaxError(f"'{words[0]}' doesn't allow other block tags (seen '{end.contents}') inside it")
    return BlockTranslateNode(
        options.get("with", {}),
        singular,
        plural,
        countervar,
        counter,
        options.get("context"),
        trimmed=options.get("trimmed", False),
        asvar=options.get("asvar"),
        tag_name=words[0],
    )


def _tokens(parser: Parser) -> tuple[list[Token], Token]:
    """Return the text and variables up to the next tag, and that tag."""
    found: list[Token] = []
    while parser.tokens:
        token = parser.next_token()
        if token.token_type not in (TokenType.VAR, TokenType.TEXT):
            return found, token
        found.append(token)
    raise TemplateSyntaxError("'blocktranslate' is not closed before the end of the template")


def _block_options(parser: Parser, words: list[str]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    rest = words[1:]
    while rest:
        option = rest.pop(0)
        if option in options:
            raise TemplateSyntaxError(f"The {option!r} option was specified more than once.")
        options[option] = _block_option(parser, words[0], option, rest)
    return options


def _block_option(parser: Parser, tag: str, option: str, rest: list[str]) -> Any:
    if option == "with":
        values = token_kwargs(rest, parser, support_legacy=True)
        if not values:
            raise TemplateSyntaxError(f'"with" in {tag!r} tag needs at least one keyword argument.')
        return values
    if option == "count":
        values = token_kwargs(rest, parser, support_legacy=True)
        if len(values) != 1:
            raise TemplateSyntaxError(f'"count" in {tag!r} tag expected exactly one keyword argument.')
        return values
    if option == "context":
        if not rest:
            raise TemplateSyntaxError(f'"context" in {tag!r} tag expected exactly one argument.')
        return parser.compile_filter(rest.pop(0))
    if option == "trimmed":
        return True
    if option == "asvar":
        return _argument(rest, tag, option)
    raise TemplateSyntaxError(f"Unknown argument for {tag!r} tag: {option!r}.")


@register.tag
def language(parser: Parser, token: Token) -> LanguageNode:
    """Switch the language for the body."""
    words = token.split_contents()
    if len(words) != 2:
        raise TemplateSyntaxError(f"'{words[0]}' takes one argument (language)")
    expression = parser.compile_filter(words[1])
    nodelist = parser.parse(("endlanguage",))
    parser.delete_first_token()
    return LanguageNode(nodelist, expression)
