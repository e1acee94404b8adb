"""Displacements of words between two aligned tables, their confidence intervals, and comparison with peers."""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.comparison.procrustes import assign_blocks, fit, moments, padded, unit

SEED = 0
RESAMPLES = 200
RESAMPLES_PER_BATCH = 20  # whose moments are in memory at a time
CONFIDENCE = 0.95
MAX_PEERS = 200
MIN_PEERS = 20
WORDS_PER_PEER = 5  # peers are at most a fifth of all words
MIN_MAD = 1e-3  # a smaller one would turn tiny differences into large scores
WINDOWS_PER_BATCH = 1 << 15


class Alignment:
    """The alignment of two tables of the same n words. a, b: rows, `(n, d)` and `(n, e)`, all with a direction.

    If the dimensions differ, the narrower table gets columns of zeros, so that nothing of the wider one is lost. Words
    are assigned to blocks at random; the draws are the same in every run.
    """

    def __init__(self, a: Floats, b: Floats) -> None:
        width = max(a.shape[1], b.shape[1])
        self._a, self._b = padded(unit(a), width), padded(unit(b), width)
        self._block = assign_blocks(len(a), width, np.random.default_rng(SEED))
        self._moments = moments(self._a, self._b, self._block)

    def displacements(self) -> Floats:
        """Return 1 - cosine of each word's two rows after alignment, `(n,)`, from 0 to 2.

        Each block of words is aligned by a fit on the other blocks: a fit on few words would bring these close together
        whatever they mean. Otherwise as in Hamilton, Leskovec and Jurafsky 2016 (arXiv:1605.09096), section 2.3.
        """
        total, values = self._moments.sum(0), np.empty(len(self._a))
        for number, moment in enumerate(self._moments):
            own = np.flatnonzero(self._block == number)
            values[own] = fit(total - moment).distances(self._a[own], self._b[own])
        return values

    def resample(self, indices: Ints) -> Floats:
        """Return the displacements `(RESAMPLES, k)` of the words at k indices, aligned by fits on resampled blocks.

        Efron 1979, with blocks of words as items: a resample then costs d³, whatever the number of words.
        """
        count, width = self._moments.shape[:2]
        times = np.random.default_rng(SEED + 1).multinomial(count, np.full(count, 1 / count), RESAMPLES)
        a, b, flat = self._a[indices], self._b[indices], self._moments.reshape(count, -1)
        resampled = []
        for batch in np.split(times.astype(np.float64), RESAMPLES // RESAMPLES_PER_BATCH):
            resampled += [fit(moment).distances(a, b) for moment in (batch @ flat).reshape(-1, width, width)]
        return np.stack(resampled)


def intervals(values: Floats, resampled: Floats) -> Floats:
    """Return the lower and upper ends `(2, k)` of 95 % intervals of displacements `(k,)`. resampled: `(r, k)`.

    The deviations of the resamples from their mean are put around the value: resamples have fewer distinct words, so
    their displacements are all a little too large.
    """
    ends = np.quantile(resampled, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2), axis=0)
    return np.clip(values + ends - resampled.mean(0), 0, 2)


@dataclass(frozen=True)
class Peers:
    """The displacements of the peers of each of n words, those nearest in frequency; `(n,)` each.

    median: of the peers. mad: their median absolute deviation. percentile: of the word's own displacement among theirs,
    from 0 to 100.
    """

    median: Floats
    mad: Floats
    percentile: Floats


def peers(values: Floats, frequency: Floats) -> Peers:
    """Return statistics of the 200 peers of each word, the nearest in the order of frequency.

    Of fewer than a thousand words a fifth are peers, and at least 20. values: displacements `(n,)`. frequency: `(n,)`,
    of which only the order counts. The displacement of a word between two trainings, even on the same texts, depends on
    its frequency, and can be mistaken for a change of meaning (Dubossarsky, Weinshall and Grossman 2017, D17-1118).
    """
    order = np.argsort(frequency, kind="stable")
    size = min(len(values), 1 + max(MIN_PEERS, min(MAX_PEERS, len(values) // WORDS_PER_PEER)))
    windows = np.lib.stride_tricks.sliding_window_view(values[order], size)
    first = np.clip(np.arange(len(values)) - size // 2, 0, len(values) - size)
    statistics = np.empty((3, len(values)))
    for start in range(0, len(order), WINDOWS_PER_BATCH):
        batch = slice(start, start + WINDOWS_PER_BATCH)
        statistics[:, order[batch]] = _peer_statistics(values[order[batch]], windows[first[batch]])
    return Peers(*statistics)


def robust_z(values: Floats, peers: Peers) -> Floats:
    """Return the robust z-score of each displacement `(n,)`: its distance to the peers' median, in their MADs."""
    return (values - peers.median) / np.maximum(peers.mad, MIN_MAD)


def _peer_statistics(values: Floats, windows: Floats) -> Floats:
    """Return median, MAD and percentile, `(3, k)`, of values `(k,)` in windows `(k, m)` that include them."""
    median = np.median(windows, axis=1)
    mad = np.median(np.abs(windows - median[:, None]), axis=1)
    others = max(1, windows.shape[1] - 1)
    return np.stack([median, mad, 100 * (windows < values[:, None]).sum(1) / others])
