"""The paths of words through a Huffman tree, split into the top, its heaviest inner nodes, and the lower nodes."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.objectives.huffman import Tree

UNUSED = -1  # the output row of an entry that holds no node


class LowerNodes(NamedTuple):
    """The nodes below the top on the paths of blocks of S tokens, at most Q in a block.

    sizes: `(n, B)` the number of nodes of each block. rows: `(n, B, Q)` their output rows, then `UNUSED`. owner:
    `(n, B, Q)` the index in the block of the token whose path it is, S if unused. signs: `(n, B, Q)` 1 where the path
    turns left, -1 where it turns right, 0 if unused.
    """

    sizes: Ints
    rows: Ints
    owner: Ints
    signs: Ints

    def of_chunk(self, chunk: int) -> "LowerNodes":
        """Return the nodes of one chunk, arrays without the first axis."""
        return LowerNodes(*(values[chunk] for values in self))


@dataclass(frozen=True)
class Paths:
    """The inner nodes above each word, as rows 0 .. V - 2 of the output table.

    top_rows: `(D,)` the heaviest. exits: `(V,)` the index of the exit through which a word's path leaves the top. left,
    right: `(E, D)` 1 for each node of the top where the path to an exit turns to that side. starts, lengths: `(V,)` the
    slice of rows and signs that holds the rest of a word's path, a row and its turn each.
    """

    top_rows: Ints
    exits: Ints
    left: Floats
    right: Floats
    starts: Ints
    lengths: Ints
    rows: Ints
    signs: Ints

    @classmethod
    def of(cls, tree: Tree, top: int) -> "Paths":
        """Return the paths of a tree whose top has at most `top` nodes."""
        words = tree.words
        first = max(words, tree.root + 1 - top)  # a parent's number, and weight, is at least its child's
        starts, lengths, rows, signs = _lower_paths(tree, first)
        exits, left, right = _top_paths(tree, first)
        return cls(np.arange(first, tree.root + 1) - words, exits, left, right, starts, lengths, rows, signs)

    @property
    def longest(self) -> int:
        """The largest number of nodes below the top on a path."""
        return int(self.lengths.max())

    def lower(self, ids: Ints) -> LowerNodes:
        """Return the nodes below the top on the paths of words, `(n, B, S)`."""
        chunks, count, block = ids.shape
        lengths = self.lengths.take(ids.reshape(-1))
        ends = lengths.cumsum()
        sizes = lengths.reshape(-1, block).sum(1)
        token = np.repeat(np.arange(len(lengths)), lengths)
        entry = np.arange(len(token)) + (self.starts.take(ids.reshape(-1)) - ends + lengths).take(token)
        first = np.repeat(sizes.cumsum() - sizes, sizes)
        size = int(sizes.max(initial=0))
        index = np.arange(len(token)) - first + token // block * size
        filled = [np.full(chunks * count * size, x, t) for x, t in ((UNUSED, np.intp), (block, np.int16), (0, np.int8))]
        for values, used in zip(filled, (self.rows.take(entry), token % block, self.signs.take(entry)), strict=True):
            values[index] = used
        return LowerNodes(sizes.reshape(chunks, count), *(values.reshape(chunks, count, size) for values in filled))


def _lower_paths(tree: Tree, first: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return starts, lengths, rows and signs of the path nodes with numbers below `first`."""
    words = tree.words
    lengths, node = np.zeros(words, np.int64), np.arange(words)
    while (deep := tree.parent.take(node) < first).any():
        lengths += deep
        node = np.where(deep, tree.parent.take(node), node)
    starts = lengths.cumsum() - lengths
    rows, signs = np.zeros(lengths.sum(), np.int64), np.zeros(lengths.sum(), np.int8)
    node, at = np.arange(words), starts.copy()
    while len(node := node[deep := tree.parent.take(node) < first]):
        at, above = at[deep], tree.parent.take(node)
        rows[at], signs[at] = above - words, 1 - 2 * tree.right.take(node)
        node, at = above, at + 1
    return starts, lengths, rows, signs


def _top_paths(tree: Tree, first: int) -> tuple[Ints, Floats, Floats]:
    """Return exits, left and right of the path nodes with numbers from `first` on."""
    node = np.arange(tree.words)
    while (deep := tree.parent.take(node) < first).any():
        node = np.where(deep, tree.parent.take(node), node)
    leaving, exits = np.unique(node, return_inverse=True)
    turns = np.zeros((2, len(leaving), tree.root + 1 - first))
    at, node = np.arange(len(leaving)), leaving
    while len(node := node[inner := node != tree.root]):
        at, above = at[inner], tree.parent.take(node)
        turns[tree.right.take(node), at, above - first] = 1
        node = above
    return exits, turns[0], turns[1]
