"""``extends``, ``block`` and ``include`` (ref/templates/language, "Template inheritance")."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from nuages.template.errors import TemplateSyntaxError
from nuages.template.expressions import Variable
from nuages.template.library import Library
from nuages.template.links import Link
from nuages.template.nodes import Node, NodeList, TextNode
from nuages.template.parser import token_kwargs
from nuages.template.template import Template
from nuages.text.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["BLOCK_CONTEXT_KEY", "BlockContext", "BlockNode", "ExtendsNode", "IncludeNode", "construct_relative_path", "register"]

register = Library()

#: Where a rendering keeps its ``BlockContext``, in the render context.
BLOCK_CONTEXT_KEY = "block_context"


class BlockContext:
    """The blocks of a chain of templates: by name a list, the one that is rendered last."""

    def __init__(self) -> None:
        self.blocks: defaultdict[str, list[BlockNode]] = defaultdict(list)

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__}: blocks={self.blocks!r}>"

    def add_blocks(self, blocks: dict[str, BlockNode]) -> None:
        """Add the blocks of a template further up the chain."""
        for name, block in blocks.items():
            self.blocks[name].insert(0, block)

    def push(self, name: str, block: BlockNode) -> None:
        """Put ``block`` on top of the others of that name."""
        self.blocks[name].append(block)

    def pop(self, name: str) -> BlockNode | None:
        """Take the topmost block of that name, or None."""
        found = self.blocks[name]
        return found.pop() if found else None

    def get_block(self, name: str) -> BlockNode | None:
        """Return the topmost block of that name, or None."""
        found = self.blocks[name]
        return found[-1] if found else None


class BlockNode(Node):
    """``{% block name %}…{% endblock %}``; inside, ``block.super`` is what the template above would have put here."""

    def __init__(self, name: str, nodelist: NodeList, parent: Any = None) -> None:
        self.name = name
        self.nodelist = nodelist
        self.parent = parent

    def __repr__(self) -> str:
        return f"<Block Node: {self.name}. Contents: {self.nodelist!r}>"

    def render(self, context: Context) -> str:
        """Render the block that the most derived template has under this name."""
        blocks: BlockContext | None = context.render_context.get(BLOCK_CONTEXT_KEY)
        if blocks is None:
            return self._rendered(context, self)
        pushed = block = blocks.pop(self.name)
        if block is None:
            block = self
        # One node serves all renderings: what ``block.super`` needs of this one goes on a copy.
        current = type(block)(block.name, block.nodelist)
        current.__dict__["context"] = context
        try:
            return self._rendered(context, current)
        finally:
            if pushed is not None:
                blocks.push(self.name, pushed)

    @staticmethod
    def _rendered(context: Context, block: BlockNode) -> str:
        context.dicts.append({"block": block})
        try:
            return block.nodelist.render(context)
        finally:
            context.dicts.pop()

    def super(self) -> SafeString | str:
        """Return the content of the block of this name further up the chain, safe; empty when there is none.

        Raises TemplateSyntaxError in a template that extends nothing.
        """
        context = self.__dict__.get("context")
        if context is None:
            raise TemplateSyntaxError(f"'{type(self).__name__}' object has no attribute 'context'. Did you use {{{{ block.super }}}} in a base template?")
        blocks: BlockContext | None = context.render_context.get(BLOCK_CONTEXT_KEY)
        if blocks is None or blocks.get_block(self.name) is None:
            return ""
        try:
            return mark_safe(self.render(context))
        except Exception as error:
            # What is silent as a variable (a URL that cannot be reversed) is none as the content of a block.
            if getattr(error, "silent_variable_failure", False):
                error.silent_variable_failure = False  # type: ignore[attr-defined]
            raise


class ExtendsNode(Node):
    """``{% extends parent %}``: renders the parent, with this template's blocks in place of its own."""

    must_be_first = True
    context_key = "extends_context"

    def __init__(self, nodelist: NodeList, parent_name: Any, template_dirs: Any = None) -> None:
        self.nodelist = nodelist
        self.parent_name = parent_name
        self.template_dirs = template_dirs
        self.blocks: dict[str, BlockNode] = {node.name: node for node in nodelist.get_nodes_by_type(BlockNode)}
        self._link = Link()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: extends {self.parent_name.token}>"

    def find_template(self, template_name: str, context: Context) -> Any:
        """Return the parent; a template may extend another of the same name, found further down the search path."""
        history = context.render_context.setdefault(self.context_key, [self.origin])
        engine = context.template.engine  # type: ignore[union-attr]
        template = self._link.get(engine, template_name, history)
        history.append(template.origin)
        return template

    def get_parent(self, context: Context) -> Any:
        """Return the parent template. Raises TemplateSyntaxError for an empty name, TemplateDoesNotExist."""
        parent = self.parent_name.resolve(context)
        if not parent:
            message = f"Invalid template name in 'extends' tag: {parent!r}."
            if self.parent_name.filters or isinstance(self.parent_name.var, Variable):
                message += f" Got this from the '{self.parent_name.token}' variable."
            raise TemplateSyntaxError(message)
        if isinstance(parent, Template):
            return parent
        if isinstance(getattr(parent, "template", None), Template):
            return parent.template
        return self.find_template(parent, context)

    def render(self, context: Context) -> str:
        """Add this template's blocks to those of the rendering, and render the parent."""
        parent = self.get_parent(context)
        state = context.render_context
        blocks = state.get(BLOCK_CONTEXT_KEY)
        if blocks is None:
            blocks = state[BLOCK_CONTEXT_KEY] = BlockContext()
        blocks.add_blocks(self.blocks)
        own = _blocks_of_root(parent)
        if own is not None:
            blocks.add_blocks(own)
        # The parent's own nodes are rendered with the same state: that is how they find these blocks.
        outer, state.template = state.template, parent
        try:
            return parent._render(context)  # type: ignore[no-any-return]
        finally:
            state.template = outer


def _blocks_of_root(template: Any) -> dict[str, BlockNode] | None:
    """Return the blocks of a template that extends nothing, else None: its own ``extends`` adds them."""
    for node in template.nodelist:
        # Only text may stand before ``extends``.
        if not isinstance(node, TextNode):
            if isinstance(node, ExtendsNode):
                return None
            break
    found = template.__dict__.get("_root_blocks")
    if found is None:
        found = {node.name: node for node in template.nodelist.get_nodes_by_type(BlockNode)}
        template.__dict__["_root_blocks"] = found
    return found  # type: ignore[no-any-return]


class IncludeNode(Node):
    """``{% include template with name=value only %}``"""

    child_nodelists = ()
    context_key = "__include_context"

    def __init__(self, template: Any, *args: Any, extra_context: dict[str, Any] | None = None, isolated_context: bool = False, **kwargs: Any) -> None:
        self.template = template
        self.extra_context: dict[str, Any] = extra_context or {}
        self.isolated_context = isolated_context
        super().__init__(*args, **kwargs)
        self._link = Link()
        var = getattr(template, "var", None)
        #: The key under which a rendering remembers the template, when the tag names it literally.
        self._constant = (var,) if isinstance(var, str) and not template.filters else None

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__}: template={self.template!r}>"

    def render(self, context: Context) -> str:
        """Render the template: by name, the first of several names, or an object with ``render``."""
        template = self._found(context)
        values = {name: expression.resolve(context) for name, expression in self.extra_context.items()}
        if self.isolated_context:
            return template.render(context.new(values))  # type: ignore[no-any-return]
        context.dicts.append(values)
        try:
            return template.render(context)  # type: ignore[no-any-return]
        finally:
            context.dicts.pop()

    def _found(self, context: Context) -> Any:
        if self._constant is not None:
            found = context.render_context.dicts[0].get(self)
            if found is not None and self._constant in found:
                return found[self._constant]
        template = self.template.resolve(context)
        if callable(getattr(template, "render", None)):
            # A template of another object (as loaders return it) knows the one that takes a context.
            return getattr(template, "template", template)
        engine = context.template.engine  # type: ignore[union-attr]
        names = tuple(self._relative(name) for name in ([template] if isinstance(template, str) else template or ()) if name)
        # Within one rendering it is the same template, also without a cached loader: its nodes may keep state.
        cache = context.render_context.dicts[0].setdefault(self, {})
        found = cache.get(names)
        if found is None:
            found = self._link.get(engine, names[0], None) if len(names) == 1 else engine.select_template(names)
            cache[names] = found
        return found

    def _relative(self, name: Any) -> Any:
        place = getattr(self.origin, "template_name", None)
        return construct_relative_path(place, name, allow_recursion=True) if isinstance(name, str) and place else name


def construct_relative_path(current_template_name: Any, relative_name: str, allow_recursion: bool = False) -> str:
    """Return ``relative_name`` (a quoted ``"./…"`` or ``"../…"``) as a name, quoted; anything else unchanged.

    Raises TemplateSyntaxError for a path that leaves the tree, or that leads back to the template itself.
    """
    name = relative_name.strip("'\"")
    if not name.startswith(("./", "../")):
        return relative_name
    if current_template_name is None:
        raise TemplateSyntaxError(f"The relative path {relative_name} cannot be evaluated due to an unknown template origin.")
    folder = posixpath.dirname(current_template_name.lstrip("/"))
    path = posixpath.normpath(posixpath.join(folder, name))
    if path.startswith("../"):
        raise TemplateSyntaxError(
            f"The relative path '{relative_name}' points outside the file hierarchy that template '{current_template_name}' is in."
        )
    if not allow_recursion and current_template_name.lstrip("/") == path:
        raise TemplateSyntaxError(
            f"The relative path '{relative_name}' was translated to template name '{path}', the same template in which the tag appears."
        )
    quote = relative_name[0] if relative_name[0] in "'\"" and relative_name[-1] == relative_name[0] else ""
    return f"{quote}{path}{quote}"


@register.tag("block")
def do_block(parser: Parser, token: Token) -> BlockNode:
    """Define a block that templates further down may replace."""
    words = token.contents.split()
    if len(words) != 2:
        raise TemplateSyntaxError(f"'{words[0]}' tag takes only one argument")
    name = words[1]
    names: list[str] = parser.__dict__.setdefault("_block_names", [])
    if name in names:
        raise TemplateSyntaxError(f"'{words[0]}' tag with name '{name}' appears more than once")
    names.append(name)
    nodelist = parser.parse(("endblock",))
    end = parser.next_token()
    if end.contents not in ("endblock", f"endblock {name}"):
        parser.invalid_block_tag(end, "endblock", ["endblock", f"endblock {name}"])
    return BlockNode(name, nodelist)


@register.tag("extends")
def do_extends(parser: Parser, token: Token) -> ExtendsNode:
    """Say that this template extends another."""
    words = token.split_contents()
    if len(words) != 2:
        raise TemplateSyntaxError(f"'{words[0]}' takes one argument")
    name = construct_relative_path(parser.origin.template_name, words[1])
    parent_name = parser.compile_filter(name)
    nodelist = parser.parse()
    if nodelist.get_nodes_by_type(ExtendsNode):
        raise TemplateSyntaxError(f"'{words[0]}' cannot appear more than once in the same template")
    return ExtendsNode(nodelist, parent_name)


@register.tag("include")
def do_include(parser: Parser, token: Token) -> IncludeNode:
    """Render another template here."""
    words = token.split_contents()
    if len(words) < 2:
        raise TemplateSyntaxError(f"'{words[0]}' tag takes at least one argument: the name of the template to be included.")
    options: dict[str, Any] = {}
    rest = words[2:]
    while rest:
        option = rest.pop(0)
        if option in options:
            raise TemplateSyntaxError(f"The {option!r} option was specified more than once.")
        if option == "with":
            options[option] = token_kwargs(rest, parser)
            if not options[option]:
                raise TemplateSyntaxError(f'"with" in {words[0]!r} tag needs at least one keyword argument.')
        elif option == "only":
            options[option] = True
        else:
            raise TemplateSyntaxError(f"Unknown argument for {words[0]!r} tag: {option!r}.")
    name = construct_relative_path(parser.origin.template_name, words[1], allow_recursion=True)
    return IncludeNode(
        parser.compile_filter(name), extra_context=options.get("with"), isolated_context=options.get("only", False)
    )
