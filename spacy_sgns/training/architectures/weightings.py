"""Weightings: the weight of a neighbour by its distance.

word2vec draws a window for each token from 1 .. w, so a neighbour at distance k is in it with probability
(w + 1 - k) / w (Mikolov et al. 2013, arXiv:1301.3781, section 3.1). Using this probability as a weight gives the same
expectation without the variance. GloVe weighs a neighbour by 1/k (Pennington et al. 2014, section 4.2).
"""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats
from spacy_sgns.training.chunks import Chunks


class Fixed:
    """Weights that depend on the distance only; here all are 1."""

    def weights(self, window: int) -> Floats:
        """Return the weights of neighbours at distances 1 .. w, `(w,)`."""
        return np.ones(window)

    def reach(self, chunks: Chunks, window: int, rng: Generator) -> Chunks:
        """Return the chunks unchanged: each token reaches to the end of its window or text."""
        return chunks


class Linear(Fixed):
    """The expectation of random windows."""

    def weights(self, window: int) -> Floats:
        """Return (w + 1 - k) / w for distance k."""
        return (window + 1 - np.arange(1, window + 1)) / window


class Harmonic(Fixed):
    """The weights of GloVe."""

    def weights(self, window: int) -> Floats:
        """Return 1/k for distance k."""
        return 1 / np.arange(1, window + 1)


class Dynamic(Fixed):
    """A random window for each token, new in each epoch, in which all neighbours have the same weight."""

    def reach(self, chunks: Chunks, window: int, rng: Generator) -> Chunks:
        """Return the chunks with windows drawn uniformly from 1 .. w."""
        drawn = rng.integers(1, window + 1, chunks.ids.shape, chunks.left.dtype)
        return replace(chunks, left=np.minimum(chunks.left, drawn), right=np.minimum(chunks.right, drawn))


def linear_v1() -> Linear:
    """Return the weighting (w + 1 - k) / w, the expectation of random windows, registered as `linear.v1`."""
    return Linear()


def dynamic_v1() -> Dynamic:
    """Return the weighting by random windows, as in word2vec, registered as `dynamic.v1`."""
    return Dynamic()


def harmonic_v1() -> Harmonic:
    """Return the weighting 1/k, as in GloVe, registered as `harmonic.v1`."""
    return Harmonic()


def flat_v1() -> Fixed:
    """Return the weighting 1 at all distances, registered as `flat.v1`."""
    return Fixed()
