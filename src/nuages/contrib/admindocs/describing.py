"""From docstrings to HTML: their parts, and reStructuredText with roles for the parts of a project.

docutils is needed for the HTML only: without it, ``docutils_is_available`` is false and the pages say what to install.
"""

from __future__ import annotations

import inspect
import re
from functools import partial
from typing import Any

from nuages.conf.names import public
from nuages.text.safestring import SafeString, mark_safe
from nuages.urls import reverse

try:
    from docutils.core import publish_parts
    from docutils.nodes import reference
    from docutils.parsers.rst import Parser
    from docutils.parsers.rst.states import Inliner
    from docutils.utils import unescape
except ImportError:
    docutils_is_available = False
else:
    docutils_is_available = True

ROLES = {
    "model": "models/{}/",
    "view": "views/{}/",
    "template": "templates/{}/",
    "filter": "filters/#{}",
    "tag": "tags/#{}",
}
"""The roles, and where below the pages' root each leads."""

_SETTINGS = {
    "doctitle_xform": False,
    "initial_header_level": "3",
    # What a docstring says must not reach files of the server or put scripts into a page.
    "raw_enabled": False,
    "file_insertion_enabled": False,
}
_METADATA = re.compile(r"([A-Za-z][\w-]*):[ \t]+(\S.*)")
_TITLE_AND_TARGET = re.compile(r"(.*\S)\s*<([^<>]+)>", re.DOTALL)


def get_view_name(view_func: Any) -> str:
    """The dotted path of a view.

    It is that of the class for ``as_view()`` and for a method, that of the type for an object that can be called.
    """
    while isinstance(view_func, partial):
        view_func = view_func.func
    view = getattr(view_func, "view_class", view_func)
    owner = getattr(inspect.unwrap(view), "__self__", None)
    if owner is not None and not inspect.ismodule(owner):
        # The class at hand rather than the one that defines the method: it is the one that a project names.
        kind = owner if inspect.isclass(owner) else type(owner)
        return f"{public(f'{kind.__module__}.{kind.__qualname__}')}.{view.__name__}"
    if not hasattr(view, "__qualname__"):
        view = type(view)
    return public(f"{view.__module__}.{view.__qualname__}")


def parse_docstring(docstring: str | None) -> tuple[str, str, dict[str, str]]:
    """The first paragraph, the others, and the ``key: value`` lines of a last paragraph made of nothing else."""
    if not docstring or not docstring.strip():
        return "", "", {}
    title, *paragraphs = re.split(r"\n{2,}", inspect.cleandoc(docstring).strip())
    metadata: dict[str, str] = {}
    if paragraphs:
        lines = [_METADATA.fullmatch(line.rstrip()) for line in paragraphs[-1].split("\n")]
        if all(lines):
            metadata = {line[1]: line[2] for line in lines if line}
            paragraphs.pop()
    return title, "\n\n".join(paragraphs), metadata


def _linking_inliner(default: str) -> Any:
    """An inliner that knows the roles; text in single backquotes without a role is taken for the role ``default``."""
    # Not a subclass: docutils fills its patterns from the attributes of the inliner's very class.
    inliner = Inliner()
    usual = inliner.interpreted
    root = reverse("django-admindocs-docroot")

    def interpreted(rawsource: str, text: str, role: str, lineno: int) -> Any:
        known = ROLES.get(role or default)
        if known is None:
            return usual(rawsource, text, role, lineno)
        plain = unescape(text)
        match = _TITLE_AND_TARGET.fullmatch(plain)
        title, target = match.groups() if match else (plain, plain)
        if (role or default) == "model":
            target = target.lower()
        return [reference(rawsource, title, refuri=root + known.format(target))], []

    inliner.interpreted = interpreted
    return inliner


def parse_rst(text: str, default_reference_context: str, thing_being_parsed: str | None = None) -> SafeString:
    """HTML of a text in reStructuredText.

    ``default_reference_context`` is the role of text in single backquotes ("model", "view"…; "" for none), and
    ``thing_being_parsed`` names the text where docutils reports what is wrong with it.
    """
    parts = publish_parts(
        inspect.cleandoc(text) if text else "",
        source_path=thing_being_parsed,
        parser=Parser(inliner=_linking_inliner(default_reference_context)),
        writer="html4css1",
        settings_overrides=_SETTINGS,
    )
    return mark_safe(str(parts["fragment"]))


def render_docstring(docstring: str | None, role: str, name: str) -> dict[str, Any]:
    """The HTML of a docstring's parts: ``summary`` (without a paragraph around it), ``body`` and ``meta``."""
    title, body, metadata = parse_docstring(docstring)
    source = f"{role}:{name}"
    summary = parse_rst(title, role, source).strip() if title else ""
    alone = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>", summary, re.DOTALL)
    return {
        "summary": mark_safe(alone[1] if alone else summary),
        "body": parse_rst(body, role, source) if body else "",
        "meta": {key: parse_rst(value, role, source) for key, value in metadata.items()},
    }
