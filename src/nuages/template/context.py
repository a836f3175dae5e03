"""The context: the stack of dictionaries in which a template finds its variables (ref/templates/api, "Playing with Context")."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, Self
from weakref import ref

if TYPE_CHECKING:
    from nuages.http import HttpRequest
    from nuages.template.template import Template

__all__ = ["BaseContext", "Context", "ContextDict", "ContextPopException", "RenderContext", "RequestContext", "make_context"]


class ContextPopException(Exception):
    """``pop()`` was called more often than ``push()``."""


class ContextDict(dict[str, Any]):
    """One layer of a context; as a context manager it takes itself off the stack at the end."""

    __slots__ = ("_context",)

    def __init__(self, context: BaseContext, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        context.dicts.append(self)
        # Weakly, since the context holds its layers: with a circle, all that a page was made of would wait for the
        # garbage collector.
        self._context = ref(context)

    @property
    def context(self) -> BaseContext | None:
        """The context whose layer it is, as long as that exists."""
        return self._context()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        context = self._context()
        if context is not None:
            context.pop()


class BaseContext:
    """A stack of dictionaries, searched from the top."""

    dicts: list[Any]

    def __init__(self, dict_: Any = None) -> None:
        self._reset_dicts(dict_)

    def _reset_dicts(self, value: Any = None) -> None:
        self.dicts = [{"True": True, "False": False, "None": None}]
        if isinstance(value, BaseContext):
            self.dicts += value.dicts[1:]
        elif value is not None:
            self.dicts.append(value)

    def __copy__(self) -> Self:
        duplicate = object.__new__(type(self))
        duplicate.__dict__.update(self.__dict__)
        duplicate.dicts = self.dicts[:]
        return duplicate

    def __repr__(self) -> str:
        return repr(self.dicts)

    def __iter__(self) -> Iterator[Any]:
        yield from reversed(self.dicts)

    def push(self, *args: Any, **kwargs: Any) -> ContextDict:
        """Put a new layer on the stack, filled like a ``dict``, and return it (usable in ``with``)."""
        layers: list[Any] = []
        for given in args:
            layers += given.dicts[1:] if isinstance(given, BaseContext) else [given]
        return ContextDict(self, *layers, **kwargs)

    def pop(self) -> Any:
        """Take the top layer off. Raises ``ContextPopException`` at the bottom of the stack."""
        if len(self.dicts) == 1:
            raise ContextPopException
        return self.dicts.pop()

    def __setitem__(self, key: str, value: Any) -> None:
        self.dicts[-1][key] = value

    def set_upward(self, key: str, value: Any) -> None:
        """Set ``key`` in the uppermost layer that has it already, else in the top layer."""
        target = self.dicts[-1]
        for layer in reversed(self.dicts):
            if key in layer:
                target = layer
                break
        target[key] = value

    def __getitem__(self, key: str) -> Any:
        for layer in reversed(self.dicts):
            if key in layer:
                return layer[key]
        raise KeyError(key)

    def __delitem__(self, key: str) -> None:
        del self.dicts[-1][key]

    def __contains__(self, key: object) -> bool:
        return any(key in layer for layer in self.dicts)

    def get(self, key: str, otherwise: Any = None) -> Any:
        """Return the value of ``key``, or ``otherwise``."""
        for layer in reversed(self.dicts):
            if key in layer:
                return layer[key]
        return otherwise

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Return the value of ``key``, after setting it to ``default`` when there is none."""
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default

    def new(self, values: Any = None) -> Self:
        """Return a context with the same options that holds nothing but ``values``."""
        duplicate = copy(self)
        duplicate._reset_dicts(values)
        return duplicate

    def flatten(self) -> dict[str, Any]:
        """Return all layers merged into one dictionary."""
        merged: dict[str, Any] = {}
        for layer in self.dicts:
            merged.update(layer)
        return merged

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BaseContext):
            return NotImplemented
        return self.flatten() == other.flatten()

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


class Context(BaseContext):
    """The variables of one rendering, and its options: ``autoescape``, ``use_l10n``, ``use_tz`` (None: as the settings say)."""

    def __init__(self, dict_: Any = None, autoescape: bool = True, use_l10n: bool | None = None, use_tz: bool | None = None) -> None:
        self.autoescape = autoescape
        self.use_l10n = use_l10n
        self.use_tz = use_tz
        self.template_name: Any = "unknown"
        self.render_context: RenderContext = RenderContext()
        #: The outermost template being rendered; it says which engine's options hold.
        self.template: Template | None = None
        super().__init__(dict_)

    @contextmanager
    def bind_template(self, template: Template) -> Iterator[None]:
        """Tie the context to ``template`` for the length of a rendering. Raises RuntimeError when it is tied already."""
        self._tie(template)
        try:
            yield
        finally:
            self.template = None

    def _tie(self, template: Template) -> None:
        if self.template is not None:
            raise RuntimeError("Context is already bound to a template")
        self.template = template

    def __copy__(self) -> Self:
        duplicate = super().__copy__()
        duplicate.render_context = copy(self.render_context)
        return duplicate

    def update(self, other_dict: Any) -> ContextDict:
        """Push ``other_dict`` (a mapping or a context) as a new layer."""
        if isinstance(other_dict, BaseContext):
            return ContextDict(self, other_dict.dicts[1:].pop())
        if hasattr(other_dict, "__getitem__"):
            return ContextDict(self, other_dict)
        raise TypeError("other_dict must be a mapping (dictionary-like) object.")


class RenderContext(BaseContext):
    """Where nodes keep state during one rendering, apart from the variables.

    A template is shared between threads and tasks, so a node must not keep state on itself. Only the top layer is visible:
    each template that is rendered (included, for instance) starts with an empty one.
    """

    template: Template | None = None

    def __iter__(self) -> Iterator[Any]:
        yield from self.dicts[-1]

    def __contains__(self, key: object) -> bool:
        return key in self.dicts[-1]

    def get(self, key: Any, otherwise: Any = None) -> Any:
        """Return what the top layer holds under ``key``, or ``otherwise``."""
        return self.dicts[-1].get(key, otherwise)

    def __getitem__(self, key: Any) -> Any:
        return self.dicts[-1][key]

    @contextmanager
    def push_state(self, template: Template, isolated_context: bool = True) -> Iterator[None]:
        """Make ``template`` the one being rendered; with ``isolated_context`` it gets a layer of its own."""
        previous = self.template
        self.template = template
        if isolated_context:
            self.push()
        try:
            yield
        finally:
            self.template = previous
            if isolated_context:
                self.pop()


class RequestContext(Context):
    """A context that context processors fill from ``request`` when it is bound to a template."""

    def __init__(
        self,
        request: HttpRequest | None,
        dict_: Any = None,
        processors: Any = None,
        use_l10n: bool | None = None,
        use_tz: bool | None = None,
        autoescape: bool = True,
    ) -> None:
        super().__init__(dict_, use_l10n=use_l10n, use_tz=use_tz, autoescape=autoescape)
        self.request = request
        self._processors: tuple[Callable[..., Any], ...] = tuple(processors or ())
        self._processors_index = len(self.dicts)
        # A layer for what processors give, and one on top, so that neither they nor a tag overwrite what was passed in.
        self.dicts += ({}, {})

    @contextmanager
    def bind_template(self, template: Template) -> Iterator[None]:
        """Tie the context to ``template`` and run its engine's context processors."""
        self._tie(template)
        try:
            values: dict[str, Any] = {}
            for processor in (*template.engine.template_context_processors, *self._processors):
                given = processor(self.request)
                try:
                    values.update(given)
                except TypeError as error:
                    name = getattr(processor, "__name__", repr(processor))
                    raise TypeError(f"Context processor {name} didn't return a dictionary.") from error
            self.dicts[self._processors_index] = values
            yield
        finally:
            self.template = None
            self.dicts[self._processors_index] = {}

    def new(self, values: Any = None) -> Self:
        """Return a context for the same request that holds nothing but ``values``."""
        fresh = super().new(values)
        # Without a place for the processors' values there is nothing to run again.
        fresh.__dict__.pop("_processors_index", None)
        return fresh


def make_context(context: Mapping[str, Any] | None, request: HttpRequest | None = None, **kwargs: Any) -> Context:
    """Return a ``Context``, or a ``RequestContext`` when there is a request. Raises TypeError unless given a dict."""
    if context is not None and not isinstance(context, dict):
        raise TypeError(f"context must be a dict rather than {type(context).__name__}.")
    if request is None:
        return Context(context, **kwargs)
    # What the caller passed must win over what the processors give, hence pushed on top of them.
    filled = RequestContext(request, **kwargs)
    if context:
        filled.dicts.append(dict(context))
    return filled
