"""Files of judged words. Which kind a file is, it says itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from spacy_sgns.errors import SgnsError
from spacy_sgns.evaluation.gold import Analogies, GoldSet, WordPairs
from spacy_sgns.system.files import read_lines

SEPARATORS = ("\t", ",", ";", " ")
WANTED = "pairs of words with a score in each line (word, word, score, by tabs or commas), or analogies of four words"
Lines: TypeAlias = Sequence[tuple[int, str]]  # with their numbers


def read_sets(paths: Sequence[Path]) -> list[GoldSet]:
    """Return the sets of some files. Raises SgnsError where one cannot be read, or two have one name."""
    sets = [read_gold(path) for path in paths]
    names = [gold.name for gold in sets]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise SgnsError(f"Two files have the name {twice}, by which scores are told apart. Rename one of them.")
    return sets


def read_gold(path: Path) -> GoldSet:
    """Return the set of a file. Raises SgnsError where it cannot be read, or a line is not what the others are."""
    lines = read_lines(path)
    content = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not content:
        raise SgnsError(f"{path} has no lines. Wanted: {WANTED}.")
    return (_analogies if _are_analogies(content) else _word_pairs)(path, content)


def _are_analogies(content: Lines) -> bool:
    first, last = content[0][1], content[-1][1]
    words = last.split(" ")
    return first.startswith(":") or (
        len(words) == 4 and not any(mark in last for mark in "\t,;") and _score_column(words) is None
    )


def _analogies(path: Path, content: Lines) -> Analogies:
    questions: list[tuple[str, str, str, str]] = []
    sections: list[tuple[int, str]] = []
    for number, line in content:
        if line.startswith(":"):
            sections.append((len(questions), line[1:].strip()))
            continue
        words = line.split()
        if len(words) != 4:
            raise SgnsError(
                f"{path}, line {number}: got {len(words)} words, wanted the four of an analogy: {line[:80]!r}."
            )
        questions.append((words[0], words[1], words[2], words[3]))
    if not questions:
        raise SgnsError(f"{path} has no analogies, only names of sections.")
    return Analogies(path.stem, questions, sections or [(0, path.stem)])


def _word_pairs(path: Path, content: Lines) -> WordPairs:
    last = content[-1][1]
    separator = next((mark for mark in SEPARATORS if len(last.split(mark)) >= 3), None)
    rows = [(number, [cell.strip().strip('"') for cell in line.split(separator)]) for number, line in content]
    column = _score_column(rows[-1][1])
    if column is None:
        raise SgnsError(f"{path} is not understood. Wanted: {WANTED}. Got: {last[:80]!r}.")
    scores = [_number(cells, column) for _, cells in rows]
    if scores[0] is None and _is_name(rows[0][1], column):
        rows, scores = rows[1:], scores[1:]
    if None in scores:
        number, cells = rows[scores.index(None)]
        text = " ".join(cells)[:80]
        raise SgnsError(f"{path}, line {number}: there is no score in column {column + 1}: {text!r}.")
    return WordPairs(path.stem, [(cells[0], cells[1]) for _, cells in rows], np.array(scores, np.float64))


def _score_column(cells: Sequence[str]) -> int | None:
    """Return the first column after the words that has a number."""
    return next((column for column in range(2, len(cells)) if _number(cells, column) is not None), None)


def _is_name(cells: Sequence[str], column: int) -> bool:
    """Return whether a first line has the name of a column there, not a score that is broken."""
    text = cells[column] if column < len(cells) else ""
    return text[:1].isalpha() and text.lower() not in ("nan", "inf", "infinity")


def _number(cells: Sequence[str], column: int) -> float | None:
    try:
        value = float(cells[column])
    except (IndexError, ValueError):
        return None
    return value if np.isfinite(value) else None
