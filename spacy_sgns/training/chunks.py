"""From a shard of the corpus to chunks: subsampling, reach within the text, segments taken far apart.

A chunk of neighbouring text repeats its topic's words, and all their gradients would come from the same stale rows;
so a chunk is put together from segments that lie far apart in the shard.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints


@dataclass(frozen=True)
class Chunks:
    """n chunks of T tokens each, ready to be trained on.

    ids: `(n, T)` word ids. left, right: `(n, T)` how many neighbours on that side belong to the same text, at most the
    window; 0 on both sides for padding.
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

    def for_chunk_step(self, lane: int, chunks_per_step: int) -> "Chunks":
        """Return every chunk that falls to a lane, when they go round."""
        return Chunks(
            self.ids[lane::chunks_per_step], self.left[lane::chunks_per_step], self.right[lane::chunks_per_step]
        )


@dataclass(frozen=True)
class ChunkBuilder:
    """Makes chunks of shards. keep: `(V,)` the chance that an occurrence of each word is kept.

    length: T, the tokens of a chunk, a multiple of `segment`.
    """

    keep: Floats
    window: int
    length: int
    segment: int

    def chunks(self, ids: Ints, ends: Ints, rng: Generator) -> Chunks:
        """Return the chunks of what is left of a shard by chance."""
        ids, ends = subsampled(ids, ends, self.keep, rng)
        shift = int(rng.integers(self.segment))
        return cut(ids, ends, window=self.window, length=self.length, segment=self.segment, shift=shift)


def keep_probability(counts: Ints, subsample: float) -> Floats:
    """Return the chance `(V,)` that an occurrence of each word is kept: sqrt(t/f) + t/f, as word2vec.c has it.

    A `subsample` of 0 keeps every occurrence. Mikolov et al. 2013 (arXiv:1310.4546), section 2.3, give 1 - sqrt(t/f)
    as the chance of dropping; their program differs from the paper, and everyone follows the program.
    """
    if not subsample:
        return np.ones(len(counts), np.float32)
    rarity = subsample / (counts / counts.sum())
    return np.minimum(1, np.sqrt(rarity) + rarity).astype(np.float32)


def subsampled(ids: Ints, ends: Ints, keep: Floats, rng: Generator) -> tuple[Ints, Ints]:
    """Return the ids that survive and the ends of their texts, where `ends` were the texts' ends in `ids`."""
    survivors = np.flatnonzero(rng.random(len(ids), dtype=np.float32) < keep.take(ids))
    return ids.take(survivors), np.searchsorted(survivors, ends)


def cut(ids: Ints, ends: Ints, *, window: int, length: int, segment: int, shift: int) -> Chunks:
    """Return the chunks of a shard: no token is dropped, no window crosses the end of a text.

    length: T, the tokens of a chunk, a multiple of `segment`. shift: padding before the first token, below `segment`;
    it moves the places where segments are cut. Padding repeats the shard's own words and has no neighbours.
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
    """Return how far, at most `window`, each token reaches left and right without passing a first token of a text."""
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
    """Return `(chunks, T)`: chunk j holds segments j, j + chunks, j + 2 chunks, ... of the shard."""
    return values.reshape(-1, chunks, segment).swapaxes(0, 1).reshape(chunks, -1)
