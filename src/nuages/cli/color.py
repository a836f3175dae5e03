"""Colours of terminal output: palettes, and the environment variable that customises them."""

import functools
import os
import sys
from collections.abc import Callable
from typing import Any

from nuages.conf import names

COLORS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
OPTIONS = {"bold": "1", "underscore": "4", "blink": "5", "reverse": "7", "conceal": "8"}
RESET = "\x1b[0m"
DARK_PALETTE, LIGHT_PALETTE, NOCOLOR_PALETTE = "dark", "light", "nocolor"
ROLES = (
    "ERROR",
    "SUCCESS",
    "WARNING",
    "NOTICE",
    "SQL_FIELD",
    "SQL_COLTYPE",
    "SQL_KEYWORD",
    "SQL_TABLE",
    "HTTP_INFO",
    "HTTP_SUCCESS",
    "HTTP_REDIRECT",
    "HTTP_NOT_MODIFIED",
    "HTTP_BAD_REQUEST",
    "HTTP_NOT_FOUND",
    "HTTP_SERVER_ERROR",
    "MIGRATE_HEADING",
    "MIGRATE_LABEL",
)

Look = dict[str, Any]


def _looks(**roles: str) -> dict[str, Look]:
    """Read ``role="fg,option"`` definitions."""
    found: dict[str, Look] = {role: {} for role in ROLES}
    for role, text in roles.items():
        look = _look(text)
        if look:
            found[role] = look
    return found


def _look(text: str) -> Look:
    """The look described by ``fg[/bg][,option…]``; unknown colours and options are left out."""
    colours, *options = text.lower().split(",")
    fg, _, bg = colours.partition("/")
    look: Look = {}
    if fg in COLORS:
        look["fg"] = fg
    if bg in COLORS:
        look["bg"] = bg
    known = tuple(option for option in options if option in OPTIONS)
    if known:
        look["opts"] = known
    return look


PALETTES: dict[str, dict[str, Look]] = {
    NOCOLOR_PALETTE: _looks(),
    DARK_PALETTE: _looks(
        ERROR="red,bold",
        SUCCESS="green,bold",
        WARNING="yellow,bold",
        NOTICE="red",
        SQL_FIELD="green,bold",
        SQL_COLTYPE="green",
        SQL_KEYWORD="yellow",
        SQL_TABLE=",bold",
        HTTP_INFO=",bold",
        HTTP_REDIRECT="green",
        HTTP_NOT_MODIFIED="cyan",
        HTTP_BAD_REQUEST="red,bold",
        HTTP_NOT_FOUND="yellow",
        HTTP_SERVER_ERROR="magenta,bold",
        MIGRATE_HEADING="cyan,bold",
        MIGRATE_LABEL=",bold",
    ),
    LIGHT_PALETTE: _looks(
        ERROR="red,bold",
        SUCCESS="green,bold",
        WARNING="yellow,bold",
        NOTICE="red",
        SQL_FIELD="green,bold",
        SQL_COLTYPE="green",
        SQL_KEYWORD="blue",
        SQL_TABLE=",bold",
        HTTP_INFO=",bold",
        HTTP_REDIRECT="green,bold",
        HTTP_NOT_MODIFIED="green",
        HTTP_BAD_REQUEST="red,bold",
        HTTP_NOT_FOUND="red",
        HTTP_SERVER_ERROR="magenta,bold",
        MIGRATE_HEADING="cyan,bold",
        MIGRATE_LABEL=",bold",
    ),
}


class Style:
    """One function per role (``style.SUCCESS("done")``) that wraps text into escape sequences."""

    ERROR: Callable[[str], str]
    SUCCESS: Callable[[str], str]
    WARNING: Callable[[str], str]
    NOTICE: Callable[[str], str]
    ERROR_OUTPUT: Callable[[str], str]

    def __getattr__(self, name: str) -> Callable[[str], str]:
        if name.isupper():
            return str
        raise AttributeError(name)


def colorize(text: str = "", opts: tuple[str, ...] = (), **kwargs: str) -> str:
    """Wrap *text* into ANSI codes; *opts* may hold ``bold``, ``underscore``, …, ``noreset`` and ``reset``."""
    if text == "" and len(opts) == 1 and opts[0] == "reset":
        return RESET
    codes = []
    if kwargs.get("fg") in COLORS:
        codes.append(f"3{COLORS.index(kwargs['fg'])}")
    if kwargs.get("bg") in COLORS:
        codes.append(f"4{COLORS.index(kwargs['bg'])}")
    codes += [OPTIONS[option] for option in opts if option in OPTIONS]
    start = f"\x1b[{';'.join(codes)}m"
    return start + (text or "") + ("" if "noreset" in opts else RESET)


def make_style(config_string: str = "") -> Style:
    """A :class:`Style` for the value of the environment variable, e.g. ``light;error=yellow/blue,blink``."""
    style = Style()
    palette = parse_color_setting(config_string)
    for role in ROLES:
        look = palette.get(role) if palette else None
        function = functools.partial(_paint, look) if look else str
        setattr(style, role, function)
    style.ERROR_OUTPUT = style.ERROR
    return style


def _paint(look: Look, text: str) -> str:
    body = text.rstrip("\n")
    return colorize(body, look.get("opts", ()), **{k: v for k, v in look.items() if k != "opts"}) + text[len(body) :]


def parse_color_setting(config_string: str) -> dict[str, Look] | None:
    """The palette that *config_string* describes, or None when it means no colours at all."""
    if not config_string:
        return PALETTES[DARK_PALETTE]
    palette = dict(PALETTES[NOCOLOR_PALETTE])
    for part in config_string.lower().split(";"):
        role, equals, definition = part.partition("=")
        if not equals:
            if part in PALETTES:
                palette.update(PALETTES[part])
        elif role.upper() in ROLES and (look := _look(definition)):
            palette[role.upper()] = look
    return palette if any(palette.values()) else None


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
    return make_style("nocolor")


def color_style(force_color: bool = False) -> Style:
    """The style of this terminal, or none when it has no colours and *force_color* is false."""
    if not force_color and not supports_color():
        return no_style()
    return make_style(os.environ.get(names.environment("COLORS"), ""))
