"""A word map as an HTML page: a single file that requests nothing from the network."""

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

DIGITS = 4  # of positions and cosines
HTML_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&"}  # these could end a script or start a tag


def write_page(word_map: WordMap, output: Path) -> list[str]:
    """Write an interactive map with the ten nearest neighbours of each word; there are no notes for the user.

    Raises SgnsError.
    """
    text = page(word_map)
    with written_beside(output) as beside:
        beside.write_text(text, encoding="utf8", newline="\n")
    return []


def page(word_map: WordMap) -> str:
    """Return the HTML of the page, whose Content-Security-Policy allows its own script and style only."""
    parts = {"script": _read("page.js"), "style": _read("page.css")}
    hashes = {f"{name} hash": _csp_hash(text) for name, text in parts.items()}
    parts |= {**hashes, "data": as_json(page_data(word_map))}
    return re.sub(r"\{\{(.+?)\}\}", lambda found: parts[found[1]], _read("page.html"))


def page_data(word_map: WordMap) -> dict[str, Any]:
    """Return the data that the script of the page draws."""
    counts = word_map.counts
    return {
        "title": word_map.title,
        "note": word_map.note,
        "words": word_map.words,
        "queries": word_map.queries,
        "points": word_map.points.round(DIGITS).tolist(),
        "counts": None if counts is None else counts.tolist(),
        "groups": word_map.grouping.names,
        "groupOf": word_map.grouping.of.tolist(),
        "neighbours": [[(word, round(score, DIGITS)) for word, score in found] for found in word_map.neighbours],
        "light": LIGHT,
        "dark": DARK,
    }


def as_json(value: Any) -> str:
    """Return JSON to embed in a page: ASCII only, with HTML's special characters escaped."""
    return json.dumps(value, separators=(",", ":")).translate(HTML_ESCAPES)


def _read(name: str) -> str:
    return (files("spacy_sgns.pictures") / name).read_text(encoding="utf8")


def _csp_hash(text: str) -> str:
    """Return the hash that allows a script or style in a Content-Security-Policy."""
    return "sha256-" + b64encode(sha256(text.encode("utf8")).digest()).decode("ascii")
