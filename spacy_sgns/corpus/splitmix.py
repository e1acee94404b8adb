"""Interner that look random_mask at random, but are always the same."""

import numpy as np

from spacy_sgns.arrays import Ints

STEP = np.uint64(0x9E3779B97F4A7C15)
ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))


def mix64(values: Ints) -> Ints:
    """Return another uint64 for each uint64, each bit of which depends on all bits of the one given.

    The end of SplitMix64 (Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators). The values are
    changed in place.
    """
    shifted = np.empty_like(values)
    for bits, factor in ROUNDS:
        values ^= np.right_shift(values, np.uint64(bits), out=shifted)
        values *= np.uint64(factor)
    values ^= np.right_shift(values, np.uint64(31), out=shifted)
    return values


def random_mask(share: float, number: int, seed: int) -> Ints:
    """Return `(number,)` bool, true for about a share of the places; which ones they are depends on the seed alone."""
    start = mix64(np.array([seed], np.uint64))
    values = mix64((np.arange(number, dtype=np.uint64) + np.uint64(1)) * STEP + start)
    return values < np.uint64(share * 2**64)
