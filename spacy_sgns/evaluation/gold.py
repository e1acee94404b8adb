"""Files of judged words: pairs with a score, and analogies. Which of the two a file is, it says itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.errors import SgnsError
from spacy_sgns.evaluation.statistics import spearman
from spacy_sgns.vectors.word_vectors import WordVectors

SEPARATORS = ("\t", ",", ";", " ")
MOST_FREQUENT = 30_000  # words that may be in an analogy, or the answer to it
WANTED = "pairs of words with a score in each line (word, word, score, by tabs or commas), or analogies of four words"


class GoldSet(Protocol):
    """Items that people have judged. name: the stem of the file. measure: what the figure is."""

    name: str
    measure: str

    def __len__(self) -> int:
        """Return how many items there are."""

    def judge(self, vectors: WordVectors, among: int) -> "Judged":
        """Return what vectors make of the items. among: how many of the most frequent words are asked of at all."""


@dataclass(frozen=True)
class Judged:
    """What vectors make of the items of a set.

    items: `(n,)` places of those whose words they all have. values: `(n,)` their cosines, or 1 for a right answer.
    gold: `(n,)` what people say, or nothing where it is in the values.
    """

    items: Ints
    values: Floats
    gold: Floats | None = None

    def only(self, items: Ints) -> "Judged":
        """Return this without the items that are not among those."""
        kept = np.isin(self.items, items)
        return Judged(self.items[kept], self.values[kept], None if self.gold is None else self.gold[kept])

    def figure(self, places: Ints | slice = slice(None)) -> float:
        """Return the figure of the items at some places; not a number if there are too few."""
        values = self.values[places]
        if self.gold is None:
            return float(values.mean()) if len(values) else float("nan")
        return spearman(values, self.gold[places]) if len(values) > 1 else float("nan")


@dataclass(frozen=True)
class WordPairs:
    """Pairs of words with scores, `(n,)`."""

    name: str
    pairs: list[tuple[str, str]]
    gold: Floats
    measure: str = "Spearman"

    def __len__(self) -> int:
        return len(self.pairs)

    def judge(self, vectors: WordVectors, among: int) -> Judged:
        """Return the cosines of the pairs. among: not asked, as rare words are no reason for a pair to be left out."""
        found = [tuple(form_of(word, vectors) for word in pair) for pair in self.pairs]
        items = np.array([i for i, pair in enumerate(found) if all(pair)], np.intp)
        cosines = [vectors.similarity(*found[i]) for i in items]
        return Judged(items, np.array(cosines), self.gold[items])


@dataclass(frozen=True)
class Analogies:
    """Questions of four words, a is to b as c is to d, in sections: each begins at some question and has a name."""

    name: str
    questions: list[tuple[str, str, str, str]]
    sections: list[tuple[int, str]]
    measure: str = "accuracy"

    def __len__(self) -> int:
        return len(self.questions)

    def judge(self, vectors: WordVectors, among: int) -> Judged:
        """Return which questions have their answer nearest (3CosAdd), the answer being one of the `among` words."""
        common = set(vectors.most_frequent(among))
        rows = [[vectors.row_of.get(form_of(word, vectors), -1) for word in question] for question in self.questions]
        items = np.array([i for i, four in enumerate(rows) if common.issuperset(four)], np.intp)
        asked = [self._question(i, vectors) for i in items]
        answers = vectors.most_similar_each(asked, 1, among=among)
        right = [
            bool(best) and vectors.row_of[best[0][0]] == rows[i][3] for i, best in zip(items, answers, strict=True)
        ]
        return Judged(items, np.array(right, np.float64))

    def section(self, number: int) -> tuple[str, range]:
        """Return the name of a section, and the places of its questions."""
        start, name = self.sections[number]
        last = number + 1 == len(self.sections)
        return name, range(start, len(self) if last else self.sections[number + 1][0])

    def _question(self, item: int, vectors: WordVectors) -> tuple[list[str], list[str]]:
        a, b, c, _ = (form_of(word, vectors) for word in self.questions[item])
        return [b, c], [a]


def form_of(word: str, vectors: WordVectors) -> str:
    """Return a word as vectors have it: as it is, or in small letters; empty if they have neither."""
    return next((form for form in (word, word.lower()) if form in vectors), "")


def read_gold(path: Path) -> GoldSet:
    """Return the set of a file. Raises SgnsError where it cannot be read, or a line is not what the others are."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise SgnsError(f"Cannot read {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SgnsError(f"{path} is not UTF-8: byte {error.start} cannot be read.") from error
    content = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not content:
        raise SgnsError(f"{path} has no lines. Wanted: {WANTED}.")
    if content[0][1].startswith(":") or len(content[0][1].split()) == 4:
        return _analogies(path, content)
    return _word_pairs(path, content)


def _analogies(path: Path, content: Sequence[tuple[int, str]]) -> Analogies:
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


def _word_pairs(path: Path, content: Sequence[tuple[int, str]]) -> WordPairs:
    separator = next((mark for mark in SEPARATORS if len(content[-1][1].split(mark)) >= 3), "")
    rows = [(number, [cell.strip().strip('"') for cell in line.split(separator or None)]) for number, line in content]
    column = _score_column(rows)
    if column is None:
        raise SgnsError(f"{path} is not understood. Wanted: {WANTED}. Got: {content[-1][1][:80]!r}.")
    if _number(rows[0][1], column) is None:
        rows = rows[1:]  # names of columns
    for number, cells in rows:
        if _number(cells, column) is None:
            raise SgnsError(
                f"{path}, line {number}: there is no score in column {column + 1}: {' '.join(cells)[:80]!r}."
            )
    scores = np.array([_number(cells, column) for _, cells in rows], np.float64)
    return WordPairs(path.stem, [(cells[0], cells[1]) for _, cells in rows], scores)


def _score_column(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    """Return the first column after the words that has a number in the last line."""
    cells = rows[-1][1]
    return next((column for column in range(2, len(cells)) if _number(cells, column) is not None), None)


def _number(cells: Sequence[str], column: int) -> float | None:
    try:
        value = float(cells[column])
    except (IndexError, ValueError):
        return None
    return value if np.isfinite(value) else None
