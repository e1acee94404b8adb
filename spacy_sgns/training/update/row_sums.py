"""Sums of rows by id, s_i = Σ r_t over the tokens t with id i: planned for many chunks at once, computed by chunk.

`np.add.at` spends its time on look-ups. Here they are made in advance for a whole batch of chunks. The distinct ids are
sorted by falling count, so the k-th occurrences of all ids that have as many belong to the first rows of the sum: each
round k is one `take` and one addition to a slice. The further occurrences of a few frequent ids are one matrix product.

Reference: `tests/training/oracle.py`, `row_sums`.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spacy_sgns.arrays import Floats, Ints

ROUNDS = 6  # of additions; only about 20 words of a chunk have more occurrences


@dataclass(frozen=True)
class RowSum:
    """The plan of the sums of one chunk of T tokens.

    ids: `(u,)` distinct ids, by falling number of occurrences. rounds: for each round k the indices, `(u_k,)`, of the
    k-th occurrence of the first u_k ids. rest: `(m,)` the indices of all further occurrences, which belong to the first
    h ids. rest_ids: `(h, m)` 1 where an occurrence has the id.
    """

    ids: Ints
    rounds: list[Ints]
    rest: Ints
    rest_ids: Floats

    def into(self, sums: Floats, rows: Floats, spare: Floats) -> Floats:
        """Return the sums `(u, d)`, a slice of `sums`. rows: `(T, d)`. sums, spare: buffers of at least `(T, d)`."""
        sums = sums[: len(self.ids)]
        rows.take(self.rounds[0], 0, sums, "clip")
        for indices in self.rounds[1:]:
            n = len(indices)
            rows.take(indices, 0, spare[:n], "clip")
            sums[:n] += spare[:n]
        if len(self.rest):
            sums[: len(self.rest_ids)] += self.rest_ids @ rows.take(self.rest, 0)
        return sums


def plan_row_sums(ids: Ints, unused: int = -1) -> list[RowSum]:
    """Return the plan of each chunk. ids: `(chunks, T)`. unused: an id whose rows are not summed."""
    chunks, length = ids.shape
    word, index = _sorted_by_word(ids)
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
    rounds = _rounds(begin, capped, index, at_least)
    limits = _limits(at_least[:, ROUNDS])
    rest = _rest(begin, count, index, at_least[:, 0])
    return [
        RowSum(distinct[limits[c] : limits[c + 1]], [r[c] for r in rounds if len(r[c])], *rest[c])
        for c in range(chunks)
    ]


def _rest(begin: Ints, count: Ints, index: Ints, heavy: Ints) -> list[tuple[Ints, Floats]]:
    """Return `rest` and `rest_ids` of each chunk. heavy: `(chunks,)` the number of ids with further occurrences."""
    frequent = np.flatnonzero(count > ROUNDS)
    further = count.take(frequent) - ROUNDS
    last = further.cumsum()
    at = np.arange(further.sum()) + np.repeat(begin.take(frequent) + ROUNDS - (last - further), further)
    indices, owner = index.take(at), np.repeat(np.arange(len(frequent)), further)
    limits = _limits(heavy)
    cuts = [0, *(int(last[b - 1]) if b else 0 for b in limits[1:])]
    return [
        (indices[a:b], np.equal.outer(np.arange(first, end), owner[a:b]).astype(np.float32))
        for (a, b), (first, end) in zip(pairwise(cuts), pairwise(limits), strict=True)
    ]


def _sorted_by_word(ids: Ints) -> tuple[Ints, Ints]:
    """Return ids and their indices in the chunk, flat, by (chunk, id, index): one in-place sort of packed keys."""
    length = ids.shape[1]
    shift = (length - 1).bit_length()
    small = (int(ids.max()) + 1) << shift < 1 << 31
    key: Ints = ids.astype(np.int32 if small else np.int64)
    key <<= shift
    key += np.arange(length, dtype=key.dtype)
    key.sort(axis=1)
    flat = key.ravel()
    index = (flat & ((1 << shift) - 1)).astype(np.intp)
    flat >>= shift
    return flat, index


def _rounds(begin: Ints, capped: Ints, index: Ints, at_least: NDArray[np.int64]) -> list[list[Ints]]:
    """Return the indices of the (k+1)-th occurrences, for each round k and each chunk."""
    rounds = []
    for k in range(ROUNDS):
        if k:
            more = capped > k
            begin, capped = begin[more], capped[more]
        if not len(begin):
            break
        indices = index.take(begin + k)
        limits = _limits(at_least[:, ROUNDS - k])
        rounds.append([indices[a:b] for a, b in pairwise(limits)])
    return rounds


def _limits(sizes: NDArray[np.int64]) -> list[int]:
    return [0, *sizes.cumsum().tolist()]


def _fewest_bits(keys: Ints, limit: int) -> Ints:
    return keys.astype(np.uint16 if limit <= 1 << 16 else np.int32)
