"""Hierarchical softmax: a word is predicted by the turns of its path through a Huffman tree.

With inner nodes n on the path of word o, the loss of a pair (h, o) is Σ_n -log σ(s_n h·v_n), where s_n is 1 if the path
turns left at n and -1 if it turns right: minus the log of a probability, and these sum to 1 over the vocabulary (Morin
and Bengio 2005; Mikolov et al. 2013, arXiv:1310.4546, section 2.1). The vectors v of inner nodes are output rows.

The computation has two parts. The *top* of the tree, its heaviest nodes, is on nearly every path: all hidden rows are
scored with all of its nodes, in one product. The *lower* nodes are scored block by block, with the hidden rows that
have targets in the block.

Reference: `tests/training/oracle.py`, `hs_questions`, with `examples_step`.
"""

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.objectives.huffman import huffman_tree
from spacy_sgns.training.objectives.paths import LowerNodes, Paths
from spacy_sgns.training.protocols import HiddenRows
from spacy_sgns.training.workspace import Workspace

TOP_NODES = 128  # scored with every hidden row; 64 and 256 are slower, for skip-gram and CBOW alike
STRIP_TOKENS = 256  # whose scores are computed together, so that they stay in the cache


def hierarchical_softmax_v1() -> "HierarchicalSoftmax":
    """Return the objective that predicts a path in a Huffman tree, registered as `hierarchical_softmax.v1`."""
    return HierarchicalSoftmax()


class HierarchicalSoftmax:
    """Predicts the turn, left or right, at each inner node on the path of a word."""

    def max_outputs(self, length: int, counts: Ints, settings: Settings) -> int:
        """Return W: the top, and for each token of a chunk the longest path below it."""
        paths = _paths(counts)
        return len(paths.top_rows) + length * paths.longest

    def loss_kernel(
        self, workspace: Workspace, rows: HiddenRows, counts: Ints, settings: Settings
    ) -> "HierarchicalSoftmaxKernel":
        """Return the kernel that computes the loss of `rows` against the tree's nodes. counts: `(V,)`."""
        return HierarchicalSoftmaxKernel(workspace, rows, _paths(counts))


@dataclass(frozen=True)
class HierarchicalSoftmaxPlan:
    """The plan of a batch. D nodes are the top; a block has up to Q nodes below it.

    outputs: `(n, D + B Q)` the rows of the top, then those of each block. lower: the nodes of the blocks. exits:
    `(n, T)` where the path of each token leaves the top.
    """

    outputs: Ints
    lower: LowerNodes
    exits: Ints


class HierarchicalSoftmaxKernel:
    """Loss and gradients of one chunk at a time, in strips of tokens."""

    def __init__(self, workspace: Workspace, rows: HiddenRows, paths: Paths) -> None:
        self._rows, self._paths, self._queries = rows, paths, rows.block_queries()
        dtype, length, top = workspace.inputs.dtype, workspace.length, len(paths.top_rows)
        self._turns = paths.left.astype(dtype), paths.right.astype(dtype)
        self._sums = rows.target_sums(top), rows.target_sums(top)
        self._left, self._right, self._errors = np.empty((3, length, top), dtype)
        self._outputs, self._grad_outputs = workspace.outputs, workspace.grad_outputs
        blocks, queries, _ = self._queries.queries.shape
        self._block = length // blocks
        self._grad_queries = np.empty_like(self._queries.queries)
        strip = min(STRIP_TOKENS, length)
        self._buffers = np.empty((3, strip * max(top, queries * paths.longest)), dtype)
        self._is_owner: Floats = np.empty(strip * self._block * paths.longest, dtype)

    def plan(self, ids: Ints, weights: Floats, rate: float, rng: Generator) -> HierarchicalSoftmaxPlan:
        """Return the plan of a batch: the nodes on the paths of its words. ids: `(n, T)`."""
        paths, chunks = self._paths, len(ids)
        lower = paths.lower(ids.reshape(chunks, -1, self._block))
        top = np.broadcast_to(paths.top_rows, (chunks, len(paths.top_rows)))
        outputs = np.concatenate((top, lower.rows.reshape(chunks, -1)), axis=1)
        return HierarchicalSoftmaxPlan(outputs, lower, paths.exits.take(ids))

    def forward_backward(self, plan: HierarchicalSoftmaxPlan, chunk: int) -> float:
        """Write the gradients of hidden and output rows; return the loss, summed over the pairs by weight."""
        loss = self._top(plan.exits[chunk])
        if plan.lower.rows.size:
            loss += self._lower(plan.lower.of_chunk(chunk))
        return loss

    def _top(self, exits: Ints) -> float:
        """Return the loss at the top, and write its gradients. exits: `(T,)`.

        A hidden row turns left at a node with the summed weight l of its targets, right with r. The loss is
        l log(1 + e^-s) + r log(1 + e^s) = (l + r) log(1 + e^s) - l s; its derivative is r - (l + r) / (1 + e^s).
        """
        hidden, loss = self._rows.hidden, 0.0
        nodes, grad_nodes = (rows[: len(self._paths.top_rows)] for rows in (self._outputs, self._grad_outputs))
        for turns, sums, out in zip(self._turns, self._sums, (self._left, self._right), strict=True):
            turns.take(exits, 0, sums.values, "clip")
            sums.into(out)
        for first in range(0, len(exits), STRIP_TOKENS):
            strip = slice(first, first + STRIP_TOKENS)
            left, right, errors = self._left[strip], self._right[strip], self._errors[strip]
            scores = np.matmul(hidden[strip], nodes.T, out=self._buffer(0, left.shape))
            loss -= float(np.vdot(left, scores))
            np.exp(scores, out=errors)
            errors += 1
            left += right
            loss += float(np.vdot(left, np.log(errors, out=scores)))
            np.divide(left, errors, out=errors)
            errors -= right
        np.matmul(self._errors, nodes, out=self._rows.grad_hidden)
        np.matmul(self._errors.T, hidden, out=grad_nodes)
        return loss

    def _lower(self, lower: LowerNodes) -> float:
        """Return the loss below the top, and write its gradients. lower: of one chunk, arrays `(B, Q)`."""
        loss, pair_weights, step = 0.0, self._queries.weights(), max(1, STRIP_TOKENS // self._block)
        for first in range(0, len(lower.rows), step):
            loss += self._strip(slice(first, first + step), lower, pair_weights)
        self._queries.backward(self._grad_queries)
        return loss

    def _strip(self, strip: slice, lower: LowerNodes, pair_weights: Floats) -> float:
        """Return the loss of some blocks, and write their gradients. pair_weights: `(B, R, S)`.

        The loss is a log(1 + e^-z), with z = s h·v and the weight a of the pair; its derivative is -a s / (1 + e^z).
        """
        used = strip, slice(lower.sizes[strip].max())
        nodes, grad_nodes = self._by_block(self._outputs, lower)[used], self._by_block(self._grad_outputs, lower)[used]
        queries, grad_queries = self._queries.queries[strip], self._grad_queries[strip]
        scores, errors, weights = (self._buffer(i, (*queries.shape[:2], nodes.shape[1])) for i in range(3))
        np.matmul(pair_weights[strip], self._owners(lower.owner[used]), out=weights)
        np.matmul(queries, nodes.transpose(0, 2, 1), out=scores)
        signs = lower.signs[used][:, None].astype(scores.dtype)
        scores *= signs
        loss = -float(np.vdot(weights, scores))
        np.exp(scores, out=errors)
        errors += 1
        loss += float(np.vdot(weights, np.log(errors, out=scores)))
        np.divide(weights, errors, out=errors)
        errors *= signs
        np.matmul(errors, nodes, out=grad_queries)
        np.matmul(errors.transpose(0, 2, 1), queries, out=grad_nodes)
        return loss

    def _owners(self, owner: Ints) -> Floats:
        """Return `(b, S, Q)`: 1 where a node is on the path of a token. owner: `(b, Q)`."""
        is_owner = self._is_owner[: owner.size * self._block].reshape(len(owner), self._block, -1)
        tokens = np.arange(self._block, dtype=owner.dtype)[:, None]
        np.equal(owner[:, None], tokens, out=is_owner, casting="unsafe")
        return is_owner

    def _by_block(self, rows: Floats, lower: LowerNodes) -> Floats:
        """Return those of `rows` below the top, `(B, Q, d)`, a view. rows: `(W, d)`."""
        top = len(self._paths.top_rows)
        return rows[top : top + lower.rows.size].reshape(*lower.rows.shape, -1)

    def _buffer(self, number: int, shape: tuple[int, ...]) -> Floats:
        return self._buffers[number, : prod(shape)].reshape(shape)


def _paths(counts: Ints) -> Paths:
    return Paths.of(huffman_tree(counts), TOP_NODES)
