"""Colours of the terminal (ECMA-48 "select graphic rendition") and the palettes of command output."""

from collections.abc import Callable
from typing import Any

color_names = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
foreground = {name: str(30 + number) for number, name in enumerate(color_names)}
background = {name: str(40 + number) for number, name in enumerate(color_names)}
RESET = "0"
opt_dict = {"bold": "1", "underscore": "4", "blink": "5", "reverse": "7", "conceal": "8"}

NOCOLOR_PALETTE = "nocolor"
DARK_PALETTE = "dark"
LIGHT_PALETTE = "light"
DEFAULT_PALETTE = DARK_PALETTE

_ROLES = ["ERROR", "SUCCESS", "WARNING", "NOTICE", "SQL_FIELD", "SQL_COLTYPE", "SQL_KEYWORD", "SQL_TABLE", "HTTP_INFO", "HTTP_SUCCESS", "HTTP_REDIRECT", "HTTP_NOT_MODIFIED", "HTTP_BAD_REQUEST", "HTTP_NOT_FOUND", "HTTP_SERVER_ERROR", "MIGRATE_HEADING", "MIGRATE_LABEL"]


def _style(text: str) -> dict[str, Any]:
    color, _, options = text.partition(" ")
    style: dict[str, Any] = {"fg": color} if color != "-" else {}
    if options:
        style["opts"] = tuple(options.split())
    return style


def _palette(**styles: str) -> dict[str, dict[str, Any]]:
    return {role: _style(styles[role]) if role in styles else {} for role in _ROLES}


_SHARED = {
    "ERROR": "red bold", "WARNING": "yellow bold", "NOTICE": "red", "HTTP_INFO": "- bold", "HTTP_NOT_MODIFIED": "cyan",
    "HTTP_BAD_REQUEST": "red bold", "HTTP_SERVER_ERROR": "magenta bold", "MIGRATE_HEADING": "cyan bold", "MIGRATE_LABEL": "- bold",
    "SQL_FIELD": "green bold", "SQL_COLTYPE": "green", "HTTP_REDIRECT": "green",
}  # fmt: skip
PALETTES = {
    NOCOLOR_PALETTE: _palette(),
    DARK_PALETTE: _palette(**_SHARED, SUCCESS="green bold", SQL_KEYWORD="yellow", SQL_TABLE="- bold", HTTP_NOT_FOUND="yellow"),
    LIGHT_PALETTE: _palette(**_SHARED, SUCCESS="green bold", SQL_KEYWORD="blue", SQL_TABLE="- bold", HTTP_NOT_FOUND="red"),
}


def colorize(text: Any = "", opts: Any = (), **kwargs: Any) -> str:
    """Wrap ``text`` in the codes for ``fg`` and ``bg`` colours and the options in ``opts``.

    The option ``noreset`` leaves the colours on; ``reset`` alone gives the code that ends them.
    """
    text = "" if text is None else text
    if text == "" and len(opts) == 1 and opts[0] == "reset":
        return f"\x1b[{RESET}m"
    codes = [foreground[kwargs["fg"]]] if kwargs.get("fg") else []
    codes += [background[kwargs["bg"]]] if kwargs.get("bg") else []
    codes += [opt_dict[option] for option in opts if option in opt_dict]
    end = "" if "noreset" in opts else f"\x1b[{RESET}m"
    return f"\x1b[{';'.join(codes)}m{text}{end}"


def make_style(opts: Any = (), **kwargs: Any) -> Callable[[Any], str]:
    """Return a function that colours its text as :func:`colorize` would with these arguments."""
    return lambda text: colorize(text, opts, **kwargs)


def parse_color_setting(config_string: str) -> dict[str, dict[str, Any]] | None:
    """Parse the environment's colour setting: ``palette;role=fg/bg,option,…``. None means: no colours at all."""
    if not config_string:
        return PALETTES[DEFAULT_PALETTE]
    palette = {role: dict(style) for role, style in PALETTES[NOCOLOR_PALETTE].items()}
    for part in config_string.lower().split(";"):
        if part in PALETTES:
            palette.update(PALETTES[part])
        elif "=" in part:
            role, _, instructions = part.partition("=")
            style = _parse_style(instructions)
            if role.upper() in PALETTES[NOCOLOR_PALETTE] and style:
                palette[role.upper()] = style
    return None if palette == PALETTES[NOCOLOR_PALETTE] else palette


def _parse_style(instructions: str) -> dict[str, Any]:
    first, *rest = instructions.split(",")
    colors = first.split("/")
    style: dict[str, Any] = {}
    if colors[0] in color_names:
        style["fg"] = colors[0]
    if len(colors) > 1 and colors[-1] in color_names:
        style["bg"] = colors[-1]
    options = tuple(option for option in reversed(rest) if option in opt_dict)
    if options:
        style["opts"] = options
    return style
