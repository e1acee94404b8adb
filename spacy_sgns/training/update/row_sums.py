"""Rows of equal id, summed: planned for many chunks at once, carried out chunk by chunk.

`np.add.at` spends its time on look-ups. Here the look-ups are made beforehand for a whole batch of chunks: distinct
ids are put in order of falling count, so that their second, third, ... occurrences fall on the first rows of the sum
and each round is one `take` and one addition to a slice. The many occurrences of a few ids are one small product.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spacy_sgns.arrays import Floats, Ints

ROUNDS = 6  # of additions; only some 20 words of a chunk occur more often


@dataclass(frozen=True)
class RowSum:
    """How the rows of one chunk add up.

    ids: `(u,)` distinct ids, by falling number of occurrences. rounds: per round k the places, `(u_k,)`, of the k-th
    occurrence of the first u_k ids. rest: `(m,)` the places of all further occurrences, which are those of the first h
    ids; of_rest: `(h, m)`, 1 where an occurrence is one of that id.
    """

    ids: Ints
    rounds: list[Ints]
    rest: Ints
    of_rest: Floats

    def into(self, sums: Floats, rows: Floats, spare: Floats) -> Floats:
        """Return the summed rows `(u, d)`, a slice of `sums`. rows: `(T, d)`; sums and spare: `(T, d)` buffers."""
        sums = sums[: len(self.ids)]
        rows.take(self.rounds[0], 0, sums, "clip")
        for places in self.rounds[1:]:
            n = len(places)
            rows.take(places, 0, spare[:n], "clip")
            sums[:n] += spare[:n]
        if len(self.rest):
            sums[: len(self.of_rest)] += self.of_rest @ rows.take(self.rest, 0)
        return sums


def plan_row_sums(ids: Ints, unused: int = -1) -> list[RowSum]:
    """Return a `RowSum` for each chunk of `ids`, `(chunks, T)`. unused: an id whose rows are left out."""
    chunks, length = ids.shape
    word, place = _sorted_by_word(ids)
    starts = np.empty(chunks * length, bool)
    np.not_equal(word[1:], word[:-1], out=starts[1:])
    starts[::length] = True
    begin = np.flatnonzero(starts)
    count = np.diff(begin, append=chunks * length)
    used = word.take(begin) != unused
    begin, count = begin[used], count[used]
    chunk = begin // length
    capped = np.minimum(count, ROUNDS + 1)
    rank = _fewest_bits(chunk * (ROUNDS + 2) + (ROUNDS + 1 - capped), chunks * (ROUNDS + 2))
    order = np.argsort(rank, kind="stable")  # 16-bit keys make this a radix sort
    begin, count, capped = begin.take(order), count.take(order), capped.take(order)
    at_least = np.bincount(rank, minlength=chunks * (ROUNDS + 2)).reshape(chunks, -1).cumsum(1)
    distinct = word.take(begin).astype(np.intp)
    rounds = _rounds(begin, capped, place, at_least)
    limits = _limits(at_least[:, ROUNDS])
    rest = _rest(begin, count, place, at_least[:, 0])
    return [
        RowSum(distinct[limits[c] : limits[c + 1]], [r[c] for r in rounds if len(r[c])], *rest[c])
        for c in range(chunks)
    ]


def _rest(begin: Ints, count: Ints, place: Ints, heavy: Ints) -> list[tuple[Ints, Floats]]:
    """Return `rest` and `of_rest` of each chunk. heavy: `(chunks,)` how many ids have further occurrences."""
    those = np.flatnonzero(count > ROUNDS)
    further = count.take(those) - ROUNDS
    last = further.cumsum()
    at = np.arange(further.sum()) + np.repeat(begin.take(those) + ROUNDS - (last - further), further)
    places, index = place.take(at), np.repeat(np.arange(len(those)), further)
    limits = _limits(heavy)
    cuts = [0, *(int(last[b - 1]) if b else 0 for b in limits[1:])]
    return [
        (places[a:b], np.equal.outer(np.arange(first, end), index[a:b]).astype(np.float32))
        for (a, b), (first, end) in zip(pairwise(cuts), pairwise(limits), strict=True)
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
