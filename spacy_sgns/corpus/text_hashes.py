"""Hashes of texts, by which duplicates are found: 64 bits a text."""

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.splitmix import mix64


class TextHasher:
    """Hashes texts as their tokens come in; a text may come in any number of calls.

    The hash of a text is the sum, modulo 2**64, of a hash of each pair of position and form, so equal sequences of
    forms have equal hashes. The probability that any two of n different texts collide is n**2 / 2**65: one in a million
    for six million texts.
    """

    def __init__(self) -> None:
        self._sum, self._size = np.uint64(0), 0  # of the text that is still open

    def add(self, form_ids: Ints, ends: Ints) -> Ints:
        """Return the hashes `(k,)` uint64 of the texts that end at `ends` `(k,)` among the tokens `form_ids` `(n,)`."""
        bounds = np.concatenate(([0], ends, [len(form_ids)]))
        positions = np.arange(1, len(form_ids) + 1, dtype=np.int64)
        positions -= np.repeat(bounds[:-1], np.diff(bounds))
        positions[: bounds[1]] += self._size
        sums = np.zeros(len(form_ids) + 1, np.uint64)
        np.cumsum(mix64((positions << 31 | form_ids).view(np.uint64)), out=sums[1:])
        hashes = np.diff(sums[bounds])
        hashes[:1] += self._sum
        self._sum, self._size = hashes[-1], len(form_ids) - int(bounds[-2]) + (0 if len(ends) else self._size)
        return hashes[:-1]


def duplicate_indices(hashes: Ints) -> Ints:
    """Return the indices of texts with the hash of an earlier text. hashes: `(texts,)`, 0 for a text without tokens."""
    indices = np.flatnonzero(hashes)
    indices = indices[np.argsort(hashes[indices], kind="stable")]
    return indices[1:][hashes[indices[1:]] == hashes[indices[:-1]]]


def count_duplicates(hashes: Ints) -> int:
    """Return the number of texts with the hash of an earlier text, in less memory than `duplicate_indices` takes."""
    ordered = hashes[hashes != 0]
    ordered.sort()
    return int(np.count_nonzero(ordered[1:] == ordered[:-1]))
