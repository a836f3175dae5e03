"""Containers: several values per key, case-insensitive mappings, ordered sets, immutable lists."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, NoReturn


class OrderedSet:
    """A set that keeps the order in which its members were added."""

    def __init__(self, iterable: Iterable[Any] | None = None) -> None:
        self.dict: dict[Any, None] = dict.fromkeys(iterable or ())

    def add(self, item: Any) -> None:
        """Add ``item`` unless it is there."""
        self.dict[item] = None

    def remove(self, item: Any) -> None:
        """Remove ``item``; raises KeyError if it is not there."""
        del self.dict[item]

    def discard(self, item: Any) -> None:
        """Remove ``item`` if it is there."""
        self.dict.pop(item, None)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.dict)

    def __reversed__(self) -> Any:
        return reversed(self.dict)

    def __contains__(self, item: object) -> bool:
        return item in self.dict

    def __bool__(self) -> bool:
        return bool(self.dict)

    def __len__(self) -> int:
        return len(self.dict)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self.dict) if self.dict else ''})"


class MultiValueDictKeyError(KeyError):
    """The key is not in the MultiValueDict."""


class MultiValueDict(dict[Any, Any]):
    """A dictionary with a list of values per key; plain look-ups give the last one.

    Query strings and form data are held in it. ``d[key]`` of an empty list is ``[]``; a missing key raises MultiValueDictKeyError.
    """

    def __init__(self, key_to_list_mapping: Any = ()) -> None:
        super().__init__(key_to_list_mapping)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {super().__repr__()}>"

    def __getitem__(self, key: Any) -> Any:
        try:
            values = super().__getitem__(key)
        except KeyError:
            raise MultiValueDictKeyError(key) from None
        return values[-1] if values else []

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, [value])

    def __copy__(self) -> "MultiValueDict":
        return type(self)([(key, values[:]) for key, values in self.lists()])

    def __deepcopy__(self, memo: dict[int, Any]) -> "MultiValueDict":
        twin = type(self)()
        memo[id(self)] = twin
        for key, values in dict.items(self):
            dict.__setitem__(twin, copy.deepcopy(key, memo), copy.deepcopy(values, memo))
        return twin

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_data": {key: self._getlist(key) for key in self}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        lists = state.pop("_data", {})
        for key, values in lists.items():
            dict.__setitem__(self, key, values)
        self.__dict__.update(state)

    def get(self, key: Any, default: Any = None) -> Any:
        """Return the last value of ``key``, or ``default`` if there is none."""
        values = super().get(key)
        return values[-1] if values else default

    def _getlist(self, key: Any, default: Any = None, force_list: bool = False) -> Any:
        # The list itself (a caller may change it); getlist() gives a copy.
        if key not in self:
            return [] if default is None else default
        values = super().__getitem__(key)
        return list(values) if force_list and values is not None else values

    def getlist(self, key: Any, default: Any = None) -> Any:
        """Return a copy of the list of values of ``key``; an empty list, or ``default``, if the key is missing."""
        return self._getlist(key, default, force_list=True)

    def setlist(self, key: Any, list_: list[Any]) -> None:
        """Make ``list_`` the values of ``key``."""
        super().__setitem__(key, list_)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """Return the last value of ``key``, after setting it to ``default`` if the key is missing."""
        if key not in self:
            self[key] = default
        return self[key]

    def setlistdefault(self, key: Any, default_list: list[Any] | None = None) -> Any:
        """Return the list of ``key``, after setting it to ``default_list`` if the key is missing."""
        if key not in self:
            self.setlist(key, [] if default_list is None else default_list)
        return self._getlist(key)

    def appendlist(self, key: Any, value: Any) -> None:
        """Append ``value`` to the values of ``key``."""
        self.setlistdefault(key).append(value)

    def items(self) -> Any:
        """Yield ``(key, last value)``."""
        return ((key, self[key]) for key in self)

    def lists(self) -> Any:
        """Return an iterator of ``(key, list of values)``."""
        return iter(super().items())

    def values(self) -> Any:
        """Yield the last value of each key."""
        return (self[key] for key in self)

    def copy(self) -> "MultiValueDict":
        """Return a copy with lists of its own."""
        return copy.copy(self)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Like ``dict.update``, but the new values are appended to those that are there."""
        if len(args) > 1:
            raise TypeError(f"update expected at most 1 argument, got {len(args)}")
        source = args[0] if args else ()
        if isinstance(source, MultiValueDict):
            for key, values in source.lists():
                self.setlistdefault(key).extend(values)
        else:
            for key, value in source.items() if isinstance(source, Mapping) else source:
                self.setlistdefault(key).append(value)
        for key, value in kwargs.items():
            self.setlistdefault(key).append(value)

    def dict(self) -> dict[Any, Any]:
        """Return a plain dict of the last values."""
        return {key: self[key] for key in self}


class ImmutableList(tuple[Any, ...]):
    """A tuple with the methods of a list, which all raise AttributeError with the given ``warning``."""

    warning: str

    def __new__(cls, *args: Any, warning: str = "ImmutableList object is immutable.", **kwargs: Any) -> "ImmutableList":
        self = super().__new__(cls, *args, **kwargs)
        self.warning = warning
        return self

    def complain(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise AttributeError."""
        raise AttributeError(self.warning)

    __delitem__ = __iadd__ = __imul__ = __setitem__ = complain  # type: ignore[assignment]
    append = extend = insert = pop = remove = sort = reverse = complain


class DictWrapper(dict[str, Any]):
    """A dict whose keys that begin with ``prefix`` are looked up without it, and their values passed through ``func``."""

    def __init__(self, data: Any, func: Callable[[Any], Any], prefix: str) -> None:
        super().__init__(data)
        self.func = func
        self.prefix = prefix

    def __getitem__(self, key: str) -> Any:
        if key.startswith(self.prefix):
            return self.func(super().__getitem__(key.removeprefix(self.prefix)))
        return super().__getitem__(key)


class DeferredSubDict:
    """A view of the dictionary that stands in ``parent`` under ``key``, looked up anew each time."""

    def __init__(self, deferred: Mapping[Any, Any], key: Any) -> None:
        self.parent = deferred
        self.key = key

    def __getitem__(self, name: Any) -> Any:
        return self.parent[self.key][name]


class CaseInsensitiveMapping(Mapping[str, Any]):
    """An immutable mapping whose look-ups ignore the case of keys, and which lists keys as they were given."""

    def __init__(self, data: Any) -> None:
        self._store: dict[str, tuple[str, Any]] = {key.lower(): (key, value) for key, value in _pairs(data)}

    def __getitem__(self, key: str) -> Any:
        return self._store[key.lower()][1]

    def __len__(self) -> int:
        return len(self._store)

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._store.values())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return {key.lower(): value for key, value in self.items()} == {key.lower(): value for key, value in other.items()}

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(dict(self._store.values()))

    def copy(self) -> "CaseInsensitiveMapping":
        """Return itself: it cannot change."""
        return self


def _pairs(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping):
        yield from data.items()
        return
    for position, pair in enumerate(data):
        if len(pair) != 2:
            raise ValueError(f"dictionary update sequence element #{position} has length {len(pair)}; 2 is required")
        if not isinstance(pair[0], str):
            raise ValueError(f"Element key {pair[0]} invalid, only strings are allowed")
        yield pair
