"""Reproducible random draws by SplitMix64.

Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators.
"""

import numpy as np

from spacy_sgns.arrays import Ints

INCREMENT = np.uint64(0x9E3779B97F4A7C15)
ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))


def mix64(values: Ints) -> Ints:
    """Return hashes of uint64 values, by the last step of SplitMix64. The values are changed in place.

    It is a bijection, and each bit of a hash depends on all bits of the value.
    """
    shifted = np.empty_like(values)
    for bits, factor in ROUNDS:
        values ^= np.right_shift(values, np.uint64(bits), out=shifted)
        values *= np.uint64(factor)
    values ^= np.right_shift(values, np.uint64(31), out=shifted)
    return values


def random_mask(share: float, size: int, seed: int) -> Ints:
    """Return `(size,)` bool, true with probability `share`; an element depends only on its index and the seed."""
    start = mix64(np.array([seed], np.uint64))
    values = mix64((np.arange(size, dtype=np.uint64) + np.uint64(1)) * INCREMENT + start)
    return values < np.uint64(share * 2**64)
