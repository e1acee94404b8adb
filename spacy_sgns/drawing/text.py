"""Text of any origin made safe to draw."""

from html import escape
from unicodedata import category

MAX_LABEL_CHARS = 30
JOINERS = "\u200c\u200d"  # invisible, but some scripts and emoji look different without them
REPLACEMENT = "\ufffd"
WITHOUT_GLYPH = {"Cc", "Cs", "Cn", "Co"}  # Unicode categories: control, surrogate, unassigned, private use


def printable(text: str) -> str:
    """Return a text with U+FFFD for each character without a glyph, and without invisible format characters.

    The latter include those that change the direction of writing; joiners stay.
    """
    return "".join(map(_printable_char, text))


def label(text: str, max_chars: int = MAX_LABEL_CHARS) -> str:
    """Return a text as a printable label: one line of at most `max_chars` characters."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= max_chars else line[: max_chars - 1] + "…"


def escaped(text: str) -> str:
    """Return a printable text, escaped for HTML and SVG."""
    return escape(printable(text))


def _printable_char(char: str) -> str:
    kind = category(char)
    if kind == "Cf" and char not in JOINERS:
        return ""
    return REPLACEMENT if kind in WITHOUT_GLYPH else char
