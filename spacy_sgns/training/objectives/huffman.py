"""The Huffman tree of a vocabulary: the binary tree with words as leaves and the shortest mean path.

Huffman 1952 (doi:10.1109/JRPROC.1952.273898) merges the two lightest trees V - 1 times. Here all independent merges are
done at once: a merged tree weighs at least as much as the two lightest together, so all trees up to that weight can be
paired in one round. About 30 rounds suffice for any vocabulary.

Reference: `tests/training/objectives/test_huffman.py`, a heap that merges two trees at a time.
"""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Ints


@dataclass(frozen=True)
class Tree:
    """A binary tree with the words as leaves 0 .. V - 1, and inner nodes V .. 2V - 2, of which the last is the root.

    parent: `(2V - 1,)` of each node; the root is its own parent. right: `(2V - 1,)` 1 for a right child, otherwise 0.
    The number of a child is below the number of its parent.
    """

    parent: Ints
    right: Ints

    @property
    def words(self) -> int:
        """The number of words, V."""
        return (len(self.parent) + 1) // 2

    @property
    def root(self) -> int:
        """The number of the root."""
        return len(self.parent) - 1

    def depths(self) -> Ints:
        """Return the number of inner nodes above each node, `(2V - 1,)`."""
        depth, node = np.zeros(len(self.parent), np.int64), np.arange(len(self.parent))
        while (above := node != self.root).any():
            depth += above
            node = self.parent.take(node)
        return depth


def huffman_tree(counts: Ints) -> Tree:
    """Return the tree of words with these counts, `(V,)`. Of words with equal counts, the higher id is merged first.

    The tree of a vocabulary, which is sorted by falling count, is therefore the same on every machine.
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
