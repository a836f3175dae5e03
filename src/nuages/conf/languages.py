"""The default of ``LANGUAGES``, apart from the other defaults: codes, and English names as the CLDR has them.

They are written down because each translated site asks for them, and reading the CLDR takes longer than all other settings together.
"""

from __future__ import annotations

_NAMES = """
af       Afrikaans
ar       Arabic
ar-dz    Arabic (Algeria)
ast      Asturian
az       Azerbaijani
bg       Bulgarian
be       Belarusian
bn       Bangla
br       Breton
bs       Bosnian
ca       Catalan
ckb      Central Kurdish
cs       Czech
cy       Welsh
da       Danish
de       German
dsb      Lower Sorbian
el       Greek
en       English
en-au    Australian English
en-gb    British English
eo       Esperanto
es       Spanish
es-ar    Spanish (Argentina)
es-co    Spanish (Colombia)
es-mx    Mexican Spanish
es-ni    Spanish (Nicaragua)
es-ve    Spanish (Venezuela)
et       Estonian
eu       Basque
fa       Persian
fi       Finnish
fr       French
fy       Western Frisian
ga       Irish
gd       Scottish Gaelic
gl       Galician
he       Hebrew
hi       Hindi
hr       Croatian
hsb      Upper Sorbian
ht       Haitian Creole
hu       Hungarian
hy       Armenian
ia       Interlingua
id       Indonesian
ig       Igbo
io       Ido
is       Icelandic
it       Italian
ja       Japanese
ka       Georgian
kab      Kabyle
kk       Kazakh
km       Khmer
kn       Kannada
ko       Korean
ky       Kyrgyz
lb       Luxembourgish
lt       Lithuanian
lv       Latvian
mk       Macedonian
ml       Malayalam
mn       Mongolian
mr       Marathi
ms       Malay
my       Burmese
nb       Norwegian Bokmål
ne       Nepali
nl       Dutch
nn       Norwegian Nynorsk
os       Ossetic
pa       Punjabi
pl       Polish
pt       Portuguese
pt-br    Brazilian Portuguese
ro       Romanian
ru       Russian
sk       Slovak
sl       Slovenian
sq       Albanian
sr       Serbian
sr-latn  Serbian (Latin)
sv       Swedish
sw       Swahili
ta       Tamil
te       Telugu
tg       Tajik
th       Thai
tk       Turkmen
tr       Turkish
tt       Tatar
udm      Udmurt
ug       Uyghur
uk       Ukrainian
ur       Urdu
uz       Uzbek
vi       Vietnamese
zh-hans  Simplified Chinese
zh-hant  Traditional Chinese
"""

LANGUAGES: list[tuple[str, str]] = [(line[:8].rstrip(), line[9:]) for line in _NAMES.strip().splitlines()]
"""Codes and English names."""
