"""Installed fonts that have the characters of a text."""

from collections.abc import Iterator
from operator import itemgetter

from spacy_sgns.drawing.extras import extra

DEFAULT_FAMILY = "DejaVu Sans"  # comes with matplotlib, so that pictures look the same on all machines
NORMAL_WEIGHT = 400
PLACEHOLDER_FONT = "Last Resort"  # has a placeholder for every character


def font_families(text: str) -> tuple[list[str], set[str]]:
    """Return font families that cover a text, the default first, and the characters that no installed font has."""
    chosen, missing = [DEFAULT_FAMILY], set(text) - {" "}
    for _, chars in _fonts(DEFAULT_FAMILY):
        missing -= chars
    fonts = sorted(((name, chars & missing) for name, chars in _fonts()), key=itemgetter(0)) if missing else []
    while missing:
        name, chars = max(fonts, key=lambda font: len(font[1] & missing))
        if not chars & missing:
            break
        chosen.append(name)
        missing -= chars
    return chosen, missing


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
