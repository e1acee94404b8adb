"""How far words moved, how sure that is, and how far words as frequent move anyway."""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.comparison.procrustes import blocks, fit, moments, padded, unit

SEED = 0
RESAMPLES = 200
AT_ONCE = 20  # resamples whose moments are held
LEVEL = 0.95
PEERS = 200
FEWEST_PEERS = 20
PART = 5  # peers are no more than this part of all words
LEAST_SPREAD = 1e-3  # below it words move equally far
WINDOWS_AT_ONCE = 1 << 15


class Alignment:
    """Two tables of the same n words, turned onto each other. a, b: rows, `(n, d)` and `(n, e)`, all with a direction.

    Where the widths differ, the narrower table gets columns of zeros, so that nothing of the wider one is lost. Words
    are put in blocks by lot; the draws are the same in every run.
    """

    def __init__(self, a: Floats, b: Floats) -> None:
        width = max(a.shape[1], b.shape[1])
        self._a, self._b = padded(unit(a), width), padded(unit(b), width)
        self._block = blocks(len(a), width, np.random.default_rng(SEED))
        self._moments = moments(self._a, self._b, self._block)

    def displacements(self) -> Floats:
        """Return 1 - cosine of each word's two rows after alignment, `(n,)`, 0 to 2.

        The alignment for a word is fitted on the words of the other blocks: one that is fitted on few words comes near
        to them whatever they mean. Hamilton, Leskovec and Jurafsky 2016 (arXiv:1605.09096), section 2.3, but for that.
        """
        whole, found = self._moments.sum(0), np.empty(len(self._a))
        for number, part in enumerate(self._moments):
            own = np.flatnonzero(self._block == number)
            found[own] = fit(whole - part).distances(self._a[own], self._b[own])
        return found

    def resampled(self, places: Ints) -> Floats:
        """Return the displacements of the words at some places, `(RESAMPLES, k)`, by alignments on blocks drawn again.

        Efron 1979, with blocks of words for items: a resample then costs d³, whatever the number of words.
        """
        count, width = self._moments.shape[:2]
        times = np.random.default_rng(SEED + 1).multinomial(count, np.full(count, 1 / count), RESAMPLES)
        a, b, flat = self._a[places], self._b[places], self._moments.reshape(count, -1)
        found = []
        for part in np.split(times.astype(np.float64), RESAMPLES // AT_ONCE):
            found += [fit(moment).distances(a, b) for moment in (part @ flat).reshape(-1, width, width)]
        return np.stack(found)


def intervals(values: Floats, drawn: Floats) -> Floats:
    """Return the lower and upper ends of 95 % intervals, `(2, k)`, of displacements. drawn: resampled, `(r, k)`.

    The spread of the resamples is put around the value: they hold fewer distinct words, so they all fit a little worse.
    """
    ends = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
    return np.clip(values + ends - drawn.mean(0), 0, 2)


@dataclass(frozen=True)
class Peers:
    """What is usual for each of n words, by the displacements of its peers, those nearest in frequency; `(n,)` each.

    usual: their median. spread: the median of how far they are from it. percentile: how many of a hundred moved less.
    """

    usual: Floats
    spread: Floats
    percentile: Floats


def peers(values: Floats, frequency: Floats) -> Peers:
    """Return what is usual for each word, beside the 200 words nearest in the order of frequency.

    Of fewer than a thousand words a fifth are peers, and 20 at least. values: displacements, `(n,)`. frequency: `(n,)`;
    only the order counts. How far words move between two trainings, even of the same texts, goes with how frequent they
    are, and looks like change of meaning (Dubossarsky, Weinshall and Grossman 2017, D17-1118).
    """
    order = np.argsort(frequency, kind="stable")
    size = min(len(values), 1 + max(FEWEST_PEERS, min(PEERS, len(values) // PART)))
    windows = np.lib.stride_tricks.sliding_window_view(values[order], size)
    first = np.clip(np.arange(len(values)) - size // 2, 0, len(values) - size)
    found = np.empty((3, len(values)))
    for at in range(0, len(order), WINDOWS_AT_ONCE):
        part = slice(at, at + WINDOWS_AT_ONCE)
        found[:, order[part]] = _beside(values[order[part]], windows[first[part]])
    return Peers(*found)


def beyond(values: Floats, usual: Peers) -> Floats:
    """Return by how many spreads each word moved further than is usual for its peers, `(n,)`."""
    return (values - usual.usual) / np.maximum(usual.spread, LEAST_SPREAD)


def _beside(values: Floats, windows: Floats) -> Floats:
    """Return median, spread and percentile, `(3, k)`, of values `(k,)` in windows `(k, m)` that hold them too."""
    middle = np.median(windows, axis=1)
    spread = np.median(np.abs(windows - middle[:, None]), axis=1)
    others = max(1, windows.shape[1] - 1)
    return np.stack([middle, spread, 100 * (windows < values[:, None]).sum(1) / others])
