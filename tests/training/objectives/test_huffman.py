"""The Huffman tree: a binary tree, optimal, and the same on every machine."""

import heapq
from functools import lru_cache
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.training.objectives.huffman import huffman_tree

COUNTS = st.lists(st.integers(1, 1000), min_size=1, max_size=60) | st.lists(st.integers(1, 3), min_size=1, max_size=60)


def cost(counts):
    """Return the sum over words of count times path length."""
    return int((np.array(counts) * huffman_tree(np.array(counts)).depths()[: len(counts)]).sum())


@given(COUNTS)
def test_it_is_a_binary_tree_whose_leaves_are_the_words(counts):
    tree, words = huffman_tree(np.array(counts)), len(counts)
    assert len(tree.parent) == 2 * words - 1 and tree.words == words and tree.parent[tree.root] == tree.root
    below = np.arange(tree.root)
    assert (tree.parent[below] > below).all() and (tree.parent[below] >= words).all()
    children = sorted(zip(tree.parent[below].tolist(), tree.right[below].tolist(), strict=True))
    assert children == [(node, side) for node in range(words, 2 * words - 1) for side in (0, 1)]


@given(COUNTS)
def test_a_node_weighs_no_less_than_those_of_lower_numbers(counts):
    tree = huffman_tree(np.array(counts))
    weights = np.concatenate((counts, np.zeros(len(counts) - 1, int)))
    for node in range(tree.root):
        weights[tree.parent[node]] += weights[node]
    assert (np.diff(weights[len(counts) :]) >= 0).all()


@given(COUNTS)
def test_paths_are_as_short_as_by_merging_one_after_the_other(counts):
    heap, total = list(counts), 0
    heapq.heapify(heap)
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        total += merged
        heapq.heappush(heap, merged)
    assert cost(counts) == total


@given(st.lists(st.integers(1, 50), min_size=2, max_size=7))
def test_no_tree_of_few_words_has_shorter_paths(counts):
    @lru_cache
    def best(words):
        """Return the least cost of any tree over a set of words, given as bits."""
        inside = [i for i in range(len(counts)) if words >> i & 1]
        if len(inside) == 1:
            return 0
        part, least = (words - 1) & words, float("inf")
        while part:
            least = min(least, best(part) + best(words ^ part))
            part = (part - 1) & words
        return least + sum(counts[i] for i in inside)

    assert cost(counts) == best((1 << len(counts)) - 1)


@given(COUNTS)
def test_the_mean_path_lies_within_one_of_the_entropy(counts):
    total = sum(counts)
    entropy = -sum(c / total * log2(c / total) for c in counts)
    assert entropy - 1e-9 <= cost(counts) / total < entropy + 1


def test_chances_of_words_sum_to_one():
    tree = huffman_tree(np.arange(1, 500))
    assert (0.5 ** tree.depths()[:499]).sum() == 1


def test_ties_are_broken_the_same_way_for_any_type_of_number():
    counts = np.array([5, 5, 5, 5, 3, 3, 2, 2, 2, 1, 1])
    trees = [huffman_tree(counts.astype(kind)) for kind in (np.int32, np.int64, np.uint64)]
    for tree in trees:
        assert tree.parent.tolist() == trees[0].parent.tolist() and tree.right.tolist() == trees[0].right.tolist()


@pytest.mark.parametrize("words", [100_000])
def test_large_vocabularies_have_the_best_tree_too(words):
    counts = (1e8 / np.arange(1, words + 1)).astype(int) + 5
    total = counts.sum()
    assert cost(counts) / total == pytest.approx(-(counts / total * np.log2(counts / total)).sum(), abs=0.1)
