"""Installed fonts that have the characters of a text."""

from collections.abc import Iterator
from contextlib import suppress
from operator import itemgetter

from spacy_sgns.drawing.extras import extra

DEFAULT_FAMILY = "DejaVu Sans"  # comes with matplotlib, so that pictures look the same on all machines
NORMAL_WEIGHT = 400
PLACEHOLDER_FONT = "Last Resort"  # has a placeholder for every character


def font_families(text: str) -> tuple[list[str], set[str]]:
    """Return font families that cover a text, the default first, and the characters that no installed font has."""
    missing = set(text) - {" "}
    for _, chars in _fonts(DEFAULT_FAMILY):
        missing -= chars
    chosen, missing = _covering(missing)
    if missing:
        _add_new_fonts()
        more, missing = _covering(missing)
        chosen += more
    return [DEFAULT_FAMILY, *chosen], missing


def _covering(missing: set[str]) -> tuple[list[str], set[str]]:
    """Return font families that cover as many characters as possible, and the characters that remain."""
    chosen: list[str] = []
    fonts = sorted(((name, chars & missing) for name, chars in _fonts()), key=itemgetter(0)) if missing else []
    while missing:
        name, chars = max(fonts, key=lambda font: len(font[1] & missing))
        if not chars & missing:
            break
        chosen.append(name)
        missing = missing - chars
    return chosen, missing


def _add_new_fonts() -> None:
    """Add fonts to matplotlib's list, which it keeps on disk, that were installed after it was made."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - known):
        with suppress(Exception):  # a damaged font can fail in any way
            fontManager.addfont(path)


def _fonts(family: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield the family and the characters of each upright font of normal weight, of one family or of all."""
    with extra("matplotlib"):
        from matplotlib.font_manager import fontManager, get_font
    for entry in fontManager.ttflist:
        is_plain = entry.weight in (NORMAL_WEIGHT, "normal", "regular") and entry.style == "normal"
        if not is_plain or (family and entry.name != family) or entry.name.startswith(PLACEHOLDER_FONT):
            continue
        try:
            yield entry.name, set(map(chr, get_font(entry.fname).get_charmap()))
        except (OSError, RuntimeError):  # a damaged font, or a kind that matplotlib cannot draw
            continue
