"""``Template``: parsed once, immutable, shared by all threads and tasks that render it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nuages.conf.names import public
from nuages.template import debugging
from nuages.template.defaults import default_engine
from nuages.template.errors import TemplateSyntaxError
from nuages.template.lexer import DebugLexer, Lexer
from nuages.template.nodes import NodeList
from nuages.template.parser import Parser
from nuages.text.safestring import SafeString

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.engine import Engine
    from nuages.template.lexer import Token

__all__ = ["UNKNOWN_SOURCE", "Origin", "PartialTemplate", "Template"]

#: The name of a template that was made from a string.
UNKNOWN_SOURCE = "<unknown source>"


class Origin:
    """Where a template came from: ``name`` (usually a path), ``template_name`` and the ``loader`` that found it."""

    def __init__(self, name: str, template_name: Any = None, loader: Any = None) -> None:
        self.name = name
        self.template_name = template_name
        self.loader = loader

    def __str__(self) -> str:
        return str(self.name)

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__} name={self.name!r}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origin) and self.name == other.name and self.loader == other.loader

    def __hash__(self) -> int:
        return id(self)  # the name may change

    @property
    def loader_name(self) -> str | None:
        """The dotted path of the loader's class."""
        if self.loader is None:
            return None
        kind = type(self.loader)
        return public(f"{kind.__module__}.{kind.__qualname__}")


def _rendered(template: Any, context: Context) -> SafeString:
    """Render ``template`` with a layer of the render context of its own (``push_state``, written out: includes are frequent)."""
    state = context.render_context
    outer = state.template
    state.template = template
    state.dicts.append({})
    try:
        if context.template is not None:
            return template._render(context)  # type: ignore[no-any-return]
        with context.bind_template(template):
            context.template_name = template.name
            return template._render(context)  # type: ignore[no-any-return]
    finally:
        state.dicts.pop()
        state.template = outer


class Template:
    """A compiled template (ref/templates/api).

    Raises TemplateSyntaxError; in debug mode the exception's ``template_debug`` tells where the fault stands.
    """

    def __init__(self, template_string: Any, origin: Origin | None = None, name: str | None = None, engine: Engine | None = None) -> None:
        self.engine: Engine = engine if engine is not None else default_engine()
        self.name = name
        self.origin: Origin = origin if origin is not None else Origin(UNKNOWN_SOURCE)
        #: The text. A lazy string becomes one now: the tokens point into it.
        self.source: str = str(template_string)
        self.extra_data: dict[str, Any] = {}
        self.nodelist: NodeList = self.compile_nodelist()

    def __repr__(self) -> str:
        excerpt = self.source[:20].replace("\n", "")
        return f'<{type(self).__qualname__} template_string="{excerpt}...">'

    def __iter__(self) -> Iterator[Any]:
        for node in self.nodelist:
            yield from node

    def _render(self, context: Context) -> SafeString:
        # Test tools replace this method to learn which templates were rendered.
        return self.nodelist.render(context)

    def render(self, context: Context) -> SafeString:
        """Return the output for ``context``."""
        return _rendered(self, context)

    def compile_nodelist(self) -> NodeList:
        """Parse the source."""
        lexer = (DebugLexer if self.engine.debug else Lexer)(self.source)
        parser = Parser(lexer.tokenize(), self.engine.template_libraries, self.engine.template_builtins, self.origin)
        self.extra_data = parser.extra_data
        try:
            return parser.parse()
        except Exception as error:
            self._annotate(error)
            raise

    def _annotate(self, error: Exception) -> None:
        token = getattr(error, "token", None)
        if token is not None and self.engine.debug:
            error.template_debug = self.get_exception_info(error, token)  # type: ignore[attr-defined]
        elif token is not None:
            error.add_note(f"In template {self.origin.name}, line {token.lineno}.")
        if isinstance(error, TemplateSyntaxError) and error.template_name is None and self.origin.name != UNKNOWN_SOURCE:
            error.template_name = str(self.origin.name)

    def get_exception_info(self, exception: BaseException, token: Token) -> dict[str, Any]:
        """Return what error pages show about an exception that came from ``token``."""
        return debugging.describe(exception, self.source, token, self.origin.name)


class PartialTemplate:
    """A named part of a template, as ``{% partialdef %}`` defines it; it renders like a template of its own."""

    def __init__(
        self,
        nodelist: NodeList,
        origin: Origin,
        name: str,
        source_start: int | None = None,
        source_end: int | None = None,
        full_source: str | None = None,
        engine: Engine | None = None,
    ) -> None:
        self.nodelist = nodelist
        self.origin = origin
        self.name = name
        self.engine: Any = engine
        self._source_start = source_start
        self._source_end = source_end
        self._full_source = full_source

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__} name={self.name!r}>"

    def get_exception_info(self, exception: BaseException, token: Token) -> dict[str, Any]:
        """Return what error pages show about an exception that came from ``token``."""
        return debugging.describe(exception, self._full_source or self.source, token, str(self.origin))

    def find_partial_source(self, full_source: str) -> str:
        """Cut the partial out of the text of its template; empty when the place is not known."""
        start, end = self._source_start, self._source_end
        if start is None or end is None or not 0 <= start <= end <= len(full_source):
            return ""
        return full_source[start:end]

    @property
    def source(self) -> str:
        """The text of the partial, known in debug mode only."""
        if self._full_source is None:
            warnings.warn(
                "PartialTemplate.source is only available when template debugging is enabled.",
                RuntimeWarning,
                stacklevel=2,
            )
            return ""
        return self.find_partial_source(self._full_source)

    def _render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)

    def render(self, context: Context) -> SafeString:
        """Return the output for ``context``."""
        return _rendered(self, context)
