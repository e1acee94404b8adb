"""Ids of things that were looked up lately, thousands of lookups at once.

A `dict` takes as long for the ten thousandth lookup of a word as for any other, and most of that is latency of memory,
one lookup after the other. NumPy overlaps the lookups; the `dict` is left with what is rare.
"""

from collections.abc import Callable

import numpy as np

from spacy_sgns.arrays import Ints

SLOT_BITS = 20  # of the index of a slot
MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)  # of a multiplicative hash; odd


class IdCache:
    """A direct-mapped cache of ids. Its keys are one or two 64-bit words; the first word of a key is not 0."""

    def __init__(self, key_words: int) -> None:
        self._slots = np.zeros((1 << SLOT_BITS, key_words + 1), np.uint64)  # a key, and its id

    def ids(self, keys: Ints, missing: Callable[[Ints], Ints]) -> Ints:
        """Return the ids of keys, `(n,)` int32.

        keys: `(n, key_words)` uint64; a key whose first word is 0 is never cached. missing: called with the indices
        `(m,)` of the keys that are not cached; returns their ids, `(m,)`.
        """
        hashes = np.bitwise_xor.reduce(keys * MULTIPLIERS[: keys.shape[1]], axis=1)
        slots = (hashes >> np.uint64(64 - SLOT_BITS)).astype(np.int64)
        cached = self._slots.take(slots, 0)
        ids = cached[:, -1].astype(np.int32)
        misses = np.flatnonzero((cached[:, :-1] != keys).any(axis=1) | (keys[:, 0] == 0))
        if len(misses):
            ids[misses] = missing(misses)
            self._store(slots[misses], keys[misses], ids[misses])
        return ids

    def renumber(self, new_ids: Ints) -> None:
        """Replace each cached id `i` by `new_ids[i]`; where that is -1, remove the key from the cache."""
        new = new_ids.take(self._slots[:, -1].astype(np.int64))
        self._slots[:, -1] = new
        self._slots[(new < 0) | (self._slots[:, 0] == 0)] = 0

    def _store(self, slots: Ints, keys: Ints, ids: Ints) -> None:
        """Put keys into slots, in place of the keys that are there."""
        slots, first = np.unique(slots, return_index=True)
        cacheable = keys[first, 0] != 0
        slots, first = slots[cacheable], first[cacheable]
        self._slots[slots] = np.column_stack((keys[first], ids[first].astype(np.uint64)))
