"""Full text search, trigrams and accents."""

import pytest
from tests.contrib.postgres.models import Blog, Entry

from nuages.contrib.postgres import search
from nuages.contrib.postgres.search import Lexeme, SearchHeadline, SearchQuery, SearchRank, SearchVector
from nuages.exceptions import FieldError
from nuages.migrations.writer import MigrationWriter
from nuages.models import F, Value
from nuages.models.functions import Upper

ENGLISH = SearchVector("body", config="english")


@pytest.fixture
def entries(postgres):
    english = Blog.objects.create(tagline="All about cheese and tomatoes")
    french = Blog.objects.create(language="french")
    Entry.objects.create(name="Toast", body="Cheese on toast recipes, with red tomato", blog=english)
    Entry.objects.create(name="Pizza", body="Pizza recipes: green dough, much CHEESE % here", blog=french)
    Entry.objects.create(name="oeuf", body="Pain perdu aux œufs mangés", blog=french)
    Entry.objects.create(name="null", blog=english)


def found(queryset):
    return [entry.name for entry in queryset.order_by("pk")]


def test_the_lookup(entries):
    assert found(Entry.objects.filter(body__search="Cheese recipe")) == ["Toast", "Pizza"]
    assert found(Entry.objects.filter(name__search="toast")) == ["Toast"]
    assert found(Entry.objects.filter(body__search=F("name"))) == ["Toast", "Pizza"]
    assert found(Entry.objects.filter(body__search=SearchQuery("œuf", config="french"))) == ["oeuf"]
    with pytest.raises(FieldError):
        Entry.objects.filter(stars__search="x")


@pytest.mark.parametrize(
    ("vector", "query", "names"),
    [
        (SearchVector("body", "blog__tagline"), "tomatoes", ["Toast", "null"]),
        (SearchVector("body") + SearchVector("blog__tagline"), "tomatoes", ["Toast", "null"]),
        (SearchVector("body", "stars"), "1", ["Toast", "Pizza", "oeuf", "null"]),
        (SearchVector("body", weight="A"), "cheese", ["Toast", "Pizza"]),
        # Text is a query in the language of the document.
        (SearchVector("body", config="french"), "manger", ["oeuf"]),
        (SearchVector("body", config=F("blog__language")), SearchQuery("œuf", config=F("blog__language")), ["oeuf"]),
        (ENGLISH, SearchQuery("red tomato"), ["Toast"]),
        (ENGLISH, SearchQuery("red tomato", search_type="phrase"), ["Toast"]),
        (ENGLISH, SearchQuery("tomato red", search_type="phrase"), []),
        (ENGLISH, SearchQuery("'tomato' | 'green'", search_type="raw"), ["Toast", "Pizza"]),
        (ENGLISH, SearchQuery("cheese -tomato", search_type="websearch"), ["Pizza"]),
        (ENGLISH, SearchQuery("cheese") & SearchQuery("pizza"), ["Pizza"]),
        (ENGLISH, SearchQuery("toast") | SearchQuery("pizza"), ["Toast", "Pizza"]),
        (ENGLISH, ~SearchQuery("pizza"), ["Toast", "oeuf", "null"]),
        (ENGLISH, ~~SearchQuery("pizza"), ["Pizza"]),
        (ENGLISH, ~(SearchQuery("toast") | SearchQuery("pizza")), ["oeuf", "null"]),
        (ENGLISH, SearchQuery(Lexeme("cheese") & ~Lexeme("toast")), ["Pizza"]),
        (ENGLISH, SearchQuery(Lexeme("pizza") | Lexeme("toast")), ["Toast", "Pizza"]),
        (ENGLISH, SearchQuery(~(Lexeme("cheese") & Lexeme("toast"))), ["Pizza", "oeuf", "null"]),
        (ENGLISH, SearchQuery(Lexeme("chee", prefix=True)), ["Toast", "Pizza"]),
        (ENGLISH, SearchQuery(Lexeme("cheese", weight="A")), []),
        (SearchVector("body", weight="A"), SearchQuery(Lexeme("chee", weight="a", prefix=True)), ["Toast", "Pizza"]),
    ],
)
def test_documents_and_queries(entries, vector, query, names):
    assert found(Entry.objects.annotate(document_=vector).filter(document_=query)) == names


@pytest.mark.parametrize(
    "text", ["it's", "a & b", "a | !b", "(", "a:*", "'", "\\", "\\'", "'' & ''", "a\0b", "<->", "%s"]
)
def test_lexemes_are_no_operators(entries, text):
    query = SearchQuery(Lexeme(text) & Lexeme("nothing that is there"))
    assert found(Entry.objects.annotate(document_=ENGLISH).filter(document_=query)) == []


def test_errors_of_composition():
    with pytest.raises(ValueError, match="search_type"):
        SearchQuery("a", search_type="other")
    for wrong in (
        lambda: SearchQuery("a") & "b",
        lambda: SearchVector("a") + "b",
        lambda: Lexeme("a") | "b",
        lambda: Lexeme(3),
    ):
        with pytest.raises(TypeError):
            wrong()
    for wrong in (lambda: Lexeme(""), lambda: Lexeme("a", weight="E")):
        with pytest.raises(ValueError):
            wrong()


def test_a_generated_document(entries):
    assert found(Entry.objects.filter(document="cheese")) == ["Toast", "Pizza"]
    assert found(Entry.objects.filter(document=SearchQuery(Lexeme("toast", weight="A")))) == ["Toast"]
    Entry.objects.update(vector=SearchVector("body"))
    assert found(Entry.objects.filter(vector="cheese")) == ["Toast", "Pizza"]


def test_ranks(entries):
    query = SearchQuery("cheese", config="english")

    def ranks(**options):
        rank = SearchRank(ENGLISH, query, **options)
        return dict(Entry.objects.annotate(rank=rank).values_list("name", "rank"))

    plain = ranks()
    assert plain["Toast"] > 0 == plain["null"]
    assert ranks(weights=[0, 0, 0, 0])["Toast"] == 0
    assert ranks(weights=[1, 1, 1, 1])["Toast"] > plain["Toast"]
    assert ranks(normalization=2)["Toast"] < plain["Toast"]
    assert ranks(normalization=Value(2).bitor(Value(4))) == ranks(normalization=6)
    assert ranks(cover_density=True)["Toast"] != plain["Toast"]
    assert found(Entry.objects.annotate(rank=SearchRank("body", "cheese")).filter(rank__gt=0)) == ["Toast", "Pizza"]


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        (SearchHeadline("body", "tomato"), "Cheese on toast recipes, with red <b>tomato</b>"),
        (
            SearchHeadline("body", "tomato", start_sel="%'\\", stop_sel='">'),
            "Cheese on toast recipes, with red %'\\tomato\">",
        ),
        (SearchHeadline("body", "tomato", max_words=3, min_words=2, short_word=0), "red <b>tomato</b>"),
        (
            SearchHeadline(
                "body",
                SearchQuery("cheese | tomato", search_type="raw"),
                max_fragments=2,
                max_words=2,
                min_words=1,
                fragment_delimiter=" … ",
            ),
            "<b>Cheese</b> … <b>tomato</b>",
        ),
        (SearchHeadline(Upper("body"), SearchQuery("red"), config="english", highlight_all=True), None),
    ],
)
def test_headlines(entries, headline, text):
    got = Entry.objects.annotate(headline=headline).get(name="Toast").headline
    assert got == text if text else "<b>RED</b>" in got


def test_the_language_of_a_headline_may_be_a_column(entries):
    headline = SearchHeadline("body", SearchQuery("œufs", config="french"), config=F("blog__language"))
    assert "<b>œufs</b>" in Entry.objects.annotate(headline=headline).get(name="oeuf").headline


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (search.TrigramSimilarity("name", "toost"), search.TrigramDistance("name", "toost")),
        (search.TrigramWordSimilarity("too", "name"), search.TrigramWordDistance("too", "name")),
        (search.TrigramStrictWordSimilarity("too", "name"), search.TrigramStrictWordDistance("too", "name")),
    ],
)
def test_trigrams(entries, near, far):
    rows = Entry.objects.annotate(near=near, far=far).order_by("-near").values_list("name", "near", "far")
    assert rows[0][0] == "Toast" and 0 < rows[0][1] < 1
    assert all(abs(1 - near - far) < 0.001 for _, near, far in rows)


@pytest.mark.parametrize(
    ("lookup", "names"),
    [
        ({"name__trigram_similar": "toost"}, ["Toast"]),
        ({"body__trigram_word_similar": "tomatoe"}, ["Toast"]),
        ({"body__trigram_strict_word_similar": "tomatoe"}, ["Toast"]),
        ({"name__unaccent": "Töast"}, ["Toast"]),
        ({"name__unaccent__startswith": "Tö"}, ["Toast"]),
        ({"name__unaccent__in": ["Töast", "Pízza"]}, ["Toast", "Pizza"]),
        ({"name__unaccent__icontains": "ÖA"}, ["Toast"]),
        ({"body__unaccent__contains": "oeufs"}, ["oeuf"]),
    ],
)
def test_lookups_on_text(entries, lookup, names):
    assert found(Entry.objects.filter(**lookup)) == names


def test_in_migrations():
    text, imports = MigrationWriter.serialize(SearchVector("a", weight="A", config="english") + SearchVector("b"))
    home = "nuages.contrib.postgres.search"
    assert (
        text
        == (
            f"{home}.CombinedSearchVector({home}.SearchVector('a', config='english', weight='A'), '||', {home}.SearchVector('b'), "
        )
        + text.partition("SearchVector('b'), ")[2]
    )
    assert imports == {f"import {home}"}
