"""The Huffman tree of a vocabulary: the binary tree whose leaves are words and whose mean path is the shortest.

Huffman 1952 (doi:10.1109/JRPROC.1952.273898). Merging the two lightest trees V - 1 times takes V - 1 steps in turn;
here all merges that cannot disturb each other are one: a merged tree weighs at least as much as the two lightest
together, so trees up to that weight can be paired off at once. That is some 30 rounds, whatever the size.
"""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Ints


@dataclass(frozen=True)
class Tree:
    """A binary tree of V words, which are its leaves 0 .. V - 1, and V - 1 inner nodes, V .. 2V - 2; the last is root.

    parent: `(2V - 1,)` of leaves and inner nodes; the root is its own. right: `(2V - 1,)` 1 for a right child, else 0.
    A child's number is below its parent's.
    """

    parent: Ints
    right: Ints

    @property
    def words(self) -> int:
        """V."""
        return (len(self.parent) + 1) // 2

    @property
    def root(self) -> int:
        """The root's number."""
        return len(self.parent) - 1

    def depths(self) -> Ints:
        """Return the number of inner nodes above each leaf and inner node, `(2V - 1,)`."""
        depth, node = np.zeros(len(self.parent), np.int64), np.arange(len(self.parent))
        while (above := node != self.root).any():
            depth += above
            node = self.parent.take(node)
        return depth


def huffman_tree(counts: Ints) -> Tree:
    """Return the tree of words with these counts, `(V,)`. Ties fall to the word of the higher number.

    So words in order of falling count, as a vocabulary has them, give the same tree wherever it is built.
    """
    words = len(counts)
    parent = np.full(2 * words - 1, 2 * words - 2, np.int64)
    right = np.zeros(2 * words - 1, np.int8)
    nodes = np.lexsort((-np.arange(words), counts))
    weights, new = counts.astype(np.int64)[nodes], words
    while len(nodes) > 1:
        light = int(np.searchsorted(weights, weights[0] + weights[1], "right")) // 2 * 2
        left, other = nodes[:light:2], nodes[1:light:2]
        merged = np.arange(new, new + light // 2)
        parent[left], parent[other], right[other] = merged, merged, 1
        sums = weights[:light:2] + weights[1:light:2]
        at = np.searchsorted(weights[light:], sums, "right")  # a lone tree goes before a merged one of its weight
        nodes, weights = np.insert(nodes[light:], at, merged), np.insert(weights[light:], at, sums)
        new += light // 2
    return Tree(parent, right)
