"""Exact search: which rows are nearest to what was asked, the same rows in the same order in whatever company.

Cosines in single precision tell which rows can be among the nearest; those few are scored once more in double
precision, each by itself. So a question has the same answer alone and among a thousand others, whose products BLAS adds
up in another order.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats, Ints

TIE = 1e-6  # scores that differ by no more are equal, and stand in the order of the words
AT_ONCE = 1 << 24  # cosines held at once
EPSILON = 1e-3  # of 3CosMul, against division by zero

Combine: TypeAlias = Callable[[Floats, Floats, float], Floats]


class Method(NamedTuple):
    """How the cosines of candidates with the words of a question become scores.

    combine: of the cosines with its positive words, `(p, n)`, with its negative ones, `(q, n)`, and of the length of
    the sum of their unit vectors makes `(n,)` scores. doubt: how far a score s may be off in single precision, of
    1 + |s|.
    """

    combine: Combine
    doubt: float


class Question(NamedTuple):
    """Rows of words that an answer should be near to, and of words that it should be far from."""

    positive: tuple[int, ...]
    negative: tuple[int, ...] = ()


class Answer(NamedTuple):
    """The best rows, `(n,)`, the best first, and their scores, `(n,)`."""

    rows: Ints
    scores: Floats


def three_cos_add(positive: Floats, negative: Floats, length: float) -> Floats:
    """Return the cosines with the sum of the positive minus the negative words' unit vectors.

    Levy and Goldberg 2014 (W14-1618), equation 3, divided by the length of that sum.
    """
    cosines: Floats = (positive.sum(0) - negative.sum(0)) / (length or 1)
    return cosines.clip(-1, 1)


def three_cos_mul(positive: Floats, negative: Floats, length: float) -> Floats:
    """Return the product of the cosines with positive words by that with negative ones, each moved to 0..1 before.

    Levy and Goldberg 2014 (W14-1618), equation 4.
    """
    return ((positive + 1) / 2).prod(0) / (((negative + 1) / 2).prod(0) + EPSILON)


METHODS = {"3cosadd": Method(three_cos_add, 1e-5), "3cosmul": Method(three_cos_mul, 2e-3)}


class Search:
    """Searches among unit vectors, `(V, d)`; rows of zeros are near to nothing.

    twins: `(V,)` the same number for rows of which an answer is to hold no more than one, and none where the question
    has one; by default each row is like no other.
    """

    def __init__(self, unit: Floats, twins: Ints | None = None) -> None:
        self._unit = unit
        self._twins = np.arange(len(unit)) if twins is None else twins
        self._has_twins = twins is not None

    def answers(
        self, questions: Sequence[Question], n: int, method: Method, among: Ints | None = None
    ) -> Iterator[Answer]:
        """Yield the n best rows for each question, fewer if there are no more; its own words are left out.

        among: `(m,)` distinct rows that may be an answer; by default all.
        """
        pool = np.arange(len(self._unit)) if among is None else np.sort(among)
        first = not len(pool) or pool[-1] == len(pool) - 1  # as the most frequent are: no need to copy them
        rows = self._unit[: len(pool)] if first else self._unit.take(pool, 0)
        size = max(1, AT_ONCE // max(1, len(pool)))
        for part in (questions[at : at + size] for at in range(0, len(questions), size)):
            given = np.unique([row for question in part for row in _words(question)])
            cosines = self._unit.take(given, 0) @ rows.T
            for question in part:
                positive, negative = (cosines.take(np.searchsorted(given, _ids(words)), 0) for words in question)
                scores = method.combine(positive, negative, self._length(question))
                yield self._best(question, n, method, pool, scores)

    def rank(self, question: Question, row: int, method: Method, among: Ints | None = None) -> int:
        """Return the place of a row in the answer to a question, from 1. among: as in `answers`."""
        pool = np.arange(len(self._unit)) if among is None else np.sort(among)
        scores = self._exact(question, np.append(pool, row), method)
        better = (scores[:-1] > scores[-1] + TIE) | ((scores[:-1] >= scores[-1] - TIE) & (pool < row))
        better &= ~np.isin(self._twins[pool], self._twins[[*_words(question), row]])
        return 1 + len(np.unique(self._twins[pool[better]]))

    def _best(self, question: Question, n: int, method: Method, pool: Ints, scores: Floats) -> Answer:
        """Return the best rows of a pool by their scores in single precision."""
        own = np.isin(self._twins[pool], self._twins[[*_words(question)]])
        scores[own] = -np.inf
        left = len(pool) - int(own.sum())
        wanted = min(n, left)
        while True:
            rows = pool[_candidates(scores, wanted, method.doubt)]
            exact = self._exact(question, rows, method)
            order = self._without_twins(rows, _falling(exact, wanted))[:n]
            if len(order) >= n or wanted == left:
                return Answer(rows[order], exact[order])
            wanted = min(2 * wanted, left)  # there were twins among them

    def _exact(self, question: Question, rows: Ints, method: Method) -> Floats:
        """Return the scores of rows in double precision, `(n,)`, each the same whatever the others are."""
        some = self._unit.take(rows, 0).astype(np.float64)
        positive, negative = (self._cosines(words, some) for words in question)
        return method.combine(positive, negative, self._length(question))

    def _cosines(self, words: Sequence[int], some: Floats) -> Floats:
        cosines = np.empty((len(words), len(some)))
        for word, out in zip(words, cosines, strict=True):
            np.vecdot(some, self._unit[word].astype(np.float64), out=out)
        return cosines

    def _length(self, question: Question) -> float:
        positive, negative = (self._unit.take(_ids(words), 0).sum(0, dtype=np.float64) for words in question)
        return float(np.linalg.norm(positive - negative))

    def _without_twins(self, rows: Ints, order: Ints) -> Ints:
        """Return an order of rows without those that have a twin before them."""
        if not self._has_twins:
            return order
        return order[np.sort(np.unique(self._twins[rows[order]], return_index=True)[1])]


def _candidates(scores: Floats, n: int, doubt: float) -> Ints:
    """Return the places, in order, of all scores that may be among the n best."""
    if not n:
        return np.zeros(0, np.intp)
    least = float(np.partition(scores, len(scores) - n)[len(scores) - n])
    return np.flatnonzero(scores >= least - TIE - 2 * doubt * (1 + abs(least)))


def _falling(scores: Floats, n: int) -> Ints:
    """Return the places of the n best scores, the best first; those that are equal to the best left, in their order."""
    order = np.argsort(-scores, kind="stable")
    falling = -scores[order]
    taken = 0
    while taken < n:
        end = int(np.searchsorted(falling, falling[taken] + TIE, "right"))
        order[taken:end].sort()
        taken = end
    return order[:n]


def _words(question: Question) -> tuple[int, ...]:
    return (*question.positive, *question.negative)


def _ids(words: Sequence[int]) -> Ints:
    return np.array(words, np.intp)
