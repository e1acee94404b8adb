"""A map as a page of its own: one file, that asks nothing of any network."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from spacy_sgns.drawing.colours import DARK, LIGHT
from spacy_sgns.pictures.word_map import WordMap
from spacy_sgns.system.files import written_beside

DIGITS = 4  # of places and cosines
NOT_IN_HTML = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&"}  # what could end a script or begin a tag


def write_page(drawn: WordMap, output: Path) -> list[str]:
    """Write a map as a page to look around in, with the ten words nearest to each; return what is to be said of it.

    Raises SgnsError.
    """
    text = page(drawn)
    with written_beside(output) as beside:
        beside.write_text(text, encoding="utf8", newline="\n")
    return []


def page(drawn: WordMap) -> str:
    """Return the text of the page. Nothing but its own script and style is let in, by a Content-Security-Policy."""
    parts = {"script": _part("page.js"), "style": _part("page.css")}
    hashes = {f"{name} hash": _hash(text) for name, text in parts.items()}
    parts |= {**hashes, "data": as_json(page_data(drawn))}
    return re.sub(r"\{\{(.+?)\}\}", lambda found: parts[found[1]], _part("page.html"))


def page_data(drawn: WordMap) -> dict[str, Any]:
    """Return what the page shows, as plain values."""
    counts = drawn.counts
    return {
        "title": drawn.title,
        "note": drawn.note,
        "words": drawn.words,
        "asked": drawn.asked,
        "points": drawn.points.round(DIGITS).tolist(),
        "counts": None if counts is None else counts.tolist(),
        "groups": drawn.grouping.names,
        "of": drawn.grouping.of.tolist(),
        "near": [[(word, round(score, DIGITS)) for word, score in found] for found in drawn.near],
        "light": LIGHT,
        "dark": DARK,
    }


def as_json(value: Any) -> str:
    """Return JSON that can stand in a page: ASCII alone, and no sign that means something to HTML."""
    return json.dumps(value, separators=(",", ":")).translate(NOT_IN_HTML)


def _part(name: str) -> str:
    return (files("spacy_sgns.pictures") / name).read_text(encoding="utf8")


def _hash(text: str) -> str:
    """Return the hash by which a policy knows a script or a style."""
    return "sha256-" + b64encode(sha256(text.encode("utf8")).digest()).decode("ascii")
