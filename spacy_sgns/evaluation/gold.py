"""Gold sets, word pairs with human scores and analogies, and the predictions that vectors make for them."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.evaluation.statistics import spearman
from spacy_sgns.vectors.word_vectors import WordVectors

MAX_ANALOGY_WORDS = 30_000  # the most frequent words, to which analogies and their answers are restricted


class GoldSet(Protocol):
    """Items with human judgements."""

    @property
    def name(self) -> str:
        """The stem of the file."""

    @property
    def metric(self) -> str:
        """The name of the metric."""

    def __len__(self) -> int:
        """Return the number of items."""

    def predict(self, vectors: WordVectors, among: int) -> "Predictions":
        """Return the predictions of vectors for the items. among: the number of most frequent words for analogies."""


@dataclass(frozen=True)
class Predictions:
    """The predictions of vectors for the items of a gold set that they cover.

    items: `(n,)` indices of the items whose words all have vectors. values: `(n,)` cosines, or 1 for a correct answer
    and 0 for a wrong one. gold: `(n,)` human scores, or None if `values` already compare with the gold answers.
    """

    items: Ints
    values: Floats
    gold: Floats | None = None

    def only(self, items: Ints) -> "Predictions":
        """Return the predictions for items that are among `items`."""
        kept = np.isin(self.items, items)
        return Predictions(self.items[kept], self.values[kept], None if self.gold is None else self.gold[kept])

    def score(self, indices: Ints | slice = slice(None)) -> float:
        """Return the metric on the predictions at some indices, by default on all; NaN if they are too few."""
        values = self.values[indices]
        if self.gold is None:
            return float(values.mean()) if len(values) else float("nan")
        return spearman(values, self.gold[indices]) if len(values) > 1 else float("nan")


@dataclass(frozen=True)
class WordPairs:
    """Pairs of words with human similarity scores `(n,)`."""

    name: str
    pairs: list[tuple[str, str]]
    gold: Floats
    metric: str = "Spearman"

    def __len__(self) -> int:
        return len(self.pairs)

    def predict(self, vectors: WordVectors, among: int) -> Predictions:
        """Return the cosines of the pairs. among: unused, since a pair of rare words has a cosine too."""
        pairs = [tuple(form_of(word, vectors) for word in pair) for pair in self.pairs]
        items = np.array([i for i, pair in enumerate(pairs) if all(pair)], np.intp)
        cosines = [vectors.similarity(*pairs[i]) for i in items]
        return Predictions(items, np.array(cosines), self.gold[items])


@dataclass(frozen=True)
class Analogies:
    """Analogies of four words, a is to b as c is to d, in sections.

    sections: the index of the first analogy and the name of each section.
    """

    name: str
    analogies: list[tuple[str, str, str, str]]
    sections: list[tuple[int, str]]
    metric: str = "accuracy"

    def __len__(self) -> int:
        return len(self.analogies)

    def predict(self, vectors: WordVectors, among: int) -> Predictions:
        """Return for which analogies d is the nearest word (3CosAdd) among the `among` most frequent words."""
        common = set(vectors.most_frequent_rows(among))
        rows = [[vectors.row_of.get(form_of(word, vectors), -1) for word in analogy] for analogy in self.analogies]
        items = np.array([i for i, four in enumerate(rows) if common.issuperset(four)], np.intp)
        hits = vectors.most_similar_batch([self._query(i, vectors) for i in items], 1, among=among)
        correct = [bool(best) and vectors.row_of[best[0][0]] == rows[i][3] for i, best in zip(items, hits, strict=True)]
        return Predictions(items, np.array(correct, np.float64))

    def section(self, number: int) -> tuple[str, range]:
        """Return the name of a section and the indices of its analogies."""
        start, name = self.sections[number]
        is_last = number + 1 == len(self.sections)
        return name, range(start, len(self) if is_last else self.sections[number + 1][0])

    def _query(self, item: int, vectors: WordVectors) -> tuple[list[str], list[str]]:
        a, b, c, _ = (form_of(word, vectors) for word in self.analogies[item])
        return [b, c], [a]


def form_of(word: str, vectors: WordVectors) -> str:
    """Return the form of a word that has a vector: as it is, or lower-cased; empty if neither has one."""
    return next((form for form in (word, word.lower()) if form in vectors), "")
