"""Choices of fields in their one normal form: a list of ``(value, label)`` and ``(group, [(value, label), …])``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar

from nuages.text.lazy import Promise


class BaseChoiceIterator:
    """Base of iterables of choices that are evaluated each time they are iterated over."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Iterable):
            return list(self) == list(other)
        return NotImplemented

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice) or index < 0:
            return list(self)[index]
        try:
            return next(islice(self, index, None))
        except StopIteration:
            raise IndexError("index out of range") from None

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError("BaseChoiceIterator subclasses must implement __iter__().")


class BlankChoiceIterator(BaseChoiceIterator):
    """Choices with the blank choice before them, unless they have one."""

    def __init__(self, choices: Any, blank_choice: Any) -> None:
        self.choices = choices
        self.blank_choice = blank_choice

    def __iter__(self) -> Iterator[Any]:
        choices = list(self.choices)
        if not any(value in ("", None) for value, _ in flatten_choices(choices)):
            yield from self.blank_choice
        yield from choices


class CallableChoiceIterator(BaseChoiceIterator):
    """Choices that a function returns, called anew for each iteration."""

    def __init__(self, func: Callable[[], Any]) -> None:
        self.func = func

    def __iter__(self) -> Iterator[Any]:
        yield from normalize_choices(self.func())


def flatten_choices(choices: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the ``(value, label)`` pairs, those of groups included."""
    for value, label in () if choices is None else choices:  # no asking for truth: iterators of extensions may have no length yet
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


def normalize_choices(value: Any, *, depth: int = 0) -> Any:
    """Return choices in normal form: mappings, enumerations, iterators and callables are accepted at both levels.

    What is not recognised is returned as it is, for a system check to complain about.
    """
    if depth > 1 or isinstance(value, BaseChoiceIterator | Promise | bytes | str):
        return value
    if isinstance(value, type) and hasattr(value, "choices"):
        value = value.choices
    if callable(value):
        if depth == 0:
            return CallableChoiceIterator(value)
        value = value()
    try:
        items = list(value.items() if isinstance(value, Mapping) else value)
    except TypeError:
        return value
    kept = value if isinstance(value, list | tuple | set | frozenset) else items
    if any(isinstance(item, Promise | bytes | str) for item in items):
        return kept
    try:
        return [(key, normalize_choices(label, depth=depth + 1)) for key, label in items]
    except (TypeError, ValueError):
        return kept
