"""Reading gold sets from files; the content of a file tells its kind."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from spacy_sgns.errors import SgnsError
from spacy_sgns.evaluation.gold import Analogies, GoldSet, WordPairs
from spacy_sgns.system.files import read_lines

SEPARATORS = ("\t", ",", ";", " ")
WANTED = "two words and a score in each line, separated by tabs or commas, or analogies of four words"
NumberedLines: TypeAlias = Sequence[tuple[int, str]]


def read_sets(paths: Sequence[Path]) -> list[GoldSet]:
    """Return the gold set in each file. Raises SgnsError if one cannot be read, or two have the same name."""
    sets = [read_gold(path) for path in paths]
    names = [gold.name for gold in sets]
    if repeated := next((name for name in names if names.count(name) > 1), ""):
        raise SgnsError(
            f"Two gold sets have the name {repeated}, so their scores could not be told apart. Rename one file."
        )
    return sets


def read_gold(path: Path) -> GoldSet:
    """Return the gold set in a file. Raises SgnsError if it cannot be read, or its lines differ in kind."""
    lines = read_lines(path)
    content = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not content:
        raise SgnsError(f"{path} is empty. Wanted: {WANTED}.")
    return (_analogies if _are_analogies(content) else _word_pairs)(path, content)


def _are_analogies(content: NumberedLines) -> bool:
    first, last = content[0][1], content[-1][1]
    words = last.split(" ")
    return first.startswith(":") or (
        len(words) == 4 and not any(mark in last for mark in "\t,;") and _score_column(words) is None
    )


def _analogies(path: Path, content: NumberedLines) -> Analogies:
    analogies: list[tuple[str, str, str, str]] = []
    sections: list[tuple[int, str]] = []
    for number, line in content:
        if line.startswith(":"):
            sections.append((len(analogies), line[1:].strip()))
            continue
        words = line.split()
        if len(words) != 4:
            raise SgnsError(
                f"{path}, line {number}: got {len(words)} words, wanted the four of an analogy: {line[:80]!r}."
            )
        analogies.append((words[0], words[1], words[2], words[3]))
    if not analogies:
        raise SgnsError(f"{path} has no analogies, only section names. Wanted: {WANTED}.")
    return Analogies(path.stem, analogies, sections or [(0, path.stem)])


def _word_pairs(path: Path, content: NumberedLines) -> WordPairs:
    last = content[-1][1]
    separator = next((mark for mark in SEPARATORS if len(last.split(mark)) >= 3), None)
    rows = [(number, [cell.strip().strip('"') for cell in line.split(separator)]) for number, line in content]
    column = _score_column(rows[-1][1])
    if column is None:
        raise SgnsError(f"{path} is not a gold set. Wanted: {WANTED}. Got: {last[:80]!r}.")
    scores = [_number(cells, column) for _, cells in rows]
    if scores[0] is None and _is_header(rows[0][1], column):
        rows, scores = rows[1:], scores[1:]
    if None in scores:
        number, cells = rows[scores.index(None)]
        text = " ".join(cells)[:80]
        raise SgnsError(f"{path}, line {number}: wanted a score in column {column + 1}, got {text!r}.")
    return WordPairs(path.stem, [(cells[0], cells[1]) for _, cells in rows], np.array(scores, np.float64))


def _score_column(cells: Sequence[str]) -> int | None:
    """Return the index of the first column after the words that has a number."""
    return next((column for column in range(2, len(cells)) if _number(cells, column) is not None), None)


def _is_header(cells: Sequence[str], column: int) -> bool:
    """Return whether a first line has a column name there, rather than a damaged score."""
    text = cells[column] if column < len(cells) else ""
    return text[:1].isalpha() and text.lower() not in ("nan", "inf", "infinity")


def _number(cells: Sequence[str], column: int) -> float | None:
    try:
        value = float(cells[column])
    except (IndexError, ValueError):
        return None
    return value if np.isfinite(value) else None
