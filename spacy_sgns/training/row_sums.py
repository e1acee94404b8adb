"""Rows of equal id, summed: planned for many chunks at once, carried out chunk by chunk.

`np.add.at` spends its time on look-ups. Here the look-ups are made beforehand for a whole batch of chunks: distinct
ids are put in order of falling count, so that their second, third, ... occurrences fall on the first rows of the sum
and each round is one `take` and one addition to a slice.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spacy_sgns.arrays import Floats, Ints

ROUNDS = 16  # occurrences beyond this are summed word by word; few words in a chunk have so many


@dataclass(frozen=True)
class RowSum:
    """How the rows of one chunk add up.

    ids: `(u,)` distinct ids, by falling number of occurrences. rounds: per round k the places, `(u_k,)`, of the k-th
    occurrence of the first u_k ids. rest: for the most frequent ids, (index into ids, places of the other occurrences).
    """

    ids: Ints
    rounds: list[Ints]
    rest: list[tuple[int, Ints]]

    def into(self, sums: Floats, rows: Floats, spare: Floats) -> Floats:
        """Return the summed rows `(u, d)`, a slice of `sums`. rows: `(T, d)`; sums and spare: `(T, d)` buffers."""
        sums = sums[: len(self.ids)]
        np.take(rows, self.rounds[0], 0, out=sums, mode="clip")
        for places in self.rounds[1:]:
            n = len(places)
            np.take(rows, places, 0, out=spare[:n], mode="clip")
            sums[:n] += spare[:n]
        for index, places in self.rest:
            sums[index] += rows.take(places, 0).sum(0)
        return sums


def plan_row_sums(ids: Ints) -> list[RowSum]:
    """Return a `RowSum` for each chunk of `ids`, `(chunks, T)`."""
    chunks, length = ids.shape
    word, place = _sorted_by_word(ids)
    starts = np.empty(chunks * length, bool)
    np.not_equal(word[1:], word[:-1], out=starts[1:])
    starts[::length] = True
    begin = np.flatnonzero(starts)
    count = np.diff(begin, append=chunks * length)
    chunk = begin // length
    capped = np.minimum(count, ROUNDS + 1)
    rank = _fewest_bits(chunk * (ROUNDS + 2) + (ROUNDS + 1 - capped), chunks * (ROUNDS + 2))
    order = np.argsort(rank, kind="stable")  # 16-bit keys make this a radix sort
    begin, count, capped = begin.take(order), count.take(order), capped.take(order)
    at_least = np.bincount(rank, minlength=chunks * (ROUNDS + 2)).reshape(chunks, -1).cumsum(1)
    distinct = word.take(begin).astype(np.intp)
    rounds = _rounds(begin, capped, place, at_least)
    limits = _limits(at_least[:, ROUNDS])
    rest: list[list[tuple[int, Ints]]] = [[] for _ in range(chunks)]
    for j in np.flatnonzero(count > ROUNDS):
        c = int(begin[j]) // length
        rest[c].append((int(j) - limits[c], place[begin[j] + ROUNDS : begin[j] + count[j]]))
    return [
        RowSum(distinct[limits[c] : limits[c + 1]], [r[c] for r in rounds if len(r[c])], rest[c]) for c in range(chunks)
    ]


def _sorted_by_word(ids: Ints) -> tuple[Ints, Ints]:
    """Return ids and places, both flat, sorted by (chunk, id, place): one in-place sort of packed keys."""
    length = ids.shape[1]
    shift = (length - 1).bit_length()
    small = (int(ids.max()) + 1) << shift < 1 << 31
    key: Ints = ids.astype(np.int32 if small else np.int64)
    key <<= shift
    key += np.arange(length, dtype=key.dtype)
    key.sort(axis=1)
    flat = key.ravel()
    place = (flat & ((1 << shift) - 1)).astype(np.intp)
    flat >>= shift
    return flat, place


def _rounds(begin: Ints, capped: Ints, place: Ints, at_least: NDArray[np.int64]) -> list[list[Ints]]:
    """Return, per round k and chunk, the places of the (k+1)-th occurrences."""
    rounds = []
    for k in range(ROUNDS):
        if k:
            more = capped > k
            begin, capped = begin[more], capped[more]
        if not len(begin):
            break
        places = place.take(begin + k)
        limits = _limits(at_least[:, ROUNDS - k])
        rounds.append([places[a:b] for a, b in pairwise(limits)])
    return rounds


def _limits(sizes: NDArray[np.int64]) -> list[int]:
    return [0, *sizes.cumsum().tolist()]


def _fewest_bits(keys: Ints, limit: int) -> Ints:
    return keys.astype(np.uint16 if limit <= 1 << 16 else np.int32)
