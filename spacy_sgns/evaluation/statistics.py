"""Rank correlation, and how sure a figure is."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats, Ints

RESAMPLES = 2000
FEWEST = 10  # items: fewer may agree by chance, and their resamples with them
LEVEL = 0.95
SEED = 0


class Interval(NamedTuple):
    """Where a figure lies with a chance of 95 %."""

    low: float
    high: float


def spearman(a: Floats, b: Floats) -> float:
    """Return the rank correlation of two samples, `(n,)` each: equal values share the mean of their ranks.

    Spearman 1904. Not a number where all values of a sample are equal.
    """
    ranks = np.stack((mean_ranks(a), mean_ranks(b)))
    ranks -= ranks.mean(1, keepdims=True)
    spread = np.sqrt(np.vecdot(ranks, ranks)).prod()
    return float(np.vecdot(ranks[0], ranks[1]) / spread) if spread else float("nan")


def mean_ranks(values: Floats) -> Floats:
    """Return the rank of each value from 1, `(n,)`; equal values have the mean of theirs."""
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(sizes) - (sizes - 1) / 2)[place]


def bootstrap(figure: Callable[[Ints], float], size: int) -> Floats:
    """Return a figure of resamples of `size` items, `(RESAMPLES,)`, those of them that are numbers.

    figure: of the items' places. Efron 1979. The draws are the same in every run, and for every figure of as many
    items, so that two of them can be compared draw by draw. None for fewer than ten items.
    """
    if size < FEWEST:
        return np.empty(0)
    rng = np.random.default_rng(SEED)
    figures = np.array([figure(rng.integers(size, size=size)) for _ in range(RESAMPLES)])
    return figures[np.isfinite(figures)]


def interval(figures: Floats) -> Interval | None:
    """Return the middle 95 % of resampled figures, or None if there are too few to tell."""
    if len(figures) < RESAMPLES / 2:
        return None
    return Interval(*np.quantile(figures, ((1 - LEVEL) / 2, (1 + LEVEL) / 2)).tolist())
