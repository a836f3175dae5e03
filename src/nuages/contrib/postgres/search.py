"""Full text search and similarity by trigrams (documentation: ref/contrib/postgres/search)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from nuages.contrib.postgres.fields.registering import lookup_of
from nuages.contrib.postgres.installation import installation_errors
from nuages.contrib.postgres.lexemes import CombinedLexeme, Lexeme, LexemeCombinable
from nuages.models import CharField, FloatField, TextField
from nuages.models.fields.field import Field
from nuages.sql.expressions import CombinedExpression, Expression, Func, Value
from nuages.sql.functions import Cast, Coalesce
from nuages.sql.lookups import Exact

__all__ = [
    "CombinedLexeme",
    "CombinedSearchQuery",
    "CombinedSearchVector",
    "Lexeme",
    "SearchConfig",
    "SearchHeadline",
    "SearchQuery",
    "SearchQueryField",
    "SearchRank",
    "SearchVector",
    "SearchVectorExact",
    "SearchVectorField",
    "TrigramDistance",
    "TrigramSimilarity",
    "TrigramStrictWordDistance",
    "TrigramStrictWordSimilarity",
    "TrigramWordDistance",
    "TrigramWordSimilarity",
]


class SearchVectorField(Field[str]):
    """A document prepared for search."""

    def check(self, **kwargs: Any) -> list[Any]:
        """postgres.E005."""
        return [*super().check(**kwargs), *installation_errors(self)]

    def db_type(self, connection: Any) -> str:
        return "tsvector"


class SearchQueryField(Field[str]):
    """What is searched for; the type of an expression, not of a column that models have."""

    def db_type(self, connection: Any) -> str:
        return "tsquery"


class SearchConfig(Expression):
    """The name of a search configuration: text, or an expression that gives one."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config if hasattr(config, "resolve_expression") else Value(config)

    @classmethod
    def from_parameter(cls, config: Any) -> SearchConfig | None:
        """The configuration for a ``config`` argument."""
        return config if config is None or isinstance(config, cls) else cls(config)

    def get_source_expressions(self) -> list[Any]:
        return [self.config]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.config,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The name as what the functions of search take."""
        sql, params = compiler.compile(self.config)
        return f"{sql}::regconfig", params


class _Configured(Func):
    """A function whose first argument may be a configuration."""

    config: SearchConfig | None

    def _leading(self) -> list[Any]:
        return [] if self.config is None else [self.config]

    def get_source_expressions(self) -> list[Any]:
        return [*self._leading(), *super().get_source_expressions()]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        if self.config is not None:
            self.config, *exprs = exprs
        super().set_source_expressions(exprs)

    def _called(self, function: str, compiler: Any, parts: list[tuple[str, Any]]) -> tuple[str, tuple[Any, ...]]:
        """The function with the configuration and these arguments."""
        every = [*(compiler.compile(item) for item in self._leading()), *parts]
        return f"{function}({', '.join(sql for sql, _ in every)})", tuple(one for _, params in every for one in params)


# -- documents --------------------------------------------------------------------------------------------------


class SearchVectorCombinable:
    """``+`` between documents."""

    ADD = "||"
    config: Any

    def _combine(self, other: Any, connector: str, reversed: bool) -> CombinedSearchVector:
        if not isinstance(other, SearchVectorCombinable):
            raise TypeError(
                f"SearchVector can only be combined with other SearchVector instances, got {type(other).__name__}."
            )
        first, second = (other, self) if reversed else (self, other)
        return CombinedSearchVector(first, connector, second, self.config)


class SearchVector(SearchVectorCombinable, _Configured):  # type: ignore[misc]
    """A document of one or more columns or expressions.

    Args:
        config: The search configuration (language); the database's own by default.
        weight: "A" to "D": how much it counts.
    """

    function = "to_tsvector"
    output_field = SearchVectorField()

    def __init__(self, *expressions: Any, config: Any = None, weight: Any = None) -> None:
        super().__init__(*expressions)
        self.config = SearchConfig.from_parameter(config)
        self.weight = weight if weight is None or hasattr(weight, "resolve_expression") else Value(weight)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """``to_tsvector`` of the texts with spaces between them; nothing counts as an empty text."""
        texts = [compiler.compile(_text(item)) for item in self.source_expressions]
        document = (" || ' ' || ".join(sql for sql, _ in texts), tuple(one for _, params in texts for one in params))
        sql, params = self._called("to_tsvector", compiler, [document])
        if self.weight is None:
            return sql, params
        weight, weight_params = compiler.compile(self.weight)
        return f"setweight({sql}, {weight})", (*params, *weight_params)


def _text(expression: Any) -> Any:
    if not isinstance(expression._output_field_or_none, (CharField, TextField)):
        expression = Cast(expression, TextField())
    return Coalesce(expression, Value("", TextField()), output_field=TextField())


class CombinedSearchVector(SearchVectorCombinable, CombinedExpression):  # type: ignore[misc]
    """Two documents as one."""

    def __init__(self, lhs: Any, connector: str, rhs: Any, config: Any, output_field: Any = None) -> None:
        self.config = config
        super().__init__(lhs, connector, rhs, output_field)

    def _resolve_output_field(self) -> Any:
        return SearchVector.output_field


# -- queries ----------------------------------------------------------------------------------------------------


class SearchQueryCombinable:
    """``&``, ``|`` and ``~`` between queries."""

    BITAND = "&&"
    BITOR = "||"

    def _combine(self, other: Any, connector: str, reversed: bool) -> CombinedSearchQuery:
        if not isinstance(other, SearchQueryCombinable):
            raise TypeError(
                f"SearchQuery can only be combined with other SearchQuery instances, got {type(other).__name__}."
            )
        first, second = (other, self) if reversed else (self, other)
        return CombinedSearchQuery(first, connector, second, getattr(self, "config", None))

    def __and__(self, other: Any) -> CombinedSearchQuery:
        return self._combine(other, self.BITAND, False)

    def __or__(self, other: Any) -> CombinedSearchQuery:
        return self._combine(other, self.BITOR, False)

    def __rand__(self, other: Any) -> CombinedSearchQuery:
        return self._combine(other, self.BITAND, True)

    def __ror__(self, other: Any) -> CombinedSearchQuery:
        return self._combine(other, self.BITOR, True)


class SearchQuery(SearchQueryCombinable, _Configured):  # type: ignore[misc]
    """What users search for.

    Args:
        value: Their text, an expression, or :class:`Lexeme` objects.
        config: The search configuration (language); the database's own by default.
        search_type: "plain" (all words), "phrase" (in this order), "raw" (with operators, which must be right) or
            "websearch" (with the operators of search engines). Lexemes need none.
    """

    output_field = SearchQueryField()
    # What stands before ``to_tsquery`` in the name of the function.
    SEARCH_TYPES: ClassVar[dict[str, str]] = {
        "raw": "",
        "plain": "plain",
        "phrase": "phrase",
        "websearch": "websearch_",
    }

    def __init__(
        self,
        value: Any,
        output_field: Any = None,
        *,
        config: Any = None,
        invert: bool = False,
        search_type: str = "plain",
    ) -> None:
        if search_type not in self.SEARCH_TYPES:
            raise ValueError(
                f"Unknown search_type argument '{search_type}': it is one of {', '.join(self.SEARCH_TYPES)}."
            )
        if isinstance(value, LexemeCombinable):
            search_type = "raw"
        super().__init__(value if hasattr(value, "resolve_expression") else Value(value), output_field=output_field)
        self.config = SearchConfig.from_parameter(config)
        self.invert = invert
        self.search_type = search_type

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """The function of the search type."""
        value = compiler.compile(self.source_expressions[0])
        sql, params = self._called(f"{self.SEARCH_TYPES[self.search_type]}to_tsquery", compiler, [value])
        return (f"!!({sql})" if self.invert else sql), params

    def __invert__(self) -> Self:
        value = self.source_expressions[0]
        return type(self)(value, config=self.config, invert=not self.invert, search_type=self.search_type)

    def __str__(self) -> str:
        return f"{'~' if self.invert else ''}{super().__str__()}"


class CombinedSearchQuery(SearchQueryCombinable, CombinedExpression):  # type: ignore[misc]
    """Two queries with an operator between them."""

    def __init__(
        self, lhs: Any, connector: str, rhs: Any, config: Any, output_field: Any = None, *, invert: bool = False
    ) -> None:
        self.config = config
        self.invert = invert
        super().__init__(lhs, connector, rhs, output_field)

    def __str__(self) -> str:
        return f"{'~' if self.invert else ''}({super().__str__()})"

    def __invert__(self) -> Self:
        return type(self)(self.lhs, self.connector, self.rhs, self.config, invert=not self.invert)

    def _resolve_output_field(self) -> Any:
        return SearchQuery.output_field

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The queries and the operator, negated if need be."""
        sql, params = super().as_sql(compiler, connection)
        return (f"!!{sql}" if self.invert else sql), params


@lookup_of(SearchVectorField)
class SearchVectorExact(Exact):
    """The document matches the query; text is a query in the document's language."""

    prepare_rhs = False

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The query."""
        if not isinstance(self.rhs, SearchQueryCombinable):
            config = getattr(self.lhs, "config", None)
            self.rhs = SearchQuery(self.rhs, config=config).resolve_expression(compiler.query)
        return super().process_rhs(compiler, connection)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """``document @@ query``."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}", (*left_params, *right_params)


# -- results ----------------------------------------------------------------------------------------------------


class _Weights(Func):
    template = "(%(expressions)s)::float4[]"


class SearchRank(Func):
    """How well a document matches a query.

    Args:
        weights: Four numbers for the weights D, C, B and A.
        normalization: Bits that say how the length of the document counts.
        cover_density: Whether the distance between the terms counts.
    """

    function = "ts_rank"
    output_field = FloatField()

    def __init__(
        self, vector: Any, query: Any, weights: Any = None, normalization: Any = None, cover_density: bool = False
    ) -> None:
        if not hasattr(vector, "resolve_expression"):
            vector = SearchVector(vector)
        if not hasattr(query, "resolve_expression"):
            query = SearchQuery(query)
        arguments = [vector, query]
        if weights is not None:
            arguments.insert(0, _Weights(weights if hasattr(weights, "resolve_expression") else Value(weights)))
        if normalization is not None:
            arguments.append(normalization if hasattr(normalization, "resolve_expression") else Value(normalization))
        super().__init__(*arguments)
        if cover_density:
            self.function = "ts_rank_cd"


class SearchHeadline(_Configured):
    """A part of the text in which the terms of the query are marked; the options are those of PostgreSQL's ``ts_headline``."""

    output_field = TextField()

    def __init__(
        self,
        expression: Any,
        query: Any,
        *,
        config: Any = None,
        start_sel: str | None = None,
        stop_sel: str | None = None,
        max_words: int | None = None,
        min_words: int | None = None,
        short_word: int | None = None,
        highlight_all: bool | None = None,
        max_fragments: int | None = None,
        fragment_delimiter: str | None = None,
    ) -> None:
        if not hasattr(query, "resolve_expression"):
            query = SearchQuery(query)
        super().__init__(expression, query)
        self.config = SearchConfig.from_parameter(config)
        texts = {"StartSel": start_sel, "StopSel": stop_sel, "FragmentDelimiter": fragment_delimiter}
        numbers = {"MaxWords": max_words, "MinWords": min_words, "ShortWord": short_word, "MaxFragments": max_fragments}
        every = {**texts, **numbers, "HighlightAll": highlight_all}
        self.options = {name: value for name, value in every.items() if value is not None}

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """``ts_headline``; its options are one parameter."""
        parts = [compiler.compile(item) for item in self.source_expressions]
        if self.options:
            parts.append(("%s", (", ".join(f"{name}={_option(value)}" for name, value in self.options.items()),)))
        return self._called("ts_headline", compiler, parts)


def _option(value: Any) -> str:
    """The value as the text of options has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'"


# -- trigrams ---------------------------------------------------------------------------------------------------


class _Trigram(Func):
    output_field = FloatField()

    def __init__(self, expression: Any, string: Any, **extra: Any) -> None:
        super().__init__(expression, _value(string), **extra)


class _TrigramWord(Func):
    output_field = FloatField()

    def __init__(self, string: Any, expression: Any, **extra: Any) -> None:
        super().__init__(_value(string), expression, **extra)


def _value(string: Any) -> Any:
    return string if hasattr(string, "resolve_expression") else Value(string)


class TrigramSimilarity(_Trigram):
    """How many trigrams two texts share, from 0 to 1; needs the extension ``pg_trgm``, as do all that follow."""

    function = "SIMILARITY"


class TrigramDistance(_Trigram):
    """1 less the similarity."""

    function = ""
    arg_joiner = " <-> "


class TrigramWordSimilarity(_TrigramWord):
    """The similarity of a text to the part of another that is most like it."""

    function = "WORD_SIMILARITY"


class TrigramWordDistance(_TrigramWord):
    """1 less the similarity to a part."""

    function = ""
    arg_joiner = " <<-> "


class TrigramStrictWordSimilarity(_TrigramWord):
    """The similarity to a part that consists of whole words."""

    function = "STRICT_WORD_SIMILARITY"


class TrigramStrictWordDistance(_TrigramWord):
    """1 less the similarity to a part that consists of whole words."""

    function = ""
    arg_joiner = " <<<-> "
