"""Look-ups on text: similarity by trigrams, letters without their accents, full text search (documentation: ref/contrib/postgres/lookups)."""

from __future__ import annotations

from typing import Any

from nuages.contrib.postgres.search import SearchVector, SearchVectorExact
from nuages.sql.lookups import PostgresOperatorLookup, Transform


class Unaccent(Transform):
    """Text without accents, on both sides of a comparison; needs the extension ``unaccent``."""

    bilateral = True
    lookup_name = "unaccent"
    function = "UNACCENT"


class SearchLookup(SearchVectorExact):
    """Full text search in one column."""

    lookup_name = "search"

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        """The column as a document, read in the language of the query."""
        if not isinstance(self.lhs.output_field, type(SearchVector.output_field)):
            config = getattr(self.rhs, "config", None)
            self.lhs = SearchVector(self.lhs, config=config).resolve_expression(compiler.query)
        return super().process_lhs(compiler, connection, lhs)


class TrigramSimilar(PostgresOperatorLookup):
    """Texts that share enough trigrams; needs the extension ``pg_trgm``, as do the two that follow."""

    lookup_name = "trigram_similar"
    postgres_operator = "%%"


class TrigramWordSimilar(PostgresOperatorLookup):
    """Texts of which a part shares enough trigrams."""

    lookup_name = "trigram_word_similar"
    postgres_operator = "%%>"


class TrigramStrictWordSimilar(PostgresOperatorLookup):
    """Texts of which a part, in whole words, shares enough trigrams."""

    lookup_name = "trigram_strict_word_similar"
    postgres_operator = "%%>>"


TEXT_LOOKUPS = (Unaccent, SearchLookup, TrigramSimilar, TrigramWordSimilar, TrigramStrictWordSimilar)
