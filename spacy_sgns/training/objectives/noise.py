"""Noise words, drawn with probability proportional to f ** exponent.

Reference: `tests/training/oracle.py`, `noise_probability` and `alias_probability`.
"""

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints


class NoiseTable:
    """Draws a word id in constant time by the alias method (Vose 1991, doi:10.1109/32.92917). probability: `(V,)`."""

    def __init__(self, counts: Ints, exponent: float) -> None:
        weights = counts.astype(np.float64) ** exponent
        self.probability: Floats = weights / weights.sum()
        self._stay, self._alias = _alias(self.probability)

    def draw(self, shape: tuple[int, ...], rng: Generator) -> Ints:
        """Return random word ids of the given shape."""
        ids = rng.integers(0, len(self._stay), shape, dtype=np.int32).astype(np.intp)
        leave = rng.random(shape, dtype=np.float32) >= self._stay.take(ids)
        ids[leave] = self._alias.take(ids[leave])
        return ids


def _alias(probability: Floats) -> tuple[Floats, Ints]:
    """Return the probability of keeping each word when it is hit, and its alias: the word drawn otherwise."""
    size = len(probability)
    share = (probability * size).tolist()
    alias = list(range(size))
    small = [i for i, p in enumerate(share) if p < 1]
    large = [i for i, p in enumerate(share) if p >= 1]
    while small and large:
        poor, rich = small.pop(), large[-1]
        alias[poor] = rich
        share[rich] -= 1 - share[poor]
        if share[rich] < 1:
            small.append(large.pop())
    for i in small + large:
        share[i] = 1.0
    return np.array(share, np.float32), np.array(alias, np.intp)
