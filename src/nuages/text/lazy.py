"""Values that are computed on first use: cached properties, lazy results and lazy objects.

Documented as "Functional programming tools".
"""

import copy
import operator
from collections.abc import Callable, Iterable
from functools import total_ordering, wraps
from typing import Any, Generic, ParamSpec, TypeVar, overload

T = TypeVar("T")
P = ParamSpec("P")


class cached_property(Generic[T]):
    """Turn a method with a single ``self`` argument into a property that is computed once per instance.

    The result is kept in the instance's ``__dict__`` under the attribute's name: delete it there to have it computed anew.
    """

    def __init__(self, func: Callable[[Any], T]) -> None:
        self.func = self.real_func = func
        self.name: str | None = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        if self.name is not None and self.name != name:
            raise TypeError(f"Cannot assign the same cached_property to two different names ({self.name!r} and {name!r}).")
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> "cached_property[T]": ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self.name is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__() on it.")
        value = instance.__dict__[self.name] = self.func(instance)
        return value


class classproperty(Generic[T]):
    """A property that is read from the class itself: the method's only argument is the class."""

    def __init__(self, method: Callable[[Any], T] | None = None) -> None:
        self.fget = method

    def __get__(self, instance: Any, owner: type | None = None) -> T:
        if self.fget is None:
            raise AttributeError("this classproperty has no getter; add one with @name.getter")
        return self.fget(owner)

    def getter(self, method: Callable[[Any], T]) -> "classproperty[T]":
        """Set ``method`` as the getter; for use as a decorator."""
        self.fget = method
        return self


class Promise:
    """The class by which results of :func:`lazy` are recognised."""

    __slots__ = ()


# Attributes that a proxy answers itself: everything that Python needs to make, copy or look into the proxy object.
_OWN = frozenset(
    {
        "__class__", "__dict__", "__weakref__", "__new__", "__init__", "__del__", "__slots__", "__doc__", "__module__", "__getattribute__",
        "__getattr__", "__setattr__", "__delattr__", "__init_subclass__", "__subclasshook__", "__class_getitem__", "__reduce__",
        "__reduce_ex__", "__getstate__", "__setstate__", "__getnewargs__", "__getnewargs_ex__", "__sizeof__", "__dir__", "__copy__",
        "__deepcopy__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__str__", "__repr__", "__format__",
        "__abstractmethods__", "__annotations__", "__firstlineno__", "__static_attributes__", "__set_name__", "__get__", "__set__",
    }
)  # fmt: skip
_ARITHMETIC = ("add", "mod", "mul")


def _forward(name: str) -> Callable[..., Any]:
    def method(self: "_Lazy", *args: Any, **kwargs: Any) -> Any:
        return getattr(_result(self), name)(*args, **kwargs)

    method.__name__ = name
    return method


def _operation(name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    apply = getattr(operator, name)

    def forward(self: "_Lazy", other: Any) -> Any:
        return apply(_result(self), _plain(other))

    def backward(self: "_Lazy", other: Any) -> Any:
        return apply(_plain(other), _result(self))

    return forward, backward


@total_ordering
class _Lazy(Promise):
    """A call that is made whenever its result is needed; subclasses add the methods of the result's classes."""

    __slots__ = ("__weakref__", "_lazy_args", "_lazy_func", "_lazy_kwargs")
    _lazy_classes: tuple[type, ...] = ()

    def __init__(self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._lazy_func, self._lazy_args, self._lazy_kwargs = func, args, kwargs

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._lazy_func, self._lazy_args, self._lazy_kwargs, *self._lazy_classes)

    def __copy__(self) -> "_Lazy":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Lazy":
        memo[id(self)] = self
        return self

    def __str__(self) -> str:
        return str(_result(self))

    def __repr__(self) -> str:
        return repr(_result(self))

    def __format__(self, spec: str) -> str:
        return format(_result(self), spec)

    def __hash__(self) -> int:
        return hash(_result(self))

    def __eq__(self, other: object) -> bool:
        return bool(_result(self) == _plain(other))

    def __lt__(self, other: Any) -> bool:
        return bool(_result(self) < _plain(other))


for _name in _ARITHMETIC:
    _there, _back = _operation(_name)
    setattr(_Lazy, f"__{_name}__", _there)
    setattr(_Lazy, f"__r{_name}__", _back)


def _result(value: _Lazy) -> Any:
    return value._lazy_func(*value._lazy_args, **value._lazy_kwargs)


def _plain(value: Any) -> Any:
    return _result(value) if isinstance(value, _Lazy) else value


def _rebuild(func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], *classes: type) -> Any:
    return lazy(func, *classes)(*args, **kwargs)


_proxies: dict[tuple[type, ...], type[_Lazy]] = {}


def _proxy_class(classes: tuple[type, ...]) -> type[_Lazy]:
    known = _proxies.get(classes)
    if known is None:
        body: dict[str, Any] = {"__slots__": (), "_lazy_classes": classes}
        for origin in classes:
            for name in dir(origin):
                if name not in _OWN and name not in _Lazy.__dict__ and callable(getattr(origin, name, None)):
                    body.setdefault(name, _forward(name))
        known = _proxies[classes] = type("LazyResult", (_Lazy,), body)
    return known


def lazy(func: Callable[P, T], *resultclasses: type) -> Callable[P, T]:
    """Return a function that puts off calling ``func``: its result is a proxy that calls it whenever a method is used.

    ``resultclasses`` are the classes that the result can have; the proxy offers their methods.
    """
    proxy = _proxy_class(resultclasses)

    @wraps(func)
    def delayed(*args: P.args, **kwargs: P.kwargs) -> T:
        return proxy(func, args, kwargs)  # type: ignore[return-value]

    return delayed


def plain(value: Any) -> Any:
    """What a lazy ``value`` stands for; any other value as it is."""
    return _plain(value)


def lazystr(text: Any) -> str:
    """Return a lazy ``str(text)``."""
    return lazy(str, str)(text)


def keep_lazy(*resultclasses: type) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a function so that a call with a lazy argument is put off too, and any other call is made at once."""
    if not resultclasses:
        raise TypeError("keep_lazy() takes the types that the function may return: name one at least.")

    def decorate(func: Callable[P, T]) -> Callable[P, T]:
        delayed = lazy(func, *resultclasses)

        @wraps(func)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            for value in args:
                if isinstance(value, Promise):
                    return delayed(*args, **kwargs)
            if kwargs:
                for value in kwargs.values():
                    if isinstance(value, Promise):
                        return delayed(*args, **kwargs)
            return func(*args, **kwargs)

        return call

    return decorate


def keep_lazy_text(func: Callable[P, T]) -> Callable[P, T]:
    """Shortcut for ``keep_lazy(str)(func)``."""
    return keep_lazy(str)(func)


class _Empty:
    def __repr__(self) -> str:
        return "<empty>"

    def __reduce__(self) -> str:
        return "empty"


empty: Any = _Empty()


def new_method_proxy(func: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that calls ``func`` with the wrapped object of a :class:`LazyObject` in place of ``self``."""

    def method(self: "LazyObject", *args: Any) -> Any:
        wrapped = self._wrapped
        if wrapped is empty:
            self._setup()
            wrapped = self._wrapped
        return func(wrapped, *args)

    return method


class _Lacking(AttributeError, TypeError):
    """The wrapped object lacks the method: AttributeError for ``hasattr``, TypeError for ``len()`` and its like."""


class _Borrowed:
    """A special method that exists on a lazy object only if the wrapped object has it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            raise AttributeError(self.name)
        try:
            return getattr(unwrapped(instance), self.name)
        except AttributeError as error:
            raise _Lacking(*error.args) from None


def unwrapped(instance: "LazyObject") -> Any:
    """Return the object that a lazy one stands for."""
    if instance._wrapped is empty:
        instance._setup()
    return instance._wrapped


class LazyObject:
    """A stand-in for an object that ``_setup()`` makes on first use and stores in ``_wrapped``. Subclasses write ``_setup``."""

    _wrapped: Any = None

    def __init__(self) -> None:
        self.__dict__["_wrapped"] = empty

    def _setup(self) -> None:
        """Make the wrapped object and assign it to ``self._wrapped``."""
        raise NotImplementedError(f"{type(self).__name__} must define _setup().")

    def __getattr__(self, name: str) -> Any:
        return getattr(unwrapped(self), name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_wrapped":
            self.__dict__["_wrapped"] = value
        else:
            setattr(unwrapped(self), name, value)

    def __delattr__(self, name: str) -> None:
        if name == "_wrapped":
            raise TypeError("can't delete _wrapped.")
        delattr(unwrapped(self), name)

    def __reduce__(self) -> tuple[Any, ...]:
        return unpickle_lazyobject, (unwrapped(self),)

    def __copy__(self) -> Any:
        return type(self)() if self._wrapped is empty else copy.copy(self._wrapped)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if self._wrapped is not empty:
            return copy.deepcopy(self._wrapped, memo)
        twin = type(self)()
        memo[id(self)] = twin
        return twin

    __class__ = property(new_method_proxy(operator.attrgetter("__class__")))  # type: ignore[assignment]
    __str__, __bytes__ = new_method_proxy(str), new_method_proxy(bytes)
    __bool__, __dir__ = new_method_proxy(bool), new_method_proxy(dir)
    __eq__ = new_method_proxy(operator.eq)
    __ne__ = new_method_proxy(operator.ne)
    __lt__ = new_method_proxy(operator.lt)
    __gt__ = new_method_proxy(operator.gt)
    __hash__ = new_method_proxy(hash)  # type: ignore[assignment]
    __getitem__ = _Borrowed()
    __setitem__ = _Borrowed()
    __delitem__ = _Borrowed()
    __iter__ = _Borrowed()
    __len__ = _Borrowed()
    __contains__ = _Borrowed()


def unpickle_lazyobject(wrapped: Any) -> Any:
    """Pickle's way back for a lazy object: the wrapped object itself."""
    return wrapped


class SimpleLazyObject(LazyObject):
    """A lazy object whose wrapped object is what ``func()`` returns."""

    def __init__(self, func: Callable[[], Any]) -> None:
        super().__init__()
        self.__dict__["_setupfunc"] = func

    def _setup(self) -> None:
        self._wrapped = self._setupfunc()

    def __repr__(self) -> str:
        shown = self._setupfunc if self._wrapped is empty else self._wrapped
        if getattr(shown, "__self__", None) is self:
            # The text of a bound method shows its object: this one, which would go on for ever.
            return f"<{type(self).__name__}: {f'<bound method {shown.__name__}>'!r}>"
        return f"<{type(self).__name__}: {shown!r}>"

    def __copy__(self) -> Any:
        return SimpleLazyObject(self._setupfunc) if self._wrapped is empty else copy.copy(self._wrapped)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if self._wrapped is not empty:
            return copy.deepcopy(self._wrapped, memo)
        twin = SimpleLazyObject(self._setupfunc)
        memo[id(self)] = twin
        return twin

    __add__ = new_method_proxy(operator.add)

    @new_method_proxy
    def __radd__(self, other: Any) -> Any:
        return other + self


def partition(predicate: Callable[[T], Any], values: Iterable[T]) -> tuple[list[T], list[T]]:
    """Split ``values`` into those for which ``predicate`` is false and those for which it is true."""
    sides: tuple[list[T], list[T]] = ([], [])
    for value in values:
        sides[bool(predicate(value))].append(value)
    return sides
