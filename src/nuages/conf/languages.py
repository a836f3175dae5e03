"""The default of ``LANGUAGES``, apart from the other defaults: only translated sites ask for it, and the names come from the CLDR."""

from __future__ import annotations

from babel import Locale

_CODES = """
    af ar ar-dz ast az bg be bn br bs ca ckb cs cy da de dsb el en en-au en-gb eo es es-ar es-co es-mx es-ni es-ve
    et eu fa fi fr fy ga gd gl he hi hr hsb ht hu hy ia id ig io is it ja ka kab kk km kn ko ky lb lt lv mk ml mn
    mr ms my nb ne nl nn os pa pl pt pt-br ro ru sk sl sq sr sr-latn sv sw ta te tg th tk tr tt udm ug uk ur uz vi
    zh-hans zh-hant
"""


def _cldr_code(code: str) -> str:
    language, _, rest = code.partition("-")
    return f"{language}_{rest.title() if len(rest) > 2 else rest.upper()}" if rest else language


_NAMES = Locale("en").languages

LANGUAGES: list[tuple[str, str]] = [
    (code, _NAMES.get(_cldr_code(code)) or _NAMES.get(code.partition("-")[0], code)) for code in _CODES.split()
]
"""Codes and English names."""
