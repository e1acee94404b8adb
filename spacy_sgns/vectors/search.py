"""Exact nearest-neighbour search whose results do not depend on the batch that a query is in.

Cosines in single precision decide which rows can be among the nearest; these candidates are scored again in double
precision, one by one. BLAS sums the products of one query and of a thousand queries in different orders, so without
the second step the order of nearly equal hits would depend on the other queries.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats, Ints

TIE_TOLERANCE = 1e-6  # scores that differ by less are ties, listed in the order of the words
MAX_COSINES = 1 << 24  # cosines in memory at a time
EPSILON = 1e-3  # of 3CosMul, against division by zero

Combine: TypeAlias = Callable[[Floats, Floats, float], Floats]


class ScoringMethod(NamedTuple):
    """How the cosines between candidates and the words of a query become scores.

    combine: takes the cosines with the positive words `(p, n)`, those with the negative words `(q, n)` and the length
    of the sum of their unit vectors; returns scores `(n,)`. error: bound on the error of a score s in single precision,
    relative to 1 + |s|.
    """

    combine: Combine
    error: float


class Query(NamedTuple):
    """What hits should be near to, and what they should be far from; `left_out` are rows that are not hits.

    A number below V is a row of the table, whose word is not a hit either; V + i is the i-th of the given vectors.
    """

    positive: tuple[int, ...]
    negative: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()


class Hits(NamedTuple):
    """The best rows `(n,)` for a query, the best first, and their scores `(n,)`."""

    rows: Ints
    scores: Floats


def three_cos_add(positive: Floats, negative: Floats, length: float) -> Floats:
    """Return the cosines with the sum of the positive minus the negative words' unit vectors.

    Levy and Goldberg 2014 (W14-1618), equation 3, divided by the length of that sum.
    """
    cosines: Floats = (positive.sum(0) - negative.sum(0)) / (length or 1)
    return cosines.clip(-1, 1)


def three_cos_mul(positive: Floats, negative: Floats, length: float) -> Floats:
    """Return the product of the cosines with the positive words over that with the negative ones, shifted to 0..1.

    Levy and Goldberg 2014 (W14-1618), equation 4.
    """
    return ((positive + 1) / 2).prod(0) / (((negative + 1) / 2).prod(0) + EPSILON)


SCORING_METHODS = {"3cosadd": ScoringMethod(three_cos_add, 1e-5), "3cosmul": ScoringMethod(three_cos_mul, 2e-3)}


class Search:
    """Search among unit vectors `(V, d)`; rows of zeros have cosine 0 with every row.

    given: `(g, d)` unit vectors for queries, which are not hits. case_variants: `(V,)` the same number for rows whose
    words differ in case only. Hits have at most one row of each number, and none of the query's. By default all rows
    are distinct.
    """

    def __init__(self, unit: Floats, case_variants: Ints | None = None, given: Floats | None = None) -> None:
        self._unit = unit
        self._given = np.empty((0, unit.shape[1]), unit.dtype) if given is None else given
        self._variants = np.arange(len(unit)) if case_variants is None else case_variants
        self._has_variants = case_variants is not None

    def with_given(self, vectors: Floats) -> "Search":
        """Return the same search with other vectors for queries, `(g, d)` unit vectors."""
        given = vectors.astype(self._unit.dtype)  # so that rows that share a query with them keep their precision
        return Search(self._unit, self._variants if self._has_variants else None, given)

    def search(
        self, queries: Sequence[Query], n: int, method: ScoringMethod, among: Ints | None = None
    ) -> Iterator[Hits]:
        """Yield the n best rows for each query, fewer if there are not enough; its own words are left out.

        among: `(m,)` distinct rows to search; by default all.
        """
        pool = np.arange(len(self._unit)) if among is None else np.sort(among)
        is_prefix = not len(pool) or pool[-1] == len(pool) - 1  # then a view saves the copy
        rows = self._unit[: len(pool)] if is_prefix else self._unit.take(pool, 0)
        size = max(1, MAX_COSINES // max(1, len(pool)))
        for batch in (queries[start : start + size] for start in range(0, len(queries), size)):
            asked = np.unique(_ids([i for query in batch for i in _asked(query)]))
            cosines = self._vectors(asked) @ rows.T
            for query in batch:
                positive, negative = (cosines.take(np.searchsorted(asked, _ids(side)), 0) for side in query[:2])
                scores = method.combine(positive, negative, self._length(query))
                yield self._best(query, n, method, pool, scores)

    def rank(self, query: Query, row: int, method: ScoringMethod, among: Ints | None = None) -> int:
        """Return the rank of a row among the hits for a query, from 1. among: as in `search`."""
        pool = np.arange(len(self._unit)) if among is None else np.sort(among)
        scores = self._exact(query, np.append(pool, row), method)
        better = (scores[:-1] > scores[-1] + TIE_TOLERANCE) | (
            (scores[:-1] >= scores[-1] - TIE_TOLERANCE) & (pool < row)
        )
        better &= ~np.isin(self._variants[pool], self._variants[[*self._own(query), row]])
        return 1 + len(np.unique(self._variants[pool[better]]))

    def _best(self, query: Query, n: int, method: ScoringMethod, pool: Ints, scores: Floats) -> Hits:
        """Return the best rows of a pool, given their scores in single precision."""
        own = np.isin(self._variants[pool], self._variants[self._own(query)])
        scores[own] = -np.inf
        available = len(pool) - int(own.sum())
        wanted = min(n, available)
        while True:
            rows = pool[_candidates(scores, wanted, method.error)]
            exact = self._exact(query, rows, method)
            order = self._without_variants(rows, _descending(exact, wanted))[:n]
            if len(order) >= n or wanted == available:
                return Hits(rows[order], exact[order])
            wanted = min(2 * wanted, available)  # case variants left fewer than n

    def _exact(self, query: Query, rows: Ints, method: ScoringMethod) -> Floats:
        """Return the scores `(n,)` of rows in double precision; each is independent of the other rows."""
        candidates = self._unit.take(rows, 0).astype(np.float64)
        positive, negative = (self._cosines(side, candidates) for side in query[:2])
        return method.combine(positive, negative, self._length(query))

    def _cosines(self, side: Sequence[int], candidates: Floats) -> Floats:
        cosines = np.empty((len(side), len(candidates)))
        for vector, out in zip(self._vectors(_ids(side)), cosines, strict=True):
            np.vecdot(candidates, vector.astype(np.float64), out=out)
        return cosines

    def _length(self, query: Query) -> float:
        positive, negative = (self._vectors(_ids(side)).sum(0, dtype=np.float64) for side in query[:2])
        return float(np.linalg.norm(positive - negative))

    def _vectors(self, ids: Ints) -> Floats:
        """Return the unit vectors `(n, d)` of rows and given vectors, numbered as in `Query`."""
        if not len(self._given):
            return self._unit.take(ids, 0)
        rows = ids < len(self._unit)
        found = self._given.take(np.where(rows, 0, ids - len(self._unit)), 0)
        found[rows] = self._unit.take(ids[rows], 0)
        return found

    def _own(self, query: Query) -> Ints:
        """Return the rows of a query's words, and those that it leaves out."""
        return _ids([i for i in (*_asked(query), *query.left_out) if i < len(self._unit)])

    def _without_variants(self, rows: Ints, order: Ints) -> Ints:
        """Return an order of rows without the rows that follow a case variant of theirs."""
        if not self._has_variants:
            return order
        return order[np.sort(np.unique(self._variants[rows[order]], return_index=True)[1])]


def _candidates(scores: Floats, n: int, error: float) -> Ints:
    """Return the ascending indices of all scores that may be among the n best, given their error bound."""
    if not n:
        return np.zeros(0, np.intp)
    least = float(np.partition(scores, len(scores) - n)[len(scores) - n])
    return np.flatnonzero(scores >= least - TIE_TOLERANCE - 2 * error * (1 + abs(least)))


def _descending(scores: Floats, n: int) -> Ints:
    """Return the indices of the n best scores, the best first; ties with the best remaining one in ascending order."""
    order = np.argsort(-scores, kind="stable")
    ascending = -scores[order]
    taken = 0
    while taken < n:
        end = int(np.searchsorted(ascending, ascending[taken] + TIE_TOLERANCE, "right"))
        order[taken:end].sort()
        taken = end
    return order[:n]


def _asked(query: Query) -> tuple[int, ...]:
    return (*query.positive, *query.negative)


def _ids(numbers: Sequence[int]) -> Ints:
    return np.array(numbers, np.intp)
