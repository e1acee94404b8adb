"""Rank correlation and bootstrap confidence intervals."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats, Ints

RESAMPLES = 2000
MIN_ITEMS = 10  # fewer items may agree by chance, and then so do their resamples
CONFIDENCE = 0.95
SEED = 0


class Interval(NamedTuple):
    """The ends of a 95 % confidence interval."""

    low: float
    high: float


def spearman(a: Floats, b: Floats) -> float:
    """Return the rank correlation of two samples, `(n,)` each; ties get the mean of their ranks.

    Spearman 1904. NaN if all values of a sample are equal.
    """
    ranks = np.stack((mean_ranks(a), mean_ranks(b)))
    ranks -= ranks.mean(1, keepdims=True)
    norm = np.sqrt(np.vecdot(ranks, ranks)).prod()
    return float(np.vecdot(ranks[0], ranks[1]) / norm) if norm else float("nan")


def mean_ranks(values: Floats) -> Floats:
    """Return the rank of each value from 1, `(n,)`; ties get the mean of their ranks."""
    _, distinct, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(sizes) - (sizes - 1) / 2)[distinct]


def bootstrap(statistic: Callable[[Ints], float], size: int) -> Floats:
    """Return the finite values of a statistic on resamples of `size` items, at most `(RESAMPLES,)`.

    statistic: maps the indices of the drawn items to a number. Efron 1979. The draws are the same in every run and for
    every statistic of the same size, so that two statistics can be compared draw by draw. Empty for fewer than ten
    items.
    """
    if size < MIN_ITEMS:
        return np.empty(0)
    rng = np.random.default_rng(SEED)
    values = np.array([statistic(rng.integers(size, size=size)) for _ in range(RESAMPLES)])
    return values[np.isfinite(values)]


def interval(resampled: Floats) -> Interval | None:
    """Return the middle 95 % of resampled values, or None if more than half of the resamples have no value."""
    if len(resampled) < RESAMPLES / 2:
        return None
    return Interval(*np.quantile(resampled, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)).tolist())
