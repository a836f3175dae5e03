"""What a declaration means: fields, inheritance, descriptions for migrations, checks. No database."""

import copy
import pickle

import pytest
from tests.models.models import Atlas, Author, Book, Cell, Item, Sorted

from nuages import models
from nuages.exceptions import FieldDoesNotExist, FieldError


def test_meta_lists_fields_and_reverse_relations():
    names = {field.name for field in Author._meta.get_fields()}
    assert {"books", "read", "item", "id", "name"} <= names
    assert [field.name for field in Atlas._meta.concrete_fields] == ["id", "author", "pages", "book_ptr", "data"]
    assert Atlas._meta.pk.name == "book_ptr" and Sorted._meta.concrete_model is Author
    with pytest.raises(FieldDoesNotExist):
        Book._meta.get_field("nothing")


def test_deconstruct_tells_only_what_differs():
    name, path, args, kwargs = models.CharField(max_length=5, db_index=True).deconstruct()
    assert (path, args, kwargs) == ("nuages.models.CharField", [], {"max_length": 5, "db_index": True})
    assert Book._meta.get_field("author").deconstruct()[3] == {
        "on_delete": models.CASCADE, "related_name": "books", "to": "models.author",
    }
    assert models.SlugField().deconstruct()[3] == {} and models.EmailField().deconstruct()[3] == {"max_length": 254}


def test_fields_copy_and_pickle():
    field = Author._meta.get_field("name")
    assert copy.deepcopy(field) == field and pickle.loads(pickle.dumps(field)) is field
    assert field.clone().max_length == 20


def test_index_names_follow_the_digest():
    index = models.Index(fields=["name"])
    index.set_name_with_model(Author)
    assert index.name == "models_auth_name_" + index.name.split("_")[3] + "_idx" and len(index.name) <= 30


def test_local_field_may_not_hide_a_parents_field():
    with pytest.raises(FieldError, match="clashes with field of the same name"):

        class Thick(Book):
            pages = models.IntegerField()

            class Meta:
                app_label = "models"


def test_choices_and_values():
    item = Item(color="b")
    assert item.get_color_display() == "Blue" and "r" in Item.Color and Item.Color.labels == ["Red wine", "Blue"]
    assert Cell(pk=(1, 2)) == Cell(row=1, column=2) and hash(Cell(row=1, column=2))
    with pytest.raises(TypeError, match="unexpected keyword"):
        Author(nothing=1)


def test_checks_find_mistakes():
    found = {message.id for message in models.CharField(name="a_").check()}
    assert found == {"fields.E001", "fields.E120"}
    assert not [message for model in (Author, Book, Atlas, Item, Cell) for message in model.check() if message.level > 30]


def test_constructor_costs_few_calls():
    import cProfile
    import pstats

    Book(pages=1)
    profile = cProfile.Profile()
    profile.enable()
    Book(pages=1)
    profile.disable()
    assert pstats.Stats(profile).total_calls <= 12
