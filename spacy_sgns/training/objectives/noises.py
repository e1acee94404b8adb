"""Where noise words come from: the distributions that pairs of the corpus are to be told from."""

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.chunks import keep_probability
from spacy_sgns.training.objectives.noise import NoiseTable


class Unigram:
    """Noise words drawn by their frequency to the power `noise_exponent`."""

    def source(self, counts: Ints, settings: Settings) -> "UnigramSource":
        """Return what draws words with these counts, `(V,)`."""
        return UnigramSource(NoiseTable(counts, settings.noise_exponent))


class Uniform:
    """Noise words drawn with the same chance each."""

    def source(self, counts: Ints, settings: Settings) -> "UnigramSource":
        """Return what draws words with these counts, `(V,)`."""
        return UnigramSource(NoiseTable(counts, 0.0))


class UnigramSource:
    """Draws from a table."""

    def __init__(self, table: NoiseTable) -> None:
        self._table = table

    def draw(self, ids: Ints, groups: int, shared: int, rng: Generator) -> tuple[Ints, Floats]:
        """Return noise words, `(n, groups, shared)`, and their weights, here all 1."""
        return self._table.draw((len(ids), groups, shared), rng), np.ones((len(ids), groups, shared))


class InBatch:
    """Noise words taken from the chunk itself, whose rows are at hand; there is nothing to draw.

    A chunk's segments lie far apart in the corpus, so most of its words have nothing to do with each other. A kept
    token is of word v with the chance p(v), a noise word with the chance q(v): each counts q(v) / p(v).
    """

    def source(self, counts: Ints, settings: Settings) -> "InBatchSource":
        """Return what takes words with these counts, `(V,)`, from chunks."""
        kept = counts * keep_probability(counts, settings.subsample).astype(np.float64)
        wanted = NoiseTable(counts, settings.noise_exponent).probability
        return InBatchSource(wanted / (kept / kept.sum()))


class InBatchSource:
    """Takes tokens of the chunk's other half, evenly spread, for each group others. ratios: `(V,)` of the weights."""

    def __init__(self, ratios: Floats) -> None:
        self._ratios = ratios

    def draw(self, ids: Ints, groups: int, shared: int, rng: Generator) -> tuple[Ints, Floats]:
        """Return noise words of chunks `(n, T)`, `(n, groups, shared)`, and their weights."""
        half = ids.shape[1] // 2
        stride, group = max(1, half // shared), np.arange(groups)[:, None]
        first = np.where(2 * group < groups, half, 0)
        words = ids[:, first + (group % stride + stride * np.arange(shared)) % half]
        return words, self._ratios.take(words)


def unigram_v1() -> Unigram:
    """Return noise by frequency to the power `noise_exponent`, registered as `unigram.v1`."""
    return Unigram()


def in_batch_v1() -> InBatch:
    """Return noise from the chunk itself, registered as `in_batch.v1`; for corpora of some million words."""
    return InBatch()


def uniform_v1() -> Uniform:
    """Return noise in which each word is as likely, registered as `uniform.v1`."""
    return Uniform()
