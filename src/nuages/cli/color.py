"""Colours of command output: one function per role, chosen by the terminal and the environment."""

import functools
import os
import sys
from collections.abc import Callable

from nuages.conf import names
from nuages.text.termcolors import NOCOLOR_PALETTE, PALETTES, parse_color_setting
from nuages.text.termcolors import make_style as painter

__all__ = ["Style", "color_style", "make_style", "no_style", "supports_color"]


class Style:
    """One function per role (``style.SUCCESS("done")``) that wraps text into escape sequences."""

    def __getattr__(self, name: str) -> Callable[[str], str]:
        if name.isupper():
            return str
        raise AttributeError(name)


def make_style(config_string: str = "") -> Style:
    """A :class:`Style` for a value of the environment variable, e.g. ``light;error=yellow/blue,blink``."""
    style = Style()
    palette = parse_color_setting(config_string) or {}
    for role in PALETTES[NOCOLOR_PALETTE]:
        look = palette.get(role)
        setattr(style, role, painter(**look) if look else str)
    setattr(style, "ERROR_OUTPUT", style.ERROR)  # noqa: B010
    return style


def supports_color() -> bool:
    """Whether standard output is a terminal that understands ANSI colours."""
    terminal = hasattr(sys.stdout, "isatty") and sys.stdout.isatty()
    if sys.platform != "win32":
        return terminal
    modern = {"ANSICON", "WT_SESSION"} & set(os.environ) or os.environ.get("TERM_PROGRAM") == "vscode"
    return terminal and bool(modern)


@functools.cache
def no_style() -> Style:
    """A style that colours nothing."""
    return make_style(NOCOLOR_PALETTE)


def color_style(force_color: bool = False) -> Style:
    """The style of this terminal, or none when it has no colours and *force_color* is false."""
    if not force_color and not supports_color():
        return no_style()
    return make_style(os.environ.get(names.environment("COLORS"), ""))
