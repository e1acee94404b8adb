"""From a shard of the corpus to chunks: subsampling, the reach of windows within texts, segments that lie far apart.

A chunk of contiguous text would repeat the words of its topic, and all their gradients would come from the same stale
rows. A chunk therefore consists of segments that lie far apart in the shard.

Reference: `tests/training/oracle.py`, `chunk_tokens` and `pairs_of`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints


@dataclass(frozen=True)
class Chunks:
    """n chunks of T tokens each.

    ids: `(n, T)` word ids. left, right: `(n, T)` the reach of each token: the number of neighbours on that side in the
    same text and segment, at most the window; 0 on both sides for padding.
    """

    ids: Ints
    left: Ints
    right: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def batches(self, size: int) -> Iterator["Chunks"]:
        """Yield these chunks in batches of at most `size`."""
        for a in range(0, len(self), size):
            yield Chunks(self.ids[a : a + size], self.left[a : a + size], self.right[a : a + size])

    def kth_of_each_step(self, k: int, chunks_per_step: int) -> "Chunks":
        """Return chunk k of each step, where consecutive `chunks_per_step` chunks make a step."""
        own = slice(k, None, chunks_per_step)
        return Chunks(self.ids[own], self.left[own], self.right[own])


@dataclass(frozen=True)
class ChunkBuilder:
    """Makes the chunks of shards.

    keep: `(V,)` the probability of keeping an occurrence of each word. length: T, a multiple of `segment`, both in
    tokens.
    """

    keep: Floats
    window: int
    length: int
    segment: int

    def chunks(self, ids: Ints, ends: Ints, rng: Generator) -> Chunks:
        """Return the chunks of a shard after subsampling, cut at a random offset."""
        ids, ends = subsampled(ids, ends, self.keep, rng)
        shift = int(rng.integers(self.segment))
        return cut(ids, ends, window=self.window, length=self.length, segment=self.segment, shift=shift)


def keep_probability(counts: Ints, subsample: float) -> Floats:
    """Return the probability of keeping an occurrence of each word, `(V,)`: min(1, sqrt(t/f) + t/f), as in word2vec.c.

    f is the relative frequency of the word and t is `subsample`; 0 keeps every occurrence. Mikolov et al. 2013
    (arXiv:1310.4546), section 2.3, drop with probability 1 - sqrt(t/f); later programs follow word2vec.c instead.
    """
    if not subsample:
        return np.ones(len(counts), np.float32)
    rarity = subsample / (counts / counts.sum())
    return np.minimum(1, np.sqrt(rarity) + rarity).astype(np.float32)


def subsampled(ids: Ints, ends: Ints, keep: Floats, rng: Generator) -> tuple[Ints, Ints]:
    """Return the kept ids and the ends of their texts. ends: of the texts in `ids`. keep: `(V,)` probabilities."""
    survivors = np.flatnonzero(rng.random(len(ids), dtype=np.float32) < keep.take(ids))
    return ids.take(survivors), np.searchsorted(survivors, ends)


def cut(ids: Ints, ends: Ints, *, window: int, length: int, segment: int, shift: int) -> Chunks:
    """Return the chunks of a shard. No token is dropped, and no window crosses the end of a text.

    length: T, a multiple of `segment`, both in tokens. shift: tokens of padding before the first token, below
    `segment`; it moves the cuts between segments. Padding repeats words of the shard and has no neighbours.
    """
    chunks = max(1, -(-(shift + len(ids)) // length))
    padded = np.empty(chunks * length, ids.dtype)
    padded[shift : shift + len(ids)] = ids
    padded[:shift] = np.resize(ids, shift)
    padded[shift + len(ids) :] = np.resize(ids, len(padded) - shift - len(ids))
    first = np.zeros(len(padded), np.int8)
    first[::segment] = 1
    first[:shift] = 1
    first[shift + len(ids) :] = 1
    first[shift : shift + 1] = 1
    inner = ends[ends < len(ids)] + shift
    first[inner] = 1
    left, right = _reach(first, window)
    ids, left, right = (_far_apart(values, chunks, segment) for values in (padded, left, right))
    return Chunks(ids.astype(np.intp), left, right)


def _reach(first: Ints, window: int) -> tuple[Ints, Ints]:
    """Return the reach of each token to the left and to the right, at most `window` and within its text.

    first: 1 for each token that begins a text or a segment, otherwise 0.
    """
    follows = 1 - first
    left, right = follows.copy(), np.zeros_like(first)
    right[:-1] = follows[1:]
    near = follows
    for distance in range(2, window + 1):
        near = near[:-1] & follows[distance - 1 :]
        left[distance - 1 :] += near
        right[:-distance] += near[1:]
    return left, right


def _far_apart(values: Ints, chunks: int, segment: int) -> Ints:
    """Return values by chunk, `(chunks, T)`: chunk j holds segments j, j + chunks, j + 2 chunks, ... of the shard."""
    return values.reshape(-1, chunks, segment).swapaxes(0, 1).reshape(chunks, -1)
