"""Distributions of noise words."""

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.chunks import keep_probability
from spacy_sgns.training.objectives.noise import NoiseTable


class Unigram:
    """Noise words with probability proportional to frequency to the power `noise_exponent`."""

    def source(self, counts: Ints, settings: Settings) -> "UnigramSource":
        """Return a source for a vocabulary with these counts, `(V,)`."""
        return UnigramSource(NoiseTable(counts, settings.noise_exponent))


class Uniform:
    """Noise words with equal probabilities."""

    def source(self, counts: Ints, settings: Settings) -> "UnigramSource":
        """Return a source for a vocabulary with these counts, `(V,)`."""
        return UnigramSource(NoiseTable(counts, 0.0))


class UnigramSource:
    """Draws from an alias table, with importance weights of 1."""

    def __init__(self, table: NoiseTable) -> None:
        self._table = table

    def draw(self, ids: Ints, groups: int, shared: int, rng: Generator) -> tuple[Ints, Floats]:
        """Return noise words and their importance weights, `(n, groups, shared)` each."""
        return self._table.draw((len(ids), groups, shared), rng), np.ones((len(ids), groups, shared))


class InBatch:
    """Noise words taken from the chunk itself, without random draws; their rows are already in the cache.

    The segments of a chunk lie far apart in the corpus, so most of its words are unrelated. A kept token is word v with
    probability p(v), a noise word with probability q(v): the importance weight of v is q(v) / p(v).
    """

    def source(self, counts: Ints, settings: Settings) -> "InBatchSource":
        """Return a source for a vocabulary with these counts, `(V,)`."""
        kept = counts * keep_probability(counts, settings.subsample).astype(np.float64)
        wanted = NoiseTable(counts, settings.noise_exponent).probability
        return InBatchSource(wanted / (kept / kept.sum()))


class InBatchSource:
    """Takes evenly spaced tokens of the other half of the chunk, different for each group. ratios: `(V,)` q / p."""

    def __init__(self, ratios: Floats) -> None:
        self._ratios = ratios

    def draw(self, ids: Ints, groups: int, shared: int, rng: Generator) -> tuple[Ints, Floats]:
        """Return noise words and their importance weights, `(n, groups, shared)` each. ids: `(n, T)`."""
        half = ids.shape[1] // 2
        stride, group = max(1, half // shared), np.arange(groups)[:, None]
        first = np.where(2 * group < groups, half, 0)
        words = ids[:, first + (group % stride + stride * np.arange(shared)) % half]
        return words, self._ratios.take(words)


def unigram_v1() -> Unigram:
    """Return noise by frequency to the power `noise_exponent`, registered as `unigram.v1`."""
    return Unigram()


def in_batch_v1() -> InBatch:
    """Return noise from the chunk itself, registered as `in_batch.v1`; for corpora of millions of words."""
    return InBatch()


def uniform_v1() -> Uniform:
    """Return noise with equal probabilities, registered as `uniform.v1`."""
    return Uniform()
