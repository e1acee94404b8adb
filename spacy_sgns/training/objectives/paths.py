"""The paths of words through a tree, told apart into the heaviest inner nodes, its top, and those below them."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.training.objectives.huffman import Tree


class Below(NamedTuple):
    """The nodes below the top on the paths of blocks of S tokens, up to Q in a block. sizes: `(n, B)` how many it has.

    rows: `(n, B, Q)` of the output table, `unused` where a block has fewer. owner: `(n, B, Q)` whose of the S tokens
    path it is, S if nobody's. signs: `(n, B, Q)` 1 where the path turns left, -1 where it turns right.
    """

    sizes: Ints
    rows: Ints
    owner: Ints
    signs: Ints


@dataclass(frozen=True)
class Paths:
    """The inner nodes above each word, as rows 0 .. V - 2 of the output table; row V - 1 is `unused`.

    top_rows: `(D,)` the heaviest. exits: `(V,)` where a word's path leaves the top, as a row of left and right, which
    are `(exits, D)`, 1 for the nodes of the top where a path with that exit turns there. starts, lengths: `(V,)` the
    part of rows and signs that holds the rest of a word's path, a row and its turn each.
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
        """Return the paths of a tree in which no more than `top` nodes are the top."""
        words = tree.words
        first = max(words, tree.root + 1 - top)  # a parent's number, and weight, is no lower than its child's
        starts, lengths, rows, signs = _below(tree, first)
        exits, left, right = _top(tree, first)
        return cls(np.arange(first, tree.root + 1) - words, exits, left, right, starts, lengths, rows, signs)

    @property
    def unused(self) -> int:
        """A row that no node has."""
        return len(self.exits) - 1

    @property
    def longest(self) -> int:
        """The most nodes below the top that a path has."""
        return int(self.lengths.max())

    def below(self, ids: Ints) -> Below:
        """Return the nodes below the top on the paths of words, `(n, B, S)`."""
        chunks, count, block = ids.shape
        lengths = self.lengths.take(ids.reshape(-1))
        ends = lengths.cumsum()
        in_block = lengths.reshape(-1, block).sum(1)
        token = np.repeat(np.arange(len(lengths)), lengths)
        entry = np.arange(len(token)) + (self.starts.take(ids.reshape(-1)) - ends + lengths).take(token)
        first = np.repeat(in_block.cumsum() - in_block, in_block)
        size = int(in_block.max(initial=0))
        place = np.arange(len(token)) - first + token // block * size
        made = [
            np.full(chunks * count * size, x, t) for x, t in ((self.unused, np.intp), (block, np.int16), (0, np.int8))
        ]
        for values, of_tokens in zip(made, (self.rows.take(entry), token % block, self.signs.take(entry)), strict=True):
            values[place] = of_tokens
        return Below(in_block.reshape(chunks, count), *(values.reshape(chunks, count, size) for values in made))


def _below(tree: Tree, first: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return starts, lengths, rows and signs of the nodes before `first`."""
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


def _top(tree: Tree, first: int) -> tuple[Ints, Floats, Floats]:
    """Return exits, left and right of the nodes from `first` on."""
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
