"""Placeholder text."""

import random

COMMON_WORDS = (
    "lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipisicing", "elit", "sed", "do", "eiusmod", "tempor",
    "incididunt", "ut", "labore", "et", "dolore", "magna", "aliqua",
)  # fmt: skip
WORDS = (
    "animi", "arbor", "aurum", "bellum", "bonus", "caelum", "campus", "canis", "carmen", "causa", "civis", "clarus",
    "collis", "consilium", "copia", "cura", "dies", "domus", "donum", "equus", "fabula", "fama", "felix", "ferrum",
    "fides", "filia", "flamma", "fluvius", "forma", "fortuna", "frater", "fructus", "gaudium", "gens", "gloria",
    "gratia", "herba", "hortus", "hospes", "ignis", "imago", "insula", "iter", "iudex", "labor", "laetus", "lapis",
    "lectus", "liber", "locus", "ludus", "lumen", "luna", "magister", "manus", "mare", "mater", "memoria", "mens",
    "mons", "natura", "navis", "nomen", "novus", "numen", "oculus", "opus", "ora", "orbis", "otium", "pater",
    "patria", "pax", "pectus", "pes", "pons", "populus", "porta", "puer", "ratio", "regnum", "res", "rex", "ripa",
    "rosa", "saxum", "schola", "scientia", "sensus", "silva", "sol", "somnus", "spes", "stella", "tabula", "tempus",
    "terra", "turris", "unda", "urbs", "ventus", "verbum", "veritas", "via", "victoria", "vinum", "virtus", "vita",
    "vox", "vulgus",
)  # fmt: skip
# The classic passage of printers: its first sentence consists of the common words.
_PASSAGE = (
    ("ut enim ad minim veniam,", "quis nostrud exercitation ullamco laboris", "nisi ut aliquip ex ea commodo consequat"),
    ("duis aute irure dolor in reprehenderit", "in voluptate velit esse cillum dolore", "eu fugiat nulla pariatur"),
    ("excepteur sint occaecat cupidatat non proident,", "sunt in culpa qui officia", "deserunt mollit anim id est laborum"),
)
_OPENING = "{} {} {} {} {}, {} {} {}, {} {} {} {} {} {} {} {} {} {} {}".format(*COMMON_WORDS)
COMMON_P = " ".join(f"{text.capitalize()}." for text in (_OPENING, *map(" ".join, _PASSAGE)))


def sentence() -> str:
    """Return a sentence of random words, with some commas, ended by ``?`` or ``.``."""
    sections = [", ".join([" ".join(random.sample(WORDS, random.randint(3, 12)))]) for _ in range(random.randint(1, 5))]
    text = ", ".join(sections)
    return f"{text[0].upper()}{text[1:]}{random.choice('?.')}"


def paragraph() -> str:
    """Return one to four sentences."""
    return " ".join(sentence() for _ in range(random.randint(1, 4)))


def paragraphs(count: int, common: bool = True) -> list[str]:
    """Return ``count`` paragraphs; with ``common`` the first is the standard "Lorem ipsum" one."""
    return [COMMON_P if common and number == 0 else paragraph() for number in range(count)]


def words(count: int, common: bool = True) -> str:
    """Return ``count`` words; with ``common`` they begin with the nineteen standard ones."""
    chosen = list(COMMON_WORDS[:count]) if common else []
    if count < 0:
        return " ".join(chosen)
    while len(chosen) < count:
        chosen += random.sample(WORDS, min(count - len(chosen), len(WORDS)))
    return " ".join(chosen[:count])
