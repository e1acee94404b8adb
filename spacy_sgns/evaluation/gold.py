"""Words that people have judged: pairs with a score, and analogies; and what vectors make of them."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.evaluation.statistics import spearman
from spacy_sgns.vectors.word_vectors import WordVectors

MOST_FREQUENT = 30_000  # words that may be in an analogy, or the answer to it


class GoldSet(Protocol):
    """Items that people have judged."""

    @property
    def name(self) -> str:
        """The stem of the file."""

    @property
    def measure(self) -> str:
        """What the figure is."""

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
        answers = vectors.most_similar_batch(asked, 1, among=among)
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
