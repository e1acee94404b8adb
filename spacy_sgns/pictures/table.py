"""A word map as a table: words, counts, groups and positions, one word a line."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from spacy_sgns.pictures.word_map import WordMap
from spacy_sgns.system.files import written_beside

DIGITS = 4  # of positions
Columns: TypeAlias = Mapping[str, Iterable[Any]]


def write_table(word_map: WordMap, output: Path) -> list[str]:
    """Write each word with its count if known, its group or cluster, and its position; there are no notes for the user.

    Raises SgnsError.
    """
    x, y = word_map.points.round(DIGITS).T.tolist()
    columns = {**word_columns(word_map), **group_column(word_map), "x": x, "y": y}
    with written_beside(output) as beside:
        beside.write_text(as_tsv(columns), encoding="utf8", newline="\n")
    return []


def word_columns(word_map: WordMap) -> Columns:
    """Return the words, and their counts if known."""
    words = {"word": [cell(word) for word in word_map.words]}
    return words if word_map.counts is None else {**words, "count": word_map.counts.tolist()}


def group_column(word_map: WordMap) -> Columns:
    """Return the name of each word's group, empty for none, as `group` if the user named the groups, else `cluster`."""
    grouping = word_map.grouping
    names = [cell(grouping.names[group]) if group >= 0 else "" for group in grouping.of.tolist()]
    return {"group" if grouping.from_file else "cluster": names}


def as_tsv(columns: Columns) -> str:
    """Return columns separated by tabs, with a line of their names first."""
    lines = ["\t".join(map(str, line)) for line in zip(*columns.values(), strict=True)]
    return "".join(f"{line}\n" for line in ["\t".join(columns), *lines])


def cell(text: str) -> str:
    """Return a text without tabs, line breaks and lone surrogates."""
    return " ".join(text.split()).encode("utf8", "replace").decode("utf8") or "\ufffd"
