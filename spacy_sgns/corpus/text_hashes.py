"""Texts told apart by 64 bits each."""

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.splitmix import mix64


class TextHasher:
    """Hashes texts while they come in, a long one in any number of parts.

    A hash is the sum, modulo 2**64, of a number for each form at its place: the same for the same forms in the same
    order. That any two of n different texts have the same one has a chance of n**2 / 2**65: one in a million for six
    million texts.
    """

    def __init__(self) -> None:
        self._sum, self._size = np.uint64(0), 0  # of the text that is not at its end

    def add(self, numbers: Ints, ends: Ints) -> Ints:
        """Return the hashes `(k,)` uint64 of the texts that end in `numbers`, `(n,)` of forms, at `ends`, `(k,)`."""
        bounds = np.concatenate(([0], ends, [len(numbers)]))
        places = np.arange(1, len(numbers) + 1, dtype=np.int64)
        places -= np.repeat(bounds[:-1], np.diff(bounds))
        places[: bounds[1]] += self._size
        sums = np.zeros(len(numbers) + 1, np.uint64)
        np.cumsum(mix64((places << 31 | numbers).view(np.uint64)), out=sums[1:])
        hashes = np.diff(sums[bounds])
        hashes[:1] += self._sum
        self._sum, self._size = hashes[-1], len(numbers) - int(bounds[-2]) + (0 if len(ends) else self._size)
        return hashes[:-1]


def repeated(hashes: Ints) -> Ints:
    """Return the places of texts that have the hash of one before. hashes: `(texts,)`; 0 is that of no text."""
    places = np.flatnonzero(hashes)
    places = places[np.argsort(hashes[places], kind="stable")]
    return places[1:][hashes[places[1:]] == hashes[places[:-1]]]


def number_repeated(hashes: Ints) -> int:
    """Return how many texts have the hash of one before; it takes less memory than to say which."""
    ordered = hashes[hashes != 0]
    ordered.sort()
    return int(np.count_nonzero(ordered[1:] == ordered[:-1]))
