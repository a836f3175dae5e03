"""``ResolverMatch``: what a path leads to."""

from __future__ import annotations

import functools
from pickle import PicklingError
from typing import Any


class ResolverMatch:
    """A view with its arguments, and the names under which it was found (documentation: ref/urlresolvers)."""

    func: Any
    __slots__ = (
        "__dict__",
        "_tried",
        "app_names",
        "args",
        "captured_kwargs",
        "extra_kwargs",
        "func",
        "kwargs",
        "namespaces",
        "route",
        "url_name",
    )

    def __init__(
        self,
        func: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        url_name: str | None = None,
        app_names: list[str] | None = None,
        namespaces: list[str] | None = None,
        route: str | None = None,
        tried: Any = None,
        captured_kwargs: dict[str, Any] | None = None,
        extra_kwargs: dict[str, Any] | None = None,
    ) -> None:
        self.func = func
        self.args: tuple[Any, ...] = args
        self.kwargs: dict[str, Any] = kwargs
        self.url_name: str | None = url_name
        self.app_names: list[str] = app_names or []
        self.namespaces: list[str] = namespaces or []
        self.route: str | None = route
        self._tried = tried
        self.captured_kwargs: dict[str, Any] | None = captured_kwargs
        self.extra_kwargs: dict[str, Any] | None = extra_kwargs

    @property
    def tried(self) -> Any:
        """The patterns that were tried before the one that matched; worked out when asked for."""
        if isinstance(self._tried, tuple):
            resolver, path = self._tried
            self._tried = resolver.tried(path, stop_at_match=True)
        return self._tried

    @property
    def app_name(self) -> str:
        """The application namespaces, joined by colons."""
        return ":".join(self.app_names)

    @property
    def namespace(self) -> str:
        """The instance namespaces, joined by colons."""
        return ":".join(self.namespaces)

    @property
    def _func_path(self) -> str:
        function = unwrapped(self.func)
        function = getattr(function, "view_class", function)
        if not hasattr(function, "__name__"):  # an instance with __call__
            return f"{type(function).__module__}.{type(function).__name__}"
        return f"{function.__module__}.{function.__qualname__}"

    @property
    def view_name(self) -> str:
        """The name of the pattern with its namespaces; the view's path where it has no name."""
        return ":".join([*self.namespaces, self.url_name or self._func_path])

    def __getitem__(self, index: int) -> Any:
        return (self.func, self.args, self.kwargs)[index]

    def __repr__(self) -> str:
        func = repr(self.func) if isinstance(self.func, functools.partial) else self._func_path
        text = (
            f"ResolverMatch(func={func}, args={self.args!r}, kwargs={self.kwargs!r}, url_name={self.url_name!r}, "
            f"app_names={self.app_names!r}, namespaces={self.namespaces!r}, route={self.route!r}"
        )
        if self.captured_kwargs:
            text += f", captured_kwargs={self.captured_kwargs!r}"
        if self.extra_kwargs:
            text += f", extra_kwargs={self.extra_kwargs!r}"
        return text + ")"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise PicklingError(f"Cannot pickle {self.__class__.__qualname__}.")


def unwrapped(function: Any) -> Any:
    """Take the partials off a view."""
    while isinstance(function, functools.partial):
        function = function.func
    return function
