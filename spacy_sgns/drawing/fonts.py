"""Fonts for words of any language."""

from collections.abc import Iterator
from operator import itemgetter

from spacy_sgns.drawing.extras import extra

FIRST = "DejaVu Sans"  # comes with matplotlib, so that pictures look the same anywhere
PLAIN = 400  # weight
NO_REAL_LETTERS = "Last Resort"  # signs for what no font has


def families(text: str) -> tuple[list[str], set[str]]:
    """Return the fonts that a text is written with, the first first, and its letters that no installed font has."""
    chosen, missing = [FIRST], set(text) - {" "}
    for _, letters in _fonts(FIRST):
        missing -= letters
    fonts = sorted(((name, letters & missing) for name, letters in _fonts()), key=itemgetter(0)) if missing else []
    while missing:
        name, letters = max(fonts, key=lambda font: len(font[1] & missing))
        if not letters & missing:
            break
        chosen.append(name)
        missing -= letters
    return chosen, missing


def _fonts(family: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield the plain fonts of a family, or of all, and the letters that each has."""
    with extra("matplotlib"):
        from matplotlib.font_manager import fontManager, get_font
    for entry in fontManager.ttflist:
        plain = entry.weight in (PLAIN, "normal", "regular") and entry.style == "normal"
        if not plain or (family and entry.name != family) or entry.name.startswith(NO_REAL_LETTERS):
            continue
        try:
            yield entry.name, set(map(chr, get_font(entry.fname).get_charmap()))
        except (OSError, RuntimeError):  # of a kind that cannot be drawn with
            continue
