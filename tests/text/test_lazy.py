"""Lazy values: they wait, and then behave like the value."""

import copy
import pickle

import pytest

from nuages.text.lazy import LazyObject, SimpleLazyObject, cached_property, classproperty, keep_lazy_text, lazy, lazystr


def test_cached_property_is_computed_once_and_can_be_dropped():
    class Thing:
        calls = 0

        @cached_property
        def value(self):
            self.calls += 1
            return self.calls

    thing = Thing()
    assert (thing.value, thing.value) == (1, 1)
    del thing.value
    assert thing.value == 2


def test_classproperty():
    class Thing:
        @classproperty
        def name(cls):
            return cls.__name__

    assert Thing.name == Thing().name == "Thing"


def test_lazy_result_is_computed_each_time_and_offers_the_methods_of_its_class():
    words = iter(["a", "b", "c"])
    text = lazy(lambda: next(words), str)()
    assert text.upper() == "A"
    assert "<" + text == "<b"
    assert f"{text}" == "c"


def test_lazy_arithmetic_and_comparison():
    five = lazy(lambda: 5, int)()
    assert (4 + five, five + 4, [0] * five, 12 % five) == (9, 9, [0] * 5, 2)
    assert five == 5 and five < 6 and hash(five) == hash(5)


def test_lazy_pickles_and_copies():
    text = lazystr("x")
    assert pickle.loads(pickle.dumps(text)) == "x"
    assert copy.deepcopy(text) is text


def test_keep_lazy_delays_only_lazy_arguments():
    seen = []

    @keep_lazy_text
    def shout(text):
        seen.append(text)
        return str(text).upper()

    assert shout("a") == "A" and seen == ["a"]
    delayed = shout(lazystr("b"))
    assert seen == ["a"]
    assert str(delayed) == "B"


def test_lazy_object_has_only_the_container_methods_of_what_it_wraps():
    assert len(SimpleLazyObject(lambda: [1, 2])) == 2
    number = SimpleLazyObject(lambda: 3)
    assert not hasattr(number, "__len__")
    with pytest.raises(TypeError):
        len(number)
    assert isinstance(number, int)


def test_lazy_object_passes_attributes_on():
    class Box:
        size = 1

    class Lazily(LazyObject):
        def _setup(self):
            self._wrapped = Box()

    box = Lazily()
    box.size = 7
    assert box._wrapped.size == 7
    del box.size
    assert box.size == 1
