"""How much a neighbour counts, by its distance: the weightings of the window.

word2vec draws a window for each token from 1..w, so a neighbour at distance k is in it with the chance (w + 1 - k) / w
(Mikolov et al. 2013, arXiv:1301.3781, section 3.1). To give it that weight is the same in expectation and has no
variance of its own. GloVe counts a neighbour 1/k (Pennington et al. 2014, section 4.2).
"""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats
from spacy_sgns.training.chunks import Chunks


class Fixed:
    """Weights of distances that hang on nothing else."""

    def weights(self, window: int) -> Floats:
        """Return the weight of a neighbour at distance 1 .. w, `(w,)`; here of each the same."""
        return np.ones(window)

    def reach(self, chunks: Chunks, window: int, rng: Generator) -> Chunks:
        """Return the chunks with the reach that their tokens have: here to the ends of the window."""
        return chunks


class Linear(Fixed):
    """What drawn windows give in expectation."""

    def weights(self, window: int) -> Floats:
        """Return (w + 1 - k) / w for distance k."""
        return (window + 1 - np.arange(1, window + 1)) / window


class Harmonic(Fixed):
    """What GloVe counts."""

    def weights(self, window: int) -> Floats:
        """Return 1/k for distance k."""
        return 1 / np.arange(1, window + 1)


class Dynamic(Fixed):
    """A window for each token, drawn anew each time it is trained on, whose neighbours all count the same."""

    def reach(self, chunks: Chunks, window: int, rng: Generator) -> Chunks:
        """Return the chunks with windows drawn from 1 .. w."""
        drawn = rng.integers(1, window + 1, chunks.ids.shape, chunks.left.dtype)
        return replace(chunks, left=np.minimum(chunks.left, drawn), right=np.minimum(chunks.right, drawn))


def linear_v1() -> Linear:
    """Return the weighting (w + 1 - k) / w, registered as `linear.v1`."""
    return Linear()


def dynamic_v1() -> Dynamic:
    """Return the weighting by drawn windows, registered as `dynamic.v1`."""
    return Dynamic()


def harmonic_v1() -> Harmonic:
    """Return the weighting 1/k, registered as `harmonic.v1`."""
    return Harmonic()


def flat_v1() -> Fixed:
    """Return the weighting 1 for all, registered as `flat.v1`."""
    return Fixed()
